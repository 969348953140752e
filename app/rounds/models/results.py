"""What came of it: results with the derivation of every number, and objections to them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned
from app.rounds.models.rounds import SUBJECT, SUBJECT_KINDS


class Result(Versioned, Base):
    """The result of one sheet, with all that it is derived from. A frozen one never changes: row-level
    security lets the service update only what is not frozen, and delete nothing."""

    __tablename__ = "round_results"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("round_applications.id"))
    subject_kind: Mapped[Code]
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    total: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    rank: Mapped[int | None]
    band: Mapped[Code | None]
    vetoed: Mapped[bool]
    selected: Mapped[bool]
    derivation: Mapped[dict[str, Any]] = mapped_column(JSONB)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    evidence_hashes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    standard_version_id: Mapped[UUID] = mapped_column(ForeignKey("scoring_standard_versions.id"))
    standard_hash: Mapped[Code]
    result_hash: Mapped[Code]
    state: Mapped[Code]

    __table_args__ = (
        UniqueConstraint("application_id", name="uq_round_results_application_id"),
        CheckConstraint(SUBJECT_KINDS, name="subject_kind"),
        CheckConstraint(SUBJECT, name="subject"),
        CheckConstraint("state IN ('public', 'frozen')", name="state"),
        CheckConstraint("vetoed = (rank IS NULL)", name="rank"),
        CheckConstraint("NOT (vetoed AND selected)", name="selected"),
        CheckConstraint("rank >= 1 AND total >= 0", name="numbers"),
        CheckConstraint("result_hash ~ '^[0-9a-f]{64}$'", name="result_hash"),
        Index("ix_round_results_round_id_rank", "round_id", "rank"),
        Index("ix_round_results_organization_id", "organization_id"),
        Index("ix_round_results_party_organization_id", "party_organization_id"),
        Index("ix_round_results_member_id", "member_id"),
        Index("ix_round_results_standard_version_id", "standard_version_id"),
    )


class Objection(Versioned, Base):
    """An objection to a result while it is public, and its answer. Who objects is a kind, never a name."""

    __tablename__ = "round_objections"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("round_applications.id"))
    raised_by: Mapped[Code]
    content: Mapped[str]
    raised_on: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    state: Mapped[Code]
    answer: Mapped[str | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "raised_by IN ('applicant', 'organization', 'person', 'anonymous')", name="raised_by"
        ),
        CheckConstraint("state IN ('open', 'upheld', 'rejected')", name="state"),
        CheckConstraint("(state = 'open') = (answer IS NULL)", name="answer"),
        CheckConstraint("num_nonnulls(answer, answered_by, answered_at) IN (0, 3)", name="answered"),
        Index("ix_round_objections_application_id", "application_id", "id"),
        Index("ix_round_objections_open", "round_id", postgresql_where=text("state = 'open'")),
    )
