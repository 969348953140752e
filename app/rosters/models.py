"""Rosters in and out: what was taken in from files, and whose list left, who allowed it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Json, JsonList, Versioned

ZERO = text("0")


class RosterImport(Versioned, Base):
    """A roster that is taken in, or would be in a dry run; how far it is read is committed with its rows."""

    __tablename__ = "roster_imports"

    kind: Mapped[Code]
    dry_run: Mapped[bool]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.id"))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    table_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    errors_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    file_name: Mapped[str]
    layout: Mapped[Json]
    next_row: Mapped[int] = mapped_column(server_default=text("1"))
    next_offset: Mapped[int] = mapped_column(BigInteger, server_default=ZERO)
    rows: Mapped[int] = mapped_column(server_default=ZERO)
    new: Mapped[int] = mapped_column(server_default=ZERO)
    known: Mapped[int] = mapped_column(server_default=ZERO)
    refused: Mapped[int] = mapped_column(server_default=ZERO)
    requested_by: Mapped[UUID]
    requested_by_name: Mapped[str]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("operation_id", name="uq_roster_imports_operation_id"),
        CheckConstraint("kind IN ('members', 'party_organizations')", name="kind"),
        CheckConstraint("rows = new + known + refused", name="rows"),
        Index("ix_roster_imports_division_code_id", "division_code", "id"),
        Index("ix_roster_imports_requested_by", "requested_by", "id"),
    )


class RosterImportRow(Base):
    """What became of one row. Of its cells nothing is kept here."""

    __tablename__ = "roster_import_rows"

    import_id: Mapped[UUID] = mapped_column(
        ForeignKey("roster_imports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[Code]
    subject_id: Mapped[UUID | None]
    reasons: Mapped[JsonList]

    __table_args__ = (
        CheckConstraint("outcome IN ('new', 'known', 'refused')", name="outcome"),
        Index("ix_roster_import_rows_outcome", "import_id", "outcome", "number"),
    )


class RosterExport(Versioned, Base):
    """A list of members that is asked for by one person and allowed by another (never the same: CHECK)."""

    __tablename__ = "roster_exports"

    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    in_party: Mapped[bool | None]
    columns: Mapped[JsonList]
    unmasked: Mapped[JsonList]
    purpose: Mapped[str]
    reason: Mapped[str]
    state: Mapped[Code]
    requested_by: Mapped[UUID]
    requested_by_name: Mapped[str]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operations.id"))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    rows: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(Text(collation="C"))
    made_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("operation_id", name="uq_roster_exports_operation_id"),
        CheckConstraint("state IN ('requested', 'approved', 'rejected', 'made')", name="state"),
        CheckConstraint(
            "(state = 'requested') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_by <> requested_by", name="second_person"),
        CheckConstraint("(state = 'made') = (made_at IS NOT NULL)", name="made_at"),
        Index("ix_roster_exports_division_code_id", "division_code", "id"),
        Index("ix_roster_exports_requested_by", "requested_by", "id"),
    )
