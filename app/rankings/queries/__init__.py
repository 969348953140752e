"""What rankings are made from, and the snapshots that were made."""

from app.rankings.queries.measures import OWN, Asked, counted, departments
from app.rankings.queries.snapshots import (
    Snapshot,
    above,
    body_in_scope,
    division_in_scope,
    get,
    page,
    previous,
    read,
    snapshot,
)

__all__ = [
    "OWN",
    "Asked",
    "Snapshot",
    "above",
    "body_in_scope",
    "counted",
    "departments",
    "division_in_scope",
    "get",
    "page",
    "previous",
    "read",
    "snapshot",
]
