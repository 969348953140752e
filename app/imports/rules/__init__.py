"""What a ledger in a file may say, and how it is read."""

from enum import StrEnum
from typing import Final

from app.imports.rules.cells import CellUnreadable, is_blank, read, read_day, tidy
from app.imports.rules.columns import (
    BY_FIELD,
    COLUMNS,
    HEADER_WITHIN,
    Column,
    Header,
    ImportField,
    ValueKind,
    find_header,
    plain,
    recognised,
)

BATCH: Final = 1_000
"""Rows of one transaction."""

MOST_COLUMNS: Final = 200
MOST_WORKBOOK_ROWS: Final = 50_000
ROWS_KEPT_DAYS: Final = 90
"""What became of each row is told for so long; the ledger keeps its own history for ever."""


class ImportKind(StrEnum):
    """What a file holds."""

    ORGANIZATIONS = "organizations"


class Outcome(StrEnum):
    """What became of a row, or would in a dry run."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class UnknownAuthorities(StrEnum):
    """What becomes of a row that names an authority that is not on file."""

    REFUSE = "refuse"
    LEAVE_OUT = "leave_out"


class DifferenceKind(StrEnum):
    """How a file and the ledger differ."""

    ONLY_IN_FILE = "only_in_file"
    ONLY_HERE = "only_here"
    DIFFERENT = "different"


class DifferenceState(StrEnum):
    """What was done about a difference."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EXPLAINED = "explained"
    FINDING_OPENED = "finding_opened"


__all__ = [
    "BATCH",
    "BY_FIELD",
    "COLUMNS",
    "HEADER_WITHIN",
    "MOST_COLUMNS",
    "MOST_WORKBOOK_ROWS",
    "ROWS_KEPT_DAYS",
    "CellUnreadable",
    "Column",
    "DifferenceKind",
    "DifferenceState",
    "Header",
    "ImportField",
    "ImportKind",
    "Outcome",
    "UnknownAuthorities",
    "ValueKind",
    "find_header",
    "is_blank",
    "plain",
    "read",
    "read_day",
    "recognised",
    "tidy",
]
