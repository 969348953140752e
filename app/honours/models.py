"""Honours and brand projects. A member is named by reference, and their honours are guarded as they are."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, column, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned

_BODY = "party_organizations.id"


class BrandProject(Versioned, Base):
    """一支部一品牌: what a Party organization is known for, one at a time; `void` is one that never was."""

    __tablename__ = "brand_projects"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    name: Mapped[str]
    theme: Mapped[str | None]
    summary: Mapped[str | None]
    document: Mapped[str | None]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    ended_on: Mapped[date | None]
    ended_reason: Mapped[Code | None]
    void: Mapped[bool]

    __table_args__ = (
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        CheckConstraint("(ended_on IS NULL) = (ended_reason IS NULL)", name="ended_on"),
        CheckConstraint(
            "ended_reason IN ('completed', 'replaced', 'abandoned', 'recorded_in_error')", name="ended_reason"
        ),
        CheckConstraint("void = (ended_reason IS NOT DISTINCT FROM 'recorded_in_error')", name="void"),
        CheckConstraint("void OR ended_on IS NOT DISTINCT FROM upper(valid)", name="ended_valid"),
        ExcludeConstraint(
            (column("party_organization_id"), "="),
            (column("valid"), "&&"),
            name="ex_brand_projects_one",
            using="gist",
            where=text("NOT void"),
        ),
        Index("ix_brand_projects_division_code_id", "division_code", "id"),
        Index("ix_brand_projects_party_organization_id_id", "party_organization_id", "id"),
    )


class Honour(Versioned, Base):
    """An honour of an organization, a Party organization, a member or a brand project."""

    __tablename__ = "honours"

    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    brand_project_id: Mapped[UUID | None] = mapped_column(ForeignKey("brand_projects.id"))
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    kind: Mapped[Code]
    title: Mapped[str]
    level: Mapped[Code]
    year: Mapped[int] = mapped_column(SmallInteger)
    awarded_by: Mapped[str]
    awarded_on: Mapped[date | None]
    document: Mapped[str | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[Code | None]
    withdrawn_note: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(organization_id, party_organization_id, member_id, brand_project_id) = 1",
            name="one_holder",
        ),
        CheckConstraint("(body_id IS NULL) = (organization_id IS NOT NULL)", name="body_id"),
        CheckConstraint("(brand_project_id IS NOT NULL) = (kind = 'brand')", name="brand"),
        CheckConstraint("kind IN ('commendation', 'double_strong', 'deputy', 'brand', 'other')", name="kind"),
        CheckConstraint("level IN ('nation', 'province', 'prefecture', 'county', 'township')", name="level"),
        CheckConstraint("year BETWEEN 1921 AND 2200", name="year"),
        CheckConstraint("withdrawn_reason IN ('revoked', 'recorded_in_error')", name="withdrawn_reason"),
        CheckConstraint("(withdrawn_on IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_on"),
        Index(
            "uq_honours_once",
            text("COALESCE(organization_id, party_organization_id, member_id, brand_project_id)"),
            "year",
            "level",
            "title",
            unique=True,
            postgresql_where=text("withdrawn_on IS NULL"),
        ),
        Index("ix_honours_division_code_id", "division_code", "id"),
        Index("ix_honours_body_id_id", "body_id", "id"),
        Index("ix_honours_organization_id", "organization_id"),
        Index("ix_honours_party_organization_id", "party_organization_id"),
        Index("ix_honours_member_id", "member_id"),
        Index("ix_honours_brand_project_id", "brand_project_id"),
    )
