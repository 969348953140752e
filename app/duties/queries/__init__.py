"""Reads of this slice; each begins at `visible(scope)`, or at an organization that a command was given."""

from app.duties.queries.shown import of_organization, page, read, visible, writable
from app.duties.queries.stored import (
    Registration,
    body_receives,
    contact,
    contact_in_scope,
    duties,
    duties_of,
    get_for_update,
    open_anchors,
    registration,
    registrations,
    standings,
)

__all__ = [
    "Registration",
    "body_receives",
    "contact",
    "contact_in_scope",
    "duties",
    "duties_of",
    "get_for_update",
    "of_organization",
    "open_anchors",
    "page",
    "read",
    "registration",
    "registrations",
    "standings",
    "visible",
    "writable",
]
