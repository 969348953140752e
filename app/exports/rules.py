"""What an export is: its forms, its bounds, and which cells a spreadsheet would take for a formula."""

from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

KIND: Final = "export"
"""The kind of its operation."""

SHEET_ROWS: Final = 1_048_576
"""Rows of a worksheet, its header included (ECMA-376, as Excel holds it)."""

CELL_CHARACTERS: Final = 32_767
"""Characters of a cell, as Excel holds it."""

EXACT_DIGITS: Final = 10**15
"""From here a spreadsheet no longer shows every digit of a number (IEEE 754 doubles, 15 digits)."""

BEIJING: Final = timezone(timedelta(hours=8))
LIVE: Final = frozenset("=+-@\t\r\0＝＋－＠")
"""First characters that make a spreadsheet take a text for a formula, or hide one (OWASP ASVS 5.0, 1.2.10;
full width, as Chinese input methods write them)."""
UNSEEN: Final = " \n\xa0\u3000\u200b\ufeff"
"""What a reader does not see before them, and a program may trim."""


class ExportFormat(StrEnum):
    """The form of the file."""

    XLSX = "xlsx"
    CSV = "csv"


class ExportLanguage(StrEnum):
    """The language of headers, values of dictionaries, and the note."""

    ZH = "zh"
    EN = "en"


def neutral(value: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{value}" if value.lstrip(UNSEEN)[:1] in LIVE and value.strip(UNSEEN) else value


def beijing(moment: datetime) -> str:
    """An instant as people read it, still unambiguous (RFC 3339 §5.6 with a space)."""
    return moment.astimezone(BEIJING).isoformat(sep=" ", timespec="seconds")


def file_name(title: str, moment: datetime, ending: str) -> str:
    """`社会组织_20261122-1640.xlsx`: the list and the time of its snapshot in Beijing."""
    return f"{title}_{moment.astimezone(BEIJING):%Y%m%d-%H%M}{ending}"
