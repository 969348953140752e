"""What the audit refuses."""

from app.core.errors import NotFound


class AuditEntryNotFound(NotFound):
    code = "audit_entry_not_found"
