"""The addresses of establishing."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.establishments import commands, errors, queries
from app.establishments.rules import EstablishmentState
from app.establishments.schemas import (
    EstablishmentAnswer,
    EstablishmentApprove,
    EstablishmentCaseRead,
    EstablishmentElection,
    EstablishmentFilters,
    EstablishmentFinish,
    EstablishmentRequest,
)
from app.members import errors as members
from app.party_organizations import errors as party

router = Router(prefix="/establishments", tags=["establishments"])

Reader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]
Asker = Annotated[Work, creating(Permission.PARTY_ORGANIZATION_RECORD)]
Recorder = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_RECORD)]
Superior = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_DECIDE)]
EstablishmentId = Annotated[UUID, Path(description="The id of the case.")]

_missing = errors.EstablishmentNotFound
_judged = (
    errors.EstablishmentInvalid,
    errors.EstablishmentBlocked,
    errors.EstablishmentPackMissing,
    party.PowersPackInvalid,
)
_asked = (*_judged, party.PartyOrganizationInvalid, party.CoveredOrganizationNotFound)
_step = (_missing, errors.EstablishmentStep, errors.EstablishmentInvalid)


@router.get("", response_model=Page[EstablishmentCaseRead])
async def list_establishments(work: Reader, filters: Annotated[EstablishmentFilters, Query()]) -> Response:
    """Requests to establish a body, in scope of whoever asks or answers, by division and id."""
    return await queries.page(work, filters)


@router.post(
    "",
    status_code=201,
    response_model=EstablishmentCaseRead,
    responses=refusals(*_asked, party.PartyOrganizationNotFound),
)
async def request_establishment(work: Asker, asked: EstablishmentRequest) -> Response:
    """Ask the superior to establish a body (请示). Whatever speaks against it is named at once; the reply is
    due within a month (rule pack `establishment`). What exists already is recorded by `establish` instead."""
    return await queries.read(work, await commands.request(work, asked), status=201)


@router.get("/{establishment_id}", response_model=EstablishmentCaseRead, responses=refusals(_missing))
async def get_establishment(work: Reader, establishment_id: EstablishmentId) -> Response:
    """One request with every step it has taken."""
    return await queries.read(work, establishment_id)


@router.post(
    "/{establishment_id}/resubmit",
    response_model=EstablishmentCaseRead,
    responses=refusals(_missing, errors.EstablishmentStep, *_asked, party.PartyOrganizationNotFound),
)
async def resubmit_establishment(
    work: Recorder, establishment_id: EstablishmentId, asked: EstablishmentRequest
) -> Response:
    """Ask again after a return, with what was missing: the whole request anew, and its term."""
    await commands.resubmit(work, establishment_id, asked)
    return await queries.read(work, establishment_id)


@router.post("/{establishment_id}/withdraw", response_model=EstablishmentCaseRead, responses=refusals(*_step))
async def withdraw_establishment(
    work: Recorder, establishment_id: EstablishmentId, given: EstablishmentAnswer
) -> Response:
    """Take the request back, before anybody was elected."""
    await commands.withdraw(work, establishment_id, given)
    return await queries.read(work, establishment_id)


@router.post(
    "/{establishment_id}/approve",
    response_model=EstablishmentCaseRead,
    responses=refusals(_missing, errors.EstablishmentStep, errors.NotTheSuperior, *_judged),
)
async def approve_establishment(
    work: Superior, establishment_id: EstablishmentId, given: EstablishmentApprove
) -> Response:
    """The superior consents (批复). The conditions are asked again; an exception names its document."""
    await commands.approve(work, establishment_id, given)
    return await queries.read(work, establishment_id)


@router.post(
    "/{establishment_id}/return",
    response_model=EstablishmentCaseRead,
    responses=refusals(*_step, errors.NotTheSuperior),
)
async def return_establishment(
    work: Superior, establishment_id: EstablishmentId, given: EstablishmentAnswer
) -> Response:
    """Send the request back for completion, saying what is missing."""
    await commands.answer(work, establishment_id, EstablishmentState.RETURNED, given)
    return await queries.read(work, establishment_id)


@router.post(
    "/{establishment_id}/reject",
    response_model=EstablishmentCaseRead,
    responses=refusals(*_step, errors.NotTheSuperior),
)
async def reject_establishment(
    work: Superior, establishment_id: EstablishmentId, given: EstablishmentAnswer
) -> Response:
    """Refuse the request, saying why."""
    await commands.answer(work, establishment_id, EstablishmentState.REJECTED, given)
    return await queries.read(work, establishment_id)


@router.post(
    "/{establishment_id}/report-election", response_model=EstablishmentCaseRead, responses=refusals(*_step)
)
async def report_establishment_election(
    work: Recorder, establishment_id: EstablishmentId, given: EstablishmentElection
) -> Response:
    """Report the first election to the superior (报批选举结果), in numbers."""
    await commands.report_election(work, establishment_id, given)
    return await queries.read(work, establishment_id)


@router.post(
    "/{establishment_id}/repeat-election",
    response_model=EstablishmentCaseRead,
    responses=refusals(*_step, errors.NotTheSuperior),
)
async def repeat_establishment_election(
    work: Superior, establishment_id: EstablishmentId, given: EstablishmentAnswer
) -> Response:
    """The superior does not confirm the result: the election is held again."""
    await commands.answer(work, establishment_id, EstablishmentState.APPROVED, given)
    return await queries.read(work, establishment_id)


@router.post(
    "/{establishment_id}/finish",
    response_model=EstablishmentCaseRead,
    responses=refusals(
        *_step,
        errors.NotTheSuperior,
        party.PartyOrganizationInvalid,
        party.PartyOrganizationNotFound,
        party.PartyOrganizationIsDissolved,
        party.CoveredOrganizationNotFound,
        party.OrganizationHasEnded,
        party.SingleCoversOne,
        party.MoveWouldCycle,
        party.MovedMeanwhile,
        members.MemberInvalid,
        members.HandedOverTooEarly,
    ),
)
async def finish_establishment(
    work: Superior, establishment_id: EstablishmentId, given: EstablishmentFinish
) -> Response:
    """The superior files or approves the result, and the body is established: its covers, its members and the
    bodies below it come in the same transaction."""
    await commands.finish(work, establishment_id, given)
    return await queries.read(work, establishment_id)
