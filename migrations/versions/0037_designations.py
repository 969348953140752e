"""Designations, their yearly re-checks, and the proposals to lower or take one away."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import APP_ROLE, code, versioned

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "designations",
        code("kind"),
        sa.Column("grade", sa.SmallInteger(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        code("level"),
        sa.Column("plaque_year", sa.SmallInteger(), nullable=True),
        sa.Column("plaque_number", sa.Text(), nullable=True),
        sa.Column("batch", sa.SmallInteger(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        code("result_hash", nullable=True),
        code("standard_hash", nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        code("ended_reason", nullable=True),
        *versioned(),
        postgresql.ExcludeConstraint(
            (sa.text("(subject_id::text || ' ' || kind)"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_designations_one",
        ),
        sa.CheckConstraint(
            "(kind IN ('star', 'grade')) = (grade IS NOT NULL)", name=op.f("ck_designations_graded")
        ),
        sa.CheckConstraint(
            "ended_reason IN ('promoted', 'renewed', 'downgraded', 'revoked')",
            name=op.f("ck_designations_ended_reason"),
        ),
        sa.CheckConstraint(
            "kind IN ('demonstration', 'star', 'grade', 'appraisal')", name=op.f("ck_designations_kind")
        ),
        sa.CheckConstraint(
            "level IN ('county', 'prefecture', 'province', 'nation')", name=op.f("ck_designations_level")
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_reason IS NULL)", name=op.f("ck_designations_ended_on")
        ),
        sa.CheckConstraint(
            "(plaque_number IS NULL) = (plaque_year IS NULL)", name=op.f("ck_designations_plaque")
        ),
        sa.CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_designations_valid")),
        sa.CheckConstraint("batch BETWEEN 1 AND 1000", name=op.f("ck_designations_batch")),
        sa.CheckConstraint("ended_on = upper(valid)", name=op.f("ck_designations_ended_valid")),
        sa.CheckConstraint("grade BETWEEN 1 AND 5", name=op.f("ck_designations_grade")),
        sa.CheckConstraint(
            "num_nonnulls(organization_id, party_organization_id) = 1",
            name=op.f("ck_designations_one_subject"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(result_id, round_id, result_hash, standard_hash) IN (0, 4)",
            name=op.f("ck_designations_result"),
        ),
        sa.CheckConstraint("previous_id <> id", name=op.f("ck_designations_previous_id")),
        sa.CheckConstraint(
            "subject_id = COALESCE(organization_id, party_organization_id)",
            name=op.f("ck_designations_subject_id"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_designations_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_designations_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_designations_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_designations_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["designations.id"], name=op.f("fk_designations_previous_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designations")),
        sa.UniqueConstraint("authority_id", "plaque_year", "plaque_number", name="uq_designations_plaque"),
        sa.UniqueConstraint("result_id", name="uq_designations_result_id"),
    )
    op.create_index("ix_designations_division_code_id", "designations", ["division_code", "id"], unique=False)
    op.create_index(
        "ix_designations_kind_grade", "designations", ["kind", "grade", "division_code"], unique=False
    )
    op.create_index("ix_designations_organization_id", "designations", ["organization_id"], unique=False)
    op.create_index(
        "ix_designations_party_organization_id_id",
        "designations",
        ["party_organization_id", "id"],
        unique=False,
    )
    op.create_index("ix_designations_round_id", "designations", ["round_id"], unique=False)
    op.create_table(
        "designation_changes",
        sa.Column("designation_id", sa.Uuid(), nullable=False),
        code("kind"),
        sa.Column("to_grade", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column(
            "proposed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        code("state"),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_note", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(kind = 'downgrade') = (to_grade IS NOT NULL)", name=op.f("ck_designation_changes_to_grade")
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL)", name=op.f("ck_designation_changes_decided_by")
        ),
        sa.CheckConstraint("kind IN ('downgrade', 'revoke')", name=op.f("ck_designation_changes_kind")),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected')", name=op.f("ck_designation_changes_state")
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_designation_changes_decided_at")
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_designation_changes_second_person")),
        sa.CheckConstraint("to_grade BETWEEN 1 AND 5", name=op.f("ck_designation_changes_to_grade_range")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_designation_changes_decided_by")),
        sa.ForeignKeyConstraint(
            ["designation_id"], ["designations.id"], name=op.f("fk_designation_changes_designation_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["users.id"], name=op.f("fk_designation_changes_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation_changes")),
    )
    op.create_index(
        "ix_designation_changes_designation_id", "designation_changes", ["designation_id", "id"], unique=False
    )
    op.create_index(
        "uq_designation_changes_open",
        "designation_changes",
        ["designation_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "designation_checks",
        sa.Column("designation_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        code("outcome"),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint("outcome = 'passed' OR note IS NOT NULL", name=op.f("ck_designation_checks_note")),
        sa.CheckConstraint(
            "outcome IN ('passed', 'rectify', 'failed')", name=op.f("ck_designation_checks_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["designation_id"], ["designations.id"], name=op.f("fk_designation_checks_designation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation_checks")),
        sa.UniqueConstraint("designation_id", "year", name="uq_designation_checks_once"),
    )
    for table in ("designations", "designation_checks", "designation_changes"):
        op.execute(f"REVOKE DELETE ON {table} FROM {APP_ROLE}")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("designation_checks")
    op.drop_table("designation_changes")
    op.drop_table("designations")
