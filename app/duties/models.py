"""What each organization's registration asks for, and who is to help it set up its Party organization."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned


class Duty(Versioned, Base):
    """One duty. `registered_on` and `working_days` give its day; it is provisional where the calendar is not
    known that far."""

    __tablename__ = "duties"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[Code]
    title: Mapped[dict[str, Any]] = mapped_column(JSONB)
    source: Mapped[str]
    rule_pack_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_packs.id"))
    registered_on: Mapped[date]
    working_days: Mapped[int] = mapped_column(SmallInteger)
    due_on: Mapped[date]
    provisional: Mapped[bool]
    owed_by: Mapped[Code]
    owed_by_authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    owed_by_party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    state: Mapped[Code] = mapped_column(server_default="open")
    done_on: Mapped[date | None]
    handed_over_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    survey: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    must_establish: Mapped[bool | None]
    establishment: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    note: Mapped[str | None]
    closed_reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            "kind IN ('commitment_letter', 'member_survey', 'hand_over', 'setup_contact')", name="kind"
        ),
        CheckConstraint(
            "owed_by IN ('organization', 'registration_authority', 'responsible_body')", name="owed_by"
        ),
        CheckConstraint("state IN ('open', 'done', 'waived', 'lapsed')", name="state"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on"),
        CheckConstraint(
            "(state IN ('waived', 'lapsed')) = (closed_reason IS NOT NULL)", name="closed_reason"
        ),
        CheckConstraint("working_days BETWEEN 0 AND 250", name="working_days"),
        CheckConstraint("due_on >= registered_on", name="due_on"),
        CheckConstraint(
            "(kind = 'member_survey' AND state = 'done') = (survey IS NOT NULL)"
            " AND (survey IS NULL) = (must_establish IS NULL)"
            " AND (survey IS NULL) = (establishment IS NULL)",
            name="survey",
        ),
        CheckConstraint(
            "(kind = 'hand_over' AND state = 'done') = (handed_over_to_id IS NOT NULL)",
            name="handed_over_to_id",
        ),
        Index("uq_duties_organization_id_kind", "organization_id", "kind", unique=True),
        Index("ix_duties_open_due_on", "due_on", "id", postgresql_where=text("state = 'open'")),
        Index("ix_duties_due_on_id", "due_on", "id"),
    )


class SetupContact(Versioned, Base):
    """The person named to help an organization set up its Party organization. The phone is encrypted."""

    __tablename__ = "setup_contacts"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duties.id"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    name: Mapped[str]
    phone_cipher: Mapped[bytes] = mapped_column(LargeBinary)
    phone_mask: Mapped[str]
    named_on: Mapped[date]
    replaced_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_setup_contacts_organization_id",
            "organization_id",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
        Index("ix_setup_contacts_duty_id", "duty_id"),
    )
