"""The addresses of assignments, visits and suggestions."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.instructors import commands, errors, queries
from app.instructors.schemas import (
    Assign,
    AssignmentFilters,
    AssignmentRead,
    AssignmentRenew,
    FollowUpDone,
    Recall,
    SuggestionDecline,
    SuggestionFilters,
    SuggestionRead,
    SuggestionsAccept,
    SuggestionsAccepted,
    SuggestionsAsk,
    VisitFilters,
    VisitRead,
)
from app.operations import queries as operations
from app.operations.formats import accepted
from app.operations.schemas import OperationRead

router = Router(tags=["instructors"])

Reader = Annotated[Work, reading(Permission.INSTRUCTOR_READ)]
Noter = Annotated[Work, changing(Permission.INSTRUCTOR_RECORD)]
Founder = Annotated[Work, creating(Permission.INSTRUCTOR_DECIDE)]
Decider = Annotated[Work, changing(Permission.INSTRUCTOR_DECIDE)]
AssignmentId = Annotated[UUID, Path(description="The id of the assignment.")]
VisitId = Annotated[UUID, Path(description="The id of the visit.")]
SuggestionId = Annotated[UUID, Path(description="The id of the suggestion.")]

_gone, _invalid, _over = (
    errors.InstructorNotFound,
    errors.InstructorInvalid,
    errors.InstructorHasEnded,
)
_full, _twice, _lost = errors.InstructorFull, errors.AssignedAlready, errors.AssignmentNotFound


@router.get("/instructor-assignments", response_model=Page[AssignmentRead])
async def list_instructor_assignments(
    work: Reader, filters: Annotated[AssignmentFilters, Query()]
) -> Response:
    """Who serves which organization: on a day, or all that were."""
    return await queries.assignments(work, filters)


@router.post(
    "/instructor-assignments",
    status_code=201,
    response_model=AssignmentRead,
    responses=refusals(
        _gone, _invalid, _over, _full, _twice, errors.OrganizationEnded, errors.AssignmentOutsideTerm
    ),
)
async def assign_instructor(work: Founder, order: Assign) -> Response:
    """Give an organization to an instructor: never twice at once, never over capacity, within the term."""
    return await queries.assignment(work, await commands.assign(work, order), status=201)


@router.get(
    "/instructor-assignments/{assignment_id}", response_model=AssignmentRead, responses=refusals(_lost)
)
async def get_instructor_assignment(work: Reader, assignment_id: AssignmentId) -> Response:
    """One assignment as known now."""
    return await queries.assignment(work, assignment_id)


@router.post(
    "/instructor-assignments/{assignment_id}/recall",
    status_code=204,
    responses=refusals(_lost, _invalid, errors.AssignmentIsOver),
)
async def recall_instructor(work: Decider, assignment_id: AssignmentId, order: Recall) -> Response:
    """End an assignment before its last day. One recorded in error, or not begun, is taken back."""
    await commands.recall(work, assignment_id, order)
    return Response(status_code=204)


@router.post(
    "/instructor-assignments/{assignment_id}/renew",
    response_model=AssignmentRead,
    responses=refusals(_lost, _invalid, errors.AssignmentIsOver, _full, _twice),
)
async def renew_instructor_assignment(
    work: Decider, assignment_id: AssignmentId, order: AssignmentRenew
) -> Response:
    """Lengthen an assignment within the instructor's term."""
    await commands.renew_assignment(work, assignment_id, order)
    return await queries.assignment(work, assignment_id)


@router.get("/guidance-visits", response_model=Page[VisitRead])
async def list_visits(work: Reader, filters: Annotated[VisitFilters, Query()]) -> Response:
    """Visits and contacts by instructors and leaders, the latest entered first."""
    return await queries.visits(work, filters)


@router.get("/guidance-visits/{visit_id}", response_model=VisitRead, responses=refusals(errors.VisitNotFound))
async def get_visit(work: Reader, visit_id: VisitId) -> Response:
    """One visit or contact."""
    return await queries.visit(work, visit_id)


@router.post(
    "/guidance-visits/{visit_id}/follow-up",
    response_model=VisitRead,
    responses=refusals(errors.VisitNotFound, _invalid, errors.FollowUpIsDone),
)
async def close_follow_up(work: Noter, visit_id: VisitId, given: FollowUpDone) -> Response:
    """What was agreed on a visit has been done."""
    await commands.follow_up(work, visit_id, given)
    return await queries.visit(work, visit_id)


@router.post(
    "/instructor-suggestions", status_code=202, response_model=OperationRead, responses=refusals(_invalid)
)
async def suggest_instructors(work: Founder, asked: SuggestionsAsk) -> Response:
    """Who should take which blank spot of a division: solved for all at once, as a long operation."""
    operation_id = await commands.ask(work, asked)
    return accepted(await operations.read(work, operation_id), operation_id)


@router.get("/instructor-suggestions", response_model=Page[SuggestionRead])
async def list_instructor_suggestions(
    work: Reader, filters: Annotated[SuggestionFilters, Query()]
) -> Response:
    """Suggestions with what each cost: distance, industry, home unit, load."""
    return await queries.suggestions(work, filters)


@router.post(
    "/instructor-suggestions/{suggestion_id}/accept",
    response_model=SuggestionRead,
    responses=refusals(
        errors.SuggestionNotFound,
        errors.SuggestionIsSettled,
        _gone,
        _invalid,
        _over,
        _full,
        _twice,
        errors.OrganizationEnded,
    ),
)
async def accept_instructor_suggestion(work: Decider, suggestion_id: SuggestionId) -> Response:
    """Make an assignment of a suggestion."""
    await commands.accept_one(work, suggestion_id)
    return await queries.suggestion(work, suggestion_id)


@router.post(
    "/instructor-suggestions/{suggestion_id}/decline",
    response_model=SuggestionRead,
    responses=refusals(errors.SuggestionNotFound, errors.SuggestionIsSettled),
)
async def decline_instructor_suggestion(
    work: Decider, suggestion_id: SuggestionId, given: SuggestionDecline
) -> Response:
    """Say no to a suggestion, with the reason."""
    await commands.decline(work, suggestion_id, given)
    return await queries.suggestion(work, suggestion_id)


@router.post(
    "/instructor-suggestions/accept",
    response_model=SuggestionsAccepted,
    responses=refusals(errors.SuggestionNotFound),
)
async def accept_instructor_suggestions(work: Founder, asked: SuggestionsAccept) -> SuggestionsAccepted:
    """Make assignments of all suggestions of a run, or of some; what no longer holds is marked."""
    return await commands.accept(work, asked)
