"""Dated records of an organization: numbers, credit lists, penalties, grades, awards, annual reports.

Adding one needs no If-Match; withdrawing one takes the ETag of the organization.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.core.errors import refusals
from app.core.http import Router
from app.core.pages import Page
from app.organizations import commands, errors, queries
from app.organizations.routes.access import Decider, Reader, Recorder
from app.organizations.schemas import (
    AnnualReportCreate,
    AnnualReportRead,
    AwardCreate,
    AwardRead,
    CreditListingCreate,
    CreditListingRead,
    EvaluationCreate,
    EvaluationRead,
    IdentifierCreate,
    IdentifierRead,
    PenaltyCreate,
    PenaltyRead,
    RecordFilters,
    RecordWithdrawal,
)

router = Router(prefix="/organizations/{organization_id}", tags=["organization-records"])

SEEN = refusals(errors.OrganizationNotFound)
ADDING = refusals(
    errors.OrganizationNotFound,
    errors.ReadOnlyHere,
    errors.FactsRefused,
    errors.EffectiveInFuture,
    errors.FactOutranked,
)
WITHDRAWING = refusals(errors.OrganizationNotFound, errors.ReadOnlyHere, errors.RecordNotFound)
Shown = Annotated[RecordFilters, Query()]


@router.get("/identifiers", response_model=Page[IdentifierRead], responses=SEEN)
async def list_organization_identifiers(work: Reader, organization_id: UUID, filters: Shown) -> Response:
    """List old registration numbers, filing numbers."""
    return await queries.records(work, organization_id, "identifier", filters)


@router.post("/identifiers", status_code=201, response_model=IdentifierRead, responses=ADDING)
async def add_organization_identifier(
    work: Recorder, organization_id: UUID, body: IdentifierCreate
) -> Response:
    """Record a number other than the credit code: an old 登记证号, a 备案号."""
    key = await commands.record_by_hand(work, organization_id, body)
    return await queries.record(work, organization_id, "identifier", key, status=201)


@router.post("/identifiers/{record_id}/withdraw", response_model=IdentifierRead, responses=WITHDRAWING)
async def withdraw_organization_identifier(
    work: Decider, organization_id: UUID, record_id: UUID, body: RecordWithdrawal
) -> Response:
    """Take an identifier back as wrong; what was stated stays in the history."""
    key = await commands.withdraw_by_hand(work, organization_id, "identifier", record_id, body.reason)
    return await queries.record(work, organization_id, "identifier", key)


@router.get("/credit-listings", response_model=Page[CreditListingRead], responses=SEEN)
async def list_organization_credit_listings(work: Reader, organization_id: UUID, filters: Shown) -> Response:
    """List entries in credit lists."""
    return await queries.records(work, organization_id, "credit_listing", filters)


@router.post("/credit-listings", status_code=201, response_model=CreditListingRead, responses=ADDING)
async def add_organization_credit_listing(
    work: Recorder, organization_id: UUID, body: CreditListingCreate
) -> Response:
    """Put the organization on a credit list; the same entry with `removed_on` takes it off."""
    key = await commands.record_by_hand(work, organization_id, body)
    return await queries.record(work, organization_id, "credit_listing", key, status=201)


@router.post("/credit-listings/{record_id}/withdraw", response_model=CreditListingRead, responses=WITHDRAWING)
async def withdraw_organization_credit_listing(
    work: Decider, organization_id: UUID, record_id: UUID, body: RecordWithdrawal
) -> Response:
    """Take an entry back as wrong; what was stated stays in the history."""
    key = await commands.withdraw_by_hand(work, organization_id, "credit_listing", record_id, body.reason)
    return await queries.record(work, organization_id, "credit_listing", key)


@router.get("/penalties", response_model=Page[PenaltyRead], responses=SEEN)
async def list_organization_penalties(work: Reader, organization_id: UUID, filters: Shown) -> Response:
    """List penalties."""
    return await queries.records(work, organization_id, "penalty", filters)


@router.post("/penalties", status_code=201, response_model=PenaltyRead, responses=ADDING)
async def add_organization_penalty(work: Recorder, organization_id: UUID, body: PenaltyCreate) -> Response:
    """Record an administrative penalty."""
    key = await commands.record_by_hand(work, organization_id, body)
    return await queries.record(work, organization_id, "penalty", key, status=201)


@router.post("/penalties/{record_id}/withdraw", response_model=PenaltyRead, responses=WITHDRAWING)
async def withdraw_organization_penalty(
    work: Decider, organization_id: UUID, record_id: UUID, body: RecordWithdrawal
) -> Response:
    """Take a penalty back as wrong; what was stated stays in the history."""
    key = await commands.withdraw_by_hand(work, organization_id, "penalty", record_id, body.reason)
    return await queries.record(work, organization_id, "penalty", key)


@router.get("/evaluations", response_model=Page[EvaluationRead], responses=SEEN)
async def list_organization_evaluations(work: Reader, organization_id: UUID, filters: Shown) -> Response:
    """List grades, 5A to 1A, with the days for which they hold."""
    return await queries.records(work, organization_id, "evaluation", filters)


@router.post("/evaluations", status_code=201, response_model=EvaluationRead, responses=ADDING)
async def add_organization_evaluation(
    work: Recorder, organization_id: UUID, body: EvaluationCreate
) -> Response:
    """Record an evaluation grade; it holds five years unless it says otherwise."""
    key = await commands.record_by_hand(work, organization_id, body)
    return await queries.record(work, organization_id, "evaluation", key, status=201)


@router.post("/evaluations/{record_id}/withdraw", response_model=EvaluationRead, responses=WITHDRAWING)
async def withdraw_organization_evaluation(
    work: Decider, organization_id: UUID, record_id: UUID, body: RecordWithdrawal
) -> Response:
    """Take a grade back as wrong; what was stated stays in the history."""
    key = await commands.withdraw_by_hand(work, organization_id, "evaluation", record_id, body.reason)
    return await queries.record(work, organization_id, "evaluation", key)


@router.get("/awards", response_model=Page[AwardRead], responses=SEEN)
async def list_organization_awards(work: Reader, organization_id: UUID, filters: Shown) -> Response:
    """List awards."""
    return await queries.records(work, organization_id, "award", filters)


@router.post("/awards", status_code=201, response_model=AwardRead, responses=ADDING)
async def add_organization_award(work: Recorder, organization_id: UUID, body: AwardCreate) -> Response:
    """Record an award."""
    key = await commands.record_by_hand(work, organization_id, body)
    return await queries.record(work, organization_id, "award", key, status=201)


@router.post("/awards/{record_id}/withdraw", response_model=AwardRead, responses=WITHDRAWING)
async def withdraw_organization_award(
    work: Decider, organization_id: UUID, record_id: UUID, body: RecordWithdrawal
) -> Response:
    """Take an award back as wrong; what was stated stays in the history."""
    key = await commands.withdraw_by_hand(work, organization_id, "award", record_id, body.reason)
    return await queries.record(work, organization_id, "award", key)


@router.get("/annual-reports", response_model=Page[AnnualReportRead], responses=SEEN)
async def list_organization_annual_reports(work: Reader, organization_id: UUID, filters: Shown) -> Response:
    """List annual reports and inspections."""
    return await queries.records(work, organization_id, "annual_report", filters)


@router.post("/annual-reports", status_code=201, response_model=AnnualReportRead, responses=ADDING)
async def add_organization_annual_report(
    work: Recorder, organization_id: UUID, body: AnnualReportCreate
) -> Response:
    """Record the annual report or inspection of a year; the same year again replaces it."""
    key = await commands.record_by_hand(work, organization_id, body)
    return await queries.record(work, organization_id, "annual_report", key, status=201)


@router.post("/annual-reports/{record_id}/withdraw", response_model=AnnualReportRead, responses=WITHDRAWING)
async def withdraw_organization_annual_report(
    work: Decider, organization_id: UUID, record_id: UUID, body: RecordWithdrawal
) -> Response:
    """Take a report back as wrong; what was stated stays in the history."""
    key = await commands.withdraw_by_hand(work, organization_id, "annual_report", record_id, body.reason)
    return await queries.record(work, organization_id, "annual_report", key)
