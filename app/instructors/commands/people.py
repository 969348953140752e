"""Appoint, change, renew, assess, show and end instructors. What names a person is sealed before it is
stored."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.crypto import mask_name, mask_phone
from app.core.db import uuid7
from app.core.work import Work
from app.identity import commands as identity
from app.instructors import errors, queries, rules
from app.instructors.commands import checking, serving
from app.instructors.models import Assessment, Instructor
from app.instructors.rules import AssignmentEndReason, Outcome, Period, Wrong
from app.instructors.schemas import (
    InstructorAppoint,
    InstructorAppointed,
    InstructorAssess,
    InstructorAssessed,
    InstructorChanged,
    InstructorEnd,
    InstructorEnded,
    InstructorRenew,
    InstructorRenewed,
    InstructorReveal,
    InstructorRevealed,
    InstructorShown,
    InstructorUpdate,
)

TABLE = "instructors"


async def appoint(work: Work, plan: InstructorAppoint) -> UUID:
    """Enter a person who serves for a term. Raises `InstructorInvalid` with every reason."""
    term = Period(plan.from_on or work.today, plan.until_on)
    pack = await checking.pack(work, plan.division_code, work.today)
    capacity = pack.capacity if plan.capacity is None else plan.capacity
    wrongs = rules.wrong_with_term(term, capacity, pack)
    if not await queries.body_in_scope(work, plan.party_organization_id):
        wrongs.append(checking.missing("/party_organization_id", "党组织", "Party organization"))
    elif not await queries.division_in_scope(work, plan.division_code, plan.party_organization_id):
        wrongs.append(checking.missing("/division_code", "行政区划", "division"))
    if plan.member_id is not None and not await queries.member_in_scope(work, plan.member_id):
        wrongs.append(checking.missing("/member_id", "党员", "member"))
    wrongs += await _home(work, plan.home_authority_id)
    checking.refuse(wrongs)
    instructor = Instructor(
        id=uuid7(),
        member_id=plan.member_id,
        kind=plan.kind,
        source=plan.source,
        origin=plan.origin,
        batch=plan.batch,
        home_unit=plan.home_unit,
        home_authority_id=plan.home_authority_id,
        industries=plan.industries,
        duties=plan.duties,
        party_organization_id=plan.party_organization_id,
        division_code=plan.division_code,
        term=Range(term.since, term.until),
        capacity=capacity,
        document=plan.document,
    )
    instructor.name_cipher = work.crypto.encrypt(
        plan.name, table=TABLE, column="name_cipher", row=instructor.id
    )
    instructor.name_blind = work.crypto.index("persons.name", plan.name).stored
    instructor.name_mask = mask_name(plan.name)
    _seal_phone(work, instructor, plan.phone)
    work.session.add(instructor)
    await work.session.flush()
    work.announce(
        InstructorAppointed(
            subject=instructor.id,
            division_code=instructor.division_code,
            kind=plan.kind,
            source=plan.source,
            from_on=term.since,
            until_on=term.until,
            capacity=capacity,
        )
    )
    return instructor.id


async def _home(work: Work, authority_id: UUID | None) -> list[Wrong]:
    if authority_id is None or await queries.authority_exists(work, authority_id):
        return []
    return [checking.missing("/home_authority_id", "部门", "authority")]


def _seal_phone(work: Work, instructor: Instructor, phone: str | None) -> None:
    instructor.phone_cipher = (
        None
        if phone is None
        else work.crypto.encrypt(phone, table=TABLE, column="phone_cipher", row=instructor.id)
    )
    instructor.phone_mask = None if phone is None else mask_phone(phone)


async def change(work: Work, instructor_id: UUID, update: InstructorUpdate) -> None:
    """Change what is known of an instructor. Less room than is held is refused."""
    instructor = await _serving(work, instructor_id)
    given = update.model_fields_set
    if "home_authority_id" in given:
        checking.refuse(await _home(work, update.home_authority_id))
    changed = []
    for name in sorted(given - {"phone", "capacity"}):
        if getattr(instructor, name) != getattr(update, name):
            setattr(instructor, name, getattr(update, name))
            changed.append(name)
    if "phone" in given:
        _seal_phone(work, instructor, update.phone)
        changed.append("phone")
    if "capacity" in given and update.capacity != instructor.capacity:
        pack = await checking.pack(work, instructor.division_code, work.today)
        checking.refuse(rules.wrong_with_term(checking.period_of(instructor.term), update.capacity, pack))
        await serving.make_room(work, instructor, update.capacity)
        instructor.capacity = update.capacity
        changed.append("capacity")
    if changed:
        await work.session.flush()
        work.announce(
            InstructorChanged(
                subject=instructor.id, division_code=instructor.division_code, changed=sorted(changed)
            )
        )


async def renew(work: Work, instructor_id: UUID, order: InstructorRenew) -> None:
    """Lengthen the term; what they hold keeps its own last day."""
    instructor = await _serving(work, instructor_id)
    term = checking.period_of(instructor.term)
    if order.until_on <= term.until:
        words = (
            f"须晚于现任期的终止日期{term.until.isoformat()}",
            f"must be later than the present end of the term, {term.until.isoformat()}",
        )
        checking.refuse([Wrong("/until_on", "not_longer", words)])
    instructor.term, instructor.document = Range(term.since, order.until_on), order.document
    await work.session.flush()
    work.announce(
        InstructorRenewed(
            subject=instructor.id, division_code=instructor.division_code, until_on=order.until_on
        )
    )


async def end(work: Work, instructor_id: UUID, order: InstructorEnd) -> None:
    """End the service: what is held then ends that day."""
    instructor = await _serving(work, instructor_id)
    await _end(work, instructor, checking.not_later(work, order.on), order.reason)


async def _end(work: Work, instructor: Instructor, on: date, reason: str) -> None:
    term = checking.period_of(instructor.term)
    if not term.since < on <= term.until:
        words = (
            f"须在{term.since.isoformat()}之后、{term.until.isoformat()}及之前",
            f"must be after {term.since.isoformat()} and not after {term.until.isoformat()}",
        )
        checking.refuse([Wrong("/on", "outside_term", words)])
    held = await queries.standing(work, on, instructor_id=instructor.id)
    await serving.cut(work, held, on, AssignmentEndReason.INSTRUCTOR_ENDED, {instructor.id: instructor})
    instructor.term, instructor.ended_on, instructor.ended_reason = Range(term.since, on), on, reason
    await work.session.flush()
    work.announce(InstructorEnded(subject=instructor.id, division_code=instructor.division_code, on=on))


async def assess(work: Work, instructor_id: UUID, given: InstructorAssess) -> None:
    """Record an assessment; 清退 ends the service on the day of the verdict."""
    instructor = await queries.get_for_update(work, instructor_id)
    work.expect(instructor)
    on = checking.not_later(work, given.on)
    if given.outcome is Outcome.REMOVED and given.grade is not rules.Grade.UNQUALIFIED:
        words = ("清退须以不合格为前提", "somebody is removed for an unqualified grade only")
        checking.refuse([Wrong("/outcome", "removed_when_unqualified", words)])
    work.session.add(
        Assessment(
            id=uuid7(),
            instructor_id=instructor.id,
            kind=given.kind,
            year=given.year,
            grade=given.grade,
            outcome=given.outcome,
            note=given.note,
            assessed_on=on,
        )
    )
    work.touch(instructor)
    await work.session.flush()
    work.announce(
        InstructorAssessed(
            subject=instructor.id,
            division_code=instructor.division_code,
            kind=given.kind,
            year=given.year,
            grade=given.grade,
            outcome=given.outcome,
        )
    )
    if given.outcome is Outcome.REMOVED and instructor.ended_on is None:
        await _end(work, instructor, on, "removed")


async def reveal(work: Work, instructor_id: UUID, asked: InstructorReveal) -> InstructorRevealed:
    """Plain text of an instructor; who asked and why is committed before it leaves, stored nowhere."""
    work.keep_secret()
    instructor = await queries.get_for_update(work, instructor_id, Permission.INSTRUCTOR_REVEAL)
    await identity.permit_reveal(work)
    fields = sorted(set(asked.fields))
    work.announce(
        InstructorShown(
            subject=instructor.id,
            division_code=instructor.division_code,
            fields=fields,
            purpose=asked.purpose,
            reason=asked.reason,
        )
    )
    await work.session.flush()
    shown = {"name": None, "phone": None} | {field: _open(work, instructor, field) for field in fields}
    return InstructorRevealed.model_validate(shown)


def _open(work: Work, instructor: Instructor, field: str) -> str | None:
    sealed = getattr(instructor, f"{field}_cipher")
    if sealed is None:
        return None
    return work.crypto.decrypt(sealed, table=TABLE, column=f"{field}_cipher", row=instructor.id)


async def _serving(work: Work, instructor_id: UUID) -> Instructor:
    """An instructor who has not ended, locked, in the version that the caller read."""
    instructor = await queries.get_for_update(work, instructor_id)
    work.expect(instructor)
    if instructor.ended_on is not None:
        raise errors.InstructorHasEnded
    return instructor
