"""`/audit-entries` and `/events`."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Request, Response

from app.audits import errors, queries
from app.audits.schemas import (
    AuditEntryRead,
    AuditFilters,
    Cursor,
    EventFeed,
    EventFilters,
    StreamFilters,
)
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


LastEventId = Annotated[
    Cursor | None,
    Header(
        alias="Last-Event-ID",
        description="The id of the last event received; browsers send it when they come back. It goes before "
        "`after`.",
        examples=["q83vEjRWeJASNFZ4kBI0Vg"],
    ),
]


@router.get(
    "/events/stream",
    status_code=200,
    response_class=queries.EventStream,
    tags=["events"],
    responses={
        **refusals(BadCursor, errors.TooManyStreams),
        200: {
            "description": "Messages of `text/event-stream`; `data` is an event as `/events` has it.",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": queries.EXAMPLE}},
        },
    },
)
async def stream_events(
    request: Request,
    work: Subscriber,
    filters: Annotated[StreamFilters, Query()],
    last_event_id: LastEventId = None,
) -> Response:
    """Events in the caller's scope as they happen (Server-Sent Events), a second or so after their commit.

    Each message has an `id` and an event as `data`. Who loses the stream opens it again with the last id in
    `Last-Event-ID` (browsers do so by themselves) and misses nothing. A comment comes every 15 seconds of
    silence. The caller is recognised anew for each read, and the stream ends when they may read no longer;
    an open stream does not keep a session from expiring."""
    return await queries.open_stream(work, request, filters, last_event_id or filters.after)
