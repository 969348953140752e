"""What people have to settle: findings, and certificates whose check digit is wrong."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned


class OrganizationFinding(Versioned, Base):
    """A contradiction or doubt about an organization, open until the facts or a person settle it."""

    __tablename__ = "organization_findings"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[Code]
    fact: Mapped[Code]
    key: Mapped[Code]
    evidence: Mapped[dict[str, Any]]
    digest: Mapped[Code]
    state: Mapped[Code]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    closed_reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("closed_by IS NULL OR closed_reason IS NOT NULL", name="closed_reason"),
        Index(
            "uq_organization_findings_open",
            "organization_id",
            "digest",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_organization_findings_organization_id", "organization_id", "id"),
        Index("ix_organization_findings_open", "kind", "id", postgresql_where=text("state = 'open'")),
    )


class CreditCodeException(Versioned, Base):
    """A genuine certificate that prints a wrong check digit: asked for by one person, accepted by another."""

    __tablename__ = "credit_code_exceptions"

    credit_code: Mapped[Code]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    evidence: Mapped[str]
    state: Mapped[Code]
    requested_by: Mapped[UUID]
    requested_by_name: Mapped[str]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("state IN ('requested', 'approved', 'refused')", name="state"),
        CheckConstraint("(state = 'requested') = (decided_by IS NULL)", name="decided_by"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("decided_by <> requested_by", name="second_person"),
        Index(
            "uq_credit_code_exceptions_credit_code",
            "credit_code",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
        Index("ix_credit_code_exceptions_division_code_id", "division_code", "id"),
    )
