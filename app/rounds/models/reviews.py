"""Who reviews what, the marks handed in, what the chair ruled, and reviewers' interests."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_ROUND, _APPLICATION, _USER = "rounds.id", "round_applications.id", "users.id"


class Review(Versioned, Base):
    """One reviewer's place at one sheet. A reviewer is drawn for a sheet at most once, whatever became of it;
    in each place at most one reviewer counts."""

    __tablename__ = "round_reviews"

    round_id: Mapped[UUID] = mapped_column(ForeignKey(_ROUND))
    application_id: Mapped[UUID] = mapped_column(ForeignKey(_APPLICATION))
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey(_USER))
    place: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[Code]
    due_on: Mapped[date]
    submitted_at: Mapped[datetime | None]
    note: Mapped[str | None]
    replaced_for: Mapped[Code | None]
    replaced_note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("application_id", "reviewer_id", name="uq_round_reviews_once"),
        CheckConstraint("state IN ('assigned', 'submitted', 'replaced')", name="state"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted_at"),
        CheckConstraint("(state = 'replaced') = (replaced_for IS NOT NULL)", name="replaced"),
        CheckConstraint("replaced_for IN ('late', 'conflict', 'unable')", name="replaced_for"),
        CheckConstraint("place >= 1", name="place"),
        Index(
            "uq_round_reviews_place",
            "application_id",
            "place",
            unique=True,
            postgresql_where=text("state <> 'replaced'"),
        ),
        Index("ix_round_reviews_reviewer_id", "reviewer_id", "id"),
        Index("ix_round_reviews_round_id", "round_id", "state"),
    )


class Mark(Identified, Base):
    """What a reviewer gave for one indicator, with the points and the reason for each deduction. Append-only:
    the service's role may insert and read, nothing else."""

    __tablename__ = "round_marks"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("round_reviews.id"))
    indicator: Mapped[Code]
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None]

    __table_args__ = (UniqueConstraint("review_id", "indicator", name="uq_round_marks_once"),)


class Ruling(Identified, Base):
    """The chair's mark in the place of all reviewers', or a circumstance that the standard lets grant, with
    the reason: after an arbitration or an objection. Append-only; the latest of an indicator holds."""

    __tablename__ = "round_rulings"

    application_id: Mapped[UUID] = mapped_column(ForeignKey(_APPLICATION))
    indicator: Mapped[Code]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    adjustment: Mapped[Code | None]
    reason: Mapped[str]
    objection_id: Mapped[UUID | None] = mapped_column(ForeignKey("round_objections.id"))
    ruled_by: Mapped[UUID] = mapped_column(ForeignKey(_USER))
    ruled_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        CheckConstraint("num_nonnulls(answer, adjustment) = 1", name="one"),
        Index("ix_round_rulings_application_id", "application_id", "id"),
    )


class Interest(Identified, Base):
    """Why a reviewer may not judge somebody: their own organization or body, the unit they come from, or what
    they declared. Append-only."""

    __tablename__ = "reviewer_interests"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(_USER))
    kind: Mapped[Code]
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    reason: Mapped[str]
    declared_by: Mapped[UUID] = mapped_column(ForeignKey(_USER))
    declared_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        CheckConstraint(
            "kind IN ('own_organization', 'own_body', 'home_unit', 'declared')",
            name="kind",
        ),
        CheckConstraint(
            "num_nonnulls(organization_id, party_organization_id, authority_id) = 1", name="subject"
        ),
        Index("ix_reviewer_interests_user_id", "user_id"),
    )
