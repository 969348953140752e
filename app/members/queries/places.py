"""Bodies that hold members, and organizations they work in."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, true

from app.core import access
from app.core.access import Scope
from app.core.work import Work
from app.members.queries.tables import divisions, organizations, party_organizations
from app.members.rules import Holder

_COMMITTEES = ("committee", "working_committee")
B = party_organizations.c


async def body_in_scope(work: Work, body_id: UUID, scope: Scope) -> bool:
    """Whether a body lies in a scope."""
    inside = access.reach(scope, B.division_code, B.id, row_id=B.id)
    return await work.scalar(select(B.id).where(B.id == body_id, inside)) is not None


async def organization_in_scope(work: Work, organization_id: UUID, scope: Scope) -> bool:
    """Whether an organization is registered in the scope's divisions, or anywhere for a scope of bodies."""
    o = organizations.c
    inside = (
        true()
        if scope.national or scope.bodies
        else access.within_divisions(o.division_code, scope.divisions)
    )
    return await work.scalar(select(o.id).where(o.id == organization_id, inside)) is not None


async def lock_holder(work: Work, body_id: UUID) -> None:
    """Hold a body as it is until the end: it is not dissolved while somebody comes to it."""
    await work.execute(select(B.id).where(B.id == body_id).with_for_update(read=True))


async def lock_emptied(work: Work, body_id: UUID) -> None:
    """Hold a body that members leave together: nobody comes to it meanwhile."""
    await work.execute(select(B.id).where(B.id == body_id).with_for_update(key_share=True))


async def holder(work: Work, body_id: UUID) -> tuple[Holder, str] | None:
    """A body as a holder of members, with its division; None if there is none."""
    up, above = access.party_organization_closure.c, party_organizations.alias("above")
    committee = (
        select(above.c.id)
        .select_from(access.party_organization_closure)
        .join(above, above.c.id == up.ancestor_id)
        .where(
            up.descendant_id == B.id,
            up.valid.op("@>")(access.today_sql()),
            above.c.kind.in_(_COMMITTEES),
        )
        .order_by(up.depth)
        .limit(1)
        .correlate(party_organizations)
        .scalar_subquery()
    )
    closure, place = access.division_closure.c, divisions.alias("place")
    province = (
        select(place.c.code)
        .select_from(access.division_closure)
        .join(place, place.c.code == closure.ancestor_code)
        .where(
            closure.descendant_code == B.division_code,
            closure.valid.op("@>")(access.today_sql()),
            place.c.level == "province",
        )
        .limit(1)
        .correlate(party_organizations)
        .scalar_subquery()
    )
    found = await work.execute(
        select(B.id, B.kind, B.formation, B.status == "active", committee, province, B.division_code).where(
            B.id == body_id
        )
    )
    row: Any = found.one_or_none()
    return None if row is None else (Holder(*row[:6]), row[6])


async def common_level(work: Work, one: str, other: str) -> str:
    """The lowest division above two others today; the nation where the tree knows no nearer one."""
    a, b = access.division_closure.alias("a"), access.division_closure.alias("b")
    today = access.today_sql()
    found: str | None = await work.scalar(
        select(a.c.ancestor_code)
        .join(b, b.c.ancestor_code == a.c.ancestor_code)
        .where(
            a.c.descendant_code == one,
            b.c.descendant_code == other,
            a.c.valid.op("@>")(today),
            b.c.valid.op("@>")(today),
        )
        .order_by(a.c.depth)
        .limit(1)
    )
    return found or access.NATION
