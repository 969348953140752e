"""People: who they are, sealed; what they are in the Party. `division_code` and `party_organization_id`
repeat the body of the main affiliation."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned
from app.members.models.words import BODY, SEALED

_PRECISION = "{0}_precision IN ('year', 'month', 'day') AND ({0}_on IS NULL) = ({0}_precision IS NULL)"


class Person(Versioned, Base):
    """A natural person. What names them is ciphertext (SM4-GCM), found by blind index, shown as a mask.

    The ID number has a second index while the key of the indexes is rotated: one of the two is under the same
    key in all processes, so nobody is entered twice meanwhile."""

    __tablename__ = "persons"

    name_cipher: Mapped[bytes] = mapped_column(SEALED)
    name_blind: Mapped[bytes] = mapped_column(SEALED)
    name_mask: Mapped[str]
    id_number_cipher: Mapped[bytes | None] = mapped_column(SEALED)
    id_number_blind: Mapped[bytes | None] = mapped_column(SEALED)
    id_number_next_blind: Mapped[bytes | None] = mapped_column(SEALED)
    id_number_mask: Mapped[str | None]
    phone_cipher: Mapped[bytes | None] = mapped_column(SEALED)
    phone_blind: Mapped[bytes | None] = mapped_column(SEALED)
    phone_mask: Mapped[str | None]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))

    __table_args__ = (
        UniqueConstraint("id_number_blind", name="uq_persons_id_number_blind"),
        UniqueConstraint("id_number_next_blind", name="uq_persons_id_number_next_blind"),
        CheckConstraint(
            "(id_number_cipher IS NULL) = (id_number_blind IS NULL)"
            " AND (id_number_cipher IS NULL) = (id_number_mask IS NULL)",
            name="id_number",
        ),
        CheckConstraint("id_number_next_blind IS NULL OR id_number_blind IS NOT NULL", name="id_number_next"),
        CheckConstraint(
            "(phone_cipher IS NULL) = (phone_blind IS NULL)"
            " AND (phone_cipher IS NULL) = (phone_mask IS NULL)",
            name="phone",
        ),
        Index("ix_persons_name_blind", "name_blind"),
        Index("ix_persons_phone_blind", "phone_blind"),
        Index("ix_persons_party_organization_id", "party_organization_id"),
        Index("ix_persons_division_code", "division_code"),
    )


class Member(Versioned, Base):
    """A person's way in the Party, from the application to the end."""

    __tablename__ = "members"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[Code]
    ended_kind: Mapped[Code | None]
    ended_on: Mapped[date | None]
    applied_on: Mapped[date | None]
    joined_on: Mapped[date | None]
    joined_precision: Mapped[Code | None]
    full_on: Mapped[date | None]
    full_precision: Mapped[Code | None]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    employment: Mapped[Code | None]
    floating_since: Mapped[date | None]
    scattered: Mapped[bool]
    contact_lost_on: Mapped[date | None]
    suspension_due_on: Mapped[date | None]
    strike_off_due_on: Mapped[date | None]
    floating_due_on: Mapped[date | None]

    __table_args__ = (
        Index("uq_members_person_id", "person_id", unique=True, postgresql_where=text("status <> 'ended'")),
        CheckConstraint(
            "status IN ('applicant', 'activist', 'development_target', 'probationary', 'full', 'suspended',"
            " 'ended')",
            name="status",
        ),
        CheckConstraint(
            "ended_kind IN ('deceased', 'resigned', 'struck_off', 'expelled', 'probation_revoked',"
            " 'application_ended', 'transferred_out', 'recorded_in_error')",
            name="ended_kind",
        ),
        CheckConstraint(
            "(status = 'ended') = (ended_kind IS NOT NULL) AND (status = 'ended') = (ended_on IS NOT NULL)",
            name="ended",
        ),
        CheckConstraint(_PRECISION.format("joined"), name="joined"),
        CheckConstraint(_PRECISION.format("full"), name="full"),
        CheckConstraint(
            "status NOT IN ('probationary', 'full', 'suspended') OR joined_on IS NOT NULL", name="joined_on"
        ),
        CheckConstraint("status <> 'full' OR full_on IS NOT NULL", name="full_on"),
        CheckConstraint(
            "employment IN ('full_time_staff', 'part_time', 'principal', 'volunteer', 'other')",
            name="employment",
        ),
        Index("ix_members_division_code_id", "division_code", "id"),
        Index("ix_members_party_organization_id_id", "party_organization_id", "id"),
        Index(
            "ix_members_clocks",
            text("LEAST(suspension_due_on, strike_off_due_on, floating_due_on)"),
            postgresql_where=text(
                "suspension_due_on IS NOT NULL OR strike_off_due_on IS NOT NULL"
                " OR floating_due_on IS NOT NULL"
            ),
        ),
        Index("ix_members_organization_id", "organization_id", postgresql_where=text("status <> 'ended'")),
    )
