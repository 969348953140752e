"""Imports and their rows, as their requester sees them, and those whose scope covers their division."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Text, Uuid, and_, column, func, or_, select, table, true

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.files.models import File
from app.imports.errors import ImportNotFinished, ImportNotFound, NothingRefused
from app.imports.models import Import, ImportRow, Reconciliation
from app.imports.schemas import ImportFilters, ImportRead, ImportRowFilters, ImportRowRead
from app.operations.models import Operation

organizations = table("organizations", column("id", Uuid()), column("name", Text()))


def visible(work: Work, job: type[Import | Reconciliation]) -> ColumnElement[bool]:
    """The caller's own, and those of the divisions where the caller records."""
    scope = work.actor.scope(Permission.ORGANIZATION_RECORD)
    if scope.national:
        return true()
    return or_(job.requested_by == work.actor.id, access.within_divisions(job.division_code, scope.divisions))


def followed(job: type[Import | Reconciliation]) -> list[Any]:
    """The columns that tell of long work over a file."""
    file = (
        select(reads.ref(File.id, File.name)).where(File.id == job.file_id).correlate(job).scalar_subquery()
    )
    return [
        job.id,
        file.label("file"),
        job.file_name,
        job.division_code,
        job.operation_id,
        Operation.state,
        Operation.failure,
        job.rows,
        Operation.total,
        func.json_build_object("id", job.requested_by, "name", job.requested_by_name).label("requested_by"),
        job.created_at,
        job.finished_at,
        func.concat('"', job.version, "-", Operation.version, '"').label("etag"),
    ]


def _imports(work: Work) -> Any:
    return (
        select(
            *followed(Import),
            Import.kind,
            Import.dry_run,
            Import.registration_mode,
            Import.unknown_authorities,
            Import.layout["columns"].label("columns"),
            Import.layout["ignored"].label("ignored_headings"),
            Import.new,
            Import.changed,
            Import.unchanged,
            Import.refused,
        )
        .join(Operation, Operation.id == Import.operation_id)
        .where(visible(work, Import))
    )


async def read(work: Work, import_id: UUID, *, status: int = 200) -> Response:
    """One import."""
    return await reads.one(
        work,
        _imports(work).where(Import.id == import_id),
        shape=ImportRead,
        missing=ImportNotFound,
        status=status,
    )


async def page(work: Work, filters: ImportFilters) -> Response:
    """Imports, the latest first."""
    statement = _imports(work)
    if filters.state is not None:
        statement = statement.where(Operation.state == filters.state)
    if filters.dry_run is not None:
        statement = statement.where(Import.dry_run == filters.dry_run)
    return await reads.page(
        work, statement, shape=ImportRead, filters=filters, sort=(Import.id,), descending=True
    )


async def rows(work: Work, import_id: UUID, filters: ImportRowFilters) -> Response:
    """What became of the rows of an import. Raises `ImportNotFound`."""
    await _seen(work, import_id)
    o = organizations.c
    statement = (
        select(
            ImportRow.number,
            ImportRow.outcome,
            ImportRow.name,
            ImportRow.credit_code,
            reads.ref(o.id, o.name).label("organization"),
            ImportRow.changed,
            ImportRow.reasons,
        )
        .outerjoin(organizations, o.id == ImportRow.organization_id)
        .where(ImportRow.import_id == import_id)
    )
    if filters.outcome is not None:
        statement = statement.where(ImportRow.outcome == filters.outcome)
    return await reads.page(work, statement, shape=ImportRowRead, filters=filters, sort=(ImportRow.number,))


async def errors_file(work: Work, import_id: UUID) -> UUID:
    """The file of the refused rows. Raises `ImportNotFound`, `ImportNotFinished`, `NothingRefused`."""
    job = await _seen(work, import_id)
    if job.finished_at is None:
        raise ImportNotFinished
    if job.errors_id is None:
        raise NothingRefused
    return job.errors_id


async def _seen(work: Work, import_id: UUID) -> Import:
    job: Import | None = await work.scalar(
        select(Import).where(and_(Import.id == import_id, visible(work, Import)))
    )
    if job is None:
        raise ImportNotFound
    return job


async def of_operation(work: Work, operation_id: UUID) -> Import:
    """The import that an operation does, held until the end."""
    found: Import | None = await work.scalar(
        select(Import).where(Import.operation_id == operation_id).with_for_update()
    )
    if found is None:
        raise ImportNotFound
    return found


async def earlier(work: Work, import_id: UUID, credit_codes: list[str]) -> set[str]:
    """The credit codes that earlier rows of an import had already."""
    found = await work.scalars(
        select(ImportRow.credit_code).where(
            ImportRow.import_id == import_id,
            ImportRow.credit_code.in_(credit_codes),
            ImportRow.outcome != "refused",
        )
    )
    return {code for code in found if code is not None}


async def refused_after(work: Work, import_id: UUID, number: int, limit: int) -> list[ImportRow]:
    """The refused rows that follow a number, in order."""
    found = await work.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.outcome == "refused", ImportRow.number > number)
        .order_by(ImportRow.number)
        .limit(limit)
    )
    return list(found)
