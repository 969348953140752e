"""The audit: who did what to whom, when."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import func, literal, select

from app.audits import errors
from app.audits.queries.sight import equal, inside, visible
from app.audits.schemas import AuditEntryRead, AuditFilters
from app.core import reads
from app.core.access import Permission
from app.core.audit import AuditEntry
from app.core.work import Work


async def audit_entry(work: Work, entry_id: UUID) -> Response:
    """One entry."""
    statement = _entries(work).where(AuditEntry.id == entry_id)
    return await reads.one(work, statement, shape=AuditEntryRead, missing=errors.AuditEntryNotFound)


async def audit_entries(work: Work, filters: AuditFilters) -> Response:
    """Entries in scope, newest first."""
    statement = _entries(work).where(
        *equal(
            (AuditEntry.actor_id, filters.actor_id),
            (AuditEntry.action, filters.action),
            (AuditEntry.subject_type, filters.subject_type),
            (AuditEntry.subject_id, filters.subject_id),
        ),
        *inside(AuditEntry.division_code, filters.division),
        *([AuditEntry.at >= filters.since] if filters.since else []),
        *([AuditEntry.at < filters.until] if filters.until else []),
    )
    sort = (AuditEntry.at, AuditEntry.id)
    return await reads.page(
        work, statement, shape=AuditEntryRead, filters=filters, sort=sort, descending=True
    )


def _entries(work: Work) -> Any:
    actor = func.json_build_object(
        "id", AuditEntry.actor_id, "kind", AuditEntry.actor_kind, "name", AuditEntry.actor_name
    )
    return select(
        AuditEntry.id,
        AuditEntry.at.label("occurred_at"),
        actor.label("actor"),
        AuditEntry.action,
        AuditEntry.subject_type,
        AuditEntry.subject_id,
        AuditEntry.division_code,
        AuditEntry.data,
        AuditEntry.request_id,
        AuditEntry.address,
        reads.etag(literal(1)),
    ).where(visible(work.actor.scope(Permission.AUDIT_READ), AuditEntry))
