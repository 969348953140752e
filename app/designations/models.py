"""Designations with their yearly re-checks, and the proposals to lower or take one away."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, column, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned

_BODY, _DESIGNATION = "party_organizations.id", "designations.id"


class Designation(Versioned, Base):
    """What an organization or a Party organization was designated, by whom, from when until when.

    One that follows from a decided result holds its hash and that of its standard, so that it can be verified
    later; one from before the service holds its document only. Results are never deleted, and some are of
    members: they are named without a foreign key, which would make this a table of people."""

    __tablename__ = "designations"

    kind: Mapped[Code]
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    subject_id: Mapped[UUID]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authorities.id"))
    level: Mapped[Code]
    plaque_year: Mapped[int | None] = mapped_column(SmallInteger)
    plaque_number: Mapped[str | None]
    batch: Mapped[int | None] = mapped_column(SmallInteger)
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    result_id: Mapped[UUID | None]
    round_id: Mapped[UUID | None]
    result_hash: Mapped[Code | None]
    standard_hash: Mapped[Code | None]
    document: Mapped[str]
    previous_id: Mapped[UUID | None] = mapped_column(ForeignKey(_DESIGNATION))
    ended_on: Mapped[date | None]
    ended_reason: Mapped[Code | None]

    __table_args__ = (
        CheckConstraint("kind IN ('demonstration', 'star', 'grade', 'appraisal')", name="kind"),
        CheckConstraint("grade BETWEEN 1 AND 5", name="grade"),
        CheckConstraint("(kind IN ('star', 'grade')) = (grade IS NOT NULL)", name="graded"),
        CheckConstraint("num_nonnulls(organization_id, party_organization_id) = 1", name="one_subject"),
        CheckConstraint("subject_id = COALESCE(organization_id, party_organization_id)", name="subject_id"),
        CheckConstraint("level IN ('county', 'prefecture', 'province', 'nation')", name="level"),
        CheckConstraint("(plaque_number IS NULL) = (plaque_year IS NULL)", name="plaque"),
        CheckConstraint("batch BETWEEN 1 AND 1000", name="batch"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        CheckConstraint(
            "num_nonnulls(result_id, round_id, result_hash, standard_hash) IN (0, 4)", name="result"
        ),
        CheckConstraint("(ended_on IS NULL) = (ended_reason IS NULL)", name="ended_on"),
        CheckConstraint(
            "ended_reason IN ('promoted', 'renewed', 'downgraded', 'revoked')", name="ended_reason"
        ),
        CheckConstraint("ended_on = upper(valid)", name="ended_valid"),
        CheckConstraint("previous_id <> id", name="previous_id"),
        UniqueConstraint("result_id", name="uq_designations_result_id"),
        UniqueConstraint("authority_id", "plaque_year", "plaque_number", name="uq_designations_plaque"),
        ExcludeConstraint(
            (text("(subject_id::text || ' ' || kind)"), "="),
            (column("valid"), "&&"),
            name="ex_designations_one",
            using="gist",
        ),
        Index("ix_designations_division_code_id", "division_code", "id"),
        Index("ix_designations_party_organization_id_id", "party_organization_id", "id"),
        Index("ix_designations_organization_id", "organization_id"),
        Index("ix_designations_round_id", "round_id"),
        Index("ix_designations_kind_grade", "kind", "grade", "division_code"),
    )


class DesignationCheck(Versioned, Base):
    """A yearly re-check (年度复核): once a year."""

    __tablename__ = "designation_checks"

    designation_id: Mapped[UUID] = mapped_column(ForeignKey(_DESIGNATION))
    year: Mapped[int] = mapped_column(SmallInteger)
    outcome: Mapped[Code]
    checked_on: Mapped[date]
    note: Mapped[str | None]
    document: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("designation_id", "year", name="uq_designation_checks_once"),
        CheckConstraint("outcome IN ('passed', 'rectify', 'failed')", name="outcome"),
        CheckConstraint("outcome = 'passed' OR note IS NOT NULL", name="note"),
    )


class DesignationChange(Versioned, Base):
    """A proposal to lower a designation or to take it away, which a second person decides."""

    __tablename__ = "designation_changes"

    designation_id: Mapped[UUID] = mapped_column(ForeignKey(_DESIGNATION))
    kind: Mapped[Code]
    to_grade: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str]
    document: Mapped[str | None]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    state: Mapped[Code]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_note: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("kind IN ('downgrade', 'revoke')", name="kind"),
        CheckConstraint("(kind = 'downgrade') = (to_grade IS NOT NULL)", name="to_grade"),
        CheckConstraint("to_grade BETWEEN 1 AND 5", name="to_grade_range"),
        CheckConstraint("state IN ('proposed', 'approved', 'rejected')", name="state"),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided_by"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("decided_by <> proposed_by", name="second_person"),
        Index(
            "uq_designation_changes_open",
            "designation_id",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_designation_changes_designation_id", "designation_id", "id"),
    )
