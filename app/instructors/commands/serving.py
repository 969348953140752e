"""Give organizations to instructors, take them back, hand them over.

An instructor's row is locked before their assignments change, organizations before instructors, each in the
order of their ids: two racers take turns, and the constraints say no to whoever would be one too many."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.instructors import errors, queries, rules
from app.instructors.commands import checking
from app.instructors.models import Assignment, Instructor
from app.instructors.rules import AssignmentEndReason, AssignmentKind, Period, Wrong
from app.instructors.schemas import (
    Assign,
    AssignmentCancelled,
    AssignmentEnded,
    AssignmentRenew,
    AssignmentRenewed,
    AssignmentStarted,
    HandOver,
    Recall,
)
from app.party_organizations import queries as bodies
from app.party_organizations.rules import after

_DECIDE = Permission.INSTRUCTOR_DECIDE


async def assign(work: Work, order: Assign) -> UUID:
    """Give an organization to an instructor. Raises `InstructorFull`, `AssignedAlready`, and
    `InstructorInvalid` with every reason."""
    locked = await bodies.lock_organizations(work, [order.organization_id], _DECIDE)
    instructor = await queries.get_for_update(work, order.instructor_id)
    if instructor.ended_on is not None:
        raise errors.InstructorHasEnded
    term = checking.period_of(instructor.term)
    asked = Period(order.from_on or max(work.today, term.since), order.until_on or term.until)
    wrongs = rules.wrong_with_assignment(asked, term)
    if not locked:
        wrongs.append(checking.missing("/organization_id", "社会组织", "organization"))
    elif not await queries.in_area(work, instructor, [order.organization_id]):
        words = ("不在该指导员的联系范围内", "lies outside where this instructor serves")
        wrongs.append(Wrong("/organization_id", "outside_area", words))
    checking.refuse(wrongs)
    if await bodies.ended_by(work, order.organization_id, asked.since, asked.until):
        raise errors.OrganizationEnded
    return await begin(work, instructor, order.organization_id, asked, order.kind)


async def begin(
    work: Work,
    instructor: Instructor,
    organization_id: UUID,
    period: Period,
    kind: str = AssignmentKind.GENERAL,
    *,
    after: UUID | None = None,
) -> UUID:
    """Record an assignment that the rules allow, at the lowest place that is free all that time."""
    held = await queries.taken(work, instructor.id, period.since, period.until)
    if any(row.organization_id == organization_id for row in held):
        raise errors.AssignedAlready
    slot = rules.free_slot({row.slot for row in held}, instructor.capacity)
    if slot is None:
        raise errors.InstructorFull
    row = Assignment(
        id=uuid7(),
        assignment_id=uuid7(),
        version=1,
        instructor_id=instructor.id,
        term=instructor.term,
        capacity=instructor.capacity,
        slot=slot,
        organization_id=organization_id,
        kind=kind,
        valid=Range(period.since, period.until),
        recorded=Range(await work.instant(), None),
        handed_over_from=after,
    )
    work.session.add(row)
    work.mark([organization_id])
    await work.session.flush()
    work.announce(
        AssignmentStarted(
            subject=instructor.id,
            division_code=instructor.division_code,
            assignment_id=row.assignment_id,
            organization_id=organization_id,
            from_on=period.since,
            until_on=period.until,
        )
    )
    return row.assignment_id


async def recall(work: Work, assignment_id: UUID, order: Recall) -> None:
    """End an assignment before its last day; one recorded in error, or not begun yet, is taken back."""
    instructor, row = await _locked(work, assignment_id)
    owner = {instructor.id: instructor}
    if order.in_error:
        await _close(work, [row])
        _cancelled(work, instructor, row, AssignmentEndReason.RECORDED_IN_ERROR)
        return
    on = checking.not_later(work, order.on)
    await cut(work, [row], on, AssignmentEndReason.RECALLED, owner)


async def renew(work: Work, assignment_id: UUID, order: AssignmentRenew) -> None:
    """Lengthen an assignment within the term."""
    instructor, row = await _locked(work, assignment_id)
    period = checking.period_of(row.valid)
    if order.until_on <= period.until:
        words = (
            f"须晚于现终止日期{period.until.isoformat()}",
            f"must be later than the present end, {period.until.isoformat()}",
        )
        checking.refuse([Wrong("/until_on", "not_longer", words)])
    longer = Period(period.since, order.until_on)
    checking.refuse(rules.wrong_with_assignment(longer, checking.period_of(instructor.term)))
    others = [
        other
        for other in await queries.taken(work, instructor.id, longer.since, longer.until)
        if other.assignment_id != row.assignment_id
    ]
    if any(other.organization_id == row.organization_id for other in others):
        raise errors.AssignedAlready
    slot = rules.free_slot({other.slot for other in others}, instructor.capacity)
    if slot is None:
        raise errors.InstructorFull
    stamp = await _close(work, [row])
    work.session.add(_next(row, longer, stamp, None, slot=slot))
    await work.session.flush()
    work.announce(
        AssignmentRenewed(
            subject=instructor.id,
            division_code=instructor.division_code,
            assignment_id=row.assignment_id,
            organization_id=row.organization_id,
            until_on=order.until_on,
        )
    )


async def hand_over(work: Work, instructor_id: UUID, order: HandOver) -> list[UUID]:
    """Everything, or some, to another instructor from a day on: all of it, or nothing if there is no room."""
    if order.to_instructor_id == instructor_id:
        words = ("不能移交给本人", "it cannot go to the same person")
        checking.refuse([Wrong("/to_instructor_id", "same_instructor", words)])
    on = order.on or work.today
    before = await queries.standing(work, on, instructor_id=instructor_id)
    await bodies.lock_organizations(work, {row.organization_id for row in before})
    both = await queries.several_for_update(work, [instructor_id, order.to_instructor_id])
    giver, taker = both[instructor_id], both[order.to_instructor_id]
    work.expect(giver)
    held = await queries.standing(work, on, instructor_id=instructor_id)
    going = _chosen(held, order.organization_ids)
    await _can_take(work, taker, going, on)
    periods = {row.assignment_id: _rest(row, taker, on) for row in going}
    work.touch(giver)
    await cut(work, going, on, AssignmentEndReason.HANDED_OVER, {giver.id: giver})
    return [
        await begin(
            work, taker, row.organization_id, periods[row.assignment_id], row.kind, after=row.assignment_id
        )
        for row in going
    ]


def _chosen(held: Sequence[Assignment], wanted: Sequence[UUID] | None) -> list[Assignment]:
    if wanted is None:
        return list(held)
    by_organization = {row.organization_id: row for row in held}
    absent = [number for number, each in enumerate(wanted) if each not in by_organization]
    words = ("该指导员此日未联系这家组织", "this instructor does not serve it that day")
    checking.refuse(Wrong(f"/organization_ids/{number}", "not_held", words) for number in absent)
    return [by_organization[each] for each in dict.fromkeys(wanted)]


async def _can_take(work: Work, taker: Instructor, going: Sequence[Assignment], on: date) -> None:
    """Refuse with everything that the other cannot take."""
    if taker.ended_on is not None:
        raise errors.InstructorHasEnded
    term = checking.period_of(taker.term)
    wrongs = []
    if not term.since <= on < term.until:
        words = ("接收人在此日不在任期内", "the other does not serve on that day")
        wrongs.append(Wrong("/to_instructor_id", "outside_term", words))
    inside = await queries.in_area(work, taker, [row.organization_id for row in going])
    if outside := [row for row in going if row.organization_id not in inside]:
        words = (
            f"有{len(outside)}家不在接收人的联系范围内",
            f"{len(outside)} of them lie outside where the other serves",
        )
        wrongs.append(Wrong("/to_instructor_id", "outside_area", words))
    checking.refuse(wrongs)


def _rest(row: Assignment, taker: Instructor, on: date) -> Period:
    """What is left of an assignment from a day on, within the other's term."""
    period, term = checking.period_of(row.valid), checking.period_of(taker.term)
    return Period(max(period.since, on), min(period.until, term.until))


