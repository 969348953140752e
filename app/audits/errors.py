"""What the audit refuses."""

from app.core.errors import NotFound, TooMany


class AuditEntryNotFound(NotFound):
    code = "audit_entry_not_found"


class TooManyStreams(TooMany):
    code = "too_many_streams"
    title = ("打开的事件流过多, 请先关闭不用的页面", "Too many event streams are open; close some first")
