"""Imports of rosters in sight, and what became of their rows."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONPATH

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.rosters import errors
from app.rosters.models import RosterImport, RosterImportRow
from app.rosters.queries.tables import RECORD, J, divisions, operations
from app.rosters.schemas import (
    RosterImportFilters,
    RosterImportRead,
    RosterImportRowFilters,
    RosterImportRowRead,
)


def _mine(work: Work, row: Any, permission: Permission) -> ColumnElement[bool]:
    scope = work.actor.scope(permission)
    return (
        or_(row.requested_by == work.actor.id, access.within_divisions(row.division_code, scope.divisions))
        if not scope.national
        else row.id.is_not(None)
    )


async def import_of(work: Work, operation_id: UUID) -> RosterImport:
    """The import that an operation does, held until the end."""
    found: RosterImport | None = await work.scalar(
        select(J).where(J.operation_id == operation_id).with_for_update()
    )
    if found is None:
        raise errors.RosterImportNotFound
    return found


def _imports(work: Work) -> Select[Any]:
    columns: list[Any] = [
        J.id,
        J.kind,
        J.file_name,
        reads.code_ref(divisions.c.code, divisions.c.name).label("division"),
        J.dry_run,
        operations.c.state,
        J.operation_id,
        func.jsonb_path_query_array(J.layout, literal("$.columns.*", JSONPATH())).label("columns"),
        J.layout["ignored"].label("ignored"),
        J.rows,
        J.new,
        J.known,
        J.refused,
        J.errors_id.is_not(None).label("has_errors_file"),
        J.requested_by_name.label("requested_by"),
        J.created_at,
        J.finished_at,
        reads.etag(J.version),
    ]
    return (
        select(*columns)
        .join(divisions, divisions.c.code == J.division_code)
        .join(operations, operations.c.id == J.operation_id)
        .where(_mine(work, J, RECORD))
    )


async def read_import(work: Work, import_id: UUID, *, status: int = 200) -> Response:
    """One import."""
    return await reads.one(
        work,
        _imports(work).where(J.id == import_id),
        shape=RosterImportRead,
        missing=errors.RosterImportNotFound,
        status=status,
    )


async def page_imports(work: Work, filters: RosterImportFilters) -> Response:
    """Imports of mine or of my divisions, the latest first."""
    statement = _imports(work)
    if filters.kind is not None:
        statement = statement.where(J.kind == filters.kind)
    return await reads.page(
        work, statement, shape=RosterImportRead, filters=filters, sort=(J.id,), descending=True
    )


async def page_rows(work: Work, import_id: UUID, filters: RosterImportRowFilters) -> Response:
    """What became of each row."""
    await _seen(work, import_id)
    r = RosterImportRow
    columns: list[Any] = [r.number, r.outcome, r.subject_id, r.reasons]
    statement = select(*columns).where(r.import_id == import_id)
    if filters.outcome is not None:
        statement = statement.where(r.outcome == filters.outcome)
    return await reads.page(work, statement, shape=RosterImportRowRead, filters=filters, sort=(r.number,))


async def _seen(work: Work, import_id: UUID) -> RosterImport:
    found: RosterImport | None = await work.scalar(
        select(J).where(and_(J.id == import_id, _mine(work, J, RECORD)))
    )
    if found is None:
        raise errors.RosterImportNotFound
    return found


async def errors_file(work: Work, import_id: UUID) -> UUID:
    """The file of the refused rows: of who asked only. Raises `RosterImportUnfinished`, `NoRefusedRows`."""
    job = await _seen(work, import_id)
    if job.finished_at is None:
        raise errors.RosterImportUnfinished
    if job.errors_id is None:
        raise errors.NoRefusedRows
    return job.errors_id