async def end_for_organization(work: Work, organization_id: UUID, on: date) -> int:
    """End whatever serves an organization that has ended itself; how many ended. May run twice."""
    before = await queries.standing(work, on, organization_id=organization_id)
    owners = await queries.several_for_update(work, {row.instructor_id for row in before})
    held = await queries.standing(work, on, organization_id=organization_id)
    await cut(work, held, on, AssignmentEndReason.ORGANIZATION_ENDED, owners)
    return len(held)


async def make_room(work: Work, instructor: Instructor, capacity: int) -> None:
    """Bring what is held now and later below a lower capacity. Raises `InstructorFull` if it is more."""
    if capacity >= instructor.capacity:
        return
    known = await queries.taken(work, instructor.id, date.min, date.max)
    over = [row for row in known if row.slot > capacity and row.ended_reason is None]
    if not over:
        return
    stamp = await _close(work, over)
    for row in over:
        period = checking.period_of(row.valid)
        if period.until <= work.today:
            work.session.add(_next(row, period, stamp, "expired"))
            continue
        others = await queries.taken(work, instructor.id, period.since, period.until)
        slot = rules.free_slot({other.slot for other in others}, capacity)
        if slot is None:
            raise errors.InstructorFull
        work.session.add(_next(row, period, stamp, None, slot=slot))
        await work.session.flush()
    await work.session.flush()


