"""A title's lines: broken between words, of about one length (GB/T 9704-2012, 7.3.1)."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.notices.formats.measures import width

TABLE: Final = Path(__file__).parents[1] / "data" / "title_words.json"
WORDS: Final[list[str]] = sorted(json.loads(TABLE.read_bytes())["words"], key=len, reverse=True)
LINE: Final = 38
"""Nineteen characters of the second size, in halves: what the line of 156 mm holds with air around it."""

LONGEST: Final = 300
"""What is no title any more is set as it comes."""

_TOKEN: Final = re.compile(
    r"[《“‘（〔【]*"
    rf"(?:{'|'.join(map(re.escape, WORDS))}"
    r"|[0-9A-Za-z.%％—-]+[年月日号家个期批届次]?|[一-鿿]{1,3}?[省市区县镇](?![一-鿿]?[场级])|.)"
    r"[、，。；：！？》”’）〕】的]*"
)


def title_lines(title: str) -> tuple[str, ...]:
    """The lines of a title: as few as hold it, then the most even ones. Line breaks set by hand stay."""
    return tuple(line for part in title.splitlines() if part.strip() for line in _even(part.strip()))


@lru_cache(maxsize=256)
def _even(text: str) -> tuple[str, ...]:
    if width(text) <= LINE or len(text) > LONGEST:
        return (text,)
    tokens = _TOKEN.findall(text)
    best: list[tuple[tuple[int, int], tuple[str, ...]]] = [((0, 0), ())]
    for end in range(1, len(tokens) + 1):
        ways = []
        for start in range(end - 1, -1, -1):
            line = "".join(tokens[start:end])
            if width(line) > LINE and start < end - 1:
                break
            (count, waste), lines = best[start]
            ways.append(((count + 1, waste + (LINE - width(line)) ** 2), (*lines, line)))
        best.append(min(ways))
    return best[-1][1]
