"""Long work: what was asked for, how far it is, and what came of each row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Json, Versioned

STATES = "state IN ('queued','running','succeeded','failed','cancelled')"


class Operation(Versioned, Base):
    """A piece of long work that the worker does while its requester watches."""

    __tablename__ = "operations"

    kind: Mapped[Code]
    state: Mapped[Code] = mapped_column(server_default=text("'queued'"))
    division_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    parameters: Mapped[Json]
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(server_default=text("0"))
    failed: Mapped[int] = mapped_column(server_default=text("0"))
    errors: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    report: Mapped[Json] = mapped_column(JSONB, server_default=text("'{}'"))
    failure: Mapped[str | None]
    requested_by: Mapped[UUID]
    requested_by_name: Mapped[str]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(STATES, name="state"),
        CheckConstraint("done >= 0 AND failed >= 0", name="progress"),
        CheckConstraint(
            "(state IN ('succeeded','failed','cancelled')) = (finished_at IS NOT NULL)", name="finished_at"
        ),
        Index("ix_operations_requested_by", "requested_by", "id"),
        Index("ix_operations_division_code", "division_code", "id"),
        Index("ix_operations_waiting", "id", postgresql_where=text("state = 'queued'")),
    )
