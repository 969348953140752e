"""Members who go from one body to another with it: merged, split, upgraded (整建制转隶); and somebody
who is not in the Party yet, who has no relation to transfer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Update, cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import Range

from app.core import bulk
from app.core.access import Permission, Scope
from app.core.work import Work
from app.members import errors, queries, rules
from app.members.commands import checking, transfers
from app.members.models import Affiliation, Member, Participation, Person, Transfer
from app.members.rules import BEFORE_PARTY, Holder, TransferState, Wrong
from app.members.schemas import MemberHandedOver, MemberMove


@dataclass(frozen=True, slots=True)
class _Move:
    """Who goes from where to where, since when and why."""

    members: list[UUID]
    people: list[UUID]
    sender: UUID
    receiver: Holder
    division: str
    on: date
    reason: str
    everyone: bool


async def hand_over(
    work: Work,
    from_body_id: UUID,
    to_body_id: UUID,
    member_ids: Sequence[UUID] | None,
    *,
    on: date,
    reason: str,
    pointer: str = "",
) -> int:
    """Move main affiliations from one body to another from a day on: of these members, or of all who have not
    ended. How many moved.

    The caller's own command has asked whether both bodies may be changed. Open transfers follow: a sender or,
    when all go, a receiver becomes the new body; one that would end where it began is cancelled. Raises
    `MemberInvalid` at `pointer` for a body that holds no members, `MembersElsewhere`, `HandedOverTooEarly`.
    Locks: both bodies by id, then members by id, then transfers by id."""
    scope = work.actor.scope(Permission.MEMBER_DECIDE)
    await work.admit(Scope(scope.national, scope.divisions, (*scope.bodies, from_body_id, to_body_id)))
    receiver, division = await _bodies(work, from_body_id, to_body_id, pointer)
    day = checking.day(work, on)
    members, people = await _leaving(work, from_body_id, member_ids)
    move = _Move(members, people, from_body_id, receiver, division, day, reason, everyone=member_ids is None)
    await _refuse_too_early(work, move)
    await _affiliate(work, move)
    await _redirect(work, move)
    async with bulk.announcing(work) as told:
        for member_id in members:
            told.announce(
                MemberHandedOver(
                    subject=member_id,
                    division_code=division,
                    from_party_organization_id=from_body_id,
                    to_party_organization_id=to_body_id,
                    on=day,
                    reason=reason,
                )
            )
    return len(members)


async def move(work: Work, member_id: UUID, asked: MemberMove) -> None:
    """Take an applicant, activist or development target to another body of the caller's scope: the case goes
    on there, and the time of training counts on (《发展党员工作细则》: 培养教育时间可连续计算). Raises
    `MemberNotFound`, `StatusBlocked`, `MemberInvalid`, `HandedOverTooEarly`, `MembersElsewhere`."""
    here = await queries.body_of(work, member_id, Permission.MEMBER_DECIDE)
    for body_id in sorted({here, asked.to_party_organization_id}):
        await (queries.lock_emptied if body_id == here else queries.lock_holder)(work, body_id)
    member = await queries.get_for_update(work, member_id, Permission.MEMBER_DECIDE)
    work.expect(member)
    if member.status not in BEFORE_PARTY:
        raise errors.StatusBlocked
    pointer = "/to_party_organization_id"
    await checking.own_body(work, asked.to_party_organization_id, Permission.MEMBER_DECIDE, pointer)
    if asked.to_party_organization_id == here:
        words = ("此人已在这个支部", "this person belongs to this branch already")
        checking.refuse([Wrong(pointer, "same_body", words)])
    await hand_over(
        work,
        here,
        asked.to_party_organization_id,
        [member.id],
        on=checking.day(work, asked.on, pointer="/on"),
        reason=asked.reason,
        pointer=pointer,
    )


async def _bodies(work: Work, from_body_id: UUID, to_body_id: UUID, pointer: str) -> tuple[Holder, str]:
    for body_id in sorted({from_body_id, to_body_id}):
        if body_id == from_body_id:
            await queries.lock_emptied(work, body_id)
        else:
            await queries.lock_holder(work, body_id)
    return await checking.receiving_body(work, to_body_id, pointer)


async def _leaving(
    work: Work, body_id: UUID, member_ids: Sequence[UUID] | None
) -> tuple[list[UUID], list[UUID]]:
    statement = select(Member.id, Member.person_id).where(
        Member.party_organization_id == body_id, Member.status != "ended"
    )
    if member_ids is not None:
        statement = statement.where(Member.id.in_(member_ids))
    found = (await work.execute(statement.order_by(Member.id).with_for_update())).all()
    if member_ids is not None and len(found) < len(set(member_ids)):
        raise errors.MembersElsewhere
    return [row.id for row in found], [row.person_id for row in found]


async def _refuse_too_early(work: Work, move: _Move) -> None:
    latest = await work.scalar(
        select(func.max(func.lower(Affiliation.valid))).where(
            Affiliation.member_id.in_(move.members), func.upper_inf(Affiliation.valid)
        )
    )
    if latest is not None and latest > move.on:
        raise errors.HandedOverTooEarly(since=latest)


async def _affiliate(work: Work, move: _Move) -> None:
    """Whoever came that very day came to the new body: no affiliation is left empty."""
    a, p, day = Affiliation, Participation, literal(move.on, Date())
    running = (a.member_id.in_(move.members), func.upper_inf(a.valid))
    here: dict[str, Any] = {"party_organization_id": move.receiver.id}
    same_day = update(a).where(*running, func.lower(a.valid) == day)
    await work.execute(_changed(same_day.values(version=a.version + 1, reason=move.reason, **here)))
    cut = update(a).where(*running, func.lower(a.valid) < day)
    ended = func.daterange(func.lower(a.valid), day)
    gone = await work.scalars(_changed(cut.values(version=a.version + 1, valid=ended)).returning(a.member_id))
    begun = {"valid": Range(move.on), "reason": move.reason, "version": 1, **here}
    await bulk.insert(work, a, [{"member_id": member_id, **begun} for member_id in sorted(gone)])
    here["division_code"] = move.division
    for model, ids in ((Member, move.members), (Person, move.people)):
        moved = update(model).where(model.id.in_(ids))
        await work.execute(_changed(moved.values(version=model.version + 1, **here)))
    until = func.greatest(day, cast(func.lower(p.valid) + 1, Date()))
    at_home = update(p).where(
        p.member_id.in_(move.members),
        p.party_organization_id == move.receiver.id,
        func.coalesce(func.upper(p.valid) > day, True),
    )
    await work.execute(
        _changed(at_home.values(version=p.version + 1, valid=func.daterange(func.lower(p.valid), until)))
    )


def _changed(statement: Update) -> Update:
    return statement.values(updated_at=func.clock_timestamp()).execution_options(synchronize_session=False)


async def _redirect(work: Work, move: _Move) -> None:
    """Open transfers go on from, or to, the new body; the letter that went out stays what it is."""
    going, arriving = set(move.members), move.sender if move.everyone else None
    for transfer in await queries.open_of(work, members=move.members, to_body_id=arriving):
        leaves, arrives = transfer.member_id in going, transfer.to_body_id == arriving
        sender = move.receiver.id if leaves else transfer.from_body_id
        receiver = move.receiver.id if arrives and arriving else transfer.to_body_id
        if sender == receiver:
            transfer.state, transfer.ended_on = TransferState.CANCELLED, work.today
            transfer.ended_reason = move.reason
        else:
            if leaves:
                transfer.from_body_id, transfer.from_division_code = sender, move.division
            if arrives and arriving:
                transfer.to_body_id, transfer.to_division_code = receiver, move.division
            await _measure(work, transfer)
        await work.session.flush()
        transfers.tell(work, transfer)


async def _measure(work: Work, transfer: Transfer) -> None:
    """How far it goes now."""
    if transfer.to_body_id is None:
        return
    sender = await queries.holder(work, transfer.from_body_id)
    receiver = await queries.holder(work, transfer.to_body_id)
    assert sender is not None  # noqa: S101 (a foreign key)
    assert receiver is not None  # noqa: S101 (a foreign key)
    transfer.range = rules.range_of(sender[0], receiver[0])
