"""The addresses of instructors, their assignments and visits, suggestions, and leaders' contracts."""

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
    Assign,
    AssignmentFilters,
    AssignmentRead,
    AssignmentRenew,
    ContractEnd,
    ContractFilters,
    ContractRead,
    ContractSign,
    FiguresQuery,
    FollowUpDone,
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
    Recall,
    SuggestionDecline,
    SuggestionFilters,
    SuggestionRead,
    SuggestionsAccept,
    SuggestionsAccepted,
    SuggestionsAsk,
    TargetAdd,
    TargetProgress,
    VisitFilters,
    VisitRead,
    VisitRecord,
)
from app.operations import queries as operations
from app.operations.formats import accepted
from app.operations.schemas import OperationRead

router = Router(tags=["instructors"])

Reader = Annotated[Work, reading(Permission.INSTRUCTOR_READ)]
Recorder = Annotated[Work, creating(Permission.INSTRUCTOR_RECORD)]
Noter = Annotated[Work, changing(Permission.INSTRUCTOR_RECORD)]
Founder = Annotated[Work, creating(Permission.INSTRUCTOR_DECIDE)]
Decider = Annotated[Work, changing(Permission.INSTRUCTOR_DECIDE)]
Revealer = Annotated[Work, creating(Permission.INSTRUCTOR_REVEAL)]
InstructorId = Annotated[UUID, Path(description="The id of the instructor.")]
AssignmentId = Annotated[UUID, Path(description="The id of the assignment.")]
VisitId = Annotated[UUID, Path(description="The id of the visit.")]
SuggestionId = Annotated[UUID, Path(description="The id of the suggestion.")]
ContractId = Annotated[UUID, Path(description="The id of the contract.")]
TargetId = Annotated[UUID, Path(description="The id of the target.")]

_gone, _invalid, _over = (
    errors.InstructorNotFound,
    errors.InstructorInvalid,
    errors.InstructorHasEnded,
)
_full, _twice, _lost = errors.InstructorFull, errors.AssignedAlready, errors.AssignmentNotFound


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


# -------------------------------------------------------------------------------------------- assignments


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


# ------------------------------------------------------------------------------------------------- visits


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


# -------------------------------------------------------------------------------------------- suggestions


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


# ---------------------------------------------------------------------------------------------- contracts


@router.get("/leader-contracts", response_model=Page[ContractRead])
async def list_leader_contracts(work: Reader, filters: Annotated[ContractFilters, Query()]) -> Response:
    """Leaders' contracts and fixed contacts of my scope, each with its targets."""
    return await queries.contracts(work, filters)


@router.post("/leader-contracts", status_code=201, response_model=ContractRead, responses=refusals(_invalid))
async def sign_leader_contract(work: Founder, plan: ContractSign) -> Response:
    """A committee member or leader takes on a division and so many organizations or bodies."""
    return await queries.contract(work, await commands.sign_contract(work, plan), status=201)


@router.get(
    "/leader-contracts/{contract_id}",
    response_model=ContractRead,
    responses=refusals(errors.ContractNotFound),
)
async def get_leader_contract(work: Reader, contract_id: ContractId) -> Response:
    """One contract with its targets."""
    return await queries.contract(work, contract_id)


@router.post(
    "/leader-contracts/{contract_id}/end",
    response_model=ContractRead,
    responses=refusals(errors.ContractNotFound, _invalid, errors.ContractIsOver),
)
async def end_leader_contract(work: Decider, contract_id: ContractId, order: ContractEnd) -> Response:
    """End a contract; its targets stay on record."""
    await commands.end_contract(work, contract_id, order)
    return await queries.contract(work, contract_id)


@router.post(
    "/leader-contracts/{contract_id}/targets",
    response_model=ContractRead,
    responses=refusals(
        errors.ContractNotFound,
        _invalid,
        errors.ContractIsOver,
        errors.QuotaReached,
        errors.TargetTwice,
    ),
)
async def add_contract_target(work: Noter, contract_id: ContractId, given: TargetAdd) -> Response:
    """A leader takes on an organization or a Party organization, within the agreed number."""
    await commands.add_target(work, contract_id, given)
    return await queries.contract(work, contract_id)


@router.post(
    "/leader-contracts/{contract_id}/targets/{target_id}/progress",
    response_model=ContractRead,
    responses=refusals(errors.ContractNotFound, errors.ContractIsOver),
)
async def move_contract_target(
    work: Noter, contract_id: ContractId, target_id: TargetId, given: TargetProgress
) -> Response:
    """Say how far a target is."""
    await commands.move_target(work, contract_id, target_id, given)
    return await queries.contract(work, contract_id)


@router.post(
    "/leader-contracts/{contract_id}/visits",
    status_code=201,
    response_model=VisitRead,
    responses=refusals(errors.ContractNotFound, _invalid),
)
async def record_leader_visit(work: Recorder, contract_id: ContractId, given: VisitRecord) -> Response:
    """A leader was at one of their targets."""
    return await queries.visit(work, await commands.by_leader(work, contract_id, given), status=201)
