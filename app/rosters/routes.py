"""`/roster-imports` and `/roster-exports`: members and Party organizations from files, members to a file."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.files import queries as files
from app.files.errors import FileNotFound
from app.files.formats import DOWNLOAD
from app.identity.errors import FreshSignInNeeded, RevealsSpent
from app.imports.errors import TableTooLarge, WorkbookUnreadable
from app.imports.formats import template
from app.operations.formats import accepted
from app.rosters import commands, errors, formats, queries
from app.rosters.schemas import (
    RosterExportCreate,
    RosterExportDecision,
    RosterExportFilters,
    RosterExportRead,
    RosterImportCreate,
    RosterImportFilters,
    RosterImportRead,
    RosterImportRowFilters,
    RosterImportRowRead,
    RosterTemplateQuery,
)

router = APIRouter()
imports = Router(prefix="/roster-imports", tags=["rosters"])
exports = Router(prefix="/roster-exports", tags=["rosters"])

Recorder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Reader = Annotated[Work, reading(Permission.MEMBER_RECORD)]
Seer = Annotated[Work, reading(Permission.MEMBER_READ)]
Approver = Annotated[Work, changing(Permission.MEMBER_APPROVE)]
ImportId = Annotated[UUID, Path(description="The id of the roster import.")]
ExportId = Annotated[UUID, Path(description="The id of the roster export.")]


@imports.post(
    "",
    status_code=202,
    response_model=RosterImportRead,
    responses=refusals(
        errors.RosterForbidden,
        errors.RosterFileUnknown,
        errors.RosterHeaderNotFound,
        TableTooLarge,
        WorkbookUnreadable,
    ),
)
async def start_roster_import(work: Recorder, asked: RosterImportCreate) -> Response:
    """Take in a roster that was uploaded, as a long operation: follow `Location`.

    Each row goes by the command of the single route (`POST /members`, `POST /party-organizations/establish`)
    and is refused as it would be there; what is in sight already is `known` and left alone. A dry run says
    what would become of each row."""
    job = await commands.start_import(work, asked)
    return accepted(await queries.read_import(work, job.id, status=202), job.operation_id)


@imports.get("", response_model=Page[RosterImportRead])
async def list_roster_imports(work: Reader, filters: Annotated[RosterImportFilters, Query()]) -> Response:
    """Imports of mine or of my divisions, the latest first."""
    return await queries.page_imports(work, filters)


@imports.get("/template", response_class=StreamingResponse, responses=DOWNLOAD)
async def download_roster_template(work: Reader, asked: Annotated[RosterTemplateQuery, Query()]) -> Response:
    """An empty roster to fill in: as .xlsx with drop-downs of your own bodies, codes as text, or as .csv."""
    offered = await queries.choices(work)
    made = await asyncio.to_thread(formats.template_file, asked.kind, asked.format, offered)
    return template(work, made)


@imports.get("/{import_id}", response_model=RosterImportRead, responses=refusals(errors.RosterImportNotFound))
async def get_roster_import(work: Reader, import_id: ImportId) -> Response:
    """How far an import is, and what became of its rows."""
    return await queries.read_import(work, import_id)


@imports.get(
    "/{import_id}/rows",
    response_model=Page[RosterImportRowRead],
    responses=refusals(errors.RosterImportNotFound),
)
async def list_roster_import_rows(
    work: Reader, import_id: ImportId, filters: Annotated[RosterImportRowFilters, Query()]
) -> Response:
    """What became of each row, with the reasons of those that were refused. No cell of it is kept."""
    return await queries.page_rows(work, import_id, filters)


@imports.get(
    "/{import_id}/errors",
    response_class=StreamingResponse,
    responses={
        **DOWNLOAD,
        **refusals(
            errors.RosterImportNotFound, errors.NoRefusedRows, errors.RosterImportUnfinished, FileNotFound
        ),
    },
)
async def download_roster_import_errors(work: Reader, import_id: ImportId) -> Response:
    """The refused rows as they were sent, the reasons beside each: for who sent them."""
    return await files.download(work, await queries.errors_file(work, import_id))


@exports.post(
    "",
    status_code=201,
    response_model=RosterExportRead,
    responses=refusals(errors.RosterExportInvalid, errors.RosterExportsSpent),
)
async def request_roster_export(work: Recorder, asked: RosterExportCreate) -> Response:
    """Ask for a list of members, with purpose and reason; a second person has to allow it. Names, ID numbers
    and phones are masked but for those that `unmasked` names."""
    return await queries.read_export(work, await commands.request_export(work, asked), status=201)


@exports.get("", response_model=Page[RosterExportRead])
async def list_roster_exports(work: Seer, filters: Annotated[RosterExportFilters, Query()]) -> Response:
    """Exports that I asked for or may approve, the latest first."""
    return await queries.page_exports(work, filters)


@exports.get("/{export_id}", response_model=RosterExportRead, responses=refusals(errors.RosterExportNotFound))
async def get_roster_export(work: Seer, export_id: ExportId) -> Response:
    """One export."""
    return await queries.read_export(work, export_id)


@exports.post(
    "/{export_id}/decide",
    response_model=RosterExportRead,
    responses=refusals(
        errors.RosterExportNotFound,
        errors.RosterExportSettled,
        errors.OwnRosterExport,
        FreshSignInNeeded,
        RevealsSpent,
    ),
)
async def decide_roster_export(
    work: Approver, export_id: ExportId, decision: RosterExportDecision
) -> Response:
    """Allow it, or not, as somebody other than who asked, freshly signed in; the worker makes the file."""
    await commands.decide(work, export_id, decision)
    return await queries.read_export(work, export_id)


@exports.get(
    "/{export_id}/file",
    response_class=StreamingResponse,
    responses={
        **DOWNLOAD,
        **refusals(errors.RosterExportNotFound, errors.RosterExportNotMade, FileNotFound),
    },
)
async def download_roster_export(work: Reader, export_id: ExportId) -> Response:
    """The list, for who asked for it, while it is kept: who asked, who allowed it and when stand on it."""
    return await files.download(work, await queries.export_file(work, export_id))


router.include_router(imports)
router.include_router(exports)
