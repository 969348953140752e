"""Party organizations: bodies, their dated tree with its closure, and the functions they have."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "party_organizations",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("formation", sa.Text(collation="C"), nullable=True),
        sa.Column("level", sa.Text(collation="C"), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("industry", sa.Text(collation="C"), nullable=True),
        sa.Column("approval_document", sa.Text(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.Column("dissolved_reason", sa.Text(), nullable=True),
        sa.Column("counts_as_primary", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'dissolved') = (dissolved_on IS NOT NULL)",
            name=op.f("ck_party_organizations_dissolved_on"),
        ),
        sa.CheckConstraint(
            "counts_as_primary = (kind IN ('committee', 'general_branch', 'branch'))",
            name=op.f("ck_party_organizations_counts_as_primary"),
        ),
        sa.CheckConstraint(
            "formation IN ('single', 'joint', 'regional', 'attached', 'industry', 'functional', 'temporary', 'floating')",
            name=op.f("ck_party_organizations_formation"),
        ),
        sa.CheckConstraint(
            "kind IN ('working_committee', 'committee', 'general_branch', 'branch', 'group', 'work_team', 'discipline_committee')",
            name=op.f("ck_party_organizations_kind"),
        ),
        sa.CheckConstraint(
            "level IN ('nation', 'province', 'prefecture', 'county', 'township', 'community', 'zone')",
            name=op.f("ck_party_organizations_level"),
        ),
        sa.CheckConstraint("status IN ('active', 'dissolved')", name=op.f("ck_party_organizations_status")),
        sa.CheckConstraint("dissolved_on > founded_on", name=op.f("ck_party_organizations_lifetime")),
        sa.CheckConstraint(
            "formation IS NOT NULL OR NOT counts_as_primary",
            name=op.f("ck_party_organizations_primary_formation"),
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_party_organizations_parent_id")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_party_organizations_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["party_organizations.id"], name=op.f("fk_party_organizations_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_organizations")),
    )
    op.create_index(
        "ix_party_organizations_division_code_id",
        "party_organizations",
        ["division_code", "id"],
        unique=False,
    )
    op.create_index("ix_party_organizations_parent_id", "party_organizations", ["parent_id"], unique=False)
    op.create_table(
        "party_organization_tree_guard",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_party_organization_tree_guard_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_organization_tree_guard")),
    )
    op.create_table(
        "party_organization_parents",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("party_organization_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_party_organization_parents_one",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_party_organization_parents_valid")
        ),
        sa.CheckConstraint(
            "parent_id <> party_organization_id", name=op.f("ck_party_organization_parents_not_itself")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["party_organizations.id"], name=op.f("fk_party_organization_parents_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_organization_parents_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_organization_parents")),
    )
    op.create_index(
        "ix_party_organization_parents_parent_id", "party_organization_parents", ["parent_id"], unique=False
    )
    op.create_table(
        "party_organization_closure",
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("(uuid_send(ancestor_id) || uuid_send(descendant_id))"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_party_organization_closure_one",
        ),
        sa.CheckConstraint(
            "(depth = 0) = (ancestor_id = descendant_id)", name=op.f("ck_party_organization_closure_depth")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_party_organization_closure_valid")
        ),
        sa.ForeignKeyConstraint(
            ["ancestor_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_organization_closure_ancestor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["descendant_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_organization_closure_descendant_id"),
        ),
        sa.PrimaryKeyConstraint(
            "ancestor_id", "descendant_id", "valid", name=op.f("pk_party_organization_closure")
        ),
    )
    op.create_index(
        "ix_party_organization_closure_descendant_id",
        "party_organization_closure",
        ["descendant_id", "ancestor_id"],
        unique=False,
    )
    op.create_table(
        "party_organization_functions",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("function", sa.Text(collation="C"), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("industry", sa.Text(collation="C"), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("function"), "="),
            (sa.column("division_code"), "="),
            (sa.text("coalesce(industry, '')"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_party_organization_functions_one",
        ),
        sa.CheckConstraint(
            "(function = 'industry_committee') = (industry IS NOT NULL)",
            name=op.f("ck_party_organization_functions_industry"),
        ),
        sa.CheckConstraint(
            "function IN ('comprehensive_committee', 'industry_committee', 'local_committee', 'leading_committee')",
            name=op.f("ck_party_organization_functions_function"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_party_organization_functions_valid")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_party_organization_functions_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_organization_functions_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_organization_functions")),
    )
    op.create_index(
        "ix_party_organization_functions_party_organization_id",
        "party_organization_functions",
        ["party_organization_id", "id"],
        unique=False,
    )
    op.execute("INSERT INTO party_organization_tree_guard (id) VALUES (1)")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("party_organization_functions")
    op.drop_table("party_organization_closure")
    op.drop_table("party_organization_parents")
    op.drop_table("party_organization_tree_guard")
    op.drop_table("party_organizations")
