"""`/organizations/{id}/responsibility`, `/responsibility-findings`, `/responsibility-runs`,
`/responsibility/preview`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.core.access import Permission
from app.core.errors import Forbidden, NotFound, PreconditionFailed, PreconditionRequired, refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.operations import queries as operations
from app.operations.formats import accepted
from app.operations.schemas import OperationRead
from app.responsibility import commands, errors, queries
from app.responsibility.schemas import (
    AnswerFilters,
    HistoryFilters,
    OverrideEnd,
    ResponsibilityFindingFilters,
    ResponsibilityFindingRead,
    ResponsibilityHistory,
    ResponsibilityOverride,
    ResponsibilityPreview,
    ResponsibilityPreviewRead,
    ResponsibilityRead,
    ResponsibilityRunStart,
)

router = Router(tags=["responsibility"])

Reader = Annotated[Work, reading(Permission.RESPONSIBILITY_READ)]
Overrider = Annotated[Work, changing(Permission.RESPONSIBILITY_OVERRIDE)]
Runner = Annotated[Work, creating(Permission.RESPONSIBILITY_OVERRIDE)]
VERSIONED = (Forbidden, PreconditionRequired, PreconditionFailed)


@router.get(
    "/organizations/{organization_id}/responsibility",
    response_model=ResponsibilityRead,
    responses=refusals(NotFound),
)
async def get_responsibility(
    work: Reader, organization_id: UUID, filters: Annotated[AnswerFilters, Query()]
) -> Response:
    """Which Party body leads an organization, which act jointly and which guide; by which rule, since when,
    and why each rule before it did not apply.

    `as_of` looks at a day of the past as it is known now; then `tried` is what was tried when that answer
    began."""
    return await queries.read(work, organization_id, filters.as_of)


@router.get(
    "/organizations/{organization_id}/responsibility/history",
    response_model=ResponsibilityHistory,
    responses=refusals(NotFound),
)
async def get_responsibility_history(
    work: Reader, organization_id: UUID, filters: Annotated[HistoryFilters, Query()]
) -> Response:
    """Every stretch of days in which a body led, acted jointly or guided, the latest first."""
    return await queries.history(work, organization_id, filters)


@router.post(
    "/organizations/{organization_id}/responsibility/override",
    response_model=ResponsibilityRead,
    responses=refusals(
        NotFound,
        errors.NotOverridable,
        errors.OverrideStands,
        errors.LeadTaken,
        errors.OverrideTooShort,
        errors.UnknownReference,
        *VERSIONED,
    ),
)
async def override_responsibility(
    work: Overrider, organization_id: UUID, body: ResponsibilityOverride
) -> Response:
    """Decide that another body leads from today until a day, with a reason. On that day the rules apply again
    by themselves. `If-Match` is the ETag of `GET …/responsibility`."""
    await commands.override(work, organization_id, body)
    return await queries.read(work, organization_id)


@router.post(
    "/organizations/{organization_id}/responsibility/override/end",
    response_model=ResponsibilityRead,
    responses=refusals(NotFound, errors.NoOverride, errors.LeadTaken, *VERSIONED),
)
async def end_responsibility_override(work: Overrider, organization_id: UUID, body: OverrideEnd) -> Response:
    """End the override that stands before its day; the rules answer again at once. One that began today is
    cancelled, as if it had never been."""
    await commands.end_override(work, organization_id, body)
    return await queries.read(work, organization_id)


@router.get("/responsibility-findings", response_model=Page[ResponsibilityFindingRead])
async def list_responsibility_findings(
    work: Reader, filters: Annotated[ResponsibilityFindingFilters, Query()]
) -> Response:
    """Organizations in normal status that no Party body leads today, each with every rule that was tried and
    why it did not apply."""
    return await queries.findings(work, filters)


@router.post(
    "/responsibility-runs",
    status_code=202,
    response_model=OperationRead,
    responses=refusals(NotFound),
)
async def start_responsibility_run(work: Runner, body: ResponsibilityRunStart) -> Response:
    """Determine again every organization registered in a division's subtree, as a long operation: follow
    `Location`.

    A dry run changes nothing; its report says what would change, with examples."""
    operation = await commands.start_run(work, body)
    return accepted(await operations.read(work, operation.id), operation.id)


@router.post(
    "/responsibility/preview",
    response_model=ResponsibilityPreviewRead,
    responses=refusals(NotFound, errors.UnknownReference),
)
async def preview_responsibility(work: Reader, body: ResponsibilityPreview) -> Response:
    """What the rules of today answer to given facts. Nothing is stored."""
    return await queries.read_preview(work, body)
