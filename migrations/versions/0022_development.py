"""Development: cases with their steps, papers, votes, publicities, helpers, records and reviews; quotas.

A case is seen by whoever sees its member; row-level security on each table of a case."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import code, guard, identified, of, versioned

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OF_A_CASE = (
    "development_steps",
    "development_papers",
    "development_votes",
    "development_publicities",
    "development_helpers",
    "development_records",
    "development_reviews",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "development_cases",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=False),
        code("state"),
        code("stage"),
        code("step"),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("separate_plan", sa.Boolean(), nullable=False),
        code("priority_group", nullable=True),
        sa.Column("form_number", sa.Text(), nullable=True),
        sa.Column("extended_months", sa.SmallInteger(), nullable=False),
        sa.Column("quota_year", sa.SmallInteger(), nullable=True),
        code("due_step", nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_above", sa.Boolean(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'open') = (closed_on IS NULL)", name=op.f("ck_development_cases_closed_on")
        ),
        sa.CheckConstraint("state = 'open' OR due_on IS NULL", name=op.f("ck_development_cases_nothing_due")),
        sa.CheckConstraint(
            "state IN ('open', 'completed', 'removed', 'ended')", name=op.f("ck_development_cases_state")
        ),
        sa.CheckConstraint("(due_on IS NULL) = (due_step IS NULL)", name=op.f("ck_development_cases_due")),
        sa.CheckConstraint(
            "extended_months BETWEEN 0 AND 60", name=op.f("ck_development_cases_extended_months")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_development_cases_member_id")),
        sa.ForeignKeyConstraint(
            ["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_development_cases_rule_pack_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_cases")),
        sa.UniqueConstraint("id", "member_id", name="uq_development_cases_id_member"),
    )
    op.create_index(
        "ix_development_cases_due_on",
        "development_cases",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("due_on IS NOT NULL"),
    )
    op.create_index("ix_development_cases_member_id", "development_cases", ["member_id", "id"], unique=False)
    op.create_index(
        "ix_development_cases_remind_on",
        "development_cases",
        ["remind_on"],
        unique=False,
        postgresql_where=sa.text("remind_on IS NOT NULL"),
    )
    op.create_index(
        "uq_development_cases_open",
        "development_cases",
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "development_steps",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        code("step"),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        code("stage"),
        code("outcome"),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("exception", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("deliberated_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        *identified(),
        sa.CheckConstraint(
            "outcome <> 'rejected' OR reason IS NOT NULL", name=op.f("ck_development_steps_reason")
        ),
        sa.CheckConstraint("outcome = 'passed' OR NOT current", name=op.f("ck_development_steps_current")),
        sa.CheckConstraint(
            "outcome IN ('passed', 'rejected', 'extended')", name=op.f("ck_development_steps_outcome")
        ),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_development_steps_attempt")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["development_cases.id"], name=op.f("fk_development_steps_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["party_organizations.id"], name=op.f("fk_development_steps_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_steps")),
        sa.UniqueConstraint("case_id", "step", "attempt", name="uq_development_steps_attempt"),
    )
    op.create_index(
        "ix_development_steps_step_taken_on", "development_steps", ["step", "taken_on"], unique=False
    )
    op.create_index(
        "uq_development_steps_current",
        "development_steps",
        ["case_id", "step"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "development_papers",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        code("kind"),
        code("state"),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        *identified(),
        sa.CheckConstraint(
            "(state = 'returned') = (reason IS NOT NULL) AND (state = 'returned') = (returned_on IS NOT NULL)",
            name=op.f("ck_development_papers_returned"),
        ),
        sa.CheckConstraint("state IN ('received', 'returned')", name=op.f("ck_development_papers_state")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["development_cases.id"], name=op.f("fk_development_papers_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_papers")),
    )
    op.create_index("ix_development_papers_case_id", "development_papers", ["case_id"], unique=False)
    op.create_index(
        "uq_development_papers_current",
        "development_papers",
        ["case_id", "kind"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "development_votes",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        code("step"),
        sa.Column("voted_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("in_favour", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        *identified(),
        sa.CheckConstraint(
            "in_favour + against + abstained <= present + written", name=op.f("ck_development_votes_cast")
        ),
        sa.CheckConstraint(
            "least(due, present, written, in_favour, against, abstained) >= 0",
            name=op.f("ck_development_votes_counts"),
        ),
        sa.CheckConstraint("present + written <= due", name=op.f("ck_development_votes_present")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["development_cases.id"], name=op.f("fk_development_votes_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_votes")),
    )
    op.create_index("ix_development_votes_case_id", "development_votes", ["case_id"], unique=False)
    op.create_index(
        "uq_development_votes_current",
        "development_votes",
        ["case_id", "step"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "development_publicities",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        code("step"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("working_days", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("objections", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        code("result", nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        *identified(),
        sa.CheckConstraint(
            "result <> 'none' OR objections = 0", name=op.f("ck_development_publicities_objections")
        ),
        sa.CheckConstraint(
            "result IN ('none', 'settled', 'upheld')", name=op.f("ck_development_publicities_result")
        ),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (result IS NULL)", name=op.f("ck_development_publicities_closed")
        ),
        sa.CheckConstraint("closed_on >= from_on", name=op.f("ck_development_publicities_closed_on")),
        sa.CheckConstraint(
            "objections >= 0 AND working_days > 0", name=op.f("ck_development_publicities_counts")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["development_cases.id"], name=op.f("fk_development_publicities_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_publicities")),
    )
    op.create_index(
        "ix_development_publicities_case_id", "development_publicities", ["case_id"], unique=False
    )
    op.create_index(
        "uq_development_publicities_current",
        "development_publicities",
        ["case_id", "step"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_index(
        "uq_development_publicities_open",
        "development_publicities",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("closed_on IS NULL AND current"),
    )
    op.create_table(
        "development_helpers",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        code("role"),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        *identified(),
        postgresql.ExcludeConstraint(
            (sa.text("(uuid_send(case_id) || uuid_send(member_id))"), "="),
            (sa.column("role"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_development_helpers_twice",
        ),
        sa.CheckConstraint("role IN ('contact', 'introducer')", name=op.f("ck_development_helpers_role")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_development_helpers_valid")
        ),
        sa.CheckConstraint("member_id <> applicant_id", name=op.f("ck_development_helpers_another")),
        sa.ForeignKeyConstraint(
            ["case_id", "applicant_id"],
            ["development_cases.id", "development_cases.member_id"],
            name="fk_development_helpers_case",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_development_helpers_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_helpers")),
    )
    op.create_index("ix_development_helpers_case_id", "development_helpers", ["case_id"], unique=False)
    op.create_index("ix_development_helpers_member_id", "development_helpers", ["member_id"], unique=False)
    op.create_table(
        "development_records",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        code("kind"),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=True),
        sa.Column("hours", sa.SmallInteger(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        *identified(),
        sa.CheckConstraint(
            "(kind = 'training') = (days IS NOT NULL OR hours IS NOT NULL) AND coalesce(days, 1) > 0 AND coalesce(hours, 1) > 0",
            name=op.f("ck_development_records_training"),
        ),
        sa.CheckConstraint(
            "kind IN ('conversation', 'appraisal', 'training', 'thought_report')",
            name=op.f("ck_development_records_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["development_cases.id"], name=op.f("fk_development_records_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_records")),
    )
    op.create_index(
        "ix_development_records_case_id", "development_records", ["case_id", "held_on"], unique=False
    )
    op.create_table(
        "development_reviews",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=False),
        code("conclusion"),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("findings_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        *identified(),
        sa.CheckConstraint(
            "conclusion IN ('passed', 'failed')", name=op.f("ck_development_reviews_conclusion")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["development_cases.id"], name=op.f("fk_development_reviews_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_reviews")),
    )
    op.create_index("ix_development_reviews_case_id", "development_reviews", ["case_id"], unique=False)
    op.create_index(
        "uq_development_reviews_current",
        "development_reviews",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "development_quotas",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("separate_plan", sa.Boolean(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("allotted", sa.Integer(), nullable=False),
        sa.Column("enforced", sa.Boolean(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint("NOT enforced OR used <= places", name=op.f("ck_development_quotas_used")),
        sa.CheckConstraint("allotted <= places", name=op.f("ck_development_quotas_allotted")),
        sa.CheckConstraint("least(places, used, allotted) >= 0", name=op.f("ck_development_quotas_counts")),
        sa.CheckConstraint("year BETWEEN 1949 AND 2199", name=op.f("ck_development_quotas_year")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_development_quotas_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["development_quotas.id"], name=op.f("fk_development_quotas_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_development_quotas_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_quotas")),
        sa.UniqueConstraint(
            "year", "party_organization_id", "separate_plan", name="uq_development_quotas_one"
        ),
    )
    op.create_index(
        "ix_development_quotas_body", "development_quotas", ["party_organization_id", "year"], unique=False
    )
    op.create_index(
        "ix_development_quotas_division_code", "development_quotas", ["division_code", "id"], unique=False
    )
    op.create_index("ix_development_quotas_parent_id", "development_quotas", ["parent_id"], unique=False)

    guard("development_cases", of("members", "member_id"))
    for table in OF_A_CASE:
        guard(table, of("development_cases", "case_id"))


def downgrade() -> None:
    """Drop them."""
    op.drop_table("development_quotas")
    for table in reversed(OF_A_CASE):
        op.drop_table(table)
    op.drop_table("development_cases")
