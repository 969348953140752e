"""Warnings about Party organizations; officers who hold Party posts, under row-level security."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import APP_ROLE, code, guard, identified, versioned, within

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "paralysis_warnings",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        code("kind"),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        code("closed_by", nullable=True),
        *identified(),
        sa.CheckConstraint(
            "closed_by IN ('term_renewed', 'secretary_in_post', 'members_came', 'meeting_held', 'organizations_left', 'members_left', 'body_dissolved', 'no_longer_asked')",
            name=op.f("ck_paralysis_warnings_closed_by"),
        ),
        sa.CheckConstraint(
            "kind IN ('term_expired', 'no_secretary', 'too_few_full_members', 'no_meeting', 'oversize_joint_branch', 'oversize_branch')",
            name=op.f("ck_paralysis_warnings_kind"),
        ),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (closed_by IS NULL)", name=op.f("ck_paralysis_warnings_closed")
        ),
        sa.CheckConstraint("since_on <= opened_on", name=op.f("ck_paralysis_warnings_since_on")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_paralysis_warnings_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_paralysis_warnings_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_paralysis_warnings_rule_pack_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paralysis_warnings")),
    )
    op.create_index(
        "ix_paralysis_warnings_division_code", "paralysis_warnings", ["division_code", "since_on", "id"]
    )
    op.create_index(
        "ix_paralysis_warnings_party_organization_id",
        "paralysis_warnings",
        ["party_organization_id", "since_on", "id"],
    )
    op.create_index("ix_paralysis_warnings_since_on", "paralysis_warnings", ["since_on", "id"])
    op.create_index(
        "uq_paralysis_warnings_open",
        "paralysis_warnings",
        ["party_organization_id", "kind"],
        unique=True,
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "cross_appointments",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name_blind", sa.LargeBinary(), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=False),
        code("state"),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_on IS NULL) AND (decided_on IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_cross_appointments_decided"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'rejected')", name=op.f("ck_cross_appointments_state")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_cross_appointments_decided_by")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_cross_appointments_division_code")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_cross_appointments_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_cross_appointments_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_cross_appointments_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cross_appointments")),
        sa.UniqueConstraint(
            "party_organization_id", "organization_id", "member_id", name="uq_cross_appointments_once"
        ),
    )
    op.create_index("ix_cross_appointments_division_code_id", "cross_appointments", ["division_code", "id"])
    op.create_index("ix_cross_appointments_member_id", "cross_appointments", ["member_id"])
    op.create_index("ix_cross_appointments_organization_id", "cross_appointments", ["organization_id"])
    op.create_index(
        "uq_cross_appointments_one_person",
        "cross_appointments",
        ["party_organization_id", "organization_id", "name_blind"],
        unique=True,
        postgresql_where=sa.text("state = 'confirmed'"),
    )
    op.create_table(
        "cross_appointment_periods",
        sa.Column("cross_appointment_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        code("role"),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("is_principal", sa.Boolean(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        *identified(),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_cross_appointment_periods_valid")),
        sa.ForeignKeyConstraint(
            ["cross_appointment_id"],
            ["cross_appointments.id"],
            name=op.f("fk_cross_appointment_periods_cross_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_cross_appointment_periods_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_cross_appointment_periods_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_cross_appointment_periods_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["party_posts.id"], name=op.f("fk_cross_appointment_periods_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cross_appointment_periods")),
    )
    op.create_index(
        "ix_cross_appointment_periods_cross_appointment_id",
        "cross_appointment_periods",
        ["cross_appointment_id"],
    )
    op.create_index(
        "ix_cross_appointment_periods_organization_id", "cross_appointment_periods", ["organization_id"]
    )
    op.create_index("ix_cross_appointment_periods_post_id", "cross_appointment_periods", ["post_id"])
    guard("cross_appointments", within("division_code", "party_organization_id"))
    guard("cross_appointment_periods", within("division_code", "party_organization_id"))
    # Worked out anew, so replaced: the one table of people of which rows go.
    op.execute(f"GRANT DELETE ON cross_appointment_periods TO {APP_ROLE}")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("cross_appointment_periods")
    op.drop_table("cross_appointments")
    op.drop_table("paralysis_warnings")
