"""Divisions: their names, parents and successors by day, and the closure that scopes are read from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code

LEVELS = "level IN ('nation','province','prefecture','county','township','community','zone')"
CHANGES = "kind IN ('recoded','renamed','upgraded','merged','split','abolished')"
SAME_CODE = text("hashtextextended(code, 0)")
"""Exclusions compare codes by their 64-bit hash: GiST over text takes six times as long to fill."""


class Division(Base):
    """行政区划: a code with its latest name, kind and parent, and the days it is or was in force."""

    __tablename__ = "divisions"

    code: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[Code]
    level: Mapped[Code]
    parent_code: Mapped[str | None] = mapped_column(Text(collation="C"), ForeignKey("divisions.code"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    dates_exact: Mapped[bool]
    source: Mapped[str]
    version: Mapped[int] = mapped_column(Integer, nullable=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.clock_timestamp())

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9A-Z]{6}([0-9A-Z]{3}){0,2}$'", name="code"),
        CheckConstraint(LEVELS, name="level"),
        CheckConstraint("NOT isempty(valid)", name="valid"),
        CheckConstraint("(parent_code IS NULL) = (level = 'nation')", name="parent"),
        Index("ix_divisions_parent_code", "parent_code", "code"),
        Index("ix_divisions_level", "level", "code"),
    )


class DivisionName(Base):
    """A name and kind that a code had while it was in force."""

    __tablename__ = "division_names"

    code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"), primary_key=True)
    valid: Mapped[Range[date]] = mapped_column(DATERANGE, primary_key=True)
    name: Mapped[str]
    kind: Mapped[Code]
    source: Mapped[str]

    __table_args__ = (
        CheckConstraint("NOT isempty(valid)", name="valid"),
        ExcludeConstraint((SAME_CODE, "="), ("valid", "&&"), name="ex_division_names_code_valid"),
    )


class DivisionParent(Base):
    """Where a code hangs for a while: below its parent, or resting when it is not in force."""

    __tablename__ = "division_parents"

    code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"), primary_key=True)
    valid: Mapped[Range[date]] = mapped_column(DATERANGE, primary_key=True)
    parent_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    resting: Mapped[bool]
    source: Mapped[str]

    __table_args__ = (
        CheckConstraint("NOT isempty(valid)", name="valid"),
        CheckConstraint("code <> parent_code", name="parent"),
        ExcludeConstraint((SAME_CODE, "="), ("valid", "&&"), name="ex_division_parents_code_valid"),
        Index("ix_division_parents_parent_code", "parent_code", "code"),
    )


class DivisionSuccessor(Base):
    """A code that took an abolished one's place, or was split off from one that goes on."""

    __tablename__ = "division_successors"

    code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"), primary_key=True)
    successor_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"), primary_key=True)
    effective_on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[Code]
    source: Mapped[str]

    __table_args__ = (
        CheckConstraint(CHANGES, name="kind"),
        CheckConstraint("code <> successor_code", name="successor"),
        Index("ix_division_successors_successor_code", "successor_code"),
    )


class DivisionClosure(Base):
    """Who holds whom, when, and how far above.

    Derived from `division_parents`, whose exclusion gives each code one parent a day, so a pair could overlap
    only in a ring; a ring would hold its own codes twice, and that the exclusion here refuses, each code
    holding itself at depth 0 on every day. (Excluding every pair takes six times as long to load.)"""

    __tablename__ = "division_closure"

    ancestor_code: Mapped[Code] = mapped_column(primary_key=True)
    descendant_code: Mapped[Code] = mapped_column(primary_key=True)
    valid: Mapped[Range[date]] = mapped_column(DATERANGE, primary_key=True)
    depth: Mapped[int]

    __table_args__ = (
        CheckConstraint("NOT isempty(valid)", name="valid"),
        CheckConstraint("depth >= 0", name="depth"),
        ExcludeConstraint(
            (text("hashtextextended(descendant_code, 0)"), "="),
            ("valid", "&&"),
            where=text("ancestor_code = descendant_code"),
            name="ex_division_closure_ring",
        ),
        Index("ix_division_closure_descendant_code", "descendant_code", "depth"),
    )
