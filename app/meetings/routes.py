"""The addresses of organization life: meetings, reports, appraisals."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.meetings import commands, errors, queries
from app.meetings.schemas import (
    AppraisalAdvance,
    AppraisalFilters,
    AppraisalOpen,
    AppraisalRead,
    AttendanceFilters,
    AttendanceRead,
    AttendanceRecord,
    GradeRead,
    GradesFilters,
    GradesGive,
    LifeQuery,
    LifeRankingFilters,
    LifeRankRead,
    LifeTotalsQuery,
    LifeTotalsRead,
    MeetingCancel,
    MeetingCreate,
    MeetingFilters,
    MeetingRead,
    MeetingUpdate,
    OrganizationLifeRead,
    TrainingHoursFilters,
    TrainingHoursRead,
)

router = Router(tags=["organization-life"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Recorder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Editor = Annotated[Work, changing(Permission.MEMBER_RECORD)]
Opener = Annotated[Work, creating(Permission.MEMBER_DECIDE)]
Decider = Annotated[Work, changing(Permission.MEMBER_DECIDE)]
MeetingId = Annotated[UUID, Path(description="The id of the meeting.")]
AppraisalId = Annotated[UUID, Path(description="The id of the appraisal.")]
BodyId = Annotated[UUID, Path(description="The id of the Party organization.")]

_gone, _invalid, _cancelled = errors.MeetingNotFound, errors.MeetingInvalid, errors.MeetingIsCancelled
_no_body, _pack = errors.LifeBodyNotFound, errors.LifePackInvalid


@router.get("/meetings", response_model=Page[MeetingRead])
async def list_meetings(work: Reader, filters: Annotated[MeetingFilters, Query()]) -> Response:
    """Meetings of my scope, the latest first."""
    return await queries.page(work, filters)


@router.post(
    "/meetings",
    status_code=201,
    response_model=MeetingRead,
    responses=refusals(_no_body, _invalid, errors.ChairTaken),
)
async def record_meeting(work: Recorder, plan: MeetingCreate) -> Response:
    """Record a meeting that took place, with who came. Who was due follows from the ledger on that day."""
    return await queries.read(work, await commands.record(work, plan), status=201)


@router.get("/meetings/{meeting_id}", response_model=MeetingRead, responses=refusals(_gone))
async def get_meeting(work: Reader, meeting_id: MeetingId) -> Response:
    """One meeting with its counts."""
    return await queries.read(work, meeting_id)


@router.patch(
    "/meetings/{meeting_id}", response_model=MeetingRead, responses=refusals(_gone, _invalid, _cancelled)
)
async def change_meeting(work: Editor, meeting_id: MeetingId, update: MeetingUpdate) -> Response:
    """Change topic, place, minutes or hours; kind, day and body never change."""
    await commands.change(work, meeting_id, update)
    return await queries.read(work, meeting_id)


@router.post(
    "/meetings/{meeting_id}/cancel", response_model=MeetingRead, responses=refusals(_gone, _cancelled)
)
async def cancel_meeting(work: Editor, meeting_id: MeetingId, order: MeetingCancel) -> Response:
    """Take back a record made in error: it counts for nothing and stays on file."""
    await commands.cancel(work, meeting_id, order)
    return await queries.read(work, meeting_id)


@router.get(
    "/meetings/{meeting_id}/attendance", response_model=Page[AttendanceRead], responses=refusals(_gone)
)
async def list_meeting_attendance(
    work: Reader, meeting_id: MeetingId, filters: Annotated[AttendanceFilters, Query()]
) -> Response:
    """Who was due and who came, masked."""
    return await queries.page_attendance(work, meeting_id, filters)


@router.post(
    "/meetings/{meeting_id}/attendance",
    response_model=MeetingRead,
    responses=refusals(_gone, _no_body, _invalid, _cancelled, errors.ChairTaken),
)
async def record_attendance(work: Editor, meeting_id: MeetingId, given: AttendanceRecord) -> Response:
    """Add members to the attendance, or put theirs right."""
    await commands.attend(work, meeting_id, given)
    return await queries.read(work, meeting_id)


@router.get(
    "/party-organizations/{body_id}/organization-life",
    response_model=OrganizationLifeRead,
    responses=refusals(_no_body, _pack),
)
async def get_organization_life(
    work: Reader, body_id: BodyId, query: Annotated[LifeQuery, Query()]
) -> Response:
    """What a Party organization owed and held in a year, stretch by stretch, with the rule behind each."""
    return await commands.organization_life(work, body_id, query)


@router.get("/organization-life/totals", response_model=LifeTotalsRead, responses=refusals(_pack))
async def sum_up_organization_life(work: Reader, query: Annotated[LifeTotalsQuery, Query()]) -> Response:
    """Stretches held of those owed, for each activity, over my scope and by division."""
    return await commands.sum_up(work, query)


@router.get("/organization-life/ranking", response_model=Page[LifeRankRead])
async def rank_organization_life(work: Reader, filters: Annotated[LifeRankingFilters, Query()]) -> Response:
    """Branches by how often they held an activity in a year, the most first (网上晒、大家比)."""
    return await commands.rank(work, filters)


@router.get(
    "/organization-life/training-hours",
    response_model=Page[TrainingHoursRead],
    responses=refusals(_pack),
)
async def list_training_hours(work: Reader, filters: Annotated[TrainingHoursFilters, Query()]) -> Response:
    """The hours (学时) of each member in a year, with what they owe."""
    return await commands.training_hours(work, filters)


@router.get("/appraisals", response_model=Page[AppraisalRead])
async def list_appraisals(work: Reader, filters: Annotated[AppraisalFilters, Query()]) -> Response:
    """Appraisals of my scope, with the counts of each grade."""
    return await queries.page_appraisals(work, filters)


@router.post(
    "/appraisals",
    status_code=201,
    response_model=AppraisalRead,
    responses=refusals(_no_body, _invalid, errors.AppraisalOpenAlready),
)
async def open_appraisal(work: Opener, plan: AppraisalOpen) -> Response:
    """Open a branch's yearly appraisal (民主评议党员): its roll is who belongs to it that day."""
    return await queries.read_appraisal(work, await commands.open_appraisal(work, plan), status=201)


