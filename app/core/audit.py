"""Who did what, when: one row for each announcement, in the transaction of its effect, append-only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import CURRENT_TRANSACTION, XID8, Base, Code, Identified


class AuditEntry(Identified, Base):
    """One audited act. The API's role may only insert and read (UPDATE and DELETE are revoked)."""

    __tablename__ = "audit_entries"

    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    actor_id: Mapped[UUID]
    actor_kind: Mapped[Code]
    actor_name: Mapped[str]
    action: Mapped[Code]
    subject_type: Mapped[Code]
    subject_id: Mapped[UUID]
    division_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    address: Mapped[str | None]
    xid: Mapped[int] = mapped_column(XID8, server_default=CURRENT_TRANSACTION)

    __table_args__ = (
        Index("ix_audit_entries_at", "at", "id"),
        Index("ix_audit_entries_actor_id", "actor_id", "id"),
        Index("ix_audit_entries_subject_id", "subject_id", "id"),
        Index("ix_audit_entries_xid", "xid", "id"),
    )
