"""Officers of organizations who hold posts in the Party organization that covers them (双向进入、交叉任职).

Both tables name people, by reference and by mask: row-level security, forced, by the body."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_BODY = "party_organizations.id"
_DIVISION = "divisions.code"


class CrossAppointment(Versioned, Base):
    """That an officer of an organization may be a member who holds a post in a body that covers it.

    Proposed where the sealed index of the names is the same; a person says whether they are one (`confirmed`)
    or only share a name (`rejected`). Of one name in one organization one member at most is confirmed."""

    __tablename__ = "cross_appointments"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    name_blind: Mapped[bytes] = mapped_column(LargeBinary)
    name_next_blind: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_mask: Mapped[str]
    state: Mapped[Code]
    decided_on: Mapped[date | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint(
            "party_organization_id", "organization_id", "member_id", name="uq_cross_appointments_once"
        ),
        CheckConstraint("state IN ('proposed', 'confirmed', 'rejected')", name="state"),
        CheckConstraint(
            "(state = 'proposed') = (decided_on IS NULL) AND (decided_on IS NULL) = (decided_by IS NULL)",
            name="decided",
        ),
        Index(
            "uq_cross_appointments_one_person",
            "party_organization_id",
            "organization_id",
            "name_blind",
            unique=True,
            postgresql_where=text("state = 'confirmed'"),
        ),
        Index(
            "uq_cross_appointments_next_person",
            "party_organization_id",
            "organization_id",
            "name_next_blind",
            unique=True,
            postgresql_where=text("state = 'confirmed' AND name_next_blind IS NOT NULL"),
        ),
        Index("ix_cross_appointments_division_code_id", "division_code", "id"),
        Index("ix_cross_appointments_organization_id", "organization_id"),
        Index("ix_cross_appointments_member_id", "member_id"),
    )


class CrossAppointmentPeriod(Identified, Base):
    """One office and one post that were held together while the body covered the organization.

    Worked out anew from officers, posts and covers whenever one of them changes."""

    __tablename__ = "cross_appointment_periods"

    cross_appointment_id: Mapped[UUID] = mapped_column(ForeignKey("cross_appointments.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("party_posts.id"))
    role: Mapped[Code]
    office: Mapped[str]
    is_principal: Mapped[bool]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint("NOT isempty(valid)", name="valid"),
        Index("ix_cross_appointment_periods_cross_appointment_id", "cross_appointment_id"),
        Index("ix_cross_appointment_periods_organization_id", "organization_id"),
        Index("ix_cross_appointment_periods_post_id", "post_id"),
    )
