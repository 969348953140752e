"""`/imports` and `/reconciliations`: ledgers taken in from files, and files held against the ledger."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from app.core import reads
from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.files import queries as files
from app.files.errors import FileNotFound
from app.files.formats import DOWNLOAD
from app.imports import commands, errors, formats, queries
from app.imports.schemas import (
    AcceptAll,
    DifferenceFilters,
    DifferenceRead,
    Explanation,
    ImportColumns,
    ImportCreate,
    ImportFilters,
    ImportRead,
    ImportRowFilters,
    ImportRowRead,
    ReconciliationCreate,
    ReconciliationFilters,
    ReconciliationRead,
    TableFormat,
)
from app.operations import queries as operations
from app.operations.formats import accepted
from app.operations.schemas import OperationRead
from app.organizations.errors import (
    CreditCodeTaken,
    EffectiveInFuture,
    FactOutranked,
    FactsRefused,
    NeedsVerification,
    OrganizationNotFound,
    OutsideScope,
)

router = APIRouter()
imports = Router(prefix="/imports", tags=["imports"])
reconciled = Router(prefix="/reconciliations", tags=["imports"])

Recorder = Annotated[Work, creating(Permission.ORGANIZATION_RECORD)]
Reader = Annotated[Work, reading(Permission.ORGANIZATION_RECORD)]
Changer = Annotated[Work, changing(Permission.ORGANIZATION_RECORD)]
ReconciliationId = Annotated[UUID, Path(description="The id of the reconciliation.")]
DifferenceId = Annotated[UUID, Path(description="The id of the difference.")]
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
    return accepted(await queries.read(work, job.id, status=202), job.operation_id)


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
        **refusals(errors.ImportNotFound, errors.NothingRefused, errors.ImportNotFinished, FileNotFound),
    },
)
async def download_import_errors(work: Reader, import_id: ImportId) -> Response:
    """The refused rows as they were sent, the reasons beside each in Chinese and English: mend them in that
    file, and import it again."""
    return await files.download(work, await queries.errors_file(work, import_id))


@reconciled.post(
    "",
    status_code=202,
    response_model=ReconciliationRead,
    responses=refusals(*TABLE_REFUSALS, errors.AuthorityUnknown),
)
async def start_reconciliation(work: Recorder, body: ReconciliationCreate) -> Response:
    """Hold a list against the ledger of a division, as a long operation: follow `Location`.

    It finds what only the list has, what only the ledger has, and fact by fact how they differ; it changes
    nothing. Phones are not compared, nor are authorities that are not on file."""
    job = await commands.start_reconciliation(work, body)
    return accepted(await queries.reconciliation(work, job.id, status=202), job.operation_id)


@reconciled.get("", response_model=Page[ReconciliationRead])
async def list_reconciliations(work: Reader, filters: Annotated[ReconciliationFilters, Query()]) -> Response:
    """List reconciliations of mine or of my divisions, the latest first."""
    return await queries.reconciliations(work, filters)


@reconciled.get(
    "/{reconciliation_id}",
    response_model=ReconciliationRead,
    responses=refusals(errors.ReconciliationNotFound),
)
async def get_reconciliation(work: Reader, reconciliation_id: ReconciliationId) -> Response:
    """How far a reconciliation is, and how many differences it found."""
    return await queries.reconciliation(work, reconciliation_id)


@reconciled.get(
    "/{reconciliation_id}/differences",
    response_model=Page[DifferenceRead],
    responses=refusals(errors.ReconciliationNotFound),
)
async def list_reconciliation_differences(
    work: Reader, reconciliation_id: ReconciliationId, filters: Annotated[DifferenceFilters, Query()]
) -> Response:
    """List the differences: of one kind, in one state, of one fact."""
    return await queries.differences(work, reconciliation_id, filters)


@reconciled.post(
    "/{reconciliation_id}/accept",
    status_code=202,
    response_model=OperationRead,
    responses=refusals(errors.ReconciliationNotFound, errors.NotAcceptable),
)
async def accept_reconciliation_differences(
    work: Changer, reconciliation_id: ReconciliationId, body: AcceptAll
) -> Response:
    """Accept all open differences of a kind, each for itself, as a long operation: follow `Location`.

    Those that are refused stay open; the operation tells why. What only the ledger has is never accepted."""
    operation = await commands.accept_all(work, reconciliation_id, body)
    return accepted(await operations.read(work, operation.id), operation.id)


@reconciled.post(
    "/{reconciliation_id}/differences/{difference_id}/accept",
    response_model=DifferenceRead,
    responses=refusals(
        errors.ReconciliationNotFound,
        errors.DifferenceNotFound,
        errors.DifferenceSettled,
        errors.NotAcceptable,
        errors.RowRefused,
        FileNotFound,
        FactsRefused,
        FactOutranked,
        CreditCodeTaken,
        NeedsVerification,
        OutsideScope,
        OrganizationNotFound,
        EffectiveInFuture,
    ),
)
async def accept_reconciliation_difference(
    work: Changer, reconciliation_id: ReconciliationId, difference_id: DifferenceId
) -> Response:
    """Accept what the file says: a fact is recorded, or an organization registered, as a row of an import.

    Absence from a file is no deregistration: what only the ledger has is explained or becomes a finding."""
    await commands.accept(work, reconciliation_id, difference_id)
    return await queries.difference(work, difference_id)


@reconciled.post(
    "/{reconciliation_id}/differences/{difference_id}/explain",
    response_model=DifferenceRead,
    responses=refusals(errors.ReconciliationNotFound, errors.DifferenceNotFound, errors.DifferenceSettled),
)
async def explain_reconciliation_difference(
    work: Changer, reconciliation_id: ReconciliationId, difference_id: DifferenceId, body: Explanation
) -> Response:
    """Settle a difference with the reason why nothing more is needed."""
    await commands.explain(work, reconciliation_id, difference_id, body.reason)
    return await queries.difference(work, difference_id)


@reconciled.post(
    "/{reconciliation_id}/differences/{difference_id}/open-finding",
    response_model=DifferenceRead,
    responses=refusals(
        errors.ReconciliationNotFound,
        errors.DifferenceNotFound,
        errors.DifferenceSettled,
        errors.OnlyHereNeeded,
        OrganizationNotFound,
    ),
)
async def open_reconciliation_finding(
    work: Changer, reconciliation_id: ReconciliationId, difference_id: DifferenceId, body: Explanation
) -> Response:
    """Open a finding on an organization that the file does not list, for a person to look into."""
    await commands.open_finding(work, reconciliation_id, difference_id, body.reason)
    return await queries.difference(work, difference_id)


router.include_router(imports)
router.include_router(reconciled)
