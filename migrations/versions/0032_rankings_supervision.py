"""Rankings, frozen; supervision rounds, findings and what departments have to do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import APP_ROLE, code, identified, versioned

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rankings",
        code("ranked"),
        sa.Column("title", sa.Text(), nullable=False),
        code("division_code"),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        code("authority_role", nullable=True),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=False),
        code("scheme"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        code("sha256"),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *identified(),
        sa.CheckConstraint(
            "(ranked = 'authorities') = (authority_role IS NOT NULL)", name=op.f("ck_rankings_authority_role")
        ),
        sa.CheckConstraint(
            "(ranked = 'bodies') = (party_organization_id IS NOT NULL)", name=op.f("ck_rankings_body")
        ),
        sa.CheckConstraint("jsonb_typeof(content -> 'rows') = 'array'", name=op.f("ck_rankings_content")),
        sa.CheckConstraint(
            "ranked IN ('divisions', 'bodies', 'authorities')", name=op.f("ck_rankings_ranked")
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_rankings_sha256")),
        sa.CheckConstraint("previous_id <> id", name=op.f("ck_rankings_previous")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_rankings_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_rankings_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(["previous_id"], ["rankings.id"], name=op.f("fk_rankings_previous_id")),
        sa.ForeignKeyConstraint(["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_rankings_rule_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankings")),
        sa.UniqueConstraint(
            "ranked",
            "division_code",
            "party_organization_id",
            "authority_role",
            "rule_pack_id",
            "as_of",
            "known_at",
            name="uq_rankings_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_rankings_division_code_id", "rankings", ["division_code", "id"], unique=False)
    op.create_index(
        "ix_rankings_party_organization_id_id", "rankings", ["party_organization_id", "id"], unique=False
    )
    op.create_index("ix_rankings_previous_id", "rankings", ["previous_id"], unique=False)
    op.create_index("ix_rankings_rule_pack_id", "rankings", ["rule_pack_id"], unique=False)
    op.create_table(
        "supervision_rounds",
        code("kind"),
        sa.Column("title", sa.Text(), nullable=False),
        code("division_code"),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("sample", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        code("state"),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL) AND (closed_on IS NULL) = (report IS NULL)",
            name=op.f("ck_supervision_rounds_closed"),
        ),
        sa.CheckConstraint("kind IN ('supervision', 'fund_use')", name=op.f("ck_supervision_rounds_kind")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_supervision_rounds_state")),
        sa.CheckConstraint(
            "NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)",
            name=op.f("ck_supervision_rounds_period"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_supervision_rounds_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_supervision_rounds_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_rounds")),
    )
    op.create_index(
        "ix_supervision_rounds_division_code_id", "supervision_rounds", ["division_code", "id"], unique=False
    )
    op.create_index(
        "ix_supervision_rounds_party_organization_id_id",
        "supervision_rounds",
        ["party_organization_id", "id"],
        unique=False,
    )
    op.create_table(
        "department_duties",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        code("matter"),
        code("part"),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        *versioned(),
        postgresql.ExcludeConstraint(
            (sa.column("authority_id"), "="),
            (sa.column("matter"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_department_duties_twice",
        ),
        sa.CheckConstraint("part IN ('lead', 'assist')", name=op.f("ck_department_duties_part")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_department_duties_valid")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_department_duties_authority_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_duties")),
    )
    op.create_index("ix_department_duties_matter_id", "department_duties", ["matter", "id"], unique=False)
    op.create_table(
        "supervision_units",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        code("division_code"),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("drawn", sa.Integer(), nullable=True),
        *identified(),
        sa.CheckConstraint("drawn >= 1", name=op.f("ck_supervision_units_drawn")),
        sa.CheckConstraint(
            "num_nonnulls(organization_id, party_organization_id, authority_id) = 1",
            name=op.f("ck_supervision_units_one"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_supervision_units_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["party_organizations.id"], name=op.f("fk_supervision_units_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_supervision_units_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_supervision_units_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_supervision_units_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["supervision_rounds.id"], name=op.f("fk_supervision_units_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_units")),
        sa.UniqueConstraint("id", "round_id", name="uq_supervision_units_id_round_id"),
    )
    op.create_index("ix_supervision_units_authority_id", "supervision_units", ["authority_id"], unique=False)
    op.create_index("ix_supervision_units_body_id", "supervision_units", ["body_id"], unique=False)
    op.create_index(
        "ix_supervision_units_organization_id", "supervision_units", ["organization_id"], unique=False
    )
    op.create_index(
        "ix_supervision_units_party_organization_id",
        "supervision_units",
        ["party_organization_id"],
        unique=False,
    )
    op.create_index(
        "uq_supervision_units_once",
        "supervision_units",
        ["round_id", sa.literal_column("COALESCE(organization_id, party_organization_id, authority_id)")],
        unique=True,
    )
    op.create_table(
        "supervision_visits",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *identified(),
        sa.ForeignKeyConstraint(
            ["unit_id", "round_id"],
            ["supervision_units.id", "supervision_units.round_id"],
            name="fk_supervision_visits_unit",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_visits")),
        sa.UniqueConstraint("unit_id", "held_on", name="uq_supervision_visits_day"),
    )
    op.create_index(
        "ix_supervision_visits_round_id", "supervision_visits", ["round_id", "held_on"], unique=False
    )
    op.create_table(
        "supervision_findings",
        code("kind"),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        code("division_code"),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=15, scale=2), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        code("rule_code", nullable=True),
        sa.Column("rule_source", sa.Text(), nullable=True),
        sa.Column("rule_facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("helper_member_id", sa.Uuid(), nullable=True),
        sa.Column("helper_instructor_id", sa.Uuid(), nullable=True),
        sa.Column("helper_party_organization_id", sa.Uuid(), nullable=True),
        sa.Column(
            "measures",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        code("state"),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_supervision_findings_closed")
        ),
        sa.CheckConstraint("jsonb_typeof(evidence) = 'array'", name=op.f("ck_supervision_findings_evidence")),
        sa.CheckConstraint("jsonb_typeof(measures) = 'array'", name=op.f("ck_supervision_findings_measures")),
        sa.CheckConstraint(
            "state IN ('open', 'reported', 'closed')", name=op.f("ck_supervision_findings_state")
        ),
        sa.CheckConstraint(
            "(rule_code IS NULL) = (rule_source IS NULL) AND (rule_code IS NULL) = (rule_facts IS NULL)",
            name=op.f("ck_supervision_findings_rule"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_supervision_findings_amount")),
        sa.CheckConstraint("due_on >= found_on", name=op.f("ck_supervision_findings_due_on")),
        sa.CheckConstraint(
            "num_nonnulls(helper_member_id, helper_instructor_id, helper_party_organization_id) <= 1",
            name=op.f("ck_supervision_findings_helper"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(organization_id, party_organization_id, authority_id) = 1",
            name=op.f("ck_supervision_findings_one"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_supervision_findings_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["party_organizations.id"], name=op.f("fk_supervision_findings_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_supervision_findings_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["helper_instructor_id"],
            ["instructors.id"],
            name=op.f("fk_supervision_findings_helper_instructor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["helper_member_id"], ["members.id"], name=op.f("fk_supervision_findings_helper_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["helper_party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_supervision_findings_helper_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_supervision_findings_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_supervision_findings_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_supervision_findings_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["supervision_visits.id"], name=op.f("fk_supervision_findings_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_findings")),
    )
    op.create_index(
        "ix_supervision_findings_authority_id", "supervision_findings", ["authority_id"], unique=False
    )
    op.create_index(
        "ix_supervision_findings_body_id_id", "supervision_findings", ["body_id", "id"], unique=False
    )
    op.create_index(
        "ix_supervision_findings_division_code_id",
        "supervision_findings",
        ["division_code", "id"],
        unique=False,
    )
    op.create_index(
        "ix_supervision_findings_due_on",
        "supervision_findings",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index(
        "ix_supervision_findings_helper_instructor_id",
        "supervision_findings",
        ["helper_instructor_id"],
        unique=False,
    )
    op.create_index(
        "ix_supervision_findings_helper_member_id", "supervision_findings", ["helper_member_id"], unique=False
    )
    op.create_index(
        "ix_supervision_findings_helper_party_organization_id",
        "supervision_findings",
        ["helper_party_organization_id"],
        unique=False,
    )
    op.create_index("ix_supervision_findings_notice_id", "supervision_findings", ["notice_id"], unique=False)
    op.create_index(
        "ix_supervision_findings_organization_id", "supervision_findings", ["organization_id"], unique=False
    )
    op.create_index(
        "ix_supervision_findings_party_organization_id",
        "supervision_findings",
        ["party_organization_id"],
        unique=False,
    )
    op.create_index("ix_supervision_findings_visit_id", "supervision_findings", ["visit_id"], unique=False)
    op.create_index(
        "uq_supervision_findings_weak",
        "supervision_findings",
        [sa.literal_column("COALESCE(organization_id, party_organization_id, authority_id)")],
        unique=True,
        postgresql_where=sa.text("kind = 'weak_organization' AND state <> 'closed'"),
    )
    op.create_table(
        "supervision_team",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("instructor_id", sa.Uuid(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
        *identified(),
        sa.CheckConstraint("num_nonnulls(user_id, instructor_id) = 1", name=op.f("ck_supervision_team_one")),
        sa.ForeignKeyConstraint(
            ["instructor_id"], ["instructors.id"], name=op.f("fk_supervision_team_instructor_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["supervision_rounds.id"], name=op.f("fk_supervision_team_round_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_supervision_team_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_team")),
        sa.UniqueConstraint("round_id", "instructor_id", name="uq_supervision_team_instructor"),
        sa.UniqueConstraint("round_id", "user_id", name="uq_supervision_team_user"),
    )
    op.create_index("ix_supervision_team_instructor_id", "supervision_team", ["instructor_id"], unique=False)
    op.create_index("ix_supervision_team_user_id", "supervision_team", ["user_id"], unique=False)
    op.create_table(
        "supervision_rectifications",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        code("verdict", nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        *identified(),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'returned')", name=op.f("ck_supervision_rectifications_verdict")
        ),
        sa.CheckConstraint(
            "verdict IS DISTINCT FROM 'returned' OR reason IS NOT NULL",
            name=op.f("ck_supervision_rectifications_reason"),
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (judged_by IS NULL) AND (verdict IS NULL) = (judged_at IS NULL)",
            name=op.f("ck_supervision_rectifications_judged"),
        ),
        sa.CheckConstraint(
            "jsonb_array_length(evidence) >= 1", name=op.f("ck_supervision_rectifications_evidence")
        ),
        sa.CheckConstraint(
            "judged_by <> reported_by", name=op.f("ck_supervision_rectifications_second_person")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_supervision_rectifications_number")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["supervision_findings.id"], name=op.f("fk_supervision_rectifications_finding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_rectifications")),
        sa.UniqueConstraint("finding_id", "number", name="uq_supervision_rectifications_number"),
    )
    op.create_index(
        "uq_supervision_rectifications_pending",
        "supervision_rectifications",
        ["finding_id"],
        unique=True,
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.execute(f"REVOKE UPDATE, DELETE ON rankings FROM {APP_ROLE}")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("supervision_rectifications")
    op.drop_table("supervision_team")
    op.drop_table("supervision_findings")
    op.drop_table("supervision_visits")
    op.drop_table("supervision_units")
    op.drop_table("department_duties")
    op.drop_table("supervision_rounds")

    op.drop_table("rankings")
