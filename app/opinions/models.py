"""Matters with their prior opinions, standing rights to attend, and what was attended or talked over. Nobody
is named: a right belongs to a post."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, column, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned

_BODY = "party_organizations.id"
_COUNCILS = "council IN ('council', 'supervisors', 'members_assembly', 'management')"


class Matter(Versioned, Base):
    """A matter that an organization puts to its Party organization before it decides."""

    __tablename__ = "opinion_matters"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    kind: Mapped[Code]
    subject: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(15, 2))
    asked_on: Mapped[date]
    state: Mapped[Code]
    opinion: Mapped[Code | None]
    opinion_on: Mapped[date | None]
    opinion_text: Mapped[str | None]
    opinion_document: Mapped[str | None]
    outcome: Mapped[Code | None]
    decided_on: Mapped[date | None]
    decision_document: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            "kind IN ('decision', 'activity', 'expenditure', 'donation', 'foreign')", name="kind"
        ),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("kind NOT IN ('expenditure', 'donation') OR amount IS NOT NULL", name="money"),
        CheckConstraint("state IN ('pending', 'answered', 'decided')", name="state"),
        CheckConstraint("opinion IN ('agree', 'suggest', 'object')", name="opinion"),
        CheckConstraint(
            "(opinion IS NULL) = (opinion_on IS NULL) AND opinion_on >= asked_on", name="opinion_on"
        ),
        CheckConstraint("opinion = 'agree' OR opinion_text IS NOT NULL", name="opinion_text"),
        CheckConstraint(
            "outcome IN ('adopted', 'partly_adopted', 'not_adopted', 'withdrawn')", name="outcome"
        ),
        CheckConstraint(
            "(state = 'decided') = (outcome IS NOT NULL) AND (outcome IS NULL) = (decided_on IS NULL)"
            " AND (state = 'pending') <= (opinion IS NULL) AND (state = 'answered') <= (opinion IS NOT NULL)",
            name="steps",
        ),
        CheckConstraint("opinion_on <= decided_on AND decided_on >= asked_on", name="prior"),
        Index("ix_opinion_matters_division_code", "division_code", "id"),
        Index("ix_opinion_matters_party_organization_id", "party_organization_id", "id"),
        Index("ix_opinion_matters_organization_id", "organization_id"),
    )


class AttendanceRight(Versioned, Base):
    """A post's standing right to attend an organization's meetings."""

    __tablename__ = "attendance_rights"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    role: Mapped[Code]
    council: Mapped[Code]
    document: Mapped[str]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint("role IN ('secretary', 'deputy_secretary', 'member')", name="role"),
        CheckConstraint(_COUNCILS, name="council"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        ExcludeConstraint(
            (text("(uuid_send(organization_id) || uuid_send(party_organization_id))"), "="),
            (text("(role || ' ' || council)"), "="),
            (column("valid"), "&&"),
            name="ex_attendance_rights_twice",
            using="gist",
        ),
        Index("ix_attendance_rights_division_code", "division_code", "id"),
        Index("ix_attendance_rights_party_organization_id", "party_organization_id", "id"),
    )


class Consultation(Versioned, Base):
    """A meeting of the organization that was attended under a right, or a talk between the two sides."""

    __tablename__ = "consultations"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    kind: Mapped[Code]
    right_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendance_rights.id"))
    held_on: Mapped[date]
    subject: Mapped[str]
    result: Mapped[str | None]
    document: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("kind IN ('attendance', 'consultation')", name="kind"),
        CheckConstraint("(kind = 'attendance') = (right_id IS NOT NULL)", name="right"),
        Index("ix_consultations_division_code", "division_code", "id"),
        Index("ix_consultations_party_organization_id", "party_organization_id", "id"),
        Index("ix_consultations_right_id", "right_id"),
    )
