"""Reference data (calendar, dictionaries, rule packs) and operations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CODE = sa.Text(collation="C")


def _revised() -> list[sa.Column]:
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    ]


def upgrade() -> None:
    """Make the tables; the API role may update and delete only drafts of rule packs."""
    op.create_table(
        "data_versions",
        sa.Column("name", CODE, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_data_versions"),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_revised(),
        sa.PrimaryKeyConstraint("year", name="pk_calendar_years"),
        sa.CheckConstraint("year BETWEEN 1949 AND 2199", name="year"),
    )
    op.create_table(
        "working_day_overrides",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_working_day_overrides"),
        sa.ForeignKeyConstraint(["year"], ["calendar_years.year"], name="fk_working_day_overrides_year"),
        sa.CheckConstraint("year = extract(year from day)", name="year"),
    )
    op.create_index("ix_working_day_overrides_year", "working_day_overrides", ["year", "day"])
    op.create_table(
        "dictionaries",
        sa.Column("code", CODE, nullable=False),
        sa.Column("label_zh", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("growing", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_revised(),
        sa.PrimaryKeyConstraint("code", name="pk_dictionaries"),
    )
    op.create_table(
        "dictionary_items",
        sa.Column("dictionary_code", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("label_zh", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deprecated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("edited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("dictionary_code", "code", name="pk_dictionary_items"),
        sa.ForeignKeyConstraint(
            ["dictionary_code"], ["dictionaries.code"], name="fk_dictionary_items_dictionary_code"
        ),
    )
    op.create_table(
        "rule_packs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("version", CODE, nullable=False),
        sa.Column("jurisdiction_code", CODE, nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_revised(),
        sa.PrimaryKeyConstraint("id", name="pk_rule_packs"),
        sa.UniqueConstraint("kind", "code", "version", name="uq_rule_packs_kind_code_version"),
        sa.CheckConstraint("state IN ('draft','published')", name="state"),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at"),
        sa.CheckConstraint("published_by <> created_by", name="second_person"),
        sa.CheckConstraint("jsonb_typeof(content) = 'object'", name="content"),
    )
    op.create_index("ix_rule_packs_kind_state", "rule_packs", ["kind", "state", "effective_on"])
    op.execute("ALTER TABLE rule_packs ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY anyone_reads ON rule_packs FOR SELECT USING (true)")
    op.execute("CREATE POLICY drafts_begin ON rule_packs FOR INSERT WITH CHECK (true)")
    op.execute(
        "CREATE POLICY drafts_change ON rule_packs FOR UPDATE USING (state = 'draft') WITH CHECK (true)"
    )
    op.execute("CREATE POLICY drafts_end ON rule_packs FOR DELETE USING (state = 'draft')")
    op.create_table(
        "operations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("state", CODE, server_default=sa.text("'queued'"), nullable=False),
        sa.Column("division_code", CODE, nullable=True),
        sa.Column("parameters", postgresql.JSONB(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("errors", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("report", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_by_name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_revised(),
        sa.PrimaryKeyConstraint("id", name="pk_operations"),
        sa.CheckConstraint("state IN ('queued','running','succeeded','failed','cancelled')", name="state"),
        sa.CheckConstraint("done >= 0 AND failed >= 0", name="progress"),
        sa.CheckConstraint(
            "(state IN ('succeeded','failed','cancelled')) = (finished_at IS NOT NULL)",
            name="finished_at",
        ),
    )
    op.create_index("ix_operations_requested_by", "operations", ["requested_by", "id"])
    op.create_index("ix_operations_division_code", "operations", ["division_code", "id"])
    op.create_index(
        "ix_operations_waiting", "operations", ["id"], postgresql_where=sa.text("state = 'queued'")
    )


def downgrade() -> None:
    """Drop them."""
    for table in (
        "operations",
        "rule_packs",
        "dictionary_items",
        "dictionaries",
        "working_day_overrides",
        "calendar_years",
        "data_versions",
    ):
        op.drop_table(table)
