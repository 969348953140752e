"""Instructors, whom they serve, what they did, how they were judged; leaders and what they took on.

What names a person has row-level security, forced. Who serves which organization is no secret of a person
and counts in coverage: `instructor_assignments` holds no name."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_BODY, _DIVISION, _ORGANIZATION = "party_organizations.id", "divisions.code", "organizations.id"
_PERIOD = "NOT isempty({0}) AND NOT lower_inf({0}) AND NOT upper_inf({0})"
_KNOWN = "upper_inf(recorded)"


class Instructor(Versioned, Base):
    """A person who instructs or liaises, for a term, with so many places."""

    __tablename__ = "instructors"

    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    name_cipher: Mapped[bytes] = mapped_column(LargeBinary)
    name_blind: Mapped[bytes] = mapped_column(LargeBinary)
    name_mask: Mapped[str]
    phone_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_mask: Mapped[str | None]
    kind: Mapped[Code]
    source: Mapped[Code]
    origin: Mapped[Code | None]
    batch: Mapped[str | None]
    home_unit: Mapped[str | None]
    home_authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    industries: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))
    duties: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    term: Mapped[Range[date]] = mapped_column(DATERANGE)
    capacity: Mapped[int] = mapped_column(SmallInteger)
    document: Mapped[str | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("id", "term", "capacity", name="uq_instructors_id_term_capacity"),
        CheckConstraint("kind IN ('instructor', 'liaison_officer')", name="kind"),
        CheckConstraint("source IN ('dispatched', 'appointed', 'recruited')", name="source"),
        CheckConstraint("(phone_cipher IS NULL) = (phone_mask IS NULL)", name="phone"),
        CheckConstraint(_PERIOD.format("term"), name="term"),
        CheckConstraint("capacity BETWEEN 1 AND 100", name="capacity"),
        CheckConstraint("(ended_on IS NULL) = (ended_reason IS NULL)", name="ended"),
        CheckConstraint("ended_on = upper(term)", name="ended_on"),
        Index("ix_instructors_division_code_id", "division_code", "id"),
        Index("ix_instructors_party_organization_id_id", "party_organization_id", "id"),
        Index("ix_instructors_member_id", "member_id"),
        Index("ix_instructors_home_authority_id", "home_authority_id"),
    )


class Assignment(Identified, Base):
    """An instructor serves an organization: true in `valid`, known in `recorded`, at one of their places.

    `assignment_id` stays through every version. Term and capacity repeat the instructor's own (a foreign key
    keeps them so), for the constraints: never outside the term, never over capacity, never twice at once."""

    __tablename__ = "instructor_assignments"

    assignment_id: Mapped[UUID]
    version: Mapped[int]
    instructor_id: Mapped[UUID]
    term: Mapped[Range[date]] = mapped_column(DATERANGE)
    capacity: Mapped[int] = mapped_column(SmallInteger)
    slot: Mapped[int] = mapped_column(SmallInteger)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(_ORGANIZATION))
    kind: Mapped[Code]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    recorded: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    ended_reason: Mapped[Code | None]
    handed_over_from: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["instructor_id", "term", "capacity"],
            ["instructors.id", "instructors.term", "instructors.capacity"],
            name="fk_instructor_assignments_instructor",
            onupdate="CASCADE",
        ),
        CheckConstraint("kind IN ('general', 'one_to_one', 'point_to_point')", name="kind"),
        CheckConstraint(_PERIOD.format("valid"), name="valid"),
        CheckConstraint("NOT isempty(recorded) AND NOT lower_inf(recorded)", name="recorded"),
        CheckConstraint(f"NOT {_KNOWN} OR valid <@ term", name="within_term"),
        CheckConstraint(
            f"slot >= 1 AND (NOT {_KNOWN} OR ended_reason IS NOT NULL OR slot <= capacity)", name="slot"
        ),
        CheckConstraint(
            "ended_reason IN ('recalled', 'handed_over', 'instructor_ended', 'organization_ended',"
            " 'party_organization_established', 'expired')",
            name="ended_reason",
        ),
        ExcludeConstraint(
            (column("instructor_id"), "="),
            (column("slot"), "="),
            (column("valid"), "&&"),
            name="ex_instructor_assignments_capacity",
            where=text(_KNOWN),
            using="gist",
        ),
        ExcludeConstraint(
            (text("(uuid_send(instructor_id) || uuid_send(organization_id))"), "="),
            (column("valid"), "&&"),
            name="ex_instructor_assignments_twice",
            where=text(_KNOWN),
            using="gist",
        ),
        Index("uq_instructor_assignments_version", "assignment_id", "version", unique=True),
        Index("uq_instructor_assignments_known", "assignment_id", unique=True, postgresql_where=text(_KNOWN)),
        Index("ix_instructor_assignments_organization_id", "organization_id"),
        Index("ix_instructor_assignments_instructor_id", "instructor_id", "assignment_id"),
    )


class Assessment(Versioned, Base):
    """How an instructor was judged, and what followed: once a year, once a term."""

    __tablename__ = "instructor_assessments"

    instructor_id: Mapped[UUID] = mapped_column(ForeignKey("instructors.id"))
    kind: Mapped[Code]
    year: Mapped[int] = mapped_column(SmallInteger)
    grade: Mapped[Code]
    outcome: Mapped[Code]
    note: Mapped[str | None]
    assessed_on: Mapped[date]

    __table_args__ = (
        UniqueConstraint("instructor_id", "kind", "year", name="uq_instructor_assessments_once"),
        CheckConstraint("kind IN ('yearly', 'term')", name="kind"),
        CheckConstraint("year BETWEEN 1990 AND 2200", name="year"),
        CheckConstraint(
            "grade IN ('excellent', 'qualified', 'barely_qualified', 'unqualified')", name="grade"
        ),
        CheckConstraint(
            "outcome IN ('none', 'reminded', 'inquired', 'admonished', 'removed')", name="outcome"
        ),
        CheckConstraint("outcome <> 'removed' OR grade = 'unqualified'", name="removed"),
    )


class Contract(Versioned, Base):
    """A committee member or leader who took on a division and so many organizations or bodies."""

    __tablename__ = "leader_contracts"

    kind: Mapped[Code]
    name_cipher: Mapped[bytes] = mapped_column(LargeBinary)
    name_mask: Mapped[str]
    post: Mapped[str]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    quota: Mapped[int | None] = mapped_column(SmallInteger)
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    document: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("kind IN ('fixed_contact', 'leader_contract')", name="kind"),
        CheckConstraint("quota BETWEEN 1 AND 1000", name="quota"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        Index("ix_leader_contracts_division_code_id", "division_code", "id"),
        Index("ix_leader_contracts_party_organization_id_id", "party_organization_id", "id"),
    )


class ContractTarget(Versioned, Base):
    """An organization or a Party organization that a leader took on, and how far it is."""

    __tablename__ = "leader_contract_targets"

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("leader_contracts.id"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_ORGANIZATION))
    target_party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    progress: Mapped[Code]
    note: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(organization_id IS NULL) <> (target_party_organization_id IS NULL)", name="one"),
        CheckConstraint("progress IN ('not_started', 'under_way', 'done')", name="progress"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        ExcludeConstraint(
            (
                text(
                    "(uuid_send(contract_id) ||"
                    " uuid_send(COALESCE(organization_id, target_party_organization_id)))"
                ),
                "=",
            ),
            (column("valid"), "&&"),
            name="ex_leader_contract_targets_twice",
            using="gist",
        ),
        Index("ix_leader_contract_targets_contract_id", "contract_id", "id"),
        Index("ix_leader_contract_targets_organization_id", "organization_id"),
        Index("ix_leader_contract_targets_target_party_organization_id", "target_party_organization_id"),
    )


class Visit(Versioned, Base):
    """What was done for an organization or body, by an instructor or by a leader."""

    __tablename__ = "guidance_visits"

    instructor_id: Mapped[UUID | None] = mapped_column(ForeignKey("instructors.id"))
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("leader_contracts.id"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_ORGANIZATION))
    target_party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    kind: Mapped[Code]
    held_on: Mapped[date]
    persons_met: Mapped[int]
    members_found: Mapped[int]
    findings: Mapped[str | None]
    follow_up: Mapped[str | None]
    follow_up_due_on: Mapped[date | None]
    follow_up_done_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("(instructor_id IS NULL) <> (contract_id IS NULL)", name="by"),
        CheckConstraint("(organization_id IS NULL) <> (target_party_organization_id IS NULL)", name="one"),
        CheckConstraint("contract_id IS NOT NULL OR organization_id IS NOT NULL", name="instructors"),
        CheckConstraint("kind IN ('visit', 'contact', 'meeting', 'training')", name="kind"),
        CheckConstraint("persons_met >= 0 AND members_found >= 0", name="counts"),
        CheckConstraint(
            "follow_up IS NOT NULL OR (follow_up_due_on IS NULL AND follow_up_done_on IS NULL)",
            name="follow_up",
        ),
        CheckConstraint("follow_up_done_on >= held_on AND follow_up_due_on >= held_on", name="follow_up_on"),
        Index("ix_guidance_visits_instructor_id", "instructor_id", "held_on"),
        Index("ix_guidance_visits_contract_id", "contract_id", "held_on"),
        Index("ix_guidance_visits_organization_id", "organization_id", "held_on"),
    )


class Suggestion(Versioned, Base):
    """Who should take which blank spot, and why: one line of a solution made for a whole place at once."""

    __tablename__ = "instructor_suggestions"

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.id"))
    instructor_id: Mapped[UUID] = mapped_column(ForeignKey("instructors.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(_ORGANIZATION))
    cost: Mapped[int]
    reasons: Mapped[dict[str, Any]]
    state: Mapped[Code]
    assignment_id: Mapped[UUID | None]

    __table_args__ = (
        UniqueConstraint("operation_id", "organization_id", name="uq_instructor_suggestions_once"),
        CheckConstraint("state IN ('proposed', 'accepted', 'declined', 'superseded')", name="state"),
        CheckConstraint("(state = 'accepted') = (assignment_id IS NOT NULL)", name="accepted"),
        Index("ix_instructor_suggestions_instructor_id", "instructor_id", "id"),
        Index("ix_instructor_suggestions_organization_id", "organization_id"),
    )
