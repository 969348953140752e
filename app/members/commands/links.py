"""Restrictions of rights and organization life elsewhere: dated, beside status and main affiliation."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.members import errors, queries
from app.members.commands import checking
from app.members.models import Member, Participation, RightsRestriction
from app.members.rules import IN_PARTY, Wrong
from app.members.schemas import LinkEnd, MemberLinkChanged, ParticipationStart, RestrictionStart

_DECIDE, _RECORD = Permission.MEMBER_DECIDE, Permission.MEMBER_RECORD


async def restrict(work: Work, member_id: UUID, order: RestrictionStart) -> None:
    """留党察看 or suspended rights, for a time."""
    member = await _in_party(work, member_id, _DECIDE)
    since = checking.day(work, order.from_on, pointer="/from_on")
    if order.until_on is not None and order.until_on <= since:
        words = ("须晚于开始日期", "must be later than the first day")
        checking.refuse([Wrong("/until_on", "empty_period", words)])
    row = RightsRestriction(
        id=uuid7(),
        member_id=member.id,
        kind=order.kind,
        valid=Range(since, order.until_on),
        document=order.document,
    )
    await _begin(work, member, row, "restriction", since)


async def end_restriction(work: Work, member_id: UUID, link_id: UUID, order: LinkEnd) -> None:
    """End a restriction, perhaps before its day."""
    member = await queries.get_for_update(work, member_id, _DECIDE)
    await _end(
        work, member, await queries.restriction_for_update(work, member_id, link_id), "restriction", order
    )


async def start_participation(work: Work, member_id: UUID, order: ParticipationStart) -> None:
    """Organization life in another body of one's scope (一方隶属、参加多重组织生活)."""
    member = await _in_party(work, member_id, _RECORD)
    body, _ = await checking.own_body(work, order.party_organization_id, _RECORD, "/party_organization_id")
    if body.id == member.party_organization_id:
        words = ("这是该党员的隶属支部", "the member belongs to this body")
        checking.refuse([Wrong("/party_organization_id", "main_affiliation", words)])
    since = checking.day(work, order.from_on, pointer="/from_on")
    row = Participation(
        id=uuid7(), member_id=member.id, party_organization_id=body.id, kind=order.kind, valid=Range(since)
    )
    await _begin(work, member, row, "participation", since)


async def end_participation(work: Work, member_id: UUID, link_id: UUID, order: LinkEnd) -> None:
    """End a participation."""
    member = await queries.get_for_update(work, member_id, _RECORD)
    await _end(
        work, member, await queries.participation_for_update(work, member_id, link_id), "participation", order
    )


async def _in_party(work: Work, member_id: UUID, permission: Permission) -> Member:
    member = await queries.get_for_update(work, member_id, permission)
    work.expect(member)
    if member.status not in IN_PARTY:
        raise errors.StatusBlocked
    return member


async def _begin(
    work: Work, member: Member, row: RightsRestriction | Participation, link: str, since: date
) -> None:
    work.session.add(row)
    work.touch(member)
    await work.session.flush()
    _tell(work, member, row, link, since, begun=True)


async def _end(
    work: Work, member: Member, row: RightsRestriction | Participation, link: str, order: LinkEnd
) -> None:
    work.expect(row)
    on = checking.day(work, order.on, after=row.valid.lower)
    if row.valid.upper is not None and row.valid.upper <= on:
        raise errors.StatusBlocked
    row.valid = Range(row.valid.lower, on)
    work.touch(member)
    await work.session.flush()
    _tell(work, member, row, link, on, begun=False)


def _tell(
    work: Work, member: Member, row: RightsRestriction | Participation, link: str, on: date, *, begun: bool
) -> None:
    work.announce(
        MemberLinkChanged(
            subject=member.id,
            division_code=member.division_code,
            link=link,
            link_id=row.id,
            begun=begun,
            on=on,
        )
    )
