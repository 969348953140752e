"""Search: the names of organizations as terms. `jiceng reindex` fills it for what was there before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CODES = ("division_code", "kind", "registration_status", "name", "former", "pinyin", "initials")


def upgrade() -> None:
    """Make the table and its indexes.

    Terms that wait to be put into the index are read by every search: few may wait."""
    op.create_table(
        "organization_search",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(collation="C"), nullable=False) for name in CODES),
        sa.Column("terms", postgresql.ARRAY(sa.Text(collation="C")), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_organization_search_organization_id"
        ),
        sa.PrimaryKeyConstraint("organization_id", name="pk_organization_search"),
    )
    op.create_index(
        "ix_organization_search_division_code", "organization_search", ["division_code", "organization_id"]
    )
    op.create_index("ix_organization_search_name", "organization_search", ["name", "organization_id"])
    op.create_index(
        "ix_organization_search_terms",
        "organization_search",
        ["terms"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("organization_search")
