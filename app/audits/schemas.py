"""What auditors and subscribers read."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeStr, DivisionCode, Instant, Output, SafeStr
from app.core.pages import Filters, Question

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


Cursor = Annotated[
    str,
    SafeStr(2000),
    Field(pattern="^[A-Za-z0-9_-]+$", examples=["q83vEjRWeJASNFZ4kBI0Vg"]),
]


class StreamFilters(Question):
    """Which events to send as they happen, from where on, and for how long."""

    type: EventType | None = None
    subject_type: CodeStr | None = None
    subject_id: UUID | None = None
    division: Annotated[DivisionCode | None, Field(description="This division and all below it.")] = None
    after: Annotated[
        Cursor | None,
        Field(
            description="Where to begin: an event id of an earlier stream, or a `next_cursor` of `/events` "
            "with the same filters. Without it, and without `Last-Event-ID`, the stream begins now."
        ),
    ] = None
    seconds: Annotated[
        int,
        Field(
            ge=0,
            le=3600,
            description="How long the stream stays open; 0 sends what there is and ends.",
            examples=[0],
        ),
    ] = 3600

    def events(self) -> EventFilters:
        """The same filters as those of the list, to which cursors are bound."""
        return EventFilters(
            type=self.type,
            subject_type=self.subject_type,
            subject_id=self.subject_id,
            division=self.division,
        )
