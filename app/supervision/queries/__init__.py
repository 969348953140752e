"""What supervision shows, and what its verbs must know."""

from app.supervision.queries.findings import finding, finding_for_update, findings, rectifications
from app.supervision.queries.matrix import duties, duty, duty_for_update
from app.supervision.queries.rounds import (
    figures,
    get_for_update,
    page,
    read,
    unit_of,
    units_of,
)
from app.supervision.queries.targets import (
    CANDIDATES_MOST,
    Target,
    called,
    candidates,
    division_in_scope,
    people,
    targets,
)
from app.supervision.queries.weak import seen_by, weak

__all__ = [
    "CANDIDATES_MOST",
    "Target",
    "called",
    "candidates",
    "division_in_scope",
    "duties",
    "duty",
    "duty_for_update",
    "figures",
    "finding",
    "finding_for_update",
    "findings",
    "get_for_update",
    "page",
    "people",
    "read",
    "rectifications",
    "seen_by",
    "targets",
    "unit_of",
    "units_of",
    "weak",
]
