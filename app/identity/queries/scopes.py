"""Which users and grants a scope reaches, and where divisions and Party organizations lie."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, column, false, func, or_, select, table, true
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.types import Text, Uuid

from app.core import access
from app.core.access import Scope
from app.core.work import Work
from app.identity.models import Grant, User
from app.identity.rules import GrantState

divisions = table(
    "divisions", column("code", Text(collation="C")), column("name", Text()), column("valid", DATERANGE)
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", Text(collation="C")),
)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Users whose division lies in the scope (administrators are granted by division)."""
    return true() if scope.national else access.within_divisions(User.division_code, scope.divisions)


def grants_visible(scope: Scope) -> ColumnElement[bool]:
    """Grants over a division or a Party organization in the scope."""
    if scope.national:
        return true()
    by_division = func.coalesce(access.within_divisions(Grant.division_code, scope.divisions), false())
    return or_(by_division, func.coalesce(bodies_in(scope, Grant.party_organization_id), false()))


def bodies_in(scope: Scope, body: Any) -> ColumnElement[bool]:
    if scope.national:
        return true()
    c = party_organizations.alias().c
    by_division = body.in_(select(c.id).where(access.within_divisions(c.division_code, scope.divisions)))
    return or_(by_division, access.within_bodies(body, scope.bodies))


def live_grant(day: date) -> ColumnElement[bool]:
    """Grants in force on a day."""
    return and_(Grant.state == GrantState.ACTIVE, Grant.valid.contains(day))


def division_name(code: Any) -> ColumnElement[str]:
    return func.coalesce(divisions.c.name, code)


async def division_unfit(work: Work, code: str, scope: Scope) -> bool:
    """Whether a division does not exist today or lies outside a scope."""
    inside = select(divisions.c.code).where(
        divisions.c.code == code,
        divisions.c.valid.op("@>")(access.today_sql()),
        true() if scope.national else access.within_divisions(divisions.c.code, scope.divisions),
    )
    return await work.scalar(inside) is None


async def body_unfit(work: Work, party_organization_id: UUID, scope: Scope) -> bool:
    """Whether a Party organization does not exist or lies outside a scope, by division or by body."""
    c = party_organizations.c
    return (
        await work.scalar(select(c.id).where(c.id == party_organization_id, bodies_in(scope, c.id))) is None
    )


def given(*pairs: tuple[Any, Any]) -> list[ColumnElement[bool]]:
    return [col == value for col, value in pairs if value is not None]
