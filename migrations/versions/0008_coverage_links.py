"""What covers an organization, and why nothing does: both bitemporal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "party_organization_covers",
        sa.Column("cover_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("formation", sa.Text(collation="C"), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("ended_reason", sa.Text(collation="C"), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("(uuid_send(party_organization_id) || uuid_send(organization_id))"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_party_organization_covers_twice",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("party_organization_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("formation = 'single' AND upper_inf(recorded)"),
            using="gist",
            name="ex_party_organization_covers_single",
        ),
        sa.CheckConstraint(
            "NOT isempty(recorded) AND NOT lower_inf(recorded)",
            name=op.f("ck_party_organization_covers_recorded"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_party_organization_covers_valid")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_party_organization_covers_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_organization_covers_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_organization_covers")),
    )
    op.create_index(
        "ix_party_organization_covers_organization_id",
        "party_organization_covers",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        "ix_party_organization_covers_party_organization_id",
        "party_organization_covers",
        ["party_organization_id", "cover_id"],
        unique=False,
    )
    op.create_index(
        "uq_party_organization_covers_cover_id",
        "party_organization_covers",
        ["cover_id", "version"],
        unique=True,
    )
    op.create_index(
        "uq_party_organization_covers_known",
        "party_organization_covers",
        ["cover_id"],
        unique=True,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "no_party_organization_reasons",
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(collation="C"), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organization_id"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_no_party_organization_reasons_one",
        ),
        sa.CheckConstraint(
            "reason <> 'other' OR note IS NOT NULL", name=op.f("ck_no_party_organization_reasons_note")
        ),
        sa.CheckConstraint(
            "reason IN ('no_full_members', 'fewer_than_three_full_members', 'newly_registered', 'relations_elsewhere', 'dormant', 'being_dissolved', 'other')",
            name=op.f("ck_no_party_organization_reasons_reason"),
        ),
        sa.CheckConstraint(
            "NOT isempty(recorded) AND NOT lower_inf(recorded)",
            name=op.f("ck_no_party_organization_reasons_recorded"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)",
            name=op.f("ck_no_party_organization_reasons_valid"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_no_party_organization_reasons_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_party_organization_reasons")),
    )
    op.create_index(
        "ix_no_party_organization_reasons_until",
        "no_party_organization_reasons",
        [sa.literal_column("upper(valid)"), "reason_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "uq_no_party_organization_reasons_reason_id",
        "no_party_organization_reasons",
        ["reason_id", "version"],
        unique=True,
    )
    op.create_index(
        "ix_organization_facts_counted",
        "organization_facts",
        ["organization_id", "fact", "key", "effective_on"],
        postgresql_where=sa.text(
            "fact IN ('full_member_count', 'full_time_full_member_count', 'member_count', 'party_member_count', 'credit_code', 'identifier', 'charter_clause')"
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_organization_facts_counted", "organization_facts")
    op.drop_table("no_party_organization_reasons")
    op.drop_table("party_organization_covers")
