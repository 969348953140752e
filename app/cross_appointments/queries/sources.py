"""What matches are worked out from: covers, the officers of who is covered, the posts of who covers."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.core import access
from app.core.access import Permission
from app.core.work import Work
from app.cross_appointments import errors
from app.cross_appointments.models import CrossAppointment
from app.cross_appointments.queries.shown import visible
from app.cross_appointments.queries.tables import (
    bodies,
    covers,
    members,
    officers,
    persons,
    posts,
)
from app.cross_appointments.rules import Covered, Held, Period

X = CrossAppointment


def _period(valid: Any) -> Period:
    return Period(valid.lower, valid.upper)


async def bodies_below(work: Work, body_id: UUID, permission: Permission, most: int) -> list[UUID]:
    """A body in the scope of a permission and those below it, one more than the most at most."""
    b, scope = bodies.c, work.actor.scope(permission)
    found = await work.scalars(
        select(b.id)
        .where(access.within_bodies(b.id, [body_id]), access.reach(scope, b.division_code, b.id, row_id=b.id))
        .limit(most + 1)
    )
    return list(found)


async def covered_by(work: Work, body_ids: Collection[UUID]) -> list[Covered]:
    """What these bodies cover and covered."""
    return await _covers(work, covers.c.party_organization_id.in_(list(body_ids)))


async def covering(work: Work, organization_ids: Collection[UUID]) -> list[Covered]:
    """Who covers and covered these organizations."""
    return await _covers(work, covers.c.organization_id.in_(list(organization_ids)))


async def _covers(work: Work, condition: Any) -> list[Covered]:
    c = covers.c
    rows: Any = await work.execute(
        select(c.party_organization_id, c.organization_id, c.valid).where(
            func.upper_inf(c.recorded), condition
        )
    )
    return [Covered(row[0], row[1], _period(row[2])) for row in rows]


async def posts_of(work: Work, body_ids: Collection[UUID]) -> list[Held]:
    """The posts that members of the ledger hold and held in these bodies."""
    p = posts.c
    rows: Any = await work.execute(
        select(p.id, p.party_organization_id, p.member_id, persons.c.name_blind, p.role, p.valid)
        .select_from(
            posts.join(members, members.c.id == p.member_id).join(
                persons, persons.c.id == members.c.person_id
            )
        )
        .where(p.party_organization_id.in_(list(body_ids)), ~p.withdrawn)
    )
    return [Held(row[0], row[1], row[2], row[3], row[4], _period(row[5])) for row in rows]


async def officers_of(work: Work, organization_ids: Collection[UUID]) -> Sequence[Any]:
    """The officers of these organizations, by name: public data of the registry."""
    o = officers.c
    rows: Any = await work.execute(
        select(o.organization_id, o.name, o.post, o.is_principal, o.valid).where(
            o.organization_id.in_(list(organization_ids))
        )
    )
    return list(rows)


async def places(work: Work, body_ids: Collection[UUID]) -> dict[UUID, str]:
    """The divisions of bodies."""
    rows: Any = await work.execute(
        select(bodies.c.id, bodies.c.division_code).where(bodies.c.id.in_(list(body_ids)))
    )
    return {row[0]: row[1] for row in rows}


async def masks(work: Work, member_ids: Collection[UUID]) -> dict[UUID, str]:
    """The masks of members' names."""
    rows: Any = await work.execute(
        select(members.c.id, persons.c.name_mask)
        .select_from(members.join(persons, persons.c.id == members.c.person_id))
        .where(members.c.id.in_(list(member_ids)))
    )
    return {row[0]: row[1] for row in rows}


async def matches(work: Work, covered: Collection[Covered]) -> Sequence[CrossAppointment]:
    """The matches that there are for these bodies and organizations, locked."""
    found = await work.scalars(
        select(X)
        .where(
            X.party_organization_id.in_({cover.body_id for cover in covered}),
            X.organization_id.in_({cover.organization_id for cover in covered}),
        )
        .order_by(X.id)
        .with_for_update()
    )
    return found.all()


async def match_for_update(work: Work, match_id: UUID, permission: Permission) -> CrossAppointment:
    """A match in the scope of a permission, locked. Raises `CrossAppointmentNotFound`."""
    found: CrossAppointment | None = await work.scalar(
        select(X)
        .where(X.id == match_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.CrossAppointmentNotFound
    return found
