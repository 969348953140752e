"""The measures of GB/T 9704-2012 that both files share, and texts made fit for a page."""

import re
import unicodedata
from typing import Any, Final

from app.notices.rules.document import Layout, Table

PAGE: Final = (210, 297)
"""A4, millimetres (5.1)."""

TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
"""Margins in millimetres; what they leave is the type area of 156 × 225 (5.2.1)."""

LINES: Final = 22
CHARACTERS: Final = 28
"""A page's lines and a line's characters, which fill the type area (5.2.3)."""

SIZE: Final = 16.0
TITLE_SIZE: Final = 22.0
SMALL_SIZE: Final = 14.0
TABLE_SIZE: Final = 12.0
"""三号, 二号, 四号, 小四, in points."""

PROPERTY: Final = 255
"""What a property of a file holds, its title say."""

RED: Final = "FF0000"
NARROWEST, WIDEST = 5, 28

_UNBROKEN: Final = re.compile(r"[!-~]{40,}")


def width(text: str) -> int:
    """How wide a text is, in half characters."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def head_size(text: str, layout: Layout) -> float:
    """The size of the organ's name in the head, in points: as large as one line of 150 mm allows, never above
    the 15 mm that a character may be wide (7.2.4), nor below the title."""
    most = 36 if layout is Layout.LETTER else 42
    fitting = int(2 * 150 / 25.4 * 72 / max(1, width(text) / 2)) / 2
    return max(TITLE_SIZE, min(most, fitting))


def widths(table: Table) -> list[int]:
    """What each column weighs in the width of the page: its widest cell, within bounds."""
    columns = zip(*(row for row in (table.header, *table.rows)), strict=True)
    return [min(max(NARROWEST, *(width(cell) for cell in column)), WIDEST) + 2 for column in columns]


def printable(value: Any) -> Any:
    """A text, or JSON of texts, without what no page shows and no XML holds: controls and lone surrogates. An
    address longer than a line may break anywhere."""
    if isinstance(value, str):
        shown = "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
        return _UNBROKEN.sub(lambda run: "\u200b".join(run[0]), shown)
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [printable(item) for item in value]
    return value
