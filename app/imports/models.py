"""Imports and what became of each row; reconciliations and how file and ledger differ."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Json, JsonList, Versioned

ZERO = text("0")


class _Reading:
    """A table that is read from a file, and how far: committed with what became of its rows."""

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("operations.id"))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    table_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    file_name: Mapped[str]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    layout: Mapped[Json]
    next_row: Mapped[int] = mapped_column(server_default=text("1"))
    next_offset: Mapped[int] = mapped_column(BigInteger, server_default=ZERO)
    rows: Mapped[int] = mapped_column(server_default=ZERO)
    requested_by: Mapped[UUID]
    requested_by_name: Mapped[str]
    finished_at: Mapped[datetime | None]


class Import(_Reading, Versioned, Base):
    """A ledger that is taken in, or would be in a dry run."""

    __tablename__ = "imports"

    kind: Mapped[Code]
    dry_run: Mapped[bool]
    registration_mode: Mapped[str | None] = mapped_column(Text(collation="C"))
    unknown_authorities: Mapped[Code]
    errors_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    new: Mapped[int] = mapped_column(server_default=ZERO)
    changed: Mapped[int] = mapped_column(server_default=ZERO)
    unchanged: Mapped[int] = mapped_column(server_default=ZERO)
    refused: Mapped[int] = mapped_column(server_default=ZERO)

    __table_args__ = (
        UniqueConstraint("operation_id", name="uq_imports_operation_id"),
        CheckConstraint("kind IN ('organizations')", name="kind"),
        CheckConstraint("registration_mode IN ('direct', 'dual', 'filed')", name="registration_mode"),
        CheckConstraint("unknown_authorities IN ('refuse', 'leave_out')", name="unknown_authorities"),
        CheckConstraint("rows = new + changed + unchanged + refused", name="rows"),
        Index("ix_imports_division_code_id", "division_code", "id"),
        Index("ix_imports_requested_by", "requested_by", "id"),
    )


class ImportRow(Base):
    """What became of one row. Of its cells only the organization's name and code are kept."""

    __tablename__ = "import_rows"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[Code]
    name: Mapped[str | None]
    credit_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    changed: Mapped[JsonList]
    reasons: Mapped[JsonList]

    __table_args__ = (
        CheckConstraint("outcome IN ('new', 'changed', 'unchanged', 'refused')", name="outcome"),
        Index("ix_import_rows_outcome", "import_id", "outcome", "number"),
        Index("ix_import_rows_credit_code", "import_id", "credit_code"),
        Index("ix_import_rows_organization_id", "organization_id"),
    )


class Reconciliation(_Reading, Versioned, Base):
    """A file held against the ledger of a division, or of one registration authority in it."""

    __tablename__ = "reconciliations"

    registration_authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    matched: Mapped[int] = mapped_column(server_default=ZERO)
    refused: Mapped[int] = mapped_column(server_default=ZERO)
    last_compared_id: Mapped[UUID | None]

    __table_args__ = (
        UniqueConstraint("operation_id", name="uq_reconciliations_operation_id"),
        Index("ix_reconciliations_division_code_id", "division_code", "id"),
        Index("ix_reconciliations_requested_by", "requested_by", "id"),
    )


class ReconciledOrganization(Base):
    """An organization that the file lists: all others are only here."""

    __tablename__ = "reconciled_organizations"

    reconciliation_id: Mapped[UUID] = mapped_column(
        ForeignKey("reconciliations.id", ondelete="CASCADE"), primary_key=True
    )
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)

    __table_args__ = (Index("ix_reconciled_organizations_organization_id", "organization_id"),)


class ReconciliationDifference(Versioned, Base):
    """One difference. `row` and `row_offset` find the row in the file again; phones are not compared."""

    __tablename__ = "reconciliation_differences"

    reconciliation_id: Mapped[UUID] = mapped_column(ForeignKey("reconciliations.id", ondelete="CASCADE"))
    kind: Mapped[Code]
    state: Mapped[Code]
    row: Mapped[int | None]
    row_offset: Mapped[int | None] = mapped_column(BigInteger)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    credit_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    fact: Mapped[str | None] = mapped_column(Text(collation="C"))
    in_file: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    here: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    settled_by: Mapped[UUID | None]
    settled_by_name: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("kind IN ('only_in_file', 'only_here', 'different')", name="kind"),
        CheckConstraint("state IN ('open', 'accepted', 'explained', 'finding_opened')", name="state"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_at"),
        CheckConstraint("kind <> 'only_here' OR state <> 'accepted'", name="never_deregistered"),
        CheckConstraint("(kind = 'different') = (fact IS NOT NULL)", name="fact"),
        CheckConstraint("(kind = 'only_here') = (row IS NULL)", name="row"),
        Index("ix_reconciliation_differences_kind", "reconciliation_id", "kind", "id"),
        Index("ix_reconciliation_differences_id", "reconciliation_id", "id"),
        Index("ix_reconciliation_differences_organization_id", "organization_id"),
    )
