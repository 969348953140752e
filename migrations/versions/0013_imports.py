"""Imports and reconciliations: files held against the ledger, and what became of each row."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOW, ZERO = sa.text("now()"), sa.text("0")
IMPORT_CHECKS = {
    "kind": "kind IN ('organizations')",
    "registration_mode": "registration_mode IN ('direct', 'dual', 'filed')",
    "unknown_authorities": "unknown_authorities IN ('refuse', 'leave_out')",
    "rows": "rows = new + changed + unchanged + refused",
}
DIFFERENCE_CHECKS = {
    "kind": "kind IN ('only_in_file', 'only_here', 'different')",
    "state": "state IN ('open', 'accepted', 'explained', 'finding_opened')",
    "settled_at": "(state = 'open') = (settled_at IS NULL)",
    "never_deregistered": "kind <> 'only_here' OR state <> 'accepted'",
    "fact": "(kind = 'different') = (fact IS NOT NULL)",
    "row": "(kind = 'only_here') = (row IS NULL)",
}


def _code(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), nullable=nullable)


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _reading() -> list[sa.Column[object]]:
    return [
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid()),
        sa.Column("table_id", sa.Uuid()),
        sa.Column("file_name", sa.Text(), nullable=False),
        _code("division_code"),
        sa.Column("layout", pg.JSONB(), nullable=False),
        sa.Column("next_row", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("rows", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_by_name", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
    ]


def _foreign(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _read_from(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        _foreign(table, "operation_id", "operations.id"),
        _foreign(table, "file_id", "files.id", "SET NULL"),
        _foreign(table, "table_id", "files.id", "SET NULL"),
        _foreign(table, "division_code", "divisions.code"),
    ]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "imports",
        *_reading(),
        _code("kind"),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        _code("registration_mode", nullable=True),
        _code("unknown_authorities"),
        sa.Column("errors_id", sa.Uuid()),
        *(
            sa.Column(name, sa.Integer(), server_default=ZERO, nullable=False)
            for name in ("new", "changed", "unchanged", "refused")
        ),
        *_versioned(),
        *_read_from("imports"),
        _foreign("imports", "errors_id", "files.id", "SET NULL"),
        *(sa.CheckConstraint(sql, name=op.f(f"ck_imports_{name}")) for name, sql in IMPORT_CHECKS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("operation_id", name="uq_imports_operation_id"),
    )
    op.create_index("ix_imports_division_code_id", "imports", ["division_code", "id"])
    op.create_index("ix_imports_requested_by", "imports", ["requested_by", "id"])
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _code("outcome"),
        sa.Column("name", sa.Text()),
        _code("credit_code", nullable=True),
        sa.Column("organization_id", sa.Uuid()),
        sa.Column("changed", pg.JSONB(), nullable=False),
        sa.Column("reasons", pg.JSONB(), nullable=False),
        _foreign("import_rows", "import_id", "imports.id", "CASCADE"),
        _foreign("import_rows", "organization_id", "organizations.id"),
        sa.CheckConstraint(
            "outcome IN ('new', 'changed', 'unchanged', 'refused')", name=op.f("ck_import_rows_outcome")
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_outcome", "import_rows", ["import_id", "outcome", "number"])
    op.create_index("ix_import_rows_credit_code", "import_rows", ["import_id", "credit_code"])
    op.create_index("ix_import_rows_organization_id", "import_rows", ["organization_id"])
    _reconciliations()


def _reconciliations() -> None:
    op.create_table(
        "reconciliations",
        *_reading(),
        sa.Column("registration_authority_id", sa.Uuid()),
        sa.Column("matched", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("refused", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("last_compared_id", sa.Uuid()),
        *_versioned(),
        *_read_from("reconciliations"),
        _foreign("reconciliations", "registration_authority_id", "authorities.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
        sa.UniqueConstraint("operation_id", name="uq_reconciliations_operation_id"),
    )
    op.create_index("ix_reconciliations_division_code_id", "reconciliations", ["division_code", "id"])
    op.create_index("ix_reconciliations_requested_by", "reconciliations", ["requested_by", "id"])
    op.create_table(
        "reconciled_organizations",
        sa.Column("reconciliation_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        _foreign("reconciled_organizations", "reconciliation_id", "reconciliations.id", "CASCADE"),
        _foreign("reconciled_organizations", "organization_id", "organizations.id"),
        sa.PrimaryKeyConstraint(
            "reconciliation_id", "organization_id", name=op.f("pk_reconciled_organizations")
        ),
    )
    op.create_index(
        "ix_reconciled_organizations_organization_id", "reconciled_organizations", ["organization_id"]
    )
    name = "reconciliation_differences"
    op.create_table(
        name,
        sa.Column("reconciliation_id", sa.Uuid(), nullable=False),
        _code("kind"),
        _code("state"),
        sa.Column("row", sa.Integer()),
        sa.Column("row_offset", sa.BigInteger()),
        sa.Column("organization_id", sa.Uuid()),
        sa.Column("name", sa.Text(), nullable=False),
        _code("credit_code", nullable=True),
        _code("fact", nullable=True),
        sa.Column("in_file", pg.JSONB()),
        sa.Column("here", pg.JSONB()),
        sa.Column("settled_by", sa.Uuid()),
        sa.Column("settled_by_name", sa.Text()),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text()),
        *_versioned(),
        _foreign(name, "reconciliation_id", "reconciliations.id", "CASCADE"),
        _foreign(name, "organization_id", "organizations.id"),
        *(sa.CheckConstraint(sql, name=op.f(f"ck_{name}_{n}")) for n, sql in DIFFERENCE_CHECKS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_kind", name, ["reconciliation_id", "kind", "id"])
    op.create_index(f"ix_{name}_id", name, ["reconciliation_id", "id"])
    op.create_index(f"ix_{name}_organization_id", name, ["organization_id"])


def downgrade() -> None:
    """Drop them."""
    for table in (
        "reconciliation_differences",
        "reconciled_organizations",
        "reconciliations",
        "import_rows",
        "imports",
    ):
        op.drop_table(table)
