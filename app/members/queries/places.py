"""Bodies that hold members, organizations they work in, and the pack of a place."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, true

from app.core import access
from app.core.access import Scope
from app.core.work import Work
from app.members.queries.tables import divisions, organizations, party_organizations, rule_packs
from app.members.rules import Holder, MembershipPack

_COMMITTEES = ("committee", "working_committee")
B = party_organizations.c


async def body_in_scope(work: Work, body_id: UUID, scope: Scope) -> bool:
    """Whether a body lies in a scope."""
    if scope.national:
        inside: Any = true()
    else:
        inside = or_(
            access.within_divisions(B.division_code, scope.divisions),
            access.within_bodies(B.id, scope.bodies),
        )
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


async def pack(work: Work, division_code: str) -> MembershipPack:
    """The rule pack `membership` of the nearest jurisdiction above a division, in force today."""
    k, above = rule_packs.c, access.division_closure.c
    content = await work.scalar(
        select(k.content)
        .select_from(rule_packs)
        .outerjoin(
            access.division_closure,
            and_(
                above.ancestor_code == k.jurisdiction_code,
                above.descendant_code == division_code,
                above.valid.op("@>")(access.today_sql()),
            ),
        )
        .where(
            k.kind == "membership",
            k.state == "published",
            k.effective_on <= access.today_sql(),
            or_(k.jurisdiction_code.is_(None), above.ancestor_code.is_not(None)),
        )
        .order_by(func.coalesce(above.depth, 99), k.effective_on.desc(), k.version.desc())
        .limit(1)
    )
    if content is None:
        raise LookupError("no published rule pack `membership`")
    return MembershipPack(
        int(content["suspend_after_months_without_contact"]),
        int(content["strike_off_after_months_suspended"]),
        int(content["floating_after_months"]),
        int(content["letter_days"]),
    )
