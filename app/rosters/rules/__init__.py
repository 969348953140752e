"""Rosters: what a file of members or of Party organizations may say, and what may leave."""

from app.rosters.rules.columns import (
    BODIES,
    BY_KIND,
    MEMBERS,
    Column,
    Header,
    RosterKind,
    Value,
    find_header,
    read,
)
from app.rosters.rules.exports import ALWAYS_MASKED, UNMASKABLE, ExportColumn, ExportState, Outcome, heading

__all__ = [
    "ALWAYS_MASKED",
    "BODIES",
    "BY_KIND",
    "MEMBERS",
    "UNMASKABLE",
    "Column",
    "ExportColumn",
    "ExportState",
    "Header",
    "Outcome",
    "RosterKind",
    "Value",
    "find_header",
    "heading",
    "read",
]
