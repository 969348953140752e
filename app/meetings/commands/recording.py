"""Record meetings and attendance; put records right."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.meetings import errors, queries, rules
from app.meetings.commands import checking
from app.meetings.models import Attendance, Meeting
from app.meetings.queries import Candidate, Place
from app.meetings.rules import (
    COMMITTEE,
    EVERYBODY,
    AttendanceBasis,
    AttendanceState,
    MeetingKind,
    MeetingState,
    Wrong,
)
from app.meetings.schemas import (
    AttendanceEntry,
    AttendanceRecord,
    MeetingCancel,
    MeetingCancelled,
    MeetingChanged,
    MeetingCreate,
    MeetingRecorded,
    MeetingUpdate,
)

_RECORD = Permission.MEMBER_RECORD


async def record(work: Work, plan: MeetingCreate) -> UUID:
    """Record a meeting with its attendance: who is due is worked out from the ledger on that day.

    Raises `LifeBodyNotFound`, `MeetingInvalid`."""
    place = await queries.body(work, plan.party_organization_id, _RECORD)
    checking.refuse(rules.wrong_with_day(plan.held_on, place.founded_on, place.dissolved_on, work.today))
    _check_kind(plan.kind, place)
    named = [entry.member_id for entry in plan.attendance]
    found = await queries.candidates(work, place, plan.held_on, named)
    checking.refuse(_wrong_with_entries(plan.attendance, {c.member_id for c in found}))
    due = {c.member_id for c in found if _is_due(plan.kind, place, c)} | set(named)
    missing = due - set(named)
    if missing and plan.rest is None:
        words = (
            f"还有{len(missing)}名应到党员未说明是否到会, 请逐一列出或填写rest",
            f"{len(missing)} members who were due are not named: name them, or give `rest`",
        )
        checking.refuse([Wrong("/rest", "rest_required", words)])
    meeting = Meeting(
        id=uuid7(),
        party_organization_id=place.id,
        division_code=place.division_code,
        kind=plan.kind,
        held_on=plan.held_on,
        topic=plan.topic,
        place=plan.place,
        minutes_document=plan.minutes_document,
        hours=_hours(plan),
        state=MeetingState.HELD,
        due_count=0,
        present_count=0,
        participant_count=0,
    )
    work.session.add(meeting)
    await work.session.flush()
    entries = {entry.member_id: entry for entry in plan.attendance}
    rest = AttendanceState(plan.rest) if plan.rest else AttendanceState.ABSENT
    rows = [
        _line(meeting, c, entries.get(c.member_id) or AttendanceEntry(member_id=c.member_id, state=rest))
        for c in found
        if c.member_id in due
    ]
    work.session.add_all(rows)
    _count(meeting, rows)
    await work.session.flush()
    work.announce(
        MeetingRecorded(
            subject=meeting.id,
            division_code=meeting.division_code,
            party_organization_id=place.id,
            kind=plan.kind,
            held_on=plan.held_on,
            due=meeting.due_count,
            present=meeting.present_count,
        )
    )
    return meeting.id


def _check_kind(kind: MeetingKind, place: Place) -> None:
    if kind is MeetingKind.GROUP_MEETING and place.kind != "group":
        words = ("党小组会请登记在党小组名下", "record a group meeting with the group itself")
        checking.refuse([Wrong("/kind", "not_a_group", words)])
    if kind in COMMITTEE and place.kind == "group":
        words = ("党小组没有支委会", "a group has no committee")
        checking.refuse([Wrong("/kind", "no_committee", words)])


def _is_due(kind: MeetingKind, place: Place, candidate: Candidate) -> bool:
    if kind in EVERYBODY:
        return candidate.own and place.kind == "branch"
    return kind in COMMITTEE and candidate.in_post


def _hours(plan: MeetingCreate | MeetingUpdate) -> object:
    if plan.hours is not None and not 0 < plan.hours <= 80:
        words = ("学时须大于0且不超过80", "hours lie between 0 and 80")
        checking.refuse([Wrong("/hours", "hours", words)])
    return plan.hours


def _wrong_with_entries(entries: Sequence[AttendanceEntry], known: set[UUID]) -> Iterable[Wrong]:
    seen: set[UUID] = set()
    chairs = 0
    for number, entry in enumerate(entries):
        at = f"/attendance/{number}"
        if entry.member_id in seen:
            yield Wrong(f"{at}/member_id", "named_twice", ("同一党员重复出现", "the member is named twice"))
        elif entry.member_id not in known:
            words = (
                "没有这名党员, 或当日不属于也未参加该党组织的组织生活",
                "no such member in sight belonged to the body or took part in its life that day",
            )
            yield Wrong(f"{at}/member_id", "not_of_this_body", words)
        seen.add(entry.member_id)
        if (entry.state is AttendanceState.LEAVE) != (entry.reason is not None):
            words = ("请假须填事由, 其他情形不填", "leave has a reason, and only leave has one")
            yield Wrong(f"{at}/reason", "leave_reason", words)
        if entry.chair and entry.state is not AttendanceState.PRESENT:
            yield Wrong(f"{at}/chair", "chair_absent", ("主持人须到会", "who chairs is present"))
        chairs += entry.chair
    if chairs > 1:
        yield Wrong("/attendance", "two_chairs", ("一次会议只有一名主持人", "a meeting has one chair"))


def _line(meeting: Meeting, candidate: Candidate, entry: AttendanceEntry) -> Attendance:
    return Attendance(
        id=uuid7(),
        meeting_id=meeting.id,
        member_id=candidate.member_id,
        name_mask=candidate.name_mask,
        party_organization_id=meeting.party_organization_id,
        division_code=meeting.division_code,
        basis=candidate.basis,
        state=entry.state,
        reason=entry.reason,
        chair=entry.chair,
    )


def _count(meeting: Meeting, rows: Iterable[Attendance]) -> None:
    lines = [(row.basis == AttendanceBasis.DUE, row.state == AttendanceState.PRESENT) for row in rows]
    meeting.due_count = sum(due for due, _ in lines)
    meeting.present_count = sum(due and there for due, there in lines)
    meeting.participant_count = sum(there and not due for due, there in lines)


async def _held(work: Work, meeting_id: UUID) -> Meeting:
    meeting = await queries.get_for_update(work, meeting_id)
    work.expect(meeting)
    if meeting.state != MeetingState.HELD:
        raise errors.MeetingIsCancelled
    return meeting


async def attend(work: Work, meeting_id: UUID, given: AttendanceRecord) -> None:
    """Add lines of attendance or put them right. Raises `MeetingNotFound`, `MeetingInvalid`."""
    meeting = await _held(work, meeting_id)
    place = await queries.body(work, meeting.party_organization_id, _RECORD)
    rows = {row.member_id: row for row in await queries.attendance_of(work, meeting)}
    new = [e.member_id for e in given.attendance if e.member_id not in rows]
    found = {c.member_id: c for c in await queries.candidates(work, place, meeting.held_on, new)}
    checking.refuse(_wrong_with_entries(given.attendance, set(rows) | set(found)))
    for row in rows.values():
        row.chair = row.chair and not any(entry.chair for entry in given.attendance)
    await work.session.flush()
    for entry in given.attendance:
        known = rows.get(entry.member_id)
        if known is None:
            rows[entry.member_id] = _line(meeting, found[entry.member_id], entry)
            work.session.add(rows[entry.member_id])
        else:
            known.state, known.reason, known.chair = entry.state, entry.reason, entry.chair
    _count(meeting, rows.values())
    work.touch(meeting)
    await work.session.flush()
    work.announce(
        MeetingChanged(subject=meeting.id, division_code=meeting.division_code, changed=["attendance"])
    )


async def change(work: Work, meeting_id: UUID, update: MeetingUpdate) -> None:
    """Change what is known of a meeting."""
    meeting = await _held(work, meeting_id)
    _hours(update)
    changed = []
    for field in sorted(update.model_fields_set):
        value = getattr(update, field)
        if getattr(meeting, field) != value:
            setattr(meeting, field, value)
            changed.append(field)
    if changed:
        await work.session.flush()
        work.announce(
            MeetingChanged(subject=meeting.id, division_code=meeting.division_code, changed=changed)
        )


async def cancel(work: Work, meeting_id: UUID, order: MeetingCancel) -> None:
    """Take back a record made in error: it counts for nothing and stays on file."""
    meeting = await _held(work, meeting_id)
    meeting.state, meeting.cancelled_reason = MeetingState.CANCELLED, order.reason
    await work.session.flush()
    work.announce(
        MeetingCancelled(subject=meeting.id, division_code=meeting.division_code, reason=order.reason)
    )
