"""What auditors and subscribers read."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeStr, DivisionCode, Instant, Output, SafeStr
from app.core.pages import Filters

EventType = Annotated[
    str, SafeStr(100), Field(description="Exactly this type.", examples=["organization.registered"])
]


class AuditActor(Output):
    """Who acted, as named then; `anonymous` before signing in, `system` for the service itself."""

    id: UUID
    kind: str
    name: str


class AuditEntryRead(Output):
    """One act that changed something, written in the transaction of its effect and never changed."""

    id: UUID
    occurred_at: datetime
    actor: AuditActor
    action: str
    subject_type: str
    subject_id: UUID
    division_code: str | None
    data: dict[str, Any]
    request_id: str | None
    address: str | None
    etag: str


class AuditFilters(Filters):
    """Which entries."""

    actor_id: UUID | None = None
    action: Annotated[
        str | None, SafeStr(100), Field(description="Exactly this action.", examples=["grant.revoked"])
    ] = None
    subject_type: CodeStr | None = None
    subject_id: UUID | None = None
    division: Annotated[DivisionCode | None, Field(description="This division and all below it.")] = None
    since: Annotated[Instant | None, Field(description="At this instant or later.")] = None
    until: Annotated[Instant | None, Field(description="Before this instant.")] = None


class EventRead(Output):
    """Something that happened. `data` has the fields of its type; ids and types are never used twice."""

    id: UUID
    type: str
    subject_type: str
    subject_id: UUID
    division_code: str | None
    occurred_at: datetime
    data: dict[str, Any]


class EventFeed(Output):
    """Events in the order in which they became visible. Keep `next_cursor`: it continues after the last one,
    now or, when `has_more` is false, whenever more has happened."""

    items: list[EventRead]
    next_cursor: str | None
    has_more: bool
    total: int | None


class EventFilters(Filters):
    """Which events."""

    type: EventType | None = None
    subject_type: CodeStr | None = None
    subject_id: UUID | None = None
    division: Annotated[DivisionCode | None, Field(description="This division and all below it.")] = None
