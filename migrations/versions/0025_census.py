"""Census rounds and their lines; row-level security on the lines."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import code, guard, versioned, within

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "census_rounds",
        sa.Column("name", sa.Text(), nullable=False),
        code("division_code"),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        code("state"),
        sa.Column("roll_count", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_document", sa.Text(), nullable=True),
        sa.Column("report", postgresql.JSONB(), nullable=True),
        *versioned(),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_census_rounds_state")),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL) AND (closed_on IS NULL) = (report IS NULL) AND (closed_on IS NULL) = (closed_document IS NULL)",
            name=op.f("ck_census_rounds_closed"),
        ),
        sa.CheckConstraint("roll_count >= 0", name=op.f("ck_census_rounds_roll_count")),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name="fk_census_rounds_division_code"),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name="fk_census_rounds_party_organization_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_census_rounds"),
    )
    op.create_index("ix_census_rounds_division_code", "census_rounds", ["division_code", "id"])
    op.create_index("ix_census_rounds_party_organization_id", "census_rounds", ["party_organization_id"])
    op.create_table(
        "census_lines",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("name_mask", sa.Text(), nullable=False),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_blind", sa.LargeBinary(), nullable=True),
        code("status", nullable=True),
        code("verdict", nullable=True),
        sa.Column("verdict_on", sa.Date(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "verdict IN ('confirmed', 'moved', 'contact_lost', 'pocket', 'duplicate', 'deceased', 'not_in_ledger')",
            name=op.f("ck_census_lines_verdict"),
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (verdict_on IS NULL)", name=op.f("ck_census_lines_verdict_on")
        ),
        sa.CheckConstraint(
            "(member_id IS NULL) = (name_cipher IS NOT NULL) AND (member_id IS NULL) = (status IS NULL) AND (member_id IS NULL) = (verdict IS NOT DISTINCT FROM 'not_in_ledger') AND (id_number_cipher IS NULL) = (id_number_blind IS NULL) AND (id_number_cipher IS NULL OR member_id IS NULL)",
            name=op.f("ck_census_lines_find"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["census_rounds.id"], name="fk_census_lines_round_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_census_lines_member_id"),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name="fk_census_lines_party_organization_id",
        ),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name="fk_census_lines_division_code"),
        sa.PrimaryKeyConstraint("id", name="pk_census_lines"),
    )
    op.create_index(
        "uq_census_lines_member",
        "census_lines",
        ["round_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("member_id IS NOT NULL"),
    )
    op.create_index(
        "uq_census_lines_find",
        "census_lines",
        ["round_id", "id_number_blind"],
        unique=True,
        postgresql_where=sa.text("id_number_blind IS NOT NULL"),
    )
    op.create_index("ix_census_lines_round_id", "census_lines", ["round_id", "id"])
    op.create_index("ix_census_lines_member_id", "census_lines", ["member_id"])
    op.create_index("ix_census_lines_party_organization_id", "census_lines", ["party_organization_id"])
    guard("census_lines", within("division_code", "party_organization_id"))


def downgrade() -> None:
    """Drop them."""
    op.drop_table("census_lines")
    op.drop_table("census_rounds")
