"""Officers of an organization and the clauses of its charter."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.core import reads
from app.core.errors import refusals
from app.core.http import Router
from app.core.pages import Page
from app.organizations import commands, errors, queries
from app.organizations.routes.access import Decider, Reader, Recorder, Revealer
from app.organizations.routes.ledger import REVEALING
from app.organizations.routes.records import ADDING, SEEN, WITHDRAWING
from app.organizations.schemas import (
    CharterClauseCreate,
    CharterClauseRead,
    OfficerChange,
    OfficerFilters,
    OfficerRead,
    OfficersElected,
    RecordFilters,
    RecordWithdrawal,
    RevealedPhone,
    RevealRequest,
)

router = Router(prefix="/organizations/{organization_id}", tags=["organization-records"])


@router.get("/officers", response_model=Page[OfficerRead], responses=SEEN)
async def list_organization_officers(
    work: Reader, organization_id: UUID, filters: Annotated[OfficerFilters, Query()]
) -> Response:
    """List who holds and held which post, and when; phones by their masks."""
    return await queries.officers(work, organization_id, filters)


@router.post("/officers/elect", response_model=Page[OfficerRead], responses=ADDING)
async def elect_organization_officers(
    work: Recorder, organization_id: UUID, body: OfficersElected
) -> Response:
    """Record the whole board from a day on (换届): who is not on it has left, who is on it again goes on."""
    origin = body.origin()
    await commands.record_officers(work, organization_id, body.board(), origin)
    return await queries.officers(work, organization_id, OfficerFilters(as_of=body.elected_on))


@router.post("/officers", status_code=201, response_model=Page[OfficerRead], responses=ADDING)
async def change_organization_officer(work: Recorder, organization_id: UUID, body: OfficerChange) -> Response:
    """Record that one person takes up or leaves a post; answers with who sits on that day."""
    origin = body.origin()
    await commands.change_officer(work, organization_id, body.officer(), origin, leaves=body.leaves)
    return await queries.officers(work, organization_id, OfficerFilters(as_of=body.on), status=201)


@router.post(
    "/officers/{officer_id}/reveal",
    response_model=RevealedPhone,
    responses=refusals(*REVEALING, errors.OfficerNotFound),
)
async def reveal_organization_officer(
    work: Revealer, organization_id: UUID, officer_id: UUID, body: RevealRequest
) -> Response:
    """An officer's phone number in plain text; who asked, and why, is on record before it leaves."""
    return await reads.derived(work, await commands.reveal_officer(work, organization_id, officer_id, body))


@router.get("/charter-clauses", response_model=Page[CharterClauseRead], responses=SEEN)
async def list_organization_charter_clauses(
    work: Reader, organization_id: UUID, filters: Annotated[RecordFilters, Query()]
) -> Response:
    """List the clauses on Party building and core values, each wording over its time (2-20)."""
    return await queries.clauses(work, organization_id, filters)


@router.post("/charter-clauses", status_code=201, response_model=CharterClauseRead, responses=ADDING)
async def add_organization_charter_clause(
    work: Recorder, organization_id: UUID, body: CharterClauseCreate
) -> Response:
    """Record that an approved charter holds a clause, in which wording, with its evidence."""
    await commands.record_by_hand(work, organization_id, body)
    return await queries.clause(work, organization_id, body.clause, body.approved_on, status=201)


@router.post(
    "/charter-clauses/{clause_id}/withdraw", response_model=Page[CharterClauseRead], responses=WITHDRAWING
)
async def withdraw_organization_charter_clause(
    work: Decider, organization_id: UUID, clause_id: UUID, body: RecordWithdrawal
) -> Response:
    """Take a wording back as wrong; answers with what is left of the charter's clauses."""
    await commands.withdraw_clause(work, organization_id, clause_id, body.reason)
    return await queries.clauses(work, organization_id, RecordFilters())
