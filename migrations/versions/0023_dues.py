"""Dues: standards, payments, reductions; row-level security that follows the member."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import code, guard, of, versioned

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MONTHS = "NOT isempty(valid) AND NOT lower_inf(valid) AND extract(day FROM lower(valid)) = 1 AND coalesce(extract(day FROM upper(valid)), 1) = 1"


def _of_a_member(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=f"fk_{table}_member_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "dues_standards",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        code("income_class"),
        sa.Column("income_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("rate", sa.Numeric(5, 4), nullable=True),
        sa.Column("amount", sa.Numeric(10, 2), nullable=False),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=False),
        *versioned(),
        sa.CheckConstraint(MONTHS, name=op.f("ck_dues_standards_valid")),
        sa.CheckConstraint(
            "income_class IN ('employed', 'self_employed', 'retired', 'farmer', 'student', 'unemployed', 'relief')",
            name=op.f("ck_dues_standards_income_class"),
        ),
        sa.CheckConstraint("(income_cipher IS NULL) = (rate IS NULL)", name=op.f("ck_dues_standards_income")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_dues_standards_amount")),
        postgresql.ExcludeConstraint(
            (sa.column("member_id"), "="),
            (sa.column("valid"), "&&"),
            name="ex_dues_standards_one",
            using="gist",
        ),
        sa.ForeignKeyConstraint(["rule_pack_id"], ["rule_packs.id"], name="fk_dues_standards_rule_pack_id"),
        *_of_a_member("dues_standards"),
    )
    op.create_table(
        "dues_payments",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(10, 2), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        code("state"),
        sa.Column("cancelled_reason", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_dues_payments_month")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_dues_payments_amount")),
        sa.CheckConstraint("state IN ('paid', 'cancelled')", name=op.f("ck_dues_payments_state")),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_reason IS NOT NULL)", name=op.f("ck_dues_payments_cancelled")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name="fk_dues_payments_party_organization_id",
        ),
        *_of_a_member("dues_payments"),
    )
    op.create_index(
        "uq_dues_payments_month",
        "dues_payments",
        ["member_id", "month"],
        unique=True,
        postgresql_where=sa.text("state = 'paid'"),
    )
    op.create_index(
        "ix_dues_payments_party_organization_id", "dues_payments", ["party_organization_id", "month"]
    )
    op.create_table(
        "dues_reductions",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("amount", sa.Numeric(10, 2), nullable=False),
        code("hardship"),
        code("state"),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_document", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("decided_document", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        *versioned(),
        sa.CheckConstraint(MONTHS + " AND NOT upper_inf(valid)", name=op.f("ck_dues_reductions_valid")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_dues_reductions_amount")),
        sa.CheckConstraint(
            "hardship IN ('illness', 'disaster', 'low_income', 'unemployment', 'other')",
            name=op.f("ck_dues_reductions_hardship"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'agreed', 'approved', 'rejected')", name=op.f("ck_dues_reductions_state")
        ),
        sa.CheckConstraint(
            "(agreed_on IS NULL) = (agreed_document IS NULL)", name=op.f("ck_dues_reductions_agreed")
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR agreed_on IS NOT NULL", name=op.f("ck_dues_reductions_approved")
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_by IS NOT NULL) AND (decided_by IS NULL) = (decided_on IS NULL) AND (decided_by IS NULL) = (decided_document IS NULL)",
            name=op.f("ck_dues_reductions_decided"),
        ),
        sa.CheckConstraint("decided_by <> requested_by", name=op.f("ck_dues_reductions_second_person")),
        postgresql.ExcludeConstraint(
            (sa.column("member_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("state = 'approved'"),
            name="ex_dues_reductions_one",
            using="gist",
        ),
        *_of_a_member("dues_reductions"),
    )
    op.create_index(
        "uq_dues_reductions_open",
        "dues_reductions",
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'agreed')"),
    )
    op.create_index("ix_dues_reductions_member_id", "dues_reductions", ["member_id", "id"])
    for table in ("dues_standards", "dues_payments", "dues_reductions"):
        guard(table, of("members", "member_id"))


def downgrade() -> None:
    """Drop them."""
    op.drop_table("dues_reductions")
    op.drop_table("dues_payments")
    op.drop_table("dues_standards")
