"""Roll-ups of coverage: what can be thrown away and made again from the rows (`jiceng reindex`).

A book is the whole of them under one set of rules. Spells say what was true of each organization and when;
deltas are what spells add to and take from a place on a day, first as they come (`coverage_deltas`), then
summed by day (`coverage_days`); totals are the sums up to a checkpoint, from which a day is reached soon."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified
from app.coverage.rules import FLAGS, MEASURES

BASES = "basis IN ('registration', 'domicile', 'responsibility', 'bodies')"


class Book(Identified, Base):
    """Roll-ups under one set of rules, of which `fingerprint` is the digest. While it is made, `position` is
    the last organization that has its spells, and then `summed` the number of bases that have their sums; a
    discarded one is swept away little by little.

    Its row is the lock under which roll-ups are written: by one process at a time, never by those who write
    the ledger."""

    __tablename__ = "coverage_books"

    fingerprint: Mapped[Code]
    state: Mapped[Code]
    position: Mapped[UUID | None]
    summed: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))

    __table_args__ = (
        CheckConstraint("state IN ('building', 'ready', 'discarded')", name="state"),
        CheckConstraint("state <> 'ready' OR position IS NULL", name="position"),
        Index("uq_coverage_books_state", "state", unique=True, postgresql_where=text("state <> 'discarded'")),
    )


class Checkpoint(Base):
    """A day up to which everything is summed, and how many rows its sums take."""

    __tablename__ = "coverage_checkpoints"

    book_id: Mapped[UUID] = mapped_column(ForeignKey("coverage_books.id"), primary_key=True)
    basis: Mapped[Code] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    rows: Mapped[int]

    __table_args__ = (CheckConstraint(BASES, name="basis"),)


def _code(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text(collation="C"), nullable=nullable)


spells = Table(
    "coverage_spells",
    Base.metadata,
    Column("book_id", Uuid(), nullable=False),
    Column("organization_id", Uuid(), nullable=False),
    Column("since", Date(), nullable=False),
    Column("until", Date()),
    _code("kind"),
    _code("registration_code"),
    _code("domicile_code", nullable=True),
    _code("responsibility_code", nullable=True),
    *(Column(name, Boolean(), nullable=False) for name in FLAGS),
    CheckConstraint("since < until", name="until"),
    Index("ix_coverage_spells_organization_id", "organization_id"),
)
"""What was true of an organization that counts, from a day until another."""

body_spells = Table(
    "coverage_body_spells",
    Base.metadata,
    Column("book_id", Uuid(), nullable=False),
    Column("party_organization_id", Uuid(), nullable=False),
    Column("since", Date(), nullable=False),
    Column("until", Date()),
    _code("division_code"),
    CheckConstraint("since < until", name="until"),
    Index("uq_coverage_body_spells_party_organization_id", "party_organization_id", "book_id", unique=True),
)
"""Where a Party organization that counts was, from its foundation until its dissolution."""


def _sums(name: str, index: Index) -> Any:
    return Table(
        name,
        Base.metadata,
        Column("book_id", Uuid(), nullable=False),
        _code("basis"),
        Column("on", Date(), nullable=False),
        _code("place"),
        _code("kind"),
        *(Column(name, Integer(), nullable=False, server_default=text("0")) for name in MEASURES),
        CheckConstraint(BASES, name="basis"),
        index,
    )


def _key(name: str) -> Index:
    return Index(f"uq_{name}_key", "book_id", "basis", "on", "place", "kind", unique=True)


deltas = _sums("coverage_deltas", Index("ix_coverage_deltas_basis", "book_id", "basis", "on"))
"""What was added to a place on a day, as it came; never changed, only summed and taken away."""

days = _sums("coverage_days", _key("coverage_days"))
"""The same, summed by day."""

totals = _sums("coverage_totals", _key("coverage_totals"))
"""Everything up to a checkpoint."""
