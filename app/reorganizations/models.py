"""What was reorganized, when, by which document, and what went where."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified

_BODY = "party_organizations.id"


class Reorganization(Identified, Base):
    """One change of several bodies. Nothing of its record changes; `moved` counts what went with it."""

    __tablename__ = "reorganizations"

    kind: Mapped[Code]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    on_day: Mapped[date]
    document: Mapped[str]
    exception_document: Mapped[str | None]
    reason: Mapped[str | None]
    moved: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("kind IN ('upgrade', 'merge', 'split')", name="kind"),
        Index("ix_reorganizations_division_code_id", "division_code", "id"),
        Index("ix_reorganizations_party_organization_id", "party_organization_id", "id"),
    )


class ReorganizationBody(Base):
    """A body that was there before, or came of it."""

    __tablename__ = "reorganization_bodies"

    reorganization_id: Mapped[UUID] = mapped_column(ForeignKey("reorganizations.id"), primary_key=True)
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY), primary_key=True)
    part: Mapped[Code] = mapped_column(primary_key=True)

    __table_args__ = (
        CheckConstraint("part IN ('source', 'result')", name="part"),
        Index("ix_reorganization_bodies_party_organization_id", "party_organization_id"),
    )
