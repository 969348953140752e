"""Reference data with its source: the calendar, dictionaries, rule packs, and which defaults were loaded."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Json

STATES = "state IN ('draft','published')"


class _Revised:
    """A row whose revision is its ETag."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.clock_timestamp())


class DataVersion(Base):
    """Which version of a set of default data this database holds."""

    __tablename__ = "data_versions"

    name: Mapped[Code] = mapped_column(primary_key=True)
    version: Mapped[str]
    loaded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CalendarYear(_Revised, Base):
    """A year of the calendar; `complete` when the State Council's notice of its holidays is in it."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    complete: Mapped[bool]
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (CheckConstraint("year BETWEEN 1949 AND 2199", name="year"),)


class WorkingDayOverride(Base):
    """A day that is not what its weekday says: a holiday, or a weekend that is worked instead (调休)."""

    __tablename__ = "working_day_overrides"

    day: Mapped[date] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("calendar_years.year"))
    is_working: Mapped[bool]
    name: Mapped[str]
    source: Mapped[str]

    __table_args__ = (
        CheckConstraint("year = extract(year from day)", name="year"),
        Index("ix_working_day_overrides_year", "year", "day"),
    )


class Dictionary(_Revised, Base):
    """An enumeration of the product; a `growing` one takes further items."""

    __tablename__ = "dictionaries"

    code: Mapped[Code] = mapped_column(primary_key=True)
    label_zh: Mapped[str]
    label_en: Mapped[str]
    growing: Mapped[bool]
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


class DictionaryItem(Base):
    """One value of an enumeration with its labels; `edited` ones are not overwritten by new defaults."""

    __tablename__ = "dictionary_items"

    dictionary_code: Mapped[Code] = mapped_column(ForeignKey("dictionaries.code"), primary_key=True)
    code: Mapped[Code] = mapped_column(primary_key=True)
    label_zh: Mapped[str]
    label_en: Mapped[str]
    position: Mapped[int]
    deprecated: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    edited: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


class RulePack(_Revised, Identified, Base):
    """Rules as data: a version of what holds in the nation or in one jurisdiction, with its source. A
    published pack never changes: row-level security lets the service update drafts only (migration 0003)."""

    __tablename__ = "rule_packs"

    kind: Mapped[Code]
    code: Mapped[Code]
    version: Mapped[Code]
    jurisdiction_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    effective_on: Mapped[date]
    source: Mapped[str]
    content: Mapped[Json]
    state: Mapped[Code]
    created_by: Mapped[UUID | None]
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__: dict[str, Any] = {"version_id_col": revision}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("kind", "code", "version", name="uq_rule_packs_kind_code_version"),
        CheckConstraint(STATES, name="state"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at"),
        CheckConstraint("published_by <> created_by", name="second_person"),
        CheckConstraint("jsonb_typeof(content) = 'object'", name="content"),
        Index("ix_rule_packs_kind_state", "kind", "state", "effective_on"),
    )
