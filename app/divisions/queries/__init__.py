"""What is asked of divisions. Everybody who is signed in may read them: they are public reference data."""

from app.divisions.queries.closure import below_any_day, closure_rows, verify
from app.divisions.queries.facts import (
    children_codes,
    entries,
    get_for_update,
    in_force,
    known,
    last_change,
    paths,
)
from app.divisions.queries.reading import children, history, page, path, read
from app.divisions.queries.spans import EVERY_DAY, period, span

__all__ = [
    "EVERY_DAY",
    "below_any_day",
    "children",
    "children_codes",
    "closure_rows",
    "entries",
    "get_for_update",
    "history",
    "in_force",
    "known",
    "last_change",
    "page",
    "path",
    "paths",
    "period",
    "read",
    "span",
    "verify",
]
