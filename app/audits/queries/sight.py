"""Which rows of the audit and of the events a caller sees."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

from app.core import access
from app.core.access import Scope
from app.core.audit import AuditEntry
from app.core.events import EventRow


def visible(scope: Scope, row: type[AuditEntry | EventRow]) -> ColumnElement[bool]:
    """Rows of the divisions in scope, and those about Party organizations in scope; the nation sees all."""
    if scope.national:
        return true()
    bodies = access.within_bodies(row.subject_id, scope.bodies)
    about_bodies = and_(row.subject_type == "party_organization", bodies)
    return or_(access.within_divisions(row.division_code, scope.divisions), about_bodies)


def equal(*pairs: tuple[Any, Any]) -> list[ColumnElement[bool]]:
    """A condition for each value that was given."""
    return [col == value for col, value in pairs if value is not None]


def inside(code: Any, division: str | None) -> list[ColumnElement[bool]]:
    """Whether a row lies in the subtree that was asked for."""
    return [access.within_divisions(code, [division])] if division else []
