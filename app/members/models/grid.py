"""Grid units (网格化): who looks after the filed organizations and the members of a township or community."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, column
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned
from app.members.models.words import BODY, VALID


class GridUnit(Versioned, Base):
    """A named cell of a township or community, under its Party organization."""

    __tablename__ = "grid_units"

    name: Mapped[str]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(BODY))
    responsible_member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("division_code", "name", name="uq_grid_units_name"),
        CheckConstraint("closed_on > opened_on", name="closed_on"),
        Index("ix_grid_units_division_code_id", "division_code", "id"),
        Index("ix_grid_units_party_organization_id", "party_organization_id", "id"),
    )


class GridOrganization(Versioned, Base):
    """An organization in a unit: in one at any instant."""

    __tablename__ = "grid_unit_organizations"

    grid_unit_id: Mapped[UUID] = mapped_column(ForeignKey("grid_units.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint(VALID, name="valid"),
        ExcludeConstraint(
            (column("organization_id"), "="),
            (column("valid"), "&&"),
            name="ex_grid_unit_organizations_one",
            using="gist",
        ),
        Index("ix_grid_unit_organizations_grid_unit_id", "grid_unit_id", "id"),
    )


class GridMember(Versioned, Base):
    """A member in a unit: in one at any instant."""

    __tablename__ = "grid_unit_members"

    grid_unit_id: Mapped[UUID] = mapped_column(ForeignKey("grid_units.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint(VALID, name="valid"),
        ExcludeConstraint(
            (column("member_id"), "="),
            (column("valid"), "&&"),
            name="ex_grid_unit_members_one",
            using="gist",
        ),
        Index("ix_grid_unit_members_grid_unit_id", "grid_unit_id", "id"),
    )
