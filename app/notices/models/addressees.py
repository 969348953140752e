"""Whom a notice addresses, what was answered and judged, more time, what is put right.

People are addressed by the post they hold or by their account: no name is stored here."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_BODY, _DIVISION, _USER = "party_organizations.id", "divisions.code", "users.id"
_TARGET = "COALESCE(organization_id, authority_id, party_post_id, user_id, party_organization_id)"


def _list() -> Mapped[list[Any]]:
    return mapped_column(JSONB, server_default=text("'[]'"))


class Addressee(Versioned, Base):
    """One addressee of a notice, with its own deadline and state.

    Where it lies (`division_code`, `body_id`) says who may answer for it. An answer is late exactly when it
    came at or after `due_at`, and then `overdue_at` is set, by the job or by the answer: never both ways."""

    __tablename__ = "notice_addressees"

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    kind: Mapped[Code]
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    party_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_posts.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    name: Mapped[str]
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    state: Mapped[Code]
    round: Mapped[int] = mapped_column(SmallInteger)
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    provisional: Mapped[bool]
    overdue_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    received_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    replied_at: Mapped[datetime | None]
    late: Mapped[bool | None]
    verified_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    escalated_at: Mapped[datetime | None]
    held_on: Mapped[date | None]
    place: Mapped[str | None]
    minutes: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            "kind IN ('party_organization', 'organization', 'authority', 'post', 'user')", name="kind"
        ),
        CheckConstraint(
            "num_nonnulls(party_organization_id, organization_id, authority_id, party_post_id, user_id) = 1"
            " AND (kind = 'party_organization') = (party_organization_id IS NOT NULL)"
            " AND (kind = 'organization') = (organization_id IS NOT NULL)"
            " AND (kind = 'authority') = (authority_id IS NOT NULL)"
            " AND (kind = 'post') = (party_post_id IS NOT NULL)"
            " AND (kind = 'user') = (user_id IS NOT NULL)",
            name="target",
        ),
        CheckConstraint(
            "state IN ('draft', 'waiting', 'received', 'replied', 'returned', 'verified', 'closed',"
            " 'withdrawn')",
            name="state",
        ),
        CheckConstraint("round >= 1", name="round"),
        CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name="due"),
        CheckConstraint("overdue_at >= due_at", name="overdue_at"),
        CheckConstraint("overdue_at IS NULL OR due_at IS NOT NULL", name="overdue_due"),
        CheckConstraint("(replied_at IS NULL) = (late IS NULL)", name="judged"),
        CheckConstraint("late = COALESCE(replied_at >= due_at, false)", name="late"),
        CheckConstraint("late = (overdue_at IS NOT NULL)", name="one_judgement"),
        CheckConstraint("state <> 'replied' OR replied_at IS NOT NULL", name="replied"),
        CheckConstraint("state NOT IN ('waiting', 'returned') OR replied_at IS NULL", name="unanswered"),
        CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_by IS NULL)",
            name="closed",
        ),
        CheckConstraint("(held_on IS NULL) = (minutes IS NULL)", name="minutes"),
        Index("uq_notice_addressees_target", "notice_id", text(_TARGET), unique=True),
        Index("ix_notice_addressees_division_code_id", "division_code", "id"),
        Index("ix_notice_addressees_body_id", "body_id", "id"),
        Index("ix_notice_addressees_user_id", "user_id"),
        Index("ix_notice_addressees_organization_id", "organization_id"),
        Index(
            "ix_notice_addressees_due_at",
            "due_at",
            postgresql_where=text(
                "overdue_at IS NULL AND replied_at IS NULL AND state IN ('waiting', 'received', 'returned')"
            ),
        ),
        Index(
            "ix_notice_addressees_overdue",
            "id",
            postgresql_where=text("overdue_at IS NOT NULL AND replied_at IS NULL"),
        ),
    )


class Answer(Identified, Base):
    """What was answered in one round, whether in time, and what became of it."""

    __tablename__ = "notice_answers"

    addressee_id: Mapped[UUID] = mapped_column(ForeignKey("notice_addressees.id"))
    round: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str]
    evidence: Mapped[list[Any]] = _list()
    due_at: Mapped[datetime | None]
    replied_at: Mapped[datetime]
    replied_by: Mapped[UUID] = mapped_column(ForeignKey(_USER))
    late: Mapped[bool]
    verdict: Mapped[Code | None]
    verdict_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    verdict_at: Mapped[datetime | None]
    verdict_reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("addressee_id", "round", name="uq_notice_answers_round"),
        CheckConstraint("late = COALESCE(replied_at >= due_at, false)", name="late"),
        CheckConstraint("verdict IN ('accepted', 'returned')", name="verdict"),
        CheckConstraint(
            "(verdict IS NULL) = (verdict_by IS NULL) AND (verdict IS NULL) = (verdict_at IS NULL)",
            name="verdict_by",
        ),
        CheckConstraint("verdict <> 'returned' OR verdict_reason IS NOT NULL", name="returned_why"),
        CheckConstraint("verdict_by <> replied_by", name="second_person"),
    )


class Extension(Identified, Base):
    """A wish for more time, with its reason, and what a second person said to it."""

    __tablename__ = "notice_extensions"

    addressee_id: Mapped[UUID] = mapped_column(ForeignKey("notice_addressees.id"))
    was_due_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str]
    state: Mapped[Code]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey(_USER))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("until_on > was_due_on", name="until_on"),
        CheckConstraint("state IN ('asked', 'granted', 'refused')", name="state"),
        CheckConstraint(
            "(state = 'asked') = (decided_by IS NULL) AND (state = 'asked') = (decided_at IS NULL)",
            name="decided",
        ),
        CheckConstraint("state <> 'refused' OR decision_reason IS NOT NULL", name="refused_why"),
        CheckConstraint("decided_by <> asked_by", name="second_person"),
        Index("ix_notice_extensions_addressee_id", "addressee_id", "id"),
        Index(
            "uq_notice_extensions_asked",
            "addressee_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
    )


class Rectification(Versioned, Base):
    """整改 of one finding: measure, responsible post, due day, evidence; struck off by a second person."""

    __tablename__ = "notice_rectifications"

    addressee_id: Mapped[UUID] = mapped_column(ForeignKey("notice_addressees.id"))
    finding: Mapped[str]
    due_on: Mapped[date | None]
    state: Mapped[Code]
    measure: Mapped[str | None]
    responsible_post: Mapped[str | None]
    evidence: Mapped[list[Any]] = _list()
    reported_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    reported_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'reported', 'closed')", name="state"),
        CheckConstraint(
            "(state = 'open') = (reported_by IS NULL) AND (state = 'open') = (reported_at IS NULL)",
            name="reported",
        ),
        CheckConstraint(
            "state = 'open' OR (measure IS NOT NULL AND responsible_post IS NOT NULL)", name="measure"
        ),
        CheckConstraint(
            "(state = 'closed') = (closed_by IS NOT NULL) AND (state = 'closed') = (closed_at IS NOT NULL)",
            name="closed",
        ),
        CheckConstraint("state <> 'closed' OR jsonb_array_length(evidence) > 0", name="evidence"),
        CheckConstraint("closed_by <> reported_by", name="second_person"),
        Index("ix_notice_rectifications_addressee_id", "addressee_id", "id"),
    )
