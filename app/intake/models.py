"""Who may push, with which secrets, and every message that came."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned


class RegistrySource(Versioned, Base):
    """A registry: the authority that keeps it, and the divisions whose registrations it may write.

    Above rank 50 it outweighs the other registries: it rests until a second person has approved it."""

    __tablename__ = "registry_sources"

    code: Mapped[Code]
    name: Mapped[str]
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authorities.id"))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    divisions: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))
    source_rank: Mapped[int] = mapped_column(SmallInteger)
    scheme: Mapped[Code]
    state: Mapped[Code]
    machine_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str | None]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("code", name="uq_registry_sources_code"),
        UniqueConstraint("machine_user_id", name="uq_registry_sources_machine_user_id"),
        CheckConstraint("code ~ '^[a-z0-9][a-z0-9-]{1,39}$'", name="code"),
        CheckConstraint("source_rank BETWEEN 31 AND 99 AND source_rank <> 40", name="source_rank"),
        CheckConstraint("scheme IN ('either', 'v1', 'v1sm3')", name="scheme"),
        CheckConstraint("state IN ('active', 'suspended')", name="state"),
        CheckConstraint("cardinality(divisions) BETWEEN 1 AND 50", name="divisions"),
        CheckConstraint(
            "source_rank <= 50 OR state = 'suspended' OR approved_by IS NOT NULL", name="two_people"
        ),
        CheckConstraint("approved_by <> asked_by", name="second_person"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_at"),
        Index("ix_registry_sources_division_code_id", "division_code", "id"),
        Index("ix_registry_sources_authority_id", "authority_id"),
    )


class RegistrySourceSecret(Versioned, Base):
    """A secret that a source signs with, encrypted; several are valid at once while it is changed."""

    __tablename__ = "registry_source_secrets"

    source_id: Mapped[UUID] = mapped_column(ForeignKey("registry_sources.id"))
    secret_cipher: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[Code]
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    revoked_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        Index("ix_registry_source_secrets_source_id_id", "source_id", "id"),
    )


class RegistryEvent(Versioned, Base):
    """A message. The row is kept for ever, so that its id stays taken; its bytes go after their time.

    `due_at` is when a pending message may be worked on: after a claim or a failure it lies ahead."""

    __tablename__ = "registry_events"

    source_id: Mapped[UUID] = mapped_column(ForeignKey("registry_sources.id"))
    webhook_id: Mapped[Code]
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    body_cipher: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    mended_cipher: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    type: Mapped[Code | None]
    state: Mapped[Code]
    effective_on: Mapped[date | None]
    occurred_at: Mapped[datetime | None]
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    organization_key: Mapped[Code | None]
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    waiting_for: Mapped[Code | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    problem_code: Mapped[Code | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    applied_at: Mapped[datetime | None]
    mended_at: Mapped[datetime | None]
    mended_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    dismissed_reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("source_id", "webhook_id", name="uq_registry_events_source_id_webhook_id"),
        CheckConstraint(
            "state IN ('pending', 'applied', 'parked', 'quarantined', 'dismissed')", name="state"
        ),
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied_at"),
        CheckConstraint("(state = 'parked') = (waiting_for IS NOT NULL)", name="waiting_for"),
        CheckConstraint("state <> 'quarantined' OR problem IS NOT NULL", name="problem"),
        CheckConstraint("(problem IS NULL) = (problem_code IS NULL)", name="problem_code"),
        CheckConstraint("(state = 'dismissed') = (dismissed_reason IS NOT NULL)", name="dismissed_reason"),
        CheckConstraint("(mended_by IS NULL) = (mended_at IS NULL)", name="mended_by"),
        CheckConstraint(
            "state NOT IN ('pending', 'parked', 'quarantined') OR body_cipher IS NOT NULL", name="body"
        ),
        Index("ix_registry_events_due_at", "due_at", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_registry_events_waiting_for", "waiting_for", postgresql_where=text("state = 'parked'")),
        Index(
            "ix_registry_events_open",
            "state",
            "source_id",
            "id",
            postgresql_where=text("state IN ('parked', 'quarantined')"),
        ),
        Index(
            "ix_registry_events_sequence",
            "source_id",
            "sequence",
            postgresql_where=text("sequence IS NOT NULL"),
        ),
        Index(
            "ix_registry_events_organization_key",
            "organization_key",
            "id",
            postgresql_where=text("state = 'applied'"),
        ),
        Index("ix_registry_events_source_id_id", "source_id", "id"),
        Index("ix_registry_events_division_code_id", "division_code", "id"),
        Index("ix_registry_events_organization_id_id", "organization_id", "id"),
        Index(
            "ix_registry_events_received_at",
            "received_at",
            postgresql_where=text("body_cipher IS NOT NULL AND state IN ('applied', 'dismissed')"),
        ),
    )
