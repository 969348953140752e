"""Record what was done for an organization or body, and that what was agreed has been done."""

from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.instructors import errors, queries
from app.instructors.commands import checking
from app.instructors.models import Contract, Instructor, Visit
from app.instructors.rules import Wrong
from app.instructors.schemas import FollowUpClosed, FollowUpDone, VisitRecord, VisitRecorded
from app.party_organizations import queries as bodies

_RECORD = Permission.INSTRUCTOR_RECORD


async def by_instructor(work: Work, instructor_id: UUID, given: VisitRecord) -> UUID:
    """A visit by an instructor, to an organization that they served that day."""
    instructor = await queries.get_for_update(work, instructor_id, _RECORD)
    wrongs = _wrongs(work, given)
    if given.organization_id is None or given.target_party_organization_id is not None:
        words = ("请填写所联系的社会组织", "name the organization that was met")
        wrongs.append(Wrong("/organization_id", "organization_only", words))
    checking.refuse(wrongs)
    assert given.organization_id is not None  # noqa: S101 (refused above)
    on = given.held_on or work.today
    held = await queries.standing(work, on, instructor_id=instructor.id)
    if not any(
        row.organization_id == given.organization_id and checking.period_of(row.valid).since <= on
        for row in held
    ):
        words = ("该指导员此日未联系这家组织", "this instructor did not serve it that day")
        checking.refuse([Wrong("/organization_id", "not_held", words)])
    return await _record(work, given, instructor=instructor)


async def by_leader(work: Work, contract_id: UUID, given: VisitRecord) -> UUID:
    """A visit under a leader's contract, to one of its targets."""
    contract = await queries.contract_for_update(work, contract_id, _RECORD)
    wrongs = _wrongs(work, given)
    if checking.both_or_neither(given.organization_id, given.target_party_organization_id):
        words = ("社会组织和党组织二者选一", "name an organization or a Party organization, not both")
        wrongs.append(Wrong("/organization_id", "one_target", words))
    checking.refuse(wrongs)
    asked = (given.organization_id, given.target_party_organization_id)
    targets = await queries.targets_of(work, contract.id)
    if asked not in {(row.organization_id, row.target_party_organization_id) for row in targets}:
        pointer = "/organization_id" if given.organization_id else "/target_party_organization_id"
        words = ("不是这份包联责任的对象", "is no target of this contract")
        checking.refuse([Wrong(pointer, "no_target", words)])
    return await _record(work, given, contract=contract)


def _wrongs(work: Work, given: VisitRecord) -> list[Wrong]:
    on = given.held_on or work.today
    found = []
    if on > work.today:
        found.append(Wrong("/held_on", "in_future", checking.FUTURE))
    if given.follow_up_due_on is not None and given.follow_up is None:
        words = ("请写明后续事项", "say what is to be done")
        found.append(Wrong("/follow_up", "follow_up_required", words))
    if given.follow_up_due_on is not None and given.follow_up_due_on < on:
        words = ("不能早于走访日期", "must not be before the visit")
        found.append(Wrong("/follow_up_due_on", "too_early", words))
    return found


async def _record(
    work: Work, given: VisitRecord, *, instructor: Instructor | None = None, contract: Contract | None = None
) -> UUID:
    by = instructor or contract
    assert by is not None  # noqa: S101 (one of the two)
    if given.organization_id is not None:
        await bodies.lock_organizations(work, [given.organization_id])
    visit = Visit(
        id=uuid7(),
        instructor_id=instructor.id if instructor else None,
        contract_id=contract.id if contract else None,
        organization_id=given.organization_id,
        target_party_organization_id=given.target_party_organization_id,
        kind=given.kind,
        held_on=given.held_on or work.today,
        persons_met=given.persons_met,
        members_found=given.members_found,
        findings=given.findings,
        follow_up=given.follow_up,
        follow_up_due_on=given.follow_up_due_on,
    )
    work.session.add(visit)
    await work.session.flush()
    work.announce(
        VisitRecorded(
            subject=visit.id,
            division_code=by.division_code,
            kind=given.kind,
            instructor_id=visit.instructor_id,
            contract_id=visit.contract_id,
            organization_id=visit.organization_id,
            held_on=visit.held_on,
        )
    )
    return visit.id


async def follow_up(work: Work, visit_id: UUID, given: FollowUpDone) -> None:
    """What was agreed is done. Raises `FollowUpIsDone`."""
    visit = await queries.visit_for_update(work, visit_id)
    work.expect(visit)
    if visit.follow_up is None or visit.follow_up_done_on is not None:
        raise errors.FollowUpIsDone
    on = checking.not_later(work, given.on)
    if on < visit.held_on:
        words = ("不能早于走访日期", "must not be before the visit")
        checking.refuse([Wrong("/on", "too_early", words)])
    visit.follow_up_done_on = on
    await work.session.flush()
    work.announce(FollowUpClosed(subject=visit.id, on=on))
