"""Venues, service centres and training bases, and what was found on checking them."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, column, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned

_LEVELS = "('nation', 'province', 'prefecture', 'county', 'township', 'community')"


class Facility(Versioned, Base):
    """A venue (阵地), a service centre or a training base; `void` is one that never was."""

    __tablename__ = "facilities"

    kind: Mapped[Code]
    center_kind: Mapped[Code | None]
    name: Mapped[str]
    level: Mapped[Code]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    address: Mapped[str | None]
    shared: Mapped[bool]
    legal_entity: Mapped[bool]
    teaching_point_level: Mapped[Code | None]
    document: Mapped[str | None]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    ended_on: Mapped[date | None]
    ended_reason: Mapped[Code | None]
    ended_note: Mapped[str | None]
    void: Mapped[bool]

    __table_args__ = (
        CheckConstraint("kind IN ('venue', 'service_center', 'training_base')", name="kind"),
        CheckConstraint(
            "center_kind IN ('party_mass', 'incubator', 'organization_service')", name="center_kind"
        ),
        CheckConstraint("(kind = 'service_center') = (center_kind IS NOT NULL)", name="center"),
        CheckConstraint(f"level IN {_LEVELS}", name="level"),
        CheckConstraint(f"teaching_point_level IN {_LEVELS}", name="teaching_point_level"),
        CheckConstraint("teaching_point_level IS NULL OR kind = 'training_base'", name="teaching_point"),
        CheckConstraint("NOT legal_entity OR kind = 'service_center'", name="legal_entity"),
        CheckConstraint(
            "kind <> 'venue' OR party_organization_id IS NOT NULL OR organization_id IS NOT NULL",
            name="owner",
        ),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        CheckConstraint("(ended_on IS NULL) = (ended_reason IS NULL)", name="ended_on"),
        CheckConstraint(
            "ended_reason IN ('closed', 'moved', 'merged', 'recorded_in_error')", name="ended_reason"
        ),
        CheckConstraint("void = (ended_reason IS NOT DISTINCT FROM 'recorded_in_error')", name="void"),
        CheckConstraint("void OR ended_on IS NOT DISTINCT FROM upper(valid)", name="ended_valid"),
        ExcludeConstraint(
            (text("(division_code || ' ' || kind || ' ' || name)"), "="),
            (column("valid"), "&&"),
            name="ex_facilities_twice",
            using="gist",
            where=text("NOT void"),
        ),
        Index("ix_facilities_division_code_id", "division_code", "id"),
        Index("ix_facilities_party_organization_id_id", "party_organization_id", "id"),
        Index("ix_facilities_organization_id", "organization_id"),
    )


class FacilityCheck(Versioned, Base):
    """Whether a facility had a feature on the day it was looked at, and by what that is shown."""

    __tablename__ = "facility_checks"

    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facilities.id"))
    feature: Mapped[Code]
    present: Mapped[bool]
    checked_on: Mapped[date]
    evidence: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("facility_id", "feature", "checked_on", name="uq_facility_checks_once"),
        CheckConstraint(
            "feature IN ('place', 'equipment', 'sign', 'party_flag', 'books', 'rules',"
            " 'listen', 'look', 'practise', 'lead', 'review')",
            name="feature",
        ),
        CheckConstraint("NOT present OR evidence IS NOT NULL", name="evidence"),
    )
