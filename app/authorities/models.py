"""Authorities and the roles that they hold, dated."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, column, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned


class Authority(Versioned, Base):
    """A public body: civil affairs, an approval bureau, a justice bureau, a department, a committee's office.

    Its Party body, if it has one, is one row of `party_organizations`."""

    __tablename__ = "authorities"

    name: Mapped[str]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    status: Mapped[Code]
    abolished_on: Mapped[date | None]
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))

    __table_args__ = (
        CheckConstraint("status IN ('active', 'abolished')", name="status"),
        CheckConstraint("(status = 'abolished') = (abolished_on IS NOT NULL)", name="abolished_on"),
        CheckConstraint("successor_id IS NULL OR status = 'abolished'", name="successor_id"),
        CheckConstraint("successor_id <> id", name="successor_not_itself"),
        Index(
            "uq_authorities_name",
            "division_code",
            "name",
            unique=True,
            postgresql_where=text("status = 'active'"),
        ),
        Index("ix_authorities_division_code_id", "division_code", "id"),
        Index("ix_authorities_party_organization_id", "party_organization_id"),
    )


class AuthorityRole(Versioned, Base):
    """A role that an authority holds for a time, for one industry or for its whole division."""

    __tablename__ = "authority_roles"

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authorities.id"))
    role: Mapped[Code]
    industry: Mapped[Code | None]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint(
            "role IN ('registration_authority', 'supervisory_unit', 'industry_authority', 'civil_affairs',"
            " 'approval_bureau', 'justice_bureau', 'social_work_department', 'new_sector_committee',"
            " 'organization_department')",
            name="role",
        ),
        CheckConstraint("(role = 'industry_authority') = (industry IS NOT NULL)", name="industry"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        ExcludeConstraint(
            (column("authority_id"), "="),
            (column("role"), "="),
            (func.coalesce(column("industry"), text("''")), "="),
            (column("valid"), "&&"),
            name="ex_authority_roles_twice",
            using="gist",
        ),
        Index("ix_authority_roles_role", "role", "authority_id"),
    )
