"""Responsibility: who answers for each organization, bitemporal, and the latest determination."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _code(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), nullable=nullable)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "responsibilities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        _code("relation"),
        _code("rule_code", nullable=True),
        sa.Column("rule_title", pg.JSONB(none_as_null=True)),
        sa.Column("rule_source", sa.Text()),
        sa.Column("rule_pack_id", sa.Uuid()),
        sa.Column("tried", pg.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("valid", pg.DATERANGE(), nullable=False),
        sa.Column(
            "recorded",
            pg.TSTZRANGE(),
            server_default=sa.text("tstzrange(clock_timestamp(), NULL)"),
            nullable=False,
        ),
        sa.Column("override", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("override_reason", sa.Text()),
        sa.Column("override_until", sa.Date()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibilities")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_responsibilities_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_responsibilities_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_responsibilities_rule_pack_id")
        ),
        sa.CheckConstraint(
            "relation IN ('lead', 'joint', 'guidance')", name=op.f("ck_responsibilities_relation")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_responsibilities_valid")
        ),
        sa.CheckConstraint(
            "NOT isempty(recorded) AND NOT lower_inf(recorded)", name=op.f("ck_responsibilities_recorded")
        ),
        sa.CheckConstraint(
            "CASE WHEN override THEN relation = 'lead' AND rule_code IS NULL AND override_reason IS NOT NULL"
            " AND override_until IS NOT NULL AND upper(valid) <= override_until"
            " ELSE rule_code IS NOT NULL AND rule_source IS NOT NULL AND override_reason IS NULL"
            " AND override_until IS NULL END",
            name=op.f("ck_responsibilities_ground"),
        ),
        pg.ExcludeConstraint(
            (sa.column("organization_id"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            where=sa.text("relation = 'lead'"),
            name="ex_responsibilities_lead",
            using="gist",
        ),
        pg.ExcludeConstraint(
            (sa.column("organization_id"), "="),
            (sa.column("party_organization_id"), "="),
            (sa.column("relation"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            name="ex_responsibilities_body",
            using="gist",
        ),
    )
    op.create_index(
        "ix_responsibilities_organization_id",
        "responsibilities",
        ["organization_id"],
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_responsibilities_party_organization_id",
        "responsibilities",
        ["party_organization_id", "organization_id"],
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_responsibilities_override_until",
        "responsibilities",
        ["override_until"],
        postgresql_where=sa.text("override AND upper_inf(recorded)"),
    )
    op.create_table(
        "responsibility_determinations",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        _code("outcome"),
        _code("rule_code", nullable=True),
        sa.Column("rule_title", pg.JSONB(none_as_null=True)),
        sa.Column("rule_source", sa.Text()),
        sa.Column("rule_pack_id", sa.Uuid()),
        sa.Column("tried", pg.JSONB(), nullable=False),
        sa.Column("facts", pg.JSONB(), nullable=False),
        sa.Column("determined_on", sa.Date(), nullable=False),
        sa.Column("determined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_responsibility_determinations")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_responsibility_determinations_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_responsibility_determinations_rule_pack_id")
        ),
        sa.CheckConstraint(
            "outcome IN ('assigned', 'missing')", name=op.f("ck_responsibility_determinations_outcome")
        ),
        sa.CheckConstraint(
            "(outcome = 'assigned') = (rule_code IS NOT NULL)",
            name=op.f("ck_responsibility_determinations_rule_code"),
        ),
    )
    op.create_index(
        "ix_responsibility_determinations_missing",
        "responsibility_determinations",
        ["organization_id"],
        postgresql_where=sa.text("outcome = 'missing'"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("responsibility_determinations")
    op.drop_table("responsibilities")
