"""Divisions: names, parents and successors by day, and the dated closure."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CODE = sa.Text(collation="C")
VALID = postgresql.DATERANGE()
NOT_EMPTY = "NOT isempty(valid)"
TABLES = ("division_closure", "division_successors", "division_parents", "division_names", "divisions")
SAME_CODE = sa.text("hashtextextended(code, 0)")


def upgrade() -> None:
    """Make the tables. The API role may analyze them: it fills them in bulk and plans on them at once."""
    op.create_table(
        "divisions",
        sa.Column("code", CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("level", CODE, nullable=False),
        sa.Column("parent_code", CODE, nullable=True),
        sa.Column("valid", VALID, nullable=False),
        sa.Column("dates_exact", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_divisions"),
        sa.ForeignKeyConstraint(["parent_code"], ["divisions.code"], name="fk_divisions_parent_code"),
        sa.CheckConstraint("code ~ '^[0-9A-Z]{6}([0-9A-Z]{3}){0,2}$'", name="code"),
        sa.CheckConstraint(
            "level IN ('nation','province','prefecture','county','township','community','zone')",
            name="level",
        ),
        sa.CheckConstraint(NOT_EMPTY, name="valid"),
        sa.CheckConstraint("(parent_code IS NULL) = (level = 'nation')", name="parent"),
    )
    op.create_index("ix_divisions_parent_code", "divisions", ["parent_code", "code"])
    op.create_index("ix_divisions_level", "divisions", ["level", "code"])
    op.create_table(
        "division_names",
        sa.Column("code", CODE, nullable=False),
        sa.Column("valid", VALID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", "valid", name="pk_division_names"),
        sa.ForeignKeyConstraint(["code"], ["divisions.code"], name="fk_division_names_code"),
        sa.CheckConstraint(NOT_EMPTY, name="valid"),
        postgresql.ExcludeConstraint((SAME_CODE, "="), ("valid", "&&"), name="ex_division_names_code_valid"),
    )
    op.create_table(
        "division_parents",
        sa.Column("code", CODE, nullable=False),
        sa.Column("valid", VALID, nullable=False),
        sa.Column("parent_code", CODE, nullable=False),
        sa.Column("resting", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", "valid", name="pk_division_parents"),
        sa.ForeignKeyConstraint(["code"], ["divisions.code"], name="fk_division_parents_code"),
        sa.ForeignKeyConstraint(["parent_code"], ["divisions.code"], name="fk_division_parents_parent_code"),
        sa.CheckConstraint(NOT_EMPTY, name="valid"),
        sa.CheckConstraint("code <> parent_code", name="parent"),
        postgresql.ExcludeConstraint(
            (SAME_CODE, "="), ("valid", "&&"), name="ex_division_parents_code_valid"
        ),
    )
    op.create_index("ix_division_parents_parent_code", "division_parents", ["parent_code", "code"])
    op.create_table(
        "division_successors",
        sa.Column("code", CODE, nullable=False),
        sa.Column("successor_code", CODE, nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", "successor_code", "effective_on", name="pk_division_successors"),
        sa.ForeignKeyConstraint(["code"], ["divisions.code"], name="fk_division_successors_code"),
        sa.ForeignKeyConstraint(
            ["successor_code"], ["divisions.code"], name="fk_division_successors_successor_code"
        ),
        sa.CheckConstraint(
            "kind IN ('recoded','renamed','upgraded','merged','split','abolished')",
            name="kind",
        ),
        sa.CheckConstraint("code <> successor_code", name="successor"),
    )
    op.create_index("ix_division_successors_successor_code", "division_successors", ["successor_code"])
    op.create_table(
        "division_closure",
        sa.Column("ancestor_code", CODE, nullable=False),
        sa.Column("descendant_code", CODE, nullable=False),
        sa.Column("valid", VALID, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ancestor_code", "descendant_code", "valid", name="pk_division_closure"),
        sa.CheckConstraint(NOT_EMPTY, name="valid"),
        sa.CheckConstraint("depth >= 0", name="depth"),
        postgresql.ExcludeConstraint(
            (sa.text("hashtextextended(descendant_code, 0)"), "="),
            ("valid", "&&"),
            where=sa.text("ancestor_code = descendant_code"),
            name="ex_division_closure_ring",
        ),
    )
    op.create_index("ix_division_closure_descendant_code", "division_closure", ["descendant_code", "depth"])
    op.execute(f"GRANT MAINTAIN ON {', '.join(TABLES)} TO jiceng_app")


def downgrade() -> None:
    """Drop them."""
    for table in TABLES:
        op.drop_table(table)
