"""Standards and their versions. A published version never changes: a trigger refuses it (migration 0035)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Json, Versioned


class ScoringStandard(Identified, Base):
    """What is assessed by, through all its versions: a code that a jurisdiction gave it, and its use."""

    __tablename__ = "scoring_standards"

    code: Mapped[Code]
    use: Mapped[Code]
    jurisdiction_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))

    __table_args__ = (
        UniqueConstraint("jurisdiction_code", "code", name="uq_scoring_standards_code"),
        CheckConstraint("use IN ('demonstration', 'star', 'grade', 'appraisal', 'venue')", name="use"),
    )


class ScoringStandardVersion(Versioned, Base):
    """The whole text of a standard as it holds in one place: a draft, published for good, or withdrawn.

    One with a base is an overlay: the base's text with other weights, or bands, for a lower place. What
    follows from `content` is repeated in columns (`name`, `use`), so that lists need not read it."""

    __tablename__ = "scoring_standard_versions"

    standard_id: Mapped[UUID] = mapped_column(ForeignKey("scoring_standards.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    jurisdiction_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    name: Mapped[str]
    source: Mapped[str]
    base_version_id: Mapped[UUID | None]
    overlay: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    content: Mapped[Json]
    content_hash: Mapped[Code]
    state: Mapped[Code]
    created_by: Mapped[UUID | None]
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("standard_id", "number", name="uq_scoring_standard_versions_number"),
        UniqueConstraint("id", "standard_id", name="uq_scoring_standard_versions_standard"),
        ForeignKeyConstraint(
            ["base_version_id", "standard_id"],
            ["scoring_standard_versions.id", "scoring_standard_versions.standard_id"],
            name="fk_scoring_standard_versions_base",
        ),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_at"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_reason"),
        CheckConstraint("published_by <> created_by", name="second_person"),
        CheckConstraint("(base_version_id IS NULL) = (overlay IS NULL)", name="overlay"),
        CheckConstraint("jsonb_typeof(content) = 'object'", name="content"),
        CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name="content_hash"),
        Index("ix_scoring_standard_versions_jurisdiction_code_id", "jurisdiction_code", "id"),
        Index("ix_scoring_standard_versions_base_version_id", "base_version_id"),
    )
