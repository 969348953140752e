"""密级: this service may not hold what is marked 秘密, 机密 or 绝密 (《保守国家秘密法》 art. 14 and 26).

A mark is what GB/T 9704-2012, 7.2.2 prints (`机密★1年`), a 密级 that is named, or the word alone on a line;
the words inside a sentence (保守党的秘密, 商业秘密) are none."""

import re
from collections.abc import Iterable
from typing import Final

PUBLIC: Final = frozenset({"none", "public", "internal"})
"""What a secrecy field may say: 公开, 内部; everything else is refused."""

_LEVEL: Final = r"(?:绝\s*密|机\s*密|秘\s*密)"
_OPEN, _CLOSE = r"[\s\u3000【\[((〔《<]*", r"[\s\u3000】\]))〕》>]*"
_MARK: Final = re.compile(
    rf"{_LEVEL}\s*[★☆＊*]"
    rf"|密\s*级\s*[:：为是]?\s*{_OPEN}{_LEVEL}"
    rf"|^{_OPEN}{_LEVEL}\s*(?:级|件|文件)?{_CLOSE}$",
    re.MULTILINE,
)


def is_marked(texts: Iterable[str | None]) -> bool:
    """Whether any of these texts bears the mark of a state secret."""
    return any(text is not None and _MARK.search(text) is not None for text in texts)
