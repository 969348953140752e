"""Advance, suspend, restore and end a membership (《中国共产党党员教育管理工作条例》2019 第24条)."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.members import errors, queries, rules
from app.members.commands import checking, clocks, packs
from app.members.models import Member, StatusPeriod, Transfer
from app.members.queries import links
from app.members.rules import EndKind, MemberStatus, Precision
from app.members.schemas import MemberEnd, MemberRestore, MemberStatusChanged, MemberSuspend

_DECIDE = Permission.MEMBER_DECIDE


async def suspend(work: Work, member_id: UUID, order: MemberSuspend) -> None:
    """停止党籍. Raises `StatusBlocked`, and `MemberInvalid` with the earliest day."""
    member = await _in_status(work, member_id, MemberStatus.FULL)
    running = await queries.status_now(work, member)
    on = checking.day(work, order.on, after=running.valid.lower)
    pack = await packs.membership(work, member.division_code)
    checking.refuse(rules.wrong_with_suspension(member.contact_lost_on, on, pack, abroad=order.abroad))
    await _become(work, member, running, MemberStatus.SUSPENDED, on, document=order.document)


async def restore(work: Work, member_id: UUID, order: MemberRestore) -> None:
    """恢复党籍."""
    member = await _in_status(work, member_id, MemberStatus.SUSPENDED)
    running = await queries.status_now(work, member)
    on = checking.day(work, order.on, after=running.valid.lower)
    member.contact_lost_on = None
    await _become(work, member, running, MemberStatus.FULL, on, document=order.document)


async def end(work: Work, member_id: UUID, order: MemberEnd) -> None:
    """End a membership or an application, and what runs of it. An open transfer is cancelled first."""
    member = await queries.get_for_update(work, member_id, _DECIDE)
    work.expect(member)
    await _conclude(work, member, order)


async def conclude(work: Work, member_id: UUID, order: MemberEnd) -> None:
    """The same as the outcome of another procedure, whose own row is what the caller read."""
    await _conclude(work, await queries.get_for_update(work, member_id, _DECIDE), order)


async def _conclude(work: Work, member: Member, order: MemberEnd) -> None:
    if member.status == MemberStatus.ENDED:
        raise errors.MemberHasEnded
    if not rules.may_end(MemberStatus(member.status), order.kind) or order.kind is EndKind.TRANSFERRED_OUT:
        raise errors.StatusBlocked
    if await work.scalar(
        select(Transfer.id).where(Transfer.member_id == member.id, Transfer.state.in_(rules.OPEN))
    ):
        raise errors.TransferOpen
    running = await queries.status_now(work, member)
    on = checking.day(work, order.on, after=running.valid.lower)
    await finish(work, member, running, order.kind, on, document=order.document, reason=order.reason)


async def finish(
    work: Work,
    member: Member,
    running: StatusPeriod,
    kind: EndKind,
    on: date,
    *,
    document: str | None,
    reason: str | None = None,
) -> None:
    """The end itself: the running status, affiliation, participations and restrictions end that day."""
    affiliation = await queries.affiliation_now(work, member)
    affiliation.valid = Range(affiliation.valid.lower, max(on, _next(affiliation.valid.lower)))
    for link in await links.running(work, member, on):
        link.valid = Range(link.valid.lower, max(on, _next(link.valid.lower)))
    member.ended_kind, member.ended_on = kind, on
    await _become(work, member, running, MemberStatus.ENDED, on, document=document, reason=reason, kind=kind)


async def advance_status(
    work: Work,
    member_id: UUID,
    to_status: MemberStatus,
    on: date,
    *,
    document: str | None,
    reason: str | None = None,
    permission: Permission = _DECIDE,
) -> None:
    """The outcome of a step of development: the member is `to_status` from a day on.

    A probationary member joined on that day, the meeting's that admitted (入党时间); a full member became one
    on it (转正时间, from which the 党龄 counts). Backwards only among those who have not joined. The caller's
    own row answers for `If-Match`. Raises `StepBlocked`, and `MemberInvalid` for the day or a missing ID
    number."""
    member = await queries.get_for_update(work, member_id, permission)
    if member.status == MemberStatus.ENDED:
        raise errors.MemberHasEnded
    if not rules.may_advance(MemberStatus(member.status), to_status):
        raise errors.StepBlocked
    running = await queries.status_now(work, member)
    checking.day(work, on, after=running.valid.lower)
    if to_status is MemberStatus.PROBATIONARY:
        if (await queries.person_of(work, member)).id_number_blind is None:
            checking.refuse([checking.ID_NUMBER])
        member.joined_on, member.joined_precision = on, Precision.DAY
    elif to_status is MemberStatus.FULL:
        member.full_on, member.full_precision = on, Precision.DAY
    await _become(work, member, running, to_status, on, document=document, reason=reason)


def _next(day: date | None) -> date:
    """The first day on which a period that began on a day can end: none is left empty."""
    return date.fromordinal((day or date.min).toordinal() + 1)


async def _become(
    work: Work,
    member: Member,
    running: StatusPeriod,
    status: MemberStatus,
    on: date,
    *,
    document: str | None,
    reason: str | None = None,
    kind: EndKind | None = None,
) -> None:
    member.status = status
    await clocks.wind(work, member, since=on)
    running.valid = Range(running.valid.lower, on)
    await work.session.flush()
    work.session.add(
        StatusPeriod(
            id=uuid7(), member_id=member.id, status=status, valid=Range(on), document=document, reason=reason
        )
    )
    await work.session.flush()
    work.announce(
        MemberStatusChanged(
            subject=member.id, division_code=member.division_code, status=status, kind=kind, on=on
        )
    )


async def _in_status(work: Work, member_id: UUID, status: MemberStatus) -> Member:
    member = await queries.get_for_update(work, member_id, _DECIDE)
    work.expect(member)
    if member.status == MemberStatus.ENDED:
        raise errors.MemberHasEnded
    if member.status != status:
        raise errors.StatusBlocked
    return member
