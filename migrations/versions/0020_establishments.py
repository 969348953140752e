"""Party organizations: what they were before, and a kind more; how they are established and reorganized."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import code, identified

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = (
    "'working_committee', 'committee', 'general_branch', 'branch', 'group', 'work_team',"
    " 'discipline_committee'"
)


def _kinds(more: str = "") -> None:
    name = op.f("ck_party_organizations_kind")
    op.drop_constraint(name, "party_organizations", type_="check")
    op.create_check_constraint(name, "party_organizations", f"kind IN ({KINDS}{more})")


def upgrade() -> None:
    """Make the tables."""
    _kinds(", 'leading_group'")
    op.create_table(
        "party_organization_former_kinds",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("kind"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ended_by_document", sa.Text(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        *identified(),
        sa.CheckConstraint(
            f"kind IN ({KINDS}, 'leading_group')", name=op.f("ck_party_organization_former_kinds_kind")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)",
            name=op.f("ck_party_organization_former_kinds_valid"),
        ),
        postgresql.ExcludeConstraint(
            (sa.column("party_organization_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_party_organization_former_kinds_one",
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_organization_former_kinds_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_organization_former_kinds")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("party_organization_former_kinds")
    _kinds()
