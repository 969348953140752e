"""The addresses of prior opinions, attendance rights and consultations."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.opinions import commands, errors, queries
from app.opinions.schemas import (
    AttendanceRightEnd,
    AttendanceRightFilters,
    AttendanceRightGrant,
    AttendanceRightRead,
    ConsultationCreate,
    ConsultationFilters,
    ConsultationRead,
    MatterCounts,
    MatterCountsQuery,
    MatterCreate,
    MatterFilters,
    MatterRead,
    OpinionGive,
    OutcomeRecord,
)

router = Router(tags=["opinions"])

Reader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]
Recorder = Annotated[Work, creating(Permission.PARTY_ORGANIZATION_RECORD)]
Editor = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_RECORD)]
MatterId = Annotated[UUID, Path(description="The id of the matter.")]
RightId = Annotated[UUID, Path(description="The id of the right.")]

_missing, _invalid, _blocked = errors.MatterNotFound, errors.OpinionInvalid, errors.MatterBlocked
_no_body, _no_right = errors.OpinionBodyNotFound, errors.AttendanceRightNotFound


@router.get("/matters", response_model=Page[MatterRead])
async def list_matters(work: Reader, filters: Annotated[MatterFilters, Query()]) -> Response:
    """Matters put to the Party organizations of my scope, the latest first."""
    return await queries.page_matters(work, filters)


@router.post("/matters", status_code=201, response_model=MatterRead, responses=refusals(_no_body, _invalid))
async def put_matter_forward(work: Recorder, plan: MatterCreate) -> Response:
    """Put a matter of an organization to its Party organization before it decides (前置意见)."""
    return await queries.read_matter(work, await commands.put_forward(work, plan), status=201)


@router.get("/matters/counts", response_model=MatterCounts)
async def count_matters(work: Reader, query: Annotated[MatterCountsQuery, Query()]) -> Response:
    """The share of decided matters on which an opinion came before the decision, over all and by kind."""
    return await commands.count(work, query)


@router.get("/matters/{matter_id}", response_model=MatterRead, responses=refusals(_missing))
async def get_matter(work: Reader, matter_id: MatterId) -> Response:
    """One matter with its opinion and outcome."""
    return await queries.read_matter(work, matter_id)


@router.post(
    "/matters/{matter_id}/opinion",
    response_model=MatterRead,
    responses=refusals(_missing, _invalid, _blocked),
)
async def give_prior_opinion(work: Editor, matter_id: MatterId, given: OpinionGive) -> Response:
    """Give the Party organization's opinion before the organization decides."""
    await commands.give_opinion(work, matter_id, given)
    return await queries.read_matter(work, matter_id)


@router.post(
    "/matters/{matter_id}/outcome",
    response_model=MatterRead,
    responses=refusals(_missing, _invalid, _blocked),
)
async def record_matter_outcome(work: Editor, matter_id: MatterId, given: OutcomeRecord) -> Response:
    """Record how the organization decided, and what became of the opinion."""
    await commands.record_outcome(work, matter_id, given)
    return await queries.read_matter(work, matter_id)


@router.get("/attendance-rights", response_model=Page[AttendanceRightRead])
async def list_attendance_rights(
    work: Reader, filters: Annotated[AttendanceRightFilters, Query()]
) -> Response:
    """Standing rights of Party posts to attend meetings of organizations (书记列席重要会议)."""
    return await queries.page_rights(work, filters)


@router.post(
    "/attendance-rights",
    status_code=201,
    response_model=AttendanceRightRead,
    responses=refusals(_no_body, _invalid, errors.RightTwice),
)
async def grant_attendance_right(work: Recorder, plan: AttendanceRightGrant) -> Response:
    """Record a post's standing right to attend an organization's meetings."""
    return await queries.read_right(work, await commands.grant_right(work, plan), status=201)


@router.post(
    "/attendance-rights/{right_id}/end",
    response_model=AttendanceRightRead,
    responses=refusals(_no_right, _invalid, errors.RightIsOver),
)
async def end_attendance_right(work: Editor, right_id: RightId, order: AttendanceRightEnd) -> Response:
    """End a standing right; what was attended under it stays."""
    await commands.end_right(work, right_id, order)
    return await queries.read_right(work, right_id)


@router.get("/consultations", response_model=Page[ConsultationRead])
async def list_consultations(work: Reader, filters: Annotated[ConsultationFilters, Query()]) -> Response:
    """Meetings attended and talks held (列席、沟通协商), the latest first."""
    return await queries.page_consultations(work, filters)


@router.post(
    "/consultations",
    status_code=201,
    response_model=ConsultationRead,
    responses=refusals(_no_body, _invalid),
)
async def record_consultation(work: Recorder, plan: ConsultationCreate) -> Response:
    """Record a meeting that was attended under a right, or a talk with the organization."""
    return await queries.read_consultation(work, await commands.record_consultation(work, plan))