async def cut(
    work: Work,
    rows: Sequence[Assignment],
    on: date,
    reason: AssignmentEndReason,
    owners: Mapping[UUID, Instructor],
) -> None:
    """End assignments on a day; those that would begin on it or later are taken back."""
    running = [row for row in rows if checking.period_of(row.valid).until > on]
    if len(running) < len(rows):
        raise errors.AssignmentIsOver
    if not rows:
        return
    stamp = await _close(work, rows)
    for row in rows:
        period, owner = checking.period_of(row.valid), owners[row.instructor_id]
        if on <= period.since:
            _cancelled(work, owner, row, reason)
            continue
        work.session.add(_next(row, Period(period.since, on), stamp, reason))
        work.announce(
            AssignmentEnded(
                subject=owner.id,
                division_code=owner.division_code,
                assignment_id=row.assignment_id,
                organization_id=row.organization_id,
                on=on,
                reason=reason,
            )
        )
    await work.session.flush()


async def _locked(work: Work, assignment_id: UUID) -> tuple[Instructor, Assignment]:
    """An assignment that runs, as known now, with its instructor, locked, in the version that was read."""
    instructor = await queries.get_for_update(work, await queries.owner(work, assignment_id))
    row = await queries.known(work, assignment_id)
    work.expect(row)
    if row.ended_reason is not None or checking.period_of(row.valid).until <= work.today:
        raise errors.AssignmentIsOver
    return instructor, row


async def _close(work: Work, rows: Iterable[Assignment]) -> datetime:
    """End what was known of these rows now, after every lock that is held, and give that moment."""
    rows = list(rows)
    stamp = after(await work.instant(), *(row.recorded.lower for row in rows))
    for row in rows:
        row.recorded = Range(row.recorded.lower, stamp)
    work.mark(row.organization_id for row in rows)
    await work.session.flush()
    return stamp


def _next(
    row: Assignment, period: Period, stamp: datetime, reason: str | None, *, slot: int | None = None
) -> Assignment:
    """The next version of an assignment, known from `stamp` on."""
    return Assignment(
        id=uuid7(),
        assignment_id=row.assignment_id,
        version=row.version + 1,
        instructor_id=row.instructor_id,
        term=row.term,
        capacity=row.capacity,
        slot=row.slot if slot is None else slot,
        organization_id=row.organization_id,
        kind=row.kind,
        valid=Range(period.since, period.until),
        recorded=Range(stamp, None),
        ended_reason=reason,
        handed_over_from=row.handed_over_from,
    )


def _cancelled(work: Work, owner: Instructor, row: Assignment, reason: AssignmentEndReason) -> None:
    work.announce(
        AssignmentCancelled(
            subject=owner.id,
            division_code=owner.division_code,
            assignment_id=row.assignment_id,
            organization_id=row.organization_id,
            reason=reason,
        )
    )
