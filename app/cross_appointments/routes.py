"""The addresses of cross appointments."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.cross_appointments import commands, errors, queries
from app.cross_appointments.schemas import (
    CrossAppointmentConfirm,
    CrossAppointmentFilters,
    CrossAppointmentPropose,
    CrossAppointmentRead,
    CrossAppointmentReject,
    CrossAppointmentsProposed,
    CrossOrganizationRead,
    CrossOrganizationsFilters,
    CrossRatesQuery,
    CrossRatesRead,
)
from app.party_organizations.errors import PartyOrganizationNotFound

router = Router(prefix="/cross-appointments", tags=["cross-appointments"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Proposer = Annotated[Work, creating(Permission.MEMBER_DECIDE)]
Decider = Annotated[Work, changing(Permission.MEMBER_DECIDE)]
MatchId = Annotated[UUID, Path(description="The id of the match.")]
_missing, _decided = errors.CrossAppointmentNotFound, errors.CrossAppointmentDecided


@router.get("", response_model=Page[CrossAppointmentRead])
async def list_cross_appointments(
    work: Reader, filters: Annotated[CrossAppointmentFilters, Query()]
) -> Response:
    """Officers who hold, or may hold, posts in the bodies that cover their organizations; masked."""
    return await queries.page(work, filters)


@router.post(
    "/propose",
    response_model=CrossAppointmentsProposed,
    responses=refusals(PartyOrganizationNotFound, errors.TooManyBodies),
)
async def propose_cross_appointments(
    work: Proposer, asked: CrossAppointmentPropose
) -> CrossAppointmentsProposed:
    """Compare the names of officers and post holders for a body and all below it, by their sealed index.
    The worker does the same whenever an office, a post or a cover changes."""
    return await commands.propose(work, asked)


@router.get("/rates", response_model=CrossRatesRead)
async def get_cross_appointment_rates(work: Reader, query: Annotated[CrossRatesQuery, Query()]) -> Response:
    """Rates of 双向进入、交叉任职 and of 主要负责人兼任书记 on a day, each with the lists behind it."""
    return await queries.rates(work, query)


@router.get("/organizations", response_model=Page[CrossOrganizationRead])
async def list_cross_appointment_organizations(
    work: Reader, filters: Annotated[CrossOrganizationsFilters, Query()]
) -> Response:
    """Exactly the organizations behind a number of the rates."""
    return await queries.organizations_behind(work, filters)


@router.post(
    "/{cross_appointment_id}/confirm",
    response_model=CrossAppointmentRead,
    responses=refusals(_missing, _decided, errors.AnotherIsConfirmed),
)
async def confirm_cross_appointment(
    work: Decider, cross_appointment_id: MatchId, given: CrossAppointmentConfirm
) -> Response:
    """The officer and the member are one person: from now on it counts."""
    await commands.confirm(work, cross_appointment_id, given)
    return await queries.read(work, cross_appointment_id)


@router.post(
    "/{cross_appointment_id}/reject",
    response_model=CrossAppointmentRead,
    responses=refusals(_missing, _decided),
)
async def reject_cross_appointment(
    work: Decider, cross_appointment_id: MatchId, given: CrossAppointmentReject
) -> Response:
    """They only share a name; the match is not proposed again."""
    await commands.reject(work, cross_appointment_id, given)
    return await queries.read(work, cross_appointment_id)
