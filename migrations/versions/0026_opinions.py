"""Prior opinions, attendance rights, consultations. Nobody is named in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import code, versioned

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def _placed(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=f"fk_{table}_organization_id"
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"], ["party_organizations.id"], name=f"fk_{table}_party_organization_id"
        ),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name=f"fk_{table}_division_code"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _place() -> list[sa.Column[object]]:
    return [
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
    ]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "opinion_matters",
        *_place(),
        code("kind"),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(15, 2), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        code("state"),
        code("opinion", nullable=True),
        sa.Column("opinion_on", sa.Date(), nullable=True),
        sa.Column("opinion_text", sa.Text(), nullable=True),
        sa.Column("opinion_document", sa.Text(), nullable=True),
        code("outcome", nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_document", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "kind IN ('decision', 'activity', 'expenditure', 'donation', 'foreign')",
            name=op.f("ck_opinion_matters_kind"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_opinion_matters_amount")),
        sa.CheckConstraint(
            "kind NOT IN ('expenditure', 'donation') OR amount IS NOT NULL",
            name=op.f("ck_opinion_matters_money"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'answered', 'decided')", name=op.f("ck_opinion_matters_state")
        ),
        sa.CheckConstraint(
            "opinion IN ('agree', 'suggest', 'object')", name=op.f("ck_opinion_matters_opinion")
        ),
        sa.CheckConstraint(
            "(opinion IS NULL) = (opinion_on IS NULL) AND opinion_on >= asked_on",
            name=op.f("ck_opinion_matters_opinion_on"),
        ),
        sa.CheckConstraint(
            "opinion = 'agree' OR opinion_text IS NOT NULL", name=op.f("ck_opinion_matters_opinion_text")
        ),
        sa.CheckConstraint(
            "outcome IN ('adopted', 'partly_adopted', 'not_adopted', 'withdrawn')",
            name=op.f("ck_opinion_matters_outcome"),
        ),
        sa.CheckConstraint(
            "(state = 'decided') = (outcome IS NOT NULL) AND (outcome IS NULL) = (decided_on IS NULL) AND (state = 'pending') <= (opinion IS NULL) AND (state = 'answered') <= (opinion IS NOT NULL)",
            name=op.f("ck_opinion_matters_steps"),
        ),
        sa.CheckConstraint(
            "opinion_on <= decided_on AND decided_on >= asked_on", name=op.f("ck_opinion_matters_prior")
        ),
        *_placed("opinion_matters"),
    )
    op.create_index("ix_opinion_matters_division_code", "opinion_matters", ["division_code", "id"])
    op.create_index(
        "ix_opinion_matters_party_organization_id", "opinion_matters", ["party_organization_id", "id"]
    )
    op.create_index("ix_opinion_matters_organization_id", "opinion_matters", ["organization_id"])
    op.create_table(
        "attendance_rights",
        *_place(),
        code("role"),
        code("council"),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        *versioned(),
        sa.CheckConstraint(
            "role IN ('secretary', 'deputy_secretary', 'member')", name=op.f("ck_attendance_rights_role")
        ),
        sa.CheckConstraint(
            "council IN ('council', 'supervisors', 'members_assembly', 'management')",
            name=op.f("ck_attendance_rights_council"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_attendance_rights_valid")
        ),
        postgresql.ExcludeConstraint(
            (sa.text("(uuid_send(organization_id) || uuid_send(party_organization_id))"), "="),
            (sa.text("(role || ' ' || council)"), "="),
            (sa.column("valid"), "&&"),
            name="ex_attendance_rights_twice",
            using="gist",
        ),
        *_placed("attendance_rights"),
    )
    op.create_index("ix_attendance_rights_division_code", "attendance_rights", ["division_code", "id"])
    op.create_index(
        "ix_attendance_rights_party_organization_id", "attendance_rights", ["party_organization_id", "id"]
    )
    op.create_table(
        "consultations",
        *_place(),
        code("kind"),
        sa.Column("right_id", sa.Uuid(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint("kind IN ('attendance', 'consultation')", name=op.f("ck_consultations_kind")),
        sa.CheckConstraint(
            "(kind = 'attendance') = (right_id IS NOT NULL)", name=op.f("ck_consultations_right")
        ),
        sa.ForeignKeyConstraint(["right_id"], ["attendance_rights.id"], name="fk_consultations_right_id"),
        *_placed("consultations"),
    )
    op.create_index("ix_consultations_division_code", "consultations", ["division_code", "id"])
    op.create_index(
        "ix_consultations_party_organization_id", "consultations", ["party_organization_id", "id"]
    )
    op.create_index("ix_consultations_right_id", "consultations", ["right_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("consultations")
    op.drop_table("attendance_rights")
    op.drop_table("opinion_matters")
