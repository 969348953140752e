"""The addresses of instructors."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.identity.errors import FreshSignInNeeded, RevealsSpent
from app.instructors import commands, errors, queries
from app.instructors.schemas import (
    FiguresQuery,
    HandedOver,
    HandOver,
    InstructionFigures,
    InstructorAppoint,
    InstructorAssess,
    InstructorEnd,
    InstructorFilters,
    InstructorHistory,
    InstructorRead,
    InstructorRenew,
    InstructorReveal,
    InstructorRevealed,
    InstructorUpdate,
    VisitRead,
    VisitRecord,
)

router = Router(tags=["instructors"])

Reader = Annotated[Work, reading(Permission.INSTRUCTOR_READ)]
Recorder = Annotated[Work, creating(Permission.INSTRUCTOR_RECORD)]
Founder = Annotated[Work, creating(Permission.INSTRUCTOR_DECIDE)]
Decider = Annotated[Work, changing(Permission.INSTRUCTOR_DECIDE)]
Revealer = Annotated[Work, creating(Permission.INSTRUCTOR_REVEAL)]
InstructorId = Annotated[UUID, Path(description="The id of the instructor.")]

_gone, _invalid, _over = (
    errors.InstructorNotFound,
    errors.InstructorInvalid,
    errors.InstructorHasEnded,
)
_full, _twice = errors.InstructorFull, errors.AssignedAlready


@router.get("/instructors", response_model=Page[InstructorRead])
async def list_instructors(work: Reader, filters: Annotated[InstructorFilters, Query()]) -> Response:
    """Instructors of my scope, masked, with how many organizations each serves today."""
    return await queries.page(work, filters)


@router.post("/instructors", status_code=201, response_model=InstructorRead, responses=refusals(_invalid))
async def appoint_instructor(work: Founder, plan: InstructorAppoint) -> Response:
    """Enter somebody who serves for a term: dispatched, appointed or recruited."""
    return await queries.read(work, await commands.appoint(work, plan), status=201)


@router.get("/instructors/figures", response_model=InstructionFigures)
async def count_instruction(work: Reader, query: Annotated[FiguresQuery, Query()]) -> Response:
    """Instructors, organizations served and contacted, visits, members found, average load."""
    return await queries.figures(work, query)


@router.get("/instructors/{instructor_id}", response_model=InstructorRead, responses=refusals(_gone))
async def get_instructor(work: Reader, instructor_id: InstructorId) -> Response:
    """One instructor, masked."""
    return await queries.read(work, instructor_id)


@router.patch(
    "/instructors/{instructor_id}",
    response_model=InstructorRead,
    responses=refusals(_gone, _invalid, _over, _full),
)
async def change_instructor(work: Decider, instructor_id: InstructorId, update: InstructorUpdate) -> Response:
    """Change what is known of an instructor; less room than is held is refused."""
    await commands.change(work, instructor_id, update)
    return await queries.read(work, instructor_id)


@router.get(
    "/instructors/{instructor_id}/history", response_model=InstructorHistory, responses=refusals(_gone)
)
async def get_instructor_history(work: Reader, instructor_id: InstructorId) -> Response:
    """Whom they served and when, and every assessment."""
    return await queries.history(work, instructor_id)


@router.post(
    "/instructors/{instructor_id}/renew",
    response_model=InstructorRead,
    responses=refusals(_gone, _invalid, _over),
)
async def renew_instructor(work: Decider, instructor_id: InstructorId, order: InstructorRenew) -> Response:
    """Lengthen the term, with its paper; each assignment keeps its own last day."""
    await commands.renew(work, instructor_id, order)
    return await queries.read(work, instructor_id)


@router.post(
    "/instructors/{instructor_id}/end",
    response_model=InstructorRead,
    responses=refusals(_gone, _invalid, _over),
)
async def end_instructor(work: Decider, instructor_id: InstructorId, order: InstructorEnd) -> Response:
    """End the service; what is still held ends that day. Hand it over first to leave no blank spot."""
    await commands.end(work, instructor_id, order)
    return await queries.read(work, instructor_id)


@router.post(
    "/instructors/{instructor_id}/hand-over",
    response_model=HandedOver,
    responses=refusals(_gone, _invalid, _over, _full, _twice),
)
async def hand_over_assignments(work: Decider, instructor_id: InstructorId, order: HandOver) -> Response:
    """Everything that an instructor holds, or some of it, to another one: all of it or nothing."""
    made = await commands.hand_over(work, instructor_id, order)
    return await queries.handed_over(work, made)


@router.post(
    "/instructors/{instructor_id}/assessments",
    response_model=InstructorRead,
    responses=refusals(_gone, _invalid, errors.AssessedAlready),
)
async def assess_instructor(work: Decider, instructor_id: InstructorId, given: InstructorAssess) -> Response:
    """Record a yearly or term assessment and what followed; 清退 ends the service."""
    await commands.assess(work, instructor_id, given)
    return await queries.read(work, instructor_id)


@router.post(
    "/instructors/{instructor_id}/reveal",
    response_model=InstructorRevealed,
    responses=refusals(_gone, FreshSignInNeeded, RevealsSpent),
)
async def reveal_instructor(
    work: Revealer, instructor_id: InstructorId, asked: InstructorReveal
) -> InstructorRevealed:
    """Name or phone in plain text, with purpose and reason on record before it is shown."""
    return await commands.reveal(work, instructor_id, asked)


@router.post(
    "/instructors/{instructor_id}/visits",
    status_code=201,
    response_model=VisitRead,
    responses=refusals(_gone, _invalid),
)
async def record_visit(work: Recorder, instructor_id: InstructorId, given: VisitRecord) -> Response:
    """A visit or contact with an organization that the instructor served that day."""
    return await queries.visit(work, await commands.by_instructor(work, instructor_id, given), status=201)
