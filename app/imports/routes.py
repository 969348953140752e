"""`/imports` and `/reconciliations`: ledgers taken in from files, and files held against the ledger."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from app.core import reads
from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.files import queries as files
from app.files.formats import DOWNLOAD
from app.imports import commands, errors, formats, queries
from app.imports.schemas import (
    ImportColumns,
    ImportCreate,
    ImportFilters,
    ImportRead,
    ImportRowFilters,
    ImportRowRead,
    TableFormat,
)
from app.organizations.errors import OutsideScope

router = APIRouter()
imports = Router(prefix="/imports", tags=["imports"])

Recorder = Annotated[Work, creating(Permission.ORGANIZATION_RECORD)]
Reader = Annotated[Work, reading(Permission.ORGANIZATION_RECORD)]
ImportId = Annotated[UUID, Path(description="The id of the import.")]
TABLE_REFUSALS = (
    OutsideScope,
    errors.FileUnknown,
    errors.HeaderNotFound,
    errors.MappingNotFound,
    errors.TableTooLarge,
    errors.WorkbookUnreadable,
    errors.RecordTooLong,
)


@imports.post("", status_code=202, response_model=ImportRead, responses=refusals(*TABLE_REFUSALS))
async def start_import(work: Recorder, body: ImportCreate) -> Response:
    """Take in a ledger that was uploaded, as a long operation: follow `Location`.

    Headings are recognised, or named by `mapping`. Each row goes by the rules of the single route: a credit
    code that is new registers an organization, a known one states what is news of it, a row that is refused
    leaves the others alone. A dry run says what would become of each row and changes nothing."""
    job = await commands.start_import(work, body)
    return formats.accepted(await queries.read(work, job.id, status=202), job.operation_id)


@imports.get("", response_model=Page[ImportRead])
async def list_imports(work: Reader, filters: Annotated[ImportFilters, Query()]) -> Response:
    """List imports of mine or of my divisions, the latest first."""
    return await queries.page(work, filters)


@imports.get("/columns", response_model=ImportColumns)
async def list_import_columns(work: Reader) -> Response:
    """The columns that are understood: their headings, what else is recognised, and how to fill them in."""
    return await reads.derived(work, formats.column_list())


@imports.get("/template", response_class=StreamingResponse, responses=DOWNLOAD)
async def download_import_template(work: Reader, asked: Annotated[TableFormat, Query()]) -> Response:
    """An empty ledger to fill in: as .xlsx with drop-downs, codes as text and instructions, or as .csv."""
    choices = formats.Choices(*await queries.choices(work))
    return formats.template(work, await asyncio.to_thread(formats.template_file, asked.format, choices))


@imports.get("/{import_id}", response_model=ImportRead, responses=refusals(errors.ImportNotFound))
async def get_import(work: Reader, import_id: ImportId) -> Response:
    """How an import is laid out, how far it is, and what became of its rows."""
    return await queries.read(work, import_id)


@imports.get(
    "/{import_id}/rows", response_model=Page[ImportRowRead], responses=refusals(errors.ImportNotFound)
)
async def list_import_rows(
    work: Reader, import_id: ImportId, filters: Annotated[ImportRowFilters, Query()]
) -> Response:
    """List what became of each row, with the reasons of those that were refused."""
    return await queries.rows(work, import_id, filters)


@imports.get(
    "/{import_id}/errors",
    response_class=StreamingResponse,
    responses={
        **DOWNLOAD,
        **refusals(errors.ImportNotFound, errors.NothingRefused, errors.ImportNotFinished),
    },
)
async def download_import_errors(work: Reader, import_id: ImportId) -> Response:
    """The refused rows as they were sent, the reasons beside each in Chinese and English: mend them in that
    file, and import it again."""
    return await files.download(work, await queries.errors_file(work, import_id))


router.include_router(imports)