@router.get(
    "/appraisals/{appraisal_id}",
    response_model=AppraisalRead,
    responses=refusals(errors.AppraisalNotFound),
)
async def get_appraisal(work: Reader, appraisal_id: AppraisalId) -> Response:
    """One appraisal with the counts of each grade."""
    return await queries.read_appraisal(work, appraisal_id)


@router.post(
    "/appraisals/{appraisal_id}/advance",
    response_model=AppraisalRead,
    responses=refusals(errors.AppraisalNotFound, _invalid, errors.AppraisalBlocked, _pack),
)
async def advance_appraisal(work: Decider, appraisal_id: AppraisalId, order: AppraisalAdvance) -> Response:
    """Take an appraisal to its next step: self review, mutual review, test, verdict, closed."""
    await commands.advance(work, appraisal_id, order)
    return await queries.read_appraisal(work, appraisal_id)


@router.get(
    "/appraisals/{appraisal_id}/grades",
    response_model=Page[GradeRead],
    responses=refusals(errors.AppraisalNotFound),
)
async def list_appraisal_grades(
    work: Reader, appraisal_id: AppraisalId, filters: Annotated[GradesFilters, Query()]
) -> Response:
    """The roll of an appraisal with its grades, masked."""
    return await queries.page_grades(work, appraisal_id, filters)


@router.post(
    "/appraisals/{appraisal_id}/grades",
    response_model=AppraisalRead,
    responses=refusals(errors.AppraisalNotFound, _invalid, errors.AppraisalBlocked),
)
async def grade_members(work: Editor, appraisal_id: AppraisalId, given: GradesGive) -> Response:
    """Give members their grades at the step of the verdict."""
    await commands.grade(work, appraisal_id, given)
    return await queries.read_appraisal(work, appraisal_id)
