"""The audit and the events."""

from app.audits.queries.entries import audit_entries, audit_entry
from app.audits.queries.feed import events
from app.audits.queries.live import EXAMPLE, EventStream, open_stream

__all__ = ["EXAMPLE", "EventStream", "audit_entries", "audit_entry", "events", "open_stream"]
