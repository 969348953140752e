"""Census rounds and their lines: the roll frozen from the ledger, and people who were found beside it.

A round names nobody. Lines do: row-level security, by the branch of the line."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned

_BODY = "party_organizations.id"


class Round(Versioned, Base):
    """A round over a division or over a body and all below it."""

    __tablename__ = "census_rounds"

    name: Mapped[str]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    as_of: Mapped[date]
    document: Mapped[str]
    state: Mapped[Code]
    roll_count: Mapped[int]
    closed_on: Mapped[date | None]
    closed_document: Mapped[str | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL) AND (closed_on IS NULL) = (report IS NULL)"
            " AND (closed_on IS NULL) = (closed_document IS NULL)",
            name="closed",
        ),
        CheckConstraint("roll_count >= 0", name="roll_count"),
        Index("ix_census_rounds_division_code", "division_code", "id"),
        Index("ix_census_rounds_party_organization_id", "party_organization_id"),
    )


class Line(Versioned, Base):
    """Somebody on the roll, or found beside it: a find has a sealed name and no member yet."""

    __tablename__ = "census_lines"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("census_rounds.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    name_mask: Mapped[str]
    name_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_number_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_number_blind: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_number_next_blind: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[Code | None]
    verdict: Mapped[Code | None]
    verdict_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint(
            "verdict IN ('confirmed', 'moved', 'contact_lost', 'pocket', 'duplicate', 'deceased',"
            " 'not_in_ledger')",
            name="verdict",
        ),
        CheckConstraint("(verdict IS NULL) = (verdict_on IS NULL)", name="verdict_on"),
        CheckConstraint(
            "(member_id IS NULL) = (name_cipher IS NOT NULL) AND (member_id IS NULL) = (status IS NULL)"
            " AND (member_id IS NULL) = (verdict IS NOT DISTINCT FROM 'not_in_ledger')"
            " AND (id_number_cipher IS NULL) = (id_number_blind IS NULL)"
            " AND (id_number_cipher IS NULL OR member_id IS NULL)",
            name="find",
        ),
        CheckConstraint("id_number_next_blind IS NULL OR id_number_blind IS NOT NULL", name="id_number_next"),
        Index(
            "uq_census_lines_member",
            "round_id",
            "member_id",
            unique=True,
            postgresql_where=text("member_id IS NOT NULL"),
        ),
        Index(
            "uq_census_lines_find",
            "round_id",
            "id_number_blind",
            unique=True,
            postgresql_where=text("id_number_blind IS NOT NULL"),
        ),
        Index(
            "uq_census_lines_next_find",
            "round_id",
            "id_number_next_blind",
            unique=True,
            postgresql_where=text("id_number_next_blind IS NOT NULL"),
        ),
        Index("ix_census_lines_round_id", "round_id", "id"),
        Index("ix_census_lines_member_id", "member_id"),
        Index("ix_census_lines_party_organization_id", "party_organization_id"),
    )
