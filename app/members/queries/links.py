"""The dated rows of a member, locked for a change."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select

from app.core.work import Work
from app.members import errors
from app.members.models import Affiliation, GridMember, Member, Participation, RightsRestriction, StatusPeriod


async def status_now(work: Work, member: Member) -> StatusPeriod:
    """The status that runs."""
    found: StatusPeriod | None = await work.scalar(
        select(StatusPeriod)
        .where(StatusPeriod.member_id == member.id, func.upper_inf(StatusPeriod.valid))
        .with_for_update()
    )
    if found is None:
        raise LookupError(f"member {member.id} has no running status")
    return found


async def affiliation_now(work: Work, member: Member) -> Affiliation:
    """The main affiliation that runs."""
    found: Affiliation | None = await work.scalar(
        select(Affiliation)
        .where(Affiliation.member_id == member.id, func.upper_inf(Affiliation.valid))
        .with_for_update()
    )
    if found is None:
        raise LookupError(f"member {member.id} has no running affiliation")
    return found


async def participation_for_update(work: Work, member_id: UUID, link_id: UUID) -> Participation:
    """A participation of a member. Raises `MemberLinkNotFound`."""
    found: Participation | None = await work.scalar(
        select(Participation)
        .where(Participation.id == link_id, Participation.member_id == member_id)
        .with_for_update()
    )
    if found is None:
        raise errors.MemberLinkNotFound
    return found


async def restriction_for_update(work: Work, member_id: UUID, link_id: UUID) -> RightsRestriction:
    """A restriction of a member. Raises `MemberLinkNotFound`."""
    found: RightsRestriction | None = await work.scalar(
        select(RightsRestriction)
        .where(RightsRestriction.id == link_id, RightsRestriction.member_id == member_id)
        .with_for_update()
    )
    if found is None:
        raise errors.MemberLinkNotFound
    return found


async def running(
    work: Work, member: Member, on: date
) -> list[Participation | RightsRestriction | GridMember]:
    """What still runs on a day and ends with the membership."""
    rows: list[Participation | RightsRestriction | GridMember] = []
    for kind in (Participation, RightsRestriction, GridMember):
        found = await work.scalars(
            select(kind)
            .where(kind.member_id == member.id, or_(func.upper_inf(kind.valid), func.upper(kind.valid) > on))
            .with_for_update()
        )
        rows.extend(found.all())
    return rows
