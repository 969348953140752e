"""Rankings, frozen; supervision rounds, findings and what departments have to do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import APP_ROLE, code, identified

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rankings",
        code("ranked"),
        sa.Column("title", sa.Text(), nullable=False),
        code("division_code"),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        code("authority_role", nullable=True),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=False),
        code("scheme"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        code("sha256"),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *identified(),
        sa.CheckConstraint(
            "(ranked = 'authorities') = (authority_role IS NOT NULL)", name=op.f("ck_rankings_authority_role")
        ),
        sa.CheckConstraint(
            "(ranked = 'bodies') = (party_organization_id IS NOT NULL)", name=op.f("ck_rankings_body")
        ),
        sa.CheckConstraint("jsonb_typeof(content -> 'rows') = 'array'", name=op.f("ck_rankings_content")),
        sa.CheckConstraint(
            "ranked IN ('divisions', 'bodies', 'authorities')", name=op.f("ck_rankings_ranked")
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_rankings_sha256")),
        sa.CheckConstraint("previous_id <> id", name=op.f("ck_rankings_previous")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_rankings_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_rankings_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(["previous_id"], ["rankings.id"], name=op.f("fk_rankings_previous_id")),
        sa.ForeignKeyConstraint(["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_rankings_rule_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankings")),
        sa.UniqueConstraint(
            "ranked",
            "division_code",
            "party_organization_id",
            "authority_role",
            "rule_pack_id",
            "as_of",
            "known_at",
            name="uq_rankings_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_rankings_division_code_id", "rankings", ["division_code", "id"], unique=False)
    op.create_index(
        "ix_rankings_party_organization_id_id", "rankings", ["party_organization_id", "id"], unique=False
    )
    op.create_index("ix_rankings_previous_id", "rankings", ["previous_id"], unique=False)
    op.create_index("ix_rankings_rule_pack_id", "rankings", ["rule_pack_id"], unique=False)
    op.execute(f"REVOKE UPDATE, DELETE ON rankings FROM {APP_ROLE}")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("rankings")
