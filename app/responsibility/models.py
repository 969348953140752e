"""Who answers for each organization, true in `valid` and known in `recorded`, and the latest
determination."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, column, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified

RELATIONS = "relation IN ('lead', 'joint', 'guidance')"


class Responsibility(Identified, Base):
    """A body answers for an organization in one relation. A correction closes `recorded` and writes new
    rows."""

    __tablename__ = "responsibilities"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey("party_organizations.id"))
    relation: Mapped[Code]
    rule_code: Mapped[Code | None]
    rule_title: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    rule_source: Mapped[str | None]
    rule_pack_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_packs.id"))
    tried: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    recorded: Mapped[Range[datetime]] = mapped_column(
        TSTZRANGE, server_default=func.tstzrange(func.clock_timestamp(), None)
    )
    override: Mapped[bool] = mapped_column(server_default=text("false"))
    override_reason: Mapped[str | None]
    override_until: Mapped[date | None]

    __table_args__ = (
        CheckConstraint(RELATIONS, name="relation"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        CheckConstraint("NOT isempty(recorded) AND NOT lower_inf(recorded)", name="recorded"),
        CheckConstraint(
            "CASE WHEN override THEN relation = 'lead' AND rule_code IS NULL AND override_reason IS NOT NULL"
            " AND override_until IS NOT NULL AND upper(valid) <= override_until"
            " ELSE rule_code IS NOT NULL AND rule_source IS NOT NULL AND override_reason IS NULL"
            " AND override_until IS NULL END",
            name="ground",
        ),
        ExcludeConstraint(
            (column("organization_id"), "="),
            (column("valid"), "&&"),
            (column("recorded"), "&&"),
            where=text("relation = 'lead'"),
            name="ex_responsibilities_lead",
            using="gist",
        ),
        ExcludeConstraint(
            (column("organization_id"), "="),
            (column("party_organization_id"), "="),
            (column("relation"), "="),
            (column("valid"), "&&"),
            (column("recorded"), "&&"),
            name="ex_responsibilities_body",
            using="gist",
        ),
        Index(
            "ix_responsibilities_organization_id",
            "organization_id",
            postgresql_where=text("upper_inf(recorded)"),
        ),
        Index(
            "ix_responsibilities_party_organization_id",
            "party_organization_id",
            "organization_id",
            postgresql_where=text("upper_inf(recorded)"),
        ),
        Index(
            "ix_responsibilities_override_until",
            "override_until",
            postgresql_where=text("override AND upper_inf(recorded)"),
        ),
    )


class ResponsibilityDetermination(Base):
    """What the rules last answered for an organization, with everything that was tried: also when nothing
    fits."""

    __tablename__ = "responsibility_determinations"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    outcome: Mapped[Code]
    rule_code: Mapped[Code | None]
    rule_title: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    rule_source: Mapped[str | None]
    rule_pack_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_packs.id"))
    tried: Mapped[list[Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    determined_on: Mapped[date]
    determined_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("outcome IN ('assigned', 'missing')", name="outcome"),
        CheckConstraint("(outcome = 'assigned') = (rule_code IS NOT NULL)", name="rule_code"),
        Index(
            "ix_responsibility_determinations_missing",
            "organization_id",
            postgresql_where=text("outcome = 'missing'"),
        ),
    )
