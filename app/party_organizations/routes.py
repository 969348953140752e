"""The addresses of Party organizations."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.party_organizations import commands, errors, queries
from app.party_organizations.schemas import (
    AsOf,
    BodyCoverRead,
    CountsQuery,
    CoverCancel,
    CoverEnd,
    CoverFilters,
    CoverStart,
    DivisionCommitteeFilters,
    DivisionCommitteeRead,
    DivisionCommitteesCount,
    DivisionCommitteesQuery,
    FormationChange,
    FunctionAssign,
    FunctionEnd,
    FunctionFilters,
    FunctionRead,
    HistoryRead,
    OrganizationCoverageRead,
    ParentsRead,
    PartyOrganizationCounts,
    PartyOrganizationEstablish,
    PartyOrganizationFilters,
    PartyOrganizationMove,
    PartyOrganizationRead,
    PartyOrganizationUpdate,
    ReasonEnd,
    ReasonFilters,
    ReasonGive,
    ReasonRead,
    TreeRead,
)

router = Router(tags=["party-organizations"])

Reader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]
LedgerReader = Annotated[Work, reading(Permission.ORGANIZATION_READ)]
Recorder = Annotated[Work, creating(Permission.PARTY_ORGANIZATION_RECORD)]
Editor = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_RECORD)]
Founder = Annotated[Work, creating(Permission.PARTY_ORGANIZATION_DECIDE)]
Organizer = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_DECIDE)]

_missing = errors.PartyOrganizationNotFound
_invalid = errors.PartyOrganizationInvalid
_dissolved = errors.PartyOrganizationIsDissolved


@router.get("/party-organizations", response_model=Page[PartyOrganizationRead])
async def list_party_organizations(
    work: Reader, filters: Annotated[PartyOrganizationFilters, Query()]
) -> Response:
    """Party organizations in scope, by division and id."""
    return await queries.page(work, filters)


@router.get("/party-organizations/counts", response_model=PartyOrganizationCounts)
async def count_party_organizations(work: Reader, query: Annotated[CountsQuery, Query()]) -> Response:
    """How many there are by kind and level, with the sum check (430 = 7 + 6 + 417)."""
    return await queries.counts(work, query)


@router.post(
    "/party-organizations/establish",
    status_code=201,
    response_model=PartyOrganizationRead,
    responses=refusals(
        _missing,
        errors.CoveredOrganizationNotFound,
        _invalid,
        errors.OrganizationHasEnded,
        errors.CoveredTwice,
        errors.SingleCoversOne,
    ),
)
async def establish_party_organization(work: Founder, plan: PartyOrganizationEstablish) -> Response:
    """Establish a Party organization with the organizations it covers from the start."""
    return await queries.established(work, await commands.establish(work, plan))


@router.get(
    "/party-organizations/{party_organization_id}",
    response_model=PartyOrganizationRead,
    responses=refusals(_missing),
)
async def get_party_organization(work: Reader, party_organization_id: UUID) -> Response:
    """One Party organization."""
    return await queries.read(work, party_organization_id)


@router.patch(
    "/party-organizations/{party_organization_id}",
    response_model=PartyOrganizationRead,
    responses=refusals(_missing, _invalid, _dissolved),
)
async def change_party_organization(
    work: Editor, party_organization_id: UUID, update: PartyOrganizationUpdate
) -> Response:
    """Change its name, industry or approval document. Another kind is an upgrade (`/upgrade`)."""
    await commands.change(work, party_organization_id, update)
    return await queries.read(work, party_organization_id)


@router.post(
    "/party-organizations/{party_organization_id}/move",
    response_model=PartyOrganizationRead,
    responses=refusals(_missing, _invalid, _dissolved, errors.MoveWouldCycle, errors.MovedMeanwhile),
)
async def move_party_organization(
    work: Organizer, party_organization_id: UUID, order: PartyOrganizationMove
) -> Response:
    """Hang it, with all below it, under another body from a day on. What it was before stays on record."""
    await commands.move(work, party_organization_id, order)
    return await queries.read(work, party_organization_id)


@router.post(
    "/party-organizations/{party_organization_id}/change-formation",
    response_model=PartyOrganizationRead,
    responses=refusals(_missing, _invalid, _dissolved, errors.SingleCoversOne),
)
async def change_party_organization_formation(
    work: Organizer, party_organization_id: UUID, order: FormationChange
) -> Response:
    """Give it another formation from a day on, say joint instead of single."""
    await commands.change_formation(work, party_organization_id, order)
    return await queries.read(work, party_organization_id)


@router.get(
    "/party-organizations/{party_organization_id}/tree", response_model=TreeRead, responses=refusals(_missing)
)
async def get_party_organization_tree(
    work: Reader,
    party_organization_id: UUID,
    as_of: AsOf = None,
    depth: Annotated[int, Query(ge=0, le=20, description="How many levels below it.")] = 3,
) -> Response:
    """The body and what hung below it on a day, parents before children; 1,000 bodies at most."""
    return await queries.tree(work, party_organization_id, as_of, depth)


@router.get(
    "/party-organizations/{party_organization_id}/parents",
    response_model=ParentsRead,
    responses=refusals(_missing),
)
async def list_party_organization_parents(work: Reader, party_organization_id: UUID) -> Response:
    """Below whom it has hung, and when."""
    return await queries.parents(work, party_organization_id)


@router.get(
    "/party-organizations/{party_organization_id}/history",
    response_model=HistoryRead,
    responses=refusals(_missing),
)
async def get_party_organization_history(work: Reader, party_organization_id: UUID) -> Response:
    """What it has been, and under which name: a branch that became a general branch and then a committee."""
    return await queries.history(work, party_organization_id)


@router.get("/division-committees", response_model=Page[DivisionCommitteeRead])
async def list_division_committees(
    work: Reader, filters: Annotated[DivisionCommitteeFilters, Query()]
) -> Response:
    """Divisions of a level with and without a committee for social organizations (综合党委全覆盖)."""
    return await queries.division_committees(work, filters)


@router.get("/division-committees/counts", response_model=DivisionCommitteesCount)
async def count_division_committees(
    work: Reader, query: Annotated[DivisionCommitteesQuery, Query()]
) -> Response:
    """How many divisions of a level have such a committee and how many have none, by the division above."""
    return await queries.division_committee_counts(work, query)


# ------------------------------------------------------------------------------------------------ covers


@router.get(
    "/party-organizations/{party_organization_id}/covers",
    response_model=Page[BodyCoverRead],
    responses=refusals(_missing),
)
async def list_covers(
    work: Reader, party_organization_id: UUID, filters: Annotated[CoverFilters, Query()]
) -> Response:
    """The organizations it covers, today, on a day, or with those it no longer covers."""
    return await queries.covers(work, party_organization_id, filters)


@router.post(
    "/party-organizations/{party_organization_id}/covers",
    status_code=201,
    response_model=BodyCoverRead,
    responses=refusals(
        _missing,
        errors.CoveredOrganizationNotFound,
        _invalid,
        _dissolved,
        errors.OrganizationHasEnded,
        errors.CoveredTwice,
        errors.SingleCoversOne,
    ),
)
async def start_cover(work: Recorder, party_organization_id: UUID, start: CoverStart) -> Response:
    """Cover an organization. Several bodies may cover one; a joint or regional one covers many."""
    cover_id = await commands.start_cover(work, party_organization_id, start)
    return await queries.cover(work, party_organization_id, cover_id, status=201)


@router.get(
    "/party-organizations/{party_organization_id}/covers/{cover_id}",
    response_model=BodyCoverRead,
    responses=refusals(_missing, errors.CoverNotFound),
)
async def get_cover(work: Reader, party_organization_id: UUID, cover_id: UUID) -> Response:
    """One cover as it is known now."""
    return await queries.cover(work, party_organization_id, cover_id)


@router.post(
    "/party-organizations/{party_organization_id}/covers/{cover_id}/end",
    response_model=BodyCoverRead,
    responses=refusals(_missing, errors.CoverNotFound, _invalid, errors.SameDay, errors.CoverIsOver),
)
async def end_cover(work: Editor, party_organization_id: UUID, cover_id: UUID, end: CoverEnd) -> Response:
    """End a cover on a day after the one it began on."""
    await commands.end_cover(work, party_organization_id, cover_id, end)
    return await queries.cover(work, party_organization_id, cover_id)


@router.post(
    "/party-organizations/{party_organization_id}/covers/{cover_id}/cancel",
    status_code=204,
    response_class=Response,
    responses=refusals(_missing, errors.CoverNotFound),
)
async def cancel_cover(
    work: Editor, party_organization_id: UUID, cover_id: UUID, cancel: CoverCancel
) -> Response:
    """Take back a cover that was recorded in error. What was known of it stays, for `known_at`."""
    await commands.cancel_cover(work, party_organization_id, cover_id, cancel)
    return Response(status_code=204)


@router.get(
    "/organizations/{organization_id}/coverage",
    response_model=OrganizationCoverageRead,
    responses=refusals(errors.CoveredOrganizationNotFound),
)
async def get_organization_coverage(
    work: LedgerReader, organization_id: UUID, as_of: AsOf = None
) -> Response:
    """Which bodies cover an organization on a day, which did before, and why none does."""
    return await queries.organization_coverage(work, organization_id, as_of)


# --------------------------------------------------------------------------------------------- functions


@router.get("/party-organization-functions", response_model=Page[FunctionRead])
async def list_party_organization_functions(
    work: Reader, filters: Annotated[FunctionFilters, Query()]
) -> Response:
    """Which body plays which part (兜底、行业、属地、牵头) for which division."""
    return await queries.functions(work, filters)


@router.post(
    "/party-organizations/{party_organization_id}/functions",
    status_code=201,
    response_model=FunctionRead,
    responses=refusals(_missing, _invalid, _dissolved, errors.FunctionTaken),
)
async def assign_party_organization_function(
    work: Founder, party_organization_id: UUID, order: FunctionAssign
) -> Response:
    """Give it a part for a division. One body at a time plays each; responsibility is determined anew."""
    function_id = await commands.assign_function(work, party_organization_id, order)
    return await queries.function(work, party_organization_id, function_id, status=201)


@router.get(
    "/party-organizations/{party_organization_id}/functions/{function_id}",
    response_model=FunctionRead,
    responses=refusals(_missing, errors.FunctionNotFound),
)
async def get_party_organization_function(
    work: Reader, party_organization_id: UUID, function_id: UUID
) -> Response:
    """One of its parts."""
    return await queries.function(work, party_organization_id, function_id)


@router.post(
    "/party-organizations/{party_organization_id}/functions/{function_id}/end",
    response_model=FunctionRead,
    responses=refusals(_missing, errors.FunctionNotFound, _invalid, errors.SameDay, errors.FunctionIsOver),
)
async def end_party_organization_function(
    work: Organizer, party_organization_id: UUID, function_id: UUID, end: FunctionEnd
) -> Response:
    """End one of its parts on a day after the one it began on."""
    await commands.end_function(work, party_organization_id, function_id, end)
    return await queries.function(work, party_organization_id, function_id)


# ----------------------------------------------------------------------------------------------- reasons


@router.get("/no-party-organization-reasons", response_model=Page[ReasonRead])
async def list_no_party_organization_reasons(
    work: Reader, filters: Annotated[ReasonFilters, Query()]
) -> Response:
    """Why organizations have no Party organization, soonest to expire first."""
    return await queries.reasons(work, filters)


@router.get(
    "/organizations/{organization_id}/no-party-organization-reason",
    response_model=ReasonRead,
    responses=refusals(errors.ReasonNotFound),
)
async def get_no_party_organization_reason(work: Reader, organization_id: UUID) -> Response:
    """Why an organization has no Party organization: the reason that holds, else the latest one."""
    return await queries.reason(work, organization_id)


@router.post(
    "/organizations/{organization_id}/no-party-organization-reason",
    status_code=201,
    response_model=ReasonRead,
    responses=refusals(
        errors.CoveredOrganizationNotFound,
        _invalid,
        errors.OrganizationHasEnded,
        errors.HasPartyOrganization,
        errors.ReasonAlreadyGiven,
    ),
)
async def give_no_party_organization_reason(
    work: Recorder, organization_id: UUID, given: ReasonGive
) -> Response:
    """Record why an organization has no Party organization. The exception expires within a year."""
    await commands.give_reason(work, organization_id, given)
    return await queries.reason(work, organization_id, status=201)


@router.post(
    "/organizations/{organization_id}/no-party-organization-reason/end",
    response_model=ReasonRead,
    responses=refusals(
        errors.CoveredOrganizationNotFound,
        errors.ReasonNotFound,
        _invalid,
        errors.SameDay,
        errors.ReasonIsOver,
    ),
)
async def end_no_party_organization_reason(work: Editor, organization_id: UUID, end: ReasonEnd) -> Response:
    """End the reason earlier than it would expire."""
    await commands.end_reason(work, organization_id, end)
    return await queries.reason(work, organization_id)


@router.post(
    "/organizations/{organization_id}/no-party-organization-reason/cancel",
    status_code=204,
    response_class=Response,
    responses=refusals(errors.CoveredOrganizationNotFound, errors.ReasonNotFound),
)
async def cancel_no_party_organization_reason(work: Editor, organization_id: UUID) -> Response:
    """Take back a reason that was recorded in error."""
    await commands.cancel_reason(work, organization_id)
    return Response(status_code=204)
