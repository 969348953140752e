"""The yearly appraisal, step by step."""

from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.meetings import errors, queries, rules
from app.meetings.commands import checking, packs
from app.meetings.models import Appraisal, Grade
from app.meetings.rules import AppraisalState, Share, Wrong
from app.meetings.schemas import (
    AppraisalAdvance,
    AppraisalMoved,
    AppraisalOpen,
    GradesGive,
    GradesGiven,
)

_DECIDE, _RECORD = Permission.MEMBER_DECIDE, Permission.MEMBER_RECORD


async def open_appraisal(work: Work, plan: AppraisalOpen) -> UUID:
    """Open a branch's appraisal of a year: its roll is frozen. Raises `AppraisalOpenAlready`."""
    place = await queries.body(work, plan.party_organization_id, _DECIDE)
    on = checking.day(work, plan.on, since=place.founded_on)
    if place.kind != "branch" or (place.dissolved_on is not None and place.dissolved_on <= on):
        words = ("民主评议以党支部为单位进行", "branches appraise their members")
        checking.refuse([Wrong("/party_organization_id", "not_a_branch", words)])
    roll = [c for c in await queries.candidates(work, place, on, []) if c.own]
    if not roll:
        words = ("当日没有党员可评议", "nobody belonged to the branch that day")
        checking.refuse([Wrong("/party_organization_id", "no_members", words)])
    placed = {"party_organization_id": place.id, "division_code": place.division_code}
    appraisal = Appraisal(
        id=uuid7(),
        year=plan.year,
        state=AppraisalState.SELF_REVIEW,
        state_on=on,
        due_count=len(roll),
        **placed,
    )
    work.session.add(appraisal)
    await work.session.flush()
    work.session.add_all(
        Grade(id=uuid7(), appraisal_id=appraisal.id, member_id=c.member_id, name_mask=c.name_mask, **placed)
        for c in roll
    )
    await work.session.flush()
    _tell(work, appraisal)
    return appraisal.id


async def advance(work: Work, appraisal_id: UUID, order: AppraisalAdvance) -> None:
    """The next step. Closing takes the deciding paper and grades that the rule pack allows, every reason at
    once. Raises `AppraisalBlocked`, `MeetingInvalid`."""
    appraisal = await queries.appraisal_for_update(work, appraisal_id, _DECIDE)
    work.expect(appraisal)
    following = rules.following(AppraisalState(appraisal.state))
    if following is None:
        raise errors.AppraisalBlocked
    on = checking.day(work, order.on, since=appraisal.state_on)
    if following is AppraisalState.CLOSED:
        await _check_close(work, appraisal, order)
        appraisal.document = order.document
    appraisal.state, appraisal.state_on = following, on
    await work.session.flush()
    _tell(work, appraisal)


async def _check_close(work: Work, appraisal: Appraisal, order: AppraisalAdvance) -> None:
    life = await packs.life_of(work, appraisal.division_code, work.today)
    rows = await queries.grades_of(work, appraisal)
    grades = [rules.Grade(row.grade) if row.grade else None for row in rows]
    wrongs = rules.wrong_with_grades(grades, Share(*life.excellent))
    if order.document is None:
        words = ("请填写组织评定的文件", "give the deciding paper")
        wrongs.append(Wrong("/document", "document_required", words))
    checking.refuse(wrongs)


async def grade(work: Work, appraisal_id: UUID, given: GradesGive) -> None:
    """Give grades at the step of the verdict. Raises `AppraisalBlocked`, `MeetingInvalid`."""
    appraisal = await queries.appraisal_for_update(work, appraisal_id, _RECORD)
    work.expect(appraisal)
    if appraisal.state != AppraisalState.VERDICT:
        raise errors.AppraisalBlocked
    rows = {row.member_id: row for row in await queries.grades_of(work, appraisal)}
    words = ("不在本次评议名单中", "is not on the roll")
    checking.refuse(
        Wrong(f"/grades/{number}/member_id", "not_on_roll", words)
        for number, entry in enumerate(given.grades)
        if entry.member_id not in rows
    )
    for entry in given.grades:
        row = rows[entry.member_id]
        row.grade, row.graded_on = entry.grade, work.today
    work.touch(appraisal)
    await work.session.flush()
    work.announce(
        GradesGiven(subject=appraisal.id, division_code=appraisal.division_code, count=len(given.grades))
    )


def _tell(work: Work, appraisal: Appraisal) -> None:
    work.announce(
        AppraisalMoved(
            subject=appraisal.id,
            division_code=appraisal.division_code,
            party_organization_id=appraisal.party_organization_id,
            year=appraisal.year,
            state=AppraisalState(appraisal.state),
        )
    )
