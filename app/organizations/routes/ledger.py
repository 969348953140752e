"""`/organizations`: the ledger, who said what, and what it was on a day."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.core import reads
from app.core.errors import refusals
from app.core.http import Router
from app.core.pages import Page
from app.identity.errors import FreshSignInNeeded, RevealsSpent
from app.organizations import commands, errors, queries
from app.organizations.routes.access import Changer, Reader, Recorder, Revealer
from app.organizations.schemas import (
    FactFilters,
    FactRead,
    FindingRead,
    Moment,
    OrganizationCreate,
    OrganizationFilters,
    OrganizationHistory,
    OrganizationOverview,
    OrganizationRead,
    OrganizationUpdate,
    OwnFindingFilters,
    RevealedPhone,
    RevealRequest,
)

router = Router(prefix="/organizations", tags=["organizations"])

STATING = (
    errors.FactsRefused,
    errors.EffectiveInFuture,
    errors.OutsideScope,
    errors.CreditCodeTaken,
    errors.NeedsVerification,
)
REVEALING = (
    errors.OrganizationNotFound,
    errors.ReadOnlyHere,
    errors.NoPhone,
    FreshSignInNeeded,
    RevealsSpent,
)


@router.get("", response_model=Page[OrganizationRead])
async def list_organizations(work: Reader, filters: Annotated[OrganizationFilters, Query()]) -> Response:
    """List organizations in the order of their division, as they are or as they counted on a past day."""
    return await queries.page(work, filters)


@router.post("", status_code=201, response_model=OrganizationRead, responses=refusals(*STATING))
async def register_organization(work: Recorder, body: OrganizationCreate) -> Response:
    """Register an organization by hand; who answers for it and what it owes follow at once."""
    made = await commands.register(work, body.registration(), body.origin(work.today))
    return await queries.written(work, made.id, status=201)


@router.get(
    "/{organization_id}", response_model=OrganizationRead, responses=refusals(errors.OrganizationNotFound)
)
async def get_organization(work: Reader, organization_id: UUID) -> Response:
    """One organization, registered or domiciled in your divisions, or led by your Party body."""
    return await queries.read(work, organization_id)


@router.patch(
    "/{organization_id}",
    response_model=OrganizationRead,
    responses=refusals(
        errors.OrganizationNotFound,
        errors.ReadOnlyHere,
        errors.NothingStated,
        errors.FactOutranked,
        *STATING,
    ),
)
async def change_organization(work: Changer, organization_id: UUID, body: OrganizationUpdate) -> Response:
    """State facts that changed: absent leaves a fact alone, null says that there is none (RFC 7396).

    What a registry states for the same day or a later one is not changed this way: correct it instead."""
    await commands.record_facts(work, organization_id, body.stated(), body.origin(work.today))
    return await queries.written(work, organization_id)


@router.get(
    "/{organization_id}/overview",
    response_model=OrganizationOverview,
    responses=refusals(errors.OrganizationNotFound),
)
async def get_organization_overview(work: Reader, organization_id: UUID) -> Response:
    """One screen in one call: who answers and why, what covers it, what is due, what is doubtful, 四清."""
    return await queries.overview(work, organization_id)


@router.get(
    "/{organization_id}/facts",
    response_model=Page[FactRead],
    responses=refusals(errors.OrganizationNotFound),
)
async def list_organization_facts(
    work: Reader, organization_id: UUID, filters: Annotated[FactFilters, Query()]
) -> Response:
    """Who said what of the organization, effective when and known since when; newest first."""
    return await queries.facts(work, organization_id, filters)


@router.get(
    "/{organization_id}/history",
    response_model=OrganizationHistory,
    responses=refusals(errors.OrganizationNotFound),
)
async def get_organization_history(
    work: Reader, organization_id: UUID, moment: Annotated[Moment, Query()]
) -> Response:
    """What it was over time: true on a day (`as_of`), as known at an instant (`known_at`)."""
    return await queries.history(work, organization_id, moment)


@router.get(
    "/{organization_id}/findings",
    response_model=Page[FindingRead],
    responses=refusals(errors.OrganizationNotFound),
)
async def list_findings_of_organization(
    work: Reader, organization_id: UUID, filters: Annotated[OwnFindingFilters, Query()]
) -> Response:
    """What is doubtful about the organization: sources that disagree, corrections not confirmed."""
    return await queries.own_findings(work, organization_id, filters)


@router.post(
    "/{organization_id}/contact/reveal",
    response_model=RevealedPhone,
    responses=refusals(*REVEALING),
)
async def reveal_organization_contact(work: Revealer, organization_id: UUID, body: RevealRequest) -> Response:
    """The contact's phone number in plain text; who asked, and why, is on record before it leaves."""
    return await reads.derived(work, await commands.reveal_contact(work, organization_id, body))
