"""Authorities and their dated roles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "authorities",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(collation="C"), nullable=False),
        sa.Column("abolished_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'abolished') = (abolished_on IS NOT NULL)", name=op.f("ck_authorities_abolished_on")
        ),
        sa.CheckConstraint("status IN ('active', 'abolished')", name=op.f("ck_authorities_status")),
        sa.CheckConstraint(
            "successor_id IS NULL OR status = 'abolished'", name=op.f("ck_authorities_successor_id")
        ),
        sa.CheckConstraint("successor_id <> id", name=op.f("ck_authorities_successor_not_itself")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_authorities_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_authorities_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["authorities.id"], name=op.f("fk_authorities_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorities")),
    )
    op.create_index("ix_authorities_division_code_id", "authorities", ["division_code", "id"], unique=False)
    op.create_index(
        "ix_authorities_party_organization_id", "authorities", ["party_organization_id"], unique=False
    )
    op.create_index(
        "uq_authorities_name",
        "authorities",
        ["division_code", "name"],
        unique=True,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "authority_roles",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(collation="C"), nullable=False),
        sa.Column("industry", sa.Text(collation="C"), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("authority_id"), "="),
            (sa.column("role"), "="),
            (sa.text("coalesce(industry, '')"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_authority_roles_twice",
        ),
        sa.CheckConstraint(
            "(role = 'industry_authority') = (industry IS NOT NULL)", name=op.f("ck_authority_roles_industry")
        ),
        sa.CheckConstraint(
            "role IN ('registration_authority', 'supervisory_unit', 'industry_authority', 'civil_affairs', 'approval_bureau', 'justice_bureau', 'social_work_department', 'new_sector_committee', 'organization_department')",
            name=op.f("ck_authority_roles_role"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_authority_roles_valid")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_authority_roles_authority_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_roles")),
    )
    op.create_index("ix_authority_roles_role", "authority_roles", ["role", "authority_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("authority_roles")
    op.drop_table("authorities")
