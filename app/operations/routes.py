"""`/operations`: long work and its progress."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, reading
from app.core.pages import Page
from app.core.work import Work
from app.operations import commands, errors, queries
from app.operations.schemas import OperationFilters, OperationItem, OperationRead

router = Router(prefix="/operations", tags=["operations"])

Reader = Annotated[Work, reading(Permission.OPERATION_READ)]
Requester = Annotated[Work, changing(Permission.OPERATION_READ)]
OperationId = Annotated[UUID, Path(description="The id of the operation.")]


@router.get("", response_model=Page[OperationItem])
async def list_operations(work: Reader, filters: Annotated[OperationFilters, Query()]) -> Response:
    """List long work that I asked for or that lies in my divisions, the latest first."""
    return await queries.page(work, filters)


@router.get("/{operation_id}", response_model=OperationRead, responses=refusals(errors.OperationNotFound))
async def get_operation(work: Reader, operation_id: OperationId) -> Response:
    """The state and progress of long work, and which rows failed."""
    return await queries.read(work, operation_id)


@router.post(
    "/{operation_id}/cancel",
    response_model=OperationRead,
    responses=refusals(errors.OperationNotFound, errors.OperationEnded),
)
async def cancel_operation(work: Requester, operation_id: OperationId) -> Response:
    """Call off long work that I asked for. What is done stays done."""
    await commands.cancel(work, operation_id)
    return await queries.read(work, operation_id)
