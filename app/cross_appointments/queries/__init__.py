"""What is asked of cross appointments. Row-level security holds below every statement."""

from app.cross_appointments.queries.rates import organizations_behind, rates
from app.cross_appointments.queries.shown import page, read, visible
from app.cross_appointments.queries.sources import (
    bodies_below,
    covered_by,
    covering,
    masks,
    match_for_update,
    matches,
    officers_of,
    places,
    posts_of,
)

__all__ = [
    "bodies_below",
    "covered_by",
    "covering",
    "masks",
    "match_for_update",
    "matches",
    "officers_of",
    "organizations_behind",
    "page",
    "places",
    "posts_of",
    "rates",
    "read",
    "visible",
]
