"""What is asked about people: is this somebody whom another place knows; what a person asks for themselves
(《个人信息保护法》第44–47条); what is past the time for which it is kept (第19条)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned
from app.members.models.words import BODY, SEALED


class Verification(Versioned, Base):
    """An ID number that was to be entered in one place and is known in another: whoever sees both decides."""

    __tablename__ = "person_verifications"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    asking_body_id: Mapped[UUID] = mapped_column(ForeignKey(BODY))
    asking_division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    known_body_id: Mapped[UUID] = mapped_column(ForeignKey(BODY))
    known_division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    level_division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    name_mask: Mapped[str | None]
    name_agrees: Mapped[bool | None]
    state: Mapped[Code]
    outcome: Mapped[Code | None]
    asked_by: Mapped[UUID]
    asked_by_name: Mapped[str]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    transfer_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_transfers.id"))

    __table_args__ = (
        CheckConstraint("state IN ('open', 'decided')", name="state"),
        CheckConstraint("outcome IN ('same_person', 'other_person', 'error')", name="outcome"),
        CheckConstraint(
            "(state = 'decided') = (outcome IS NOT NULL) AND (outcome IS NULL) = (decided_by IS NULL)"
            " AND (outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (reason IS NULL)",
            name="decided",
        ),
        CheckConstraint("transfer_id IS NULL OR outcome = 'same_person'", name="transfer_id"),
        Index(
            "uq_person_verifications_open",
            "person_id",
            "asking_body_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_person_verifications_asking_division_code", "asking_division_code", "id"),
        Index("ix_person_verifications_asking_body_id", "asking_body_id", "id"),
    )


class PersonRequest(Versioned, Base):
    """What somebody on record asks for themselves. Their own words are sealed."""

    __tablename__ = "person_requests"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[Code]
    state: Mapped[Code]
    received_on: Mapped[date]
    due_on: Mapped[date]
    identity_proof: Mapped[str]
    details_cipher: Mapped[bytes | None] = mapped_column(SEALED)
    recorded_by: Mapped[UUID]
    recorded_by_name: Mapped[str]
    legal_ground: Mapped[Code | None]
    reason: Mapped[str | None]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    executed_by: Mapped[UUID | None]
    executed_by_name: Mapped[str | None]
    executed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('access', 'correction', 'deletion')", name="kind"),
        CheckConstraint("state IN ('received', 'granted', 'refused', 'executed')", name="state"),
        CheckConstraint(
            "(state IN ('granted', 'refused', 'executed')) = (decided_by IS NOT NULL)"
            " AND (decided_by IS NULL) = (legal_ground IS NULL)"
            " AND (decided_by IS NULL) = (decided_at IS NULL)",
            name="decided",
        ),
        CheckConstraint(
            "(state = 'executed') = (executed_by IS NOT NULL)"
            " AND (executed_by IS NULL) = (executed_at IS NULL)",
            name="executed",
        ),
        CheckConstraint("decided_by <> recorded_by", name="second_person"),
        Index(
            "uq_person_requests_open",
            "member_id",
            "kind",
            unique=True,
            postgresql_where=text("state IN ('received', 'granted')"),
        ),
        Index("ix_person_requests_due_on", "due_on", "id"),
        Index("ix_person_requests_member_id", "member_id", "id"),
    )


class Retention(Versioned, Base):
    """A record whose time is over: listed by the daily job, never removed by it."""

    __tablename__ = "person_retentions"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    rule_code: Mapped[Code]
    source: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[Code]
    settled_by: Mapped[UUID | None]
    settled_by_name: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("member_id", name="uq_person_retentions_member_id"),
        CheckConstraint("state IN ('due', 'kept', 'erased')", name="state"),
        CheckConstraint(
            "(state = 'due') = (settled_by IS NULL) AND (settled_by IS NULL) = (settled_at IS NULL)",
            name="settled",
        ),
        Index("ix_person_retentions_due_on", "due_on", "id", postgresql_where=text("state = 'due'")),
    )
