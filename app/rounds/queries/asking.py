"""Small questions of the commands."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, literal, or_, select, true

from app.core import access
from app.core.access import Permission
from app.core.work import Work
from app.rounds import errors
from app.rounds.models import Application, Review, Round
from app.rounds.queries import sight
from app.rounds.queries.tables import (
    authorities,
    divisions,
    organizations,
    party_organizations,
    standard_versions,
)

_DECIDE = Permission.ROUND_DECIDE


async def division_decided(work: Work, code: str) -> bool:
    """Whether the caller may hold a round in a division."""
    scope, d, b, c = work.actor.scope(_DECIDE), divisions.c, party_organizations.c, access.division_closure.c
    inside: ColumnElement[bool] = true()
    if not scope.national:
        at_bodies = select(b.division_code).where(b.id.in_(scope.bodies))
        below = select(c.descendant_code).where(
            c.ancestor_code.in_(at_bodies), c.valid.op("@>")(access.today_sql())
        )
        inside = or_(access.within_divisions(d.code, scope.divisions), d.code.in_(below))
    return await work.scalar(select(d.code).where(d.code == code, inside)) is not None


async def lies_below(work: Work, code: str, above: str) -> bool:
    """Whether a division lies in another today."""
    c = access.division_closure.c
    found = select(c.depth).where(
        c.ancestor_code == above, c.descendant_code == code, c.valid.op("@>")(access.today_sql())
    )
    return await work.scalar(found.limit(1)) is not None


async def exists(
    work: Work, organization_id: UUID | None, body_id: UUID | None, authority_id: UUID | None
) -> bool:
    """Whether the one that is named is there, and in the caller's sight; authorities everybody may name."""
    o, b = organizations.c, party_organizations.c
    places = work.actor.scope(Permission.ORGANIZATION_READ)
    bodies = work.actor.scope(Permission.PARTY_ORGANIZATION_READ)
    of_place = true() if places.national else access.within_divisions(o.division_code, places.divisions)
    found = or_(
        select(literal(1)).where(o.id == organization_id, of_place).exists(),
        select(literal(1))
        .where(b.id == body_id, access.reach(bodies, b.division_code, b.id, row_id=b.id))
        .exists(),
        select(literal(1)).where(authorities.c.id == authority_id).exists(),
    )
    return bool(await work.scalar(select(found)))


def review_decided(work: Work) -> ColumnElement[bool]:
    """Reviews of rounds that the caller decides in."""
    held = sight.held(work.actor.scope(_DECIDE))
    return Review.round_id.in_(select(Round.id).where(held))


async def round_decided_of(work: Work, application_id: UUID) -> UUID:
    """The round of an application that the caller decides in. Raises `ApplicationNotFound`."""
    found: UUID | None = await work.scalar(
        select(Application.round_id)
        .join(Round, Round.id == Application.round_id)
        .where(Application.id == application_id, sight.held(work.actor.scope(_DECIDE)))
    )
    if found is None:
        raise errors.ApplicationNotFound
    return found


async def standard_version(work: Work, version_id: UUID) -> Any:
    """A version of a standard that is or was published: its content and hash; None where there is none."""
    v = standard_versions.c
    rows = await work.execute(
        select(v.content, v.content_hash, v.state).where(v.id == version_id, v.state != "draft")
    )
    return rows.one_or_none()


async def rounds_of_reviewer(work: Work, user_id: UUID) -> Sequence[UUID]:
    """Rounds in which somebody still has to review, in the order in which they are locked."""
    rows = await work.scalars(
        select(Review.round_id)
        .where(Review.reviewer_id == user_id, Review.state == "assigned")
        .distinct()
        .order_by(Review.round_id)
    )
    return list(rows)


async def waiting_seats(work: Work, round_id: UUID, user_id: UUID) -> Sequence[Review]:
    """What somebody still has to review in a round, locked."""
    rows = await work.scalars(
        select(Review)
        .where(Review.round_id == round_id, Review.reviewer_id == user_id, Review.state == "assigned")
        .order_by(Review.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows)
