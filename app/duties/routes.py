"""`/duties`, `/organizations/{id}/duties`, and the verbs that settle them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.core import reads
from app.core.access import Permission
from app.core.errors import Forbidden, NotFound, PreconditionFailed, PreconditionRequired, refusals
from app.core.http import Router, changing, reading
from app.core.pages import Page
from app.core.work import Work
from app.duties import commands, errors, queries
from app.duties.schemas import (
    CommitmentLetterReceipt,
    ContactReveal,
    DutyFilters,
    DutyRead,
    DutyReopening,
    DutyWaiver,
    MemberSurveyReceipt,
    OrganizationDutiesRead,
    PapersHandOver,
    RevealedContact,
    SetupContactNaming,
)
from app.identity.errors import FreshSignInNeeded, RevealsSpent

router = Router(tags=["duties"])

Reader = Annotated[Work, reading(Permission.DUTY_READ)]
Recorder = Annotated[Work, changing(Permission.DUTY_RECORD)]
Decider = Annotated[Work, changing(Permission.ORGANIZATION_DECIDE)]
Revealer = Annotated[Work, changing(Permission.PERSON_REVEAL, if_match=False)]
SETTLING = (
    Forbidden,
    errors.DutyNotFound,
    errors.DutyNotOpen,
    errors.DayInFuture,
    PreconditionRequired,
    PreconditionFailed,
)


@router.get("/duties", response_model=Page[DutyRead])
async def list_duties(work: Reader, filters: Annotated[DutyFilters, Query()]) -> Response:
    """Duties in the caller's scope, the earliest due first: what is due, overdue, done late, by whom."""
    return await queries.page(work, filters)


@router.get("/duties/{duty_id}", response_model=DutyRead, responses=refusals(errors.DutyNotFound))
async def get_duty(work: Reader, duty_id: UUID) -> Response:
    """One duty of one organization."""
    return await queries.read(work, duty_id)


@router.get(
    "/organizations/{organization_id}/duties",
    response_model=OrganizationDutiesRead,
    responses=refusals(NotFound),
)
async def list_organization_duties(work: Reader, organization_id: UUID) -> Response:
    """Every duty of an organization, and whether its member survey says that it must establish a Party
    organization."""
    return await queries.of_organization(work, organization_id)


@router.post(
    "/organizations/{organization_id}/commitment-letter",
    response_model=DutyRead,
    responses=refusals(*SETTLING),
)
async def receive_commitment_letter(
    work: Recorder, organization_id: UUID, body: CommitmentLetterReceipt
) -> Response:
    """Record that the commitment letter (《党建工作承诺书》) came with the application. `If-Match` is the
    duty's ETag."""
    return await queries.read(work, await commands.receive_commitment_letter(work, organization_id, body))


@router.post(
    "/organizations/{organization_id}/member-survey",
    response_model=DutyRead,
    responses=refusals(*SETTLING, errors.SurveyInconsistent, errors.DutyPackInvalid),
)
async def record_member_survey(work: Recorder, organization_id: UUID, body: MemberSurveyReceipt) -> Response:
    """Record the member survey (《党员情况调查表》), due before the certificate: counts, no names. The answer
    says whether the organization must establish a Party organization, and why."""
    return await queries.read(work, await commands.record_member_survey(work, organization_id, body))


@router.post(
    "/organizations/{organization_id}/hand-over",
    response_model=DutyRead,
    responses=refusals(
        *SETTLING, errors.DayTooEarly, errors.PapersMissing, errors.NobodyToHandTo, errors.ReceiverUnknown
    ),
)
async def hand_over_papers(work: Recorder, organization_id: UUID, body: PapersHandOver) -> Response:
    """Record that the registration authority handed both papers to the body for Party work, due within five
    working days of the registration."""
    return await queries.read(work, await commands.hand_over_papers(work, organization_id, body))


@router.post(
    "/organizations/{organization_id}/setup-contact",
    response_model=DutyRead,
    responses=refusals(*SETTLING),
)
async def name_setup_contact(work: Recorder, organization_id: UUID, body: SetupContactNaming) -> Response:
    """Name the person who helps the organization to set up its Party organization, or another in that
    place."""
    return await queries.read(work, await commands.name_setup_contact(work, organization_id, body))


@router.post(
    "/organizations/{organization_id}/setup-contact/reveal",
    response_model=RevealedContact,
    responses=refusals(NotFound, errors.ContactNotFound, FreshSignInNeeded, RevealsSpent),
)
async def reveal_setup_contact(work: Revealer, organization_id: UUID, body: ContactReveal) -> Response:
    """The contact's number in full. Who asked, and why, is kept in the audit."""
    return await reads.derived(work, await commands.reveal_setup_contact(work, organization_id, body))


@router.post(
    "/duties/{duty_id}/waive",
    response_model=DutyRead,
    responses=refusals(
        Forbidden, errors.DutyNotFound, errors.DutyNotOpen, PreconditionRequired, PreconditionFailed
    ),
)
async def waive_duty(work: Decider, duty_id: UUID, body: DutyWaiver) -> Response:
    """Let an open duty fall away, for a reason."""
    await commands.waive(work, duty_id, body)
    return await queries.read(work, duty_id)


@router.post(
    "/duties/{duty_id}/reopen",
    response_model=DutyRead,
    responses=refusals(
        Forbidden,
        errors.DutyNotFound,
        errors.DutyOpen,
        errors.DutyLapsed,
        errors.PapersStillHandedOver,
        PreconditionRequired,
        PreconditionFailed,
    ),
)
async def reopen_duty(work: Recorder, duty_id: UUID, body: DutyReopening) -> Response:
    """Open a duty again whose record was wrong, for a reason; then record it anew."""
    await commands.reopen(work, duty_id, body)
    return await queries.read(work, duty_id)
