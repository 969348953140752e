"""Organization life: meetings with attendance, appraisals with grades; row-level security on what names
members."""

import sqlalchemy as sa
from alembic import op

from app.core.migrating import code, guard, versioned, within

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def _placed(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name=f"fk_{table}_division_code"),
        sa.ForeignKeyConstraint(
            ["party_organization_id"], ["party_organizations.id"], name=f"fk_{table}_party_organization_id"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "meetings",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        code("kind"),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("minutes_document", sa.Text(), nullable=True),
        sa.Column("hours", sa.Numeric(4, 1), nullable=True),
        code("state"),
        sa.Column("cancelled_reason", sa.Text(), nullable=True),
        sa.Column("due_count", sa.Integer(), nullable=False),
        sa.Column("present_count", sa.Integer(), nullable=False),
        sa.Column("participant_count", sa.Integer(), nullable=False),
        *versioned(),
        sa.CheckConstraint(
            "kind IN ('members_meeting', 'committee_meeting', 'group_meeting', 'party_class', 'theme_day', 'organization_life_meeting', 'appraisal_meeting', 'talk', 'party_check_up', 'training', 'other')",
            name=op.f("ck_meetings_kind"),
        ),
        sa.CheckConstraint("state IN ('held', 'cancelled')", name=op.f("ck_meetings_state")),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_reason IS NOT NULL)", name=op.f("ck_meetings_cancelled")
        ),
        sa.CheckConstraint("hours > 0 AND hours <= 80", name=op.f("ck_meetings_hours")),
        sa.CheckConstraint(
            "due_count >= 0 AND participant_count >= 0 AND present_count BETWEEN 0 AND due_count",
            name=op.f("ck_meetings_counts"),
        ),
        *_placed("meetings"),
    )
    op.create_index(
        "ix_meetings_party_organization_id", "meetings", ["party_organization_id", "kind", "held_on"]
    )
    op.create_index("ix_meetings_division_code", "meetings", ["division_code", "held_on", "id"])
    op.create_table(
        "meeting_attendances",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        code("basis"),
        code("state"),
        code("reason", nullable=True),
        sa.Column("chair", sa.Boolean(), nullable=False),
        *versioned(),
        sa.UniqueConstraint("meeting_id", "member_id", name="uq_meeting_attendances_member"),
        sa.CheckConstraint(
            "basis IN ('due', 'secondary', 'floating')", name=op.f("ck_meeting_attendances_basis")
        ),
        sa.CheckConstraint(
            "state IN ('present', 'leave', 'absent')", name=op.f("ck_meeting_attendances_state")
        ),
        sa.CheckConstraint(
            "reason IN ('illness', 'work', 'away', 'other')", name=op.f("ck_meeting_attendances_reason")
        ),
        sa.CheckConstraint(
            "(state = 'leave') = (reason IS NOT NULL)", name=op.f("ck_meeting_attendances_leave")
        ),
        sa.CheckConstraint("NOT chair OR state = 'present'", name=op.f("ck_meeting_attendances_chair")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_meeting_attendances_meeting_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_meeting_attendances_member_id"),
        *_placed("meeting_attendances"),
    )
    op.create_index(
        "uq_meeting_attendances_chair",
        "meeting_attendances",
        ["meeting_id"],
        unique=True,
        postgresql_where=sa.text("chair"),
    )
    op.create_index("ix_meeting_attendances_member_id", "meeting_attendances", ["member_id", "meeting_id"])
    op.create_table(
        "appraisals",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        code("state"),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("due_count", sa.Integer(), nullable=False),
        *versioned(),
        sa.UniqueConstraint("party_organization_id", "year", name="uq_appraisals_year"),
        sa.CheckConstraint(
            "state IN ('self_review', 'mutual_review', 'member_test', 'verdict', 'closed')",
            name=op.f("ck_appraisals_state"),
        ),
        sa.CheckConstraint("(state = 'closed') = (document IS NOT NULL)", name=op.f("ck_appraisals_closed")),
        sa.CheckConstraint("due_count > 0", name=op.f("ck_appraisals_due_count")),
        *_placed("appraisals"),
    )
    op.create_index("ix_appraisals_division_code", "appraisals", ["division_code", "id"])
    op.create_table(
        "appraisal_grades",
        sa.Column("appraisal_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        code("grade", nullable=True),
        sa.Column("graded_on", sa.Date(), nullable=True),
        *versioned(),
        sa.UniqueConstraint("appraisal_id", "member_id", name="uq_appraisal_grades_member"),
        sa.CheckConstraint(
            "grade IN ('excellent', 'qualified', 'basically_qualified', 'unqualified')",
            name=op.f("ck_appraisal_grades_grade"),
        ),
        sa.CheckConstraint(
            "(grade IS NULL) = (graded_on IS NULL)", name=op.f("ck_appraisal_grades_graded_on")
        ),
        sa.ForeignKeyConstraint(["appraisal_id"], ["appraisals.id"], name="fk_appraisal_grades_appraisal_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_appraisal_grades_member_id"),
        *_placed("appraisal_grades"),
    )
    op.create_index("ix_appraisal_grades_member_id", "appraisal_grades", ["member_id"])
    for table in ("meeting_attendances", "appraisal_grades"):
        guard(table, within("division_code", "party_organization_id"))


def downgrade() -> None:
    """Drop them."""
    op.drop_table("appraisal_grades")
    op.drop_table("appraisals")
    op.drop_table("meeting_attendances")
    op.drop_table("meetings")
