"""Rankings as they were made: frozen, with the hash of their content. Nothing is changed, nothing deleted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified


class Ranking(Identified, Base):
    """Who stood where on a day, by what was known at an instant, under one version of a scheme.

    `content` holds everything that was weighed; `sha256` is the hash of its canonical bytes (keys sorted)."""

    __tablename__ = "rankings"

    ranked: Mapped[Code]
    title: Mapped[str]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    authority_role: Mapped[Code | None]
    rule_pack_id: Mapped[UUID] = mapped_column(ForeignKey("rule_packs.id"))
    scheme: Mapped[Code]
    as_of: Mapped[date]
    known_at: Mapped[datetime]
    previous_id: Mapped[UUID | None] = mapped_column(ForeignKey("rankings.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[Code]
    made_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint(
            "ranked",
            "division_code",
            "party_organization_id",
            "authority_role",
            "rule_pack_id",
            "as_of",
            "known_at",
            name="uq_rankings_once",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("ranked IN ('divisions', 'bodies', 'authorities')", name="ranked"),
        CheckConstraint("(ranked = 'bodies') = (party_organization_id IS NOT NULL)", name="body"),
        CheckConstraint("(ranked = 'authorities') = (authority_role IS NOT NULL)", name="authority_role"),
        CheckConstraint("jsonb_typeof(content -> 'rows') = 'array'", name="content"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("previous_id <> id", name="previous"),
        Index("ix_rankings_division_code_id", "division_code", "id"),
        Index("ix_rankings_party_organization_id_id", "party_organization_id", "id"),
        Index("ix_rankings_rule_pack_id", "rule_pack_id"),
        Index("ix_rankings_previous_id", "previous_id"),
    )
