"""What happened: events, kept in the same transaction as their effect, read in commit order."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Boolean, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import CURRENT_TRANSACTION, XID8, Base, Code, Identified

EVENTS: dict[str, "type[Event]"] = {}


class Event(BaseModel):
    """Something that happened to a subject. Subclasses set `type` (dotted, past tense) and `subject_type`,
    and add the fields that subscribers may read: never a phone, an identity number or another secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str] = ""
    subject_type: ClassVar[str] = ""
    public: ClassVar[bool] = True
    reveals: ClassVar[bool] = False
    """Whether somebody was shown what is hidden otherwise: it counts against the caller's day."""

    subject: UUID
    division_code: str | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        if cls.type:
            EVENTS[cls.type] = cls

    def data(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"subject", "division_code"})


class EventRow(Identified, Base):
    """The outbox: the worker runs reactions from it, and subscribers read the public ones."""

    __tablename__ = "events"

    type: Mapped[Code]
    subject_type: Mapped[Code]
    subject_id: Mapped[UUID]
    division_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    public: Mapped[bool] = mapped_column(Boolean)
    actor_id: Mapped[UUID]
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    xid: Mapped[int] = mapped_column(XID8, server_default=CURRENT_TRANSACTION)
    reacted_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    failure: Mapped[str | None]

    __table_args__ = (
        Index("ix_events_xid_id", "xid", "id"),
        Index("ix_events_waiting", "xid", "id", postgresql_where=text("reacted_at IS NULL")),
        Index("ix_events_subject_id", "subject_id", "id"),
    )
