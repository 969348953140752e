"""What people settle: findings over the whole scope, and certificates with a wrong check digit."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.core.errors import refusals
from app.core.http import Router
from app.core.pages import Page
from app.organizations import commands, errors, queries
from app.organizations.routes.access import Approver, Decider, Reader, Recorder
from app.organizations.schemas import (
    CreditCodeExceptionCreate,
    CreditCodeExceptionRead,
    ExceptionDecision,
    ExceptionFilters,
    FindingClosure,
    FindingFilters,
    FindingRead,
)

router = Router(tags=["organizations"])

DECIDING = (
    errors.CreditCodeExceptionNotFound,
    errors.ExceptionAlreadyDecided,
    errors.SecondPersonNeeded,
)


@router.get("/organization-findings", response_model=Page[FindingRead])
async def list_organization_findings(work: Reader, filters: Annotated[FindingFilters, Query()]) -> Response:
    """List what is doubtful about organizations in scope, newest first."""
    return await queries.findings(work, filters)


@router.get(
    "/organization-findings/{finding_id}",
    response_model=FindingRead,
    responses=refusals(errors.FindingNotFound),
)
async def get_organization_finding(work: Reader, finding_id: UUID) -> Response:
    """One finding with the statements that show it."""
    return await queries.finding(work, finding_id)


@router.post(
    "/organization-findings/{finding_id}/close",
    response_model=FindingRead,
    responses=refusals(errors.FindingNotFound, errors.FindingAlreadyClosed),
)
async def close_organization_finding(work: Decider, finding_id: UUID, body: FindingClosure) -> Response:
    """Close a finding with a reason; the same evidence does not open it again."""
    await commands.close_finding(work, finding_id, body.reason)
    return await queries.finding(work, finding_id)


@router.get("/credit-code-exceptions", response_model=Page[CreditCodeExceptionRead])
async def list_credit_code_exceptions(
    work: Reader, filters: Annotated[ExceptionFilters, Query()]
) -> Response:
    """List requests to accept certificates with a wrong check digit, newest first."""
    return await queries.exceptions(work, filters)


@router.post(
    "/credit-code-exceptions",
    status_code=201,
    response_model=CreditCodeExceptionRead,
    responses=refusals(
        errors.FactsRefused,
        errors.OutsideScope,
        errors.ExceptionNotNeeded,
        errors.ExceptionAlreadyRequested,
    ),
)
async def request_credit_code_exception(work: Recorder, body: CreditCodeExceptionCreate) -> Response:
    """Ask that a genuine certificate with a wrong check digit be accepted; another person decides."""
    return await queries.exception(work, await commands.request_exception(work, body), status=201)


@router.get(
    "/credit-code-exceptions/{exception_id}",
    response_model=CreditCodeExceptionRead,
    responses=refusals(errors.CreditCodeExceptionNotFound),
)
async def get_credit_code_exception(work: Reader, exception_id: UUID) -> Response:
    """One request with its evidence and decision."""
    return await queries.exception(work, exception_id)


@router.post(
    "/credit-code-exceptions/{exception_id}/approve",
    response_model=CreditCodeExceptionRead,
    responses=refusals(*DECIDING),
)
async def approve_credit_code_exception(
    work: Approver, exception_id: UUID, body: ExceptionDecision
) -> Response:
    """Accept the certificate as another person than the one who asked: its code may now be registered."""
    await commands.decide_exception(work, exception_id, body.reason, approve=True)
    return await queries.exception(work, exception_id)


@router.post(
    "/credit-code-exceptions/{exception_id}/refuse",
    response_model=CreditCodeExceptionRead,
    responses=refusals(*DECIDING),
)
async def refuse_credit_code_exception(
    work: Approver, exception_id: UUID, body: ExceptionDecision
) -> Response:
    """Refuse the certificate as another person than the one who asked."""
    await commands.decide_exception(work, exception_id, body.reason, approve=False)
    return await queries.exception(work, exception_id)
