"""Reads of instructors, assignments, visits, suggestions and leaders' contracts."""

from app.instructors.queries.contracts import get_for_update as contract_for_update
from app.instructors.queries.contracts import page as contracts
from app.instructors.queries.contracts import read as contract
from app.instructors.queries.contracts import targets_of
from app.instructors.queries.people import (
    authority_exists,
    body_in_scope,
    division_in_scope,
    division_visible,
    figures,
    get_for_update,
    history,
    member_in_scope,
    page,
    read,
    several_for_update,
)
from app.instructors.queries.serving import (
    assignment,
    assignments,
    handed_over,
    in_area,
    known,
    owner,
    proposed,
    standing,
    suggestion,
    suggestions,
    taken,
    visit,
    visit_for_update,
    visits,
)
from app.instructors.queries.suggesting import blank_spots, candidates, serves

__all__ = [
    "assignment",
    "assignments",
    "authority_exists",
    "blank_spots",
    "body_in_scope",
    "candidates",
    "contract",
    "contract_for_update",
    "contracts",
    "division_in_scope",
    "division_visible",
    "figures",
    "get_for_update",
    "handed_over",
    "history",
    "in_area",
    "known",
    "member_in_scope",
    "owner",
    "page",
    "proposed",
    "read",
    "serves",
    "several_for_update",
    "standing",
    "suggestion",
    "suggestions",
    "taken",
    "targets_of",
    "visit",
    "visit_for_update",
    "visits",
]
