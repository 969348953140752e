"""The addresses of designations."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, public, reading
from app.core.pages import Page
from app.core.work import Work
from app.designations import commands, errors, queries
from app.designations.schemas import (
    ChangeDecide,
    ChangePropose,
    DesignationFigures,
    DesignationFiguresQuery,
    DesignationFilters,
    DesignationMake,
    DesignationRead,
    PublishedDesignations,
    PublishedQuery,
    RecheckRecord,
)

router = Router(prefix="/designations", tags=["designations"])

Anyone = Annotated[Work, public()]
Reader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]
Checker = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_RECORD)]
Maker = Annotated[Work, creating(Permission.PARTY_ORGANIZATION_DECIDE)]
Proposer = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_DECIDE)]
Approver = Annotated[Work, changing(Permission.ORGANIZATION_APPROVE)]
DesignationId = Annotated[UUID, Path(description="The id of the designation.")]
ChangeId = Annotated[UUID, Path(description="The id of the proposal.")]

_gone, _invalid, _over = errors.DesignationNotFound, errors.DesignationInvalid, errors.DesignationIsOver


@router.get("", response_model=Page[DesignationRead])
async def list_designations(work: Reader, filters: Annotated[DesignationFilters, Query()]) -> Response:
    """Demonstration sites, stars, grades and appraisal outcomes of my scope, with their history."""
    return await queries.page(work, filters)


@router.post(
    "",
    status_code=201,
    response_model=DesignationRead,
    responses=refusals(
        _invalid,
        errors.DesignationBlocked,
        errors.DesignationTwice,
        errors.ResultIsDesignated,
        errors.PlaqueTaken,
    ),
)
async def designate(work: Maker, plan: DesignationMake) -> Response:
    """Designate from a decided result, or from a document that was before the service.

    Who may designate how high, whether a pairing agreement is needed, how many steps up and for how long
    is the rule pack `designation` of the place; every reason against it is told at once."""
    return await queries.read(work, await commands.designate(work, plan), status=201)


@router.get("/figures", response_model=DesignationFigures)
async def count_designations(work: Reader, query: Annotated[DesignationFiguresQuery, Query()]) -> Response:
    """What holds in a division on a day, its share of the province's, batches and targets."""
    return await commands.count(work, query)


@router.get("/published", response_model=PublishedDesignations)
async def get_published_designations(work: Anyone, query: Annotated[PublishedQuery, Query()]) -> Response:
    """What holds today in a division, for everybody; the best first, 500 at most. No person is named."""
    return await queries.published(work, query)


@router.get("/{designation_id}", response_model=DesignationRead, responses=refusals(_gone))
async def get_designation(work: Reader, designation_id: DesignationId) -> Response:
    """One designation with its re-checks and what was proposed about it."""
    return await queries.read(work, designation_id)


@router.post(
    "/{designation_id}/checks",
    response_model=DesignationRead,
    responses=refusals(_gone, _invalid, _over, errors.RecheckedAlready),
)
async def check_designation(work: Checker, designation_id: DesignationId, found: RecheckRecord) -> Response:
    """Record a yearly re-check (年度复核), once a year."""
    await commands.check(work, designation_id, found)
    return await queries.read(work, designation_id)


@router.post(
    "/{designation_id}/changes",
    response_model=DesignationRead,
    responses=refusals(_gone, _invalid, _over, errors.ChangeProposedAlready),
)
async def propose_designation_change(
    work: Proposer, designation_id: DesignationId, plan: ChangePropose
) -> Response:
    """Propose to lower a designation or to take it away, and why; another person decides."""
    await commands.propose(work, designation_id, plan)
    return await queries.read(work, designation_id)


@router.post(
    "/{designation_id}/changes/{change_id}/decide",
    response_model=DesignationRead,
    responses=refusals(
        _gone, _over, errors.ChangeIsDecided, errors.SecondPersonIsAnother, errors.DesignationTwice
    ),
)
async def decide_designation_change(
    work: Approver, designation_id: DesignationId, change_id: ChangeId, given: ChangeDecide
) -> Response:
    """Decide as the second person: what is approved holds from today, and the history keeps both."""
    await commands.decide(work, designation_id, change_id, given)
    return await queries.read(work, designation_id)
