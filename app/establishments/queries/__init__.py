"""What is on file about establishing, and what it is judged by."""

from app.establishments.queries.shown import page, read, visible
from app.establishments.queries.stored import (
    Parent,
    away,
    branch_numbers,
    founders,
    get_for_update,
    in_scope,
    member_numbers,
    open_for,
    organizations_of,
    parent,
    path,
    superiors,
)

__all__ = [
    "Parent",
    "away",
    "branch_numbers",
    "founders",
    "get_for_update",
    "in_scope",
    "member_numbers",
    "open_for",
    "organizations_of",
    "page",
    "parent",
    "path",
    "read",
    "superiors",
    "visible",
]
