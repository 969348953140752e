"""`/exports`: any list as a file."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from app.core.access import Permission
from app.core.errors import Forbidden, Invalid, NotFound, refusals
from app.core.http import Router, creating, reading, shell_of
from app.core.pages import Listing, Page
from app.core.work import Work
from app.exports import commands, errors, queries
from app.exports.schemas import ExportCreate, ExportFilters, ExportRead
from app.operations import queries as operations
from app.operations.formats import accepted
from app.operations.schemas import OperationRead

router = Router(prefix="/exports", tags=["exports"])

Reader = Annotated[Work, reading(Permission.EXPORT_MAKE)]
Asker = Annotated[Work, creating(Permission.EXPORT_MAKE)]
ExportId = Annotated[
    UUID, Path(description="The id of the export.", examples=["0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"])
]


def lists_of(request: Request) -> Mapping[str, Listing]:
    """The lists of this service."""
    return shell_of(request).lists


Lists = Annotated[Mapping[str, Listing], Depends(lists_of)]


@router.post(
    "",
    status_code=202,
    response_model=OperationRead,
    responses=refusals(
        Forbidden, NotFound, Invalid, errors.UnknownList, errors.FiltersRefused, errors.ExportsSpent
    ),
)
async def request_export(work: Asker, lists: Lists, body: ExportCreate) -> Response:
    """Ask for every row of a list that its filters choose, as XLSX or CSV: follow `Location`.

    The file is made with the grants that you have when it is made; what lists mask stays masked. Then
    `GET /exports/{id}` names it, and `/files/{id}/content` sends it."""
    operation = await commands.ask(work, lists, body)
    return accepted(await operations.read(work, operation.id), operation.id)


@router.get("", response_model=Page[ExportRead])
async def list_exports(work: Reader, filters: Annotated[ExportFilters, Query()]) -> Response:
    """List the exports that I asked for, the latest first."""
    return await queries.page(work, filters)


@router.get("/{export_id}", response_model=ExportRead, responses=refusals(errors.ExportNotFound))
async def get_export(work: Reader, export_id: ExportId) -> Response:
    """An export that I asked for: where it stands, and its file."""
    return await queries.read(work, export_id)
