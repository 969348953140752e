"""Rounds with their teams, units and visits; findings and how they were put right; departments' duties.

People are named by reference only: a user, an instructor, a member. No name is stored here."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_BODY, _DIVISION, _ORGANIZATION = "party_organizations.id", "divisions.code", "organizations.id"
_AUTHORITY = "authorities.id"
_ONE = "num_nonnulls(organization_id, party_organization_id, authority_id) = 1"
_SUBJECT = "COALESCE(organization_id, party_organization_id, authority_id)"


class Round(Versioned, Base):
    """A round of supervision, or a spot check of the use of funds."""

    __tablename__ = "supervision_rounds"

    kind: Mapped[Code]
    title: Mapped[str]
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    period: Mapped[Range[date]] = mapped_column(DATERANGE)
    document: Mapped[str | None]
    sample: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[Code]
    closed_on: Mapped[date | None]
    report: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("kind IN ('supervision', 'fund_use')", name="kind"),
        CheckConstraint(
            "NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)", name="period"
        ),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL) AND (closed_on IS NULL) = (report IS NULL)",
            name="closed",
        ),
        Index("ix_supervision_rounds_division_code_id", "division_code", "id"),
        Index("ix_supervision_rounds_party_organization_id_id", "party_organization_id", "id"),
    )


class TeamMember(Identified, Base):
    """Somebody in the team of a round: a user, or an instructor."""

    __tablename__ = "supervision_team"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_rounds.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    instructor_id: Mapped[UUID | None] = mapped_column(ForeignKey("instructors.id"))
    leads: Mapped[bool]

    __table_args__ = (
        CheckConstraint("num_nonnulls(user_id, instructor_id) = 1", name="one"),
        UniqueConstraint("round_id", "user_id", name="uq_supervision_team_user"),
        UniqueConstraint("round_id", "instructor_id", name="uq_supervision_team_instructor"),
        Index("ix_supervision_team_user_id", "user_id"),
        Index("ix_supervision_team_instructor_id", "instructor_id"),
    )


class Unit(Identified, Base):
    """A unit that a round inspects; `drawn` is its place in the sample, null where it was named."""

    __tablename__ = "supervision_units"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_rounds.id"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_ORGANIZATION))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey(_AUTHORITY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    drawn: Mapped[int | None]

    __table_args__ = (
        CheckConstraint(_ONE, name="one"),
        CheckConstraint("drawn >= 1", name="drawn"),
        UniqueConstraint("id", "round_id", name="uq_supervision_units_id_round_id"),
        Index("uq_supervision_units_once", "round_id", text(_SUBJECT), unique=True),
        Index("ix_supervision_units_organization_id", "organization_id"),
        Index("ix_supervision_units_party_organization_id", "party_organization_id"),
        Index("ix_supervision_units_authority_id", "authority_id"),
        Index("ix_supervision_units_body_id", "body_id"),
    )


class Visit(Identified, Base):
    """The team was at a unit of its round."""

    __tablename__ = "supervision_visits"

    round_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    held_on: Mapped[date]
    note: Mapped[str | None]
    recorded_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        ForeignKeyConstraint(
            ["unit_id", "round_id"],
            ["supervision_units.id", "supervision_units.round_id"],
            name="fk_supervision_visits_unit",
        ),
        UniqueConstraint("unit_id", "held_on", name="uq_supervision_visits_day"),
        Index("ix_supervision_visits_round_id", "round_id", "held_on"),
    )


class Finding(Versioned, Base):
    """What was found about somebody, and who has to put it right by when; or that somebody is weak, and who
    helps. `division_code` and `body_id` say where it lies: the subject's division, the body that answers."""

    __tablename__ = "supervision_findings"

    kind: Mapped[Code]
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_visits.id"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_ORGANIZATION))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey(_AUTHORITY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    statement: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(15, 2))
    evidence: Mapped[list[Any]] = mapped_column(JSONB)
    rule_code: Mapped[Code | None]
    rule_source: Mapped[str | None]
    rule_facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    found_on: Mapped[date]
    due_on: Mapped[date]
    provisional: Mapped[bool]
    helper_member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    helper_instructor_id: Mapped[UUID | None] = mapped_column(ForeignKey("instructors.id"))
    helper_party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    measures: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    state: Mapped[Code]
    closed_on: Mapped[date | None]
    recorded_by: Mapped[UUID]
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))

    __table_args__ = (
        CheckConstraint(_ONE, name="one"),
        CheckConstraint("state IN ('open', 'reported', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed"),
        CheckConstraint("due_on >= found_on", name="due_on"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("jsonb_typeof(evidence) = 'array'", name="evidence"),
        CheckConstraint("jsonb_typeof(measures) = 'array'", name="measures"),
        CheckConstraint(
            "(rule_code IS NULL) = (rule_source IS NULL) AND (rule_code IS NULL) = (rule_facts IS NULL)",
            name="rule",
        ),
        CheckConstraint(
            "num_nonnulls(helper_member_id, helper_instructor_id, helper_party_organization_id) <= 1",
            name="helper",
        ),
        Index(
            "uq_supervision_findings_weak",
            text(_SUBJECT),
            unique=True,
            postgresql_where=text("kind = 'weak_organization' AND state <> 'closed'"),
        ),
        Index("ix_supervision_findings_division_code_id", "division_code", "id"),
        Index("ix_supervision_findings_body_id_id", "body_id", "id"),
        Index("ix_supervision_findings_visit_id", "visit_id"),
        Index("ix_supervision_findings_notice_id", "notice_id"),
        Index("ix_supervision_findings_organization_id", "organization_id"),
        Index("ix_supervision_findings_party_organization_id", "party_organization_id"),
        Index("ix_supervision_findings_authority_id", "authority_id"),
        Index("ix_supervision_findings_helper_member_id", "helper_member_id"),
        Index("ix_supervision_findings_helper_instructor_id", "helper_instructor_id"),
        Index("ix_supervision_findings_helper_party_organization_id", "helper_party_organization_id"),
        Index("ix_supervision_findings_due_on", "due_on", "id", postgresql_where=text("state <> 'closed'")),
    )


class Rectification(Identified, Base):
    """One try to put a finding right: what was done, with evidence, and what a second person said of it."""

    __tablename__ = "supervision_rectifications"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_findings.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    measure: Mapped[str]
    done_on: Mapped[date]
    evidence: Mapped[list[Any]] = mapped_column(JSONB)
    reported_by: Mapped[UUID]
    reported_at: Mapped[datetime] = mapped_column(server_default=func.now())
    verdict: Mapped[Code | None]
    reason: Mapped[str | None]
    judged_by: Mapped[UUID | None]
    judged_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("finding_id", "number", name="uq_supervision_rectifications_number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("jsonb_array_length(evidence) >= 1", name="evidence"),
        CheckConstraint("verdict IN ('accepted', 'returned')", name="verdict"),
        CheckConstraint(
            "(verdict IS NULL) = (judged_by IS NULL) AND (verdict IS NULL) = (judged_at IS NULL)",
            name="judged",
        ),
        CheckConstraint("judged_by <> reported_by", name="second_person"),
        CheckConstraint("verdict IS DISTINCT FROM 'returned' OR reason IS NOT NULL", name="reason"),
        Index(
            "uq_supervision_rectifications_pending",
            "finding_id",
            unique=True,
            postgresql_where=text("verdict IS NULL"),
        ),
    )


class DepartmentDuty(Versioned, Base):
    """What a department has to do in a matter, for a time, and the document that says so."""

    __tablename__ = "department_duties"

    authority_id: Mapped[UUID] = mapped_column(ForeignKey(_AUTHORITY))
    matter: Mapped[Code]
    part: Mapped[Code]
    duty: Mapped[str]
    source: Mapped[str]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint("part IN ('lead', 'assist')", name="part"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        ExcludeConstraint(
            (column("authority_id"), "="),
            (column("matter"), "="),
            (column("valid"), "&&"),
            name="ex_department_duties_twice",
            using="gist",
        ),
        Index("ix_department_duties_matter_id", "matter", "id"),
    )
