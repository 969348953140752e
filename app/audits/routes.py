"""`/audit-entries` and `/events`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.audits import errors, queries
from app.audits.schemas import AuditEntryRead, AuditFilters, EventFeed, EventFilters
from app.core.access import Permission
from app.core.errors import BadCursor, refusals
from app.core.http import Router, reading
from app.core.pages import Page
from app.core.work import Work

router = Router()

Auditor = Annotated[Work, reading(Permission.AUDIT_READ)]
Subscriber = Annotated[Work, reading(Permission.EVENT_READ)]


@router.get(
    "/audit-entries", response_model=Page[AuditEntryRead], tags=["audit"], responses=refusals(BadCursor)
)
async def list_audit_entries(work: Auditor, filters: Annotated[AuditFilters, Query()]) -> Response:
    """Who did what to whom, when and from where: newest first. Entries are written with their effect, by the
    same transaction, and the service itself may neither change nor delete them."""
    return await queries.audit_entries(work, filters)


@router.get(
    "/audit-entries/{entry_id}",
    response_model=AuditEntryRead,
    tags=["audit"],
    responses=refusals(errors.AuditEntryNotFound),
)
async def read_audit_entry(work: Auditor, entry_id: UUID) -> Response:
    """One entry of the audit."""
    return await queries.audit_entry(work, entry_id)


@router.get("/events", response_model=EventFeed, tags=["events"], responses=refusals(BadCursor))
async def list_events(work: Subscriber, filters: Annotated[EventFilters, Query()]) -> Response:
    """What happened in the caller's scope, oldest first, without gaps: call again with `next_cursor`.

    An event appears a moment after its commit, when no older transaction is still running."""
    return await queries.events(work, filters)
