"""Bodies in a scope, and the line of bodies above a branch."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, join, select

from app.core import access
from app.core.access import Scope
from app.core.work import Work
from app.development.queries.tables import party_organizations

B = party_organizations.c


@dataclass(frozen=True, slots=True)
class Above:
    """A body above a branch, so many levels up."""

    id: UUID
    name: str
    kind: str
    formation: str | None
    active: bool


async def body_in_scope(work: Work, body_id: UUID, scope: Scope) -> str | None:
    """The division of an active body in a scope; None if there is none."""
    found: str | None = await work.scalar(
        select(B.division_code).where(
            B.id == body_id,
            B.status == "active",
            access.reach(scope, B.division_code, B.id, row_id=B.id),
        )
    )
    return found


def line_above(body: Any) -> Select[Any]:
    """The bodies above a body today, the nearest first, correlated to its column."""
    up = access.party_organization_closure.c
    above = party_organizations.alias("above")
    return (
        select(
            above.c.id,
            above.c.name,
            above.c.kind,
            above.c.formation,
            (above.c.status == "active").label("active"),
            up.depth,
        )
        .select_from(join(access.party_organization_closure, above, above.c.id == up.ancestor_id))
        .where(up.descendant_id == body, up.depth > 0, up.valid.op("@>")(access.today_sql()))
    )


async def body_above(work: Work, body_id: UUID) -> list[UUID]:
    """A body and all above it today, the nearest first."""
    up = access.party_organization_closure.c
    found = await work.scalars(
        select(up.ancestor_id)
        .where(up.descendant_id == body_id, up.valid.op("@>")(access.today_sql()))
        .order_by(up.depth)
    )
    return list(found)
