"""Rounds, applications, reviews, results, objections; evidence among the files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import APP_ROLE, code, identified, versioned

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

DRAFT = "EXISTS (SELECT FROM round_applications a WHERE a.id = application_id AND a.state = 'draft')"


def _purposes(values: str) -> None:
    op.drop_constraint(op.f("ck_files_purpose"), "files", type_="check")
    op.create_check_constraint(op.f("ck_files_purpose"), "files", f"purpose IN ({values})")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rounds",
        sa.Column("name", sa.Text(), nullable=False),
        code("use"),
        code("level"),
        code("division_code"),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("standard_version_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("apply_until", sa.Date(), nullable=False),
        sa.Column("self_score_until", sa.Date(), nullable=False),
        sa.Column("review_until", sa.Date(), nullable=False),
        sa.Column("on_site_until", sa.Date(), nullable=True),
        sa.Column("publicity_days", sa.SmallInteger(), nullable=False),
        sa.Column("decide_until", sa.Date(), nullable=True),
        sa.Column("reviewers", sa.SmallInteger(), nullable=False),
        sa.Column("cultivation", sa.Boolean(), nullable=False),
        sa.Column("self_scores_shown", sa.Boolean(), nullable=False),
        code("tie_rule"),
        sa.Column("eligibility", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=True),
        code("state"),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("draw", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publicity_from", sa.Date(), nullable=True),
        sa.Column("publicity_until", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        code("results_hash", nullable=True),
        *versioned(),
        sa.CheckConstraint("(state = 'applying') = (seed IS NULL)", name=op.f("ck_rounds_seed")),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_by IS NOT NULL)", name=op.f("ck_rounds_decided_by")
        ),
        sa.CheckConstraint(
            "(state IN ('publicity', 'decided')) = (closed_by IS NOT NULL)", name=op.f("ck_rounds_closed_by")
        ),
        sa.CheckConstraint(
            "level IN ('district', 'city', 'province', 'national')", name=op.f("ck_rounds_level")
        ),
        sa.CheckConstraint(
            "state IN ('applying', 'reviewing', 'publicity', 'decided')", name=op.f("ck_rounds_state")
        ),
        sa.CheckConstraint("tie_rule IN ('shared', 'dimensions')", name=op.f("ck_rounds_tie_rule")),
        sa.CheckConstraint(
            "use IN ('demonstration', 'star', 'grade', 'appraisal')", name=op.f("ck_rounds_use")
        ),
        sa.CheckConstraint(
            "apply_until <= self_score_until AND self_score_until <= review_until AND on_site_until >= apply_until AND decide_until >= review_until",
            name=op.f("ck_rounds_calendar"),
        ),
        sa.CheckConstraint("decided_by <> closed_by", name=op.f("ck_rounds_second_person")),
        sa.CheckConstraint(
            "num_nonnulls(closed_by, closed_at, publicity_from, publicity_until, provisional) IN (0, 5)",
            name=op.f("ck_rounds_closed"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(decided_by, decided_at, results_hash) IN (0, 3)", name=op.f("ck_rounds_decided")
        ),
        sa.CheckConstraint("num_nonnulls(seed, draw, drawn_at) IN (0, 3)", name=op.f("ck_rounds_draw")),
        sa.CheckConstraint("publicity_days BETWEEN 0 AND 60", name=op.f("ck_rounds_publicity_days")),
        sa.CheckConstraint("quota >= 1", name=op.f("ck_rounds_quota")),
        sa.CheckConstraint("reviewers BETWEEN 1 AND 15", name=op.f("ck_rounds_reviewers")),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_rounds_closed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_rounds_decided_by")),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name=op.f("fk_rounds_division_code")),
        sa.ForeignKeyConstraint(["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_rounds_rule_pack_id")),
        sa.ForeignKeyConstraint(
            ["standard_version_id"],
            ["scoring_standard_versions.id"],
            name=op.f("fk_rounds_standard_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index("ix_rounds_division_code_id", "rounds", ["division_code", "id"], unique=False)
    op.create_index("ix_rounds_standard_version_id", "rounds", ["standard_version_id"], unique=False)
    op.create_table(
        "reviewer_interests",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        code("kind"),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column(
            "declared_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        *identified(),
        sa.CheckConstraint(
            "kind IN ('own_organization', 'own_body', 'home_unit', 'declared')",
            name=op.f("ck_reviewer_interests_kind"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(organization_id, party_organization_id, authority_id) = 1",
            name=op.f("ck_reviewer_interests_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_reviewer_interests_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["users.id"], name=op.f("fk_reviewer_interests_declared_by")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_reviewer_interests_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_reviewer_interests_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reviewer_interests_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_interests")),
    )
    op.create_index("ix_reviewer_interests_user_id", "reviewer_interests", ["user_id"], unique=False)
    op.create_table(
        "round_applications",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        code("subject_kind"),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("subject_name", sa.Text(), nullable=False),
        code("division_code"),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        code("state"),
        sa.Column("checked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("applied_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cultivation_note", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "num_nonnulls(organization_id, party_organization_id, member_id) = 1 AND CASE subject_kind WHEN 'organization' THEN organization_id WHEN 'party_organization' THEN party_organization_id ELSE member_id END IS NOT NULL",
            name=op.f("ck_round_applications_subject"),
        ),
        sa.CheckConstraint(
            "state IN ('cultivating', 'draft', 'submitted', 'frozen', 'dropped', 'lapsed')",
            name=op.f("ck_round_applications_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'frozen') OR submitted_at IS NOT NULL",
            name=op.f("ck_round_applications_frozen"),
        ),
        sa.CheckConstraint(
            "subject_kind IN ('organization', 'party_organization', 'member')",
            name=op.f("ck_round_applications_subject_kind"),
        ),
        sa.CheckConstraint(
            "(submitted_by IS NULL) = (submitted_at IS NULL)", name=op.f("ck_round_applications_submitted")
        ),
        sa.ForeignKeyConstraint(["applied_by"], ["users.id"], name=op.f("fk_round_applications_applied_by")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["party_organizations.id"], name=op.f("fk_round_applications_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_round_applications_division_code")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_round_applications_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_round_applications_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_round_applications_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_applications_round_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["users.id"], name=op.f("fk_round_applications_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_applications")),
        sa.UniqueConstraint("round_id", "member_id", name="uq_round_applications_member"),
        sa.UniqueConstraint("round_id", "organization_id", name="uq_round_applications_organization"),
        sa.UniqueConstraint("round_id", "party_organization_id", name="uq_round_applications_body"),
    )
    op.create_index("ix_round_applications_body_id_id", "round_applications", ["body_id", "id"], unique=False)
    op.create_index(
        "ix_round_applications_division_code_id", "round_applications", ["division_code", "id"], unique=False
    )
    op.create_index("ix_round_applications_member_id", "round_applications", ["member_id"], unique=False)
    op.create_index(
        "ix_round_applications_organization_id", "round_applications", ["organization_id"], unique=False
    )
    op.create_index(
        "ix_round_applications_party_organization_id",
        "round_applications",
        ["party_organization_id"],
        unique=False,
    )
    op.create_table(
        "round_evidence",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        code("indicator"),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        code("paper", nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        code("sha256"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_round_evidence_sha256")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["round_applications.id"], name=op.f("fk_round_evidence_application_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_round_evidence_file_id")),
        sa.PrimaryKeyConstraint("application_id", "indicator", "file_id", name=op.f("pk_round_evidence")),
    )
    op.create_index("ix_round_evidence_file_id", "round_evidence", ["file_id"], unique=False)
    op.create_table(
        "round_objections",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        code("raised_by"),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        code("state"),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        *versioned(),
        sa.CheckConstraint("(state = 'open') = (answer IS NULL)", name=op.f("ck_round_objections_answer")),
        sa.CheckConstraint(
            "raised_by IN ('applicant', 'organization', 'person', 'anonymous')",
            name=op.f("ck_round_objections_raised_by"),
        ),
        sa.CheckConstraint("state IN ('open', 'upheld', 'rejected')", name=op.f("ck_round_objections_state")),
        sa.CheckConstraint(
            "num_nonnulls(answer, answered_by, answered_at) IN (0, 3)",
            name=op.f("ck_round_objections_answered"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_round_objections_answered_by")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["round_applications.id"], name=op.f("fk_round_objections_application_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_round_objections_recorded_by")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_objections_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_objections")),
    )
    op.create_index(
        "ix_round_objections_application_id", "round_objections", ["application_id", "id"], unique=False
    )
    op.create_index(
        "ix_round_objections_open",
        "round_objections",
        ["round_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "round_results",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        code("subject_kind"),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("total", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        code("band", nullable=True),
        sa.Column("vetoed", sa.Boolean(), nullable=False),
        sa.Column("selected", sa.Boolean(), nullable=False),
        sa.Column("derivation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("evidence_hashes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("standard_version_id", sa.Uuid(), nullable=False),
        code("standard_hash"),
        code("result_hash"),
        code("state"),
        *versioned(),
        sa.CheckConstraint(
            "num_nonnulls(organization_id, party_organization_id, member_id) = 1 AND CASE subject_kind WHEN 'organization' THEN organization_id WHEN 'party_organization' THEN party_organization_id ELSE member_id END IS NOT NULL",
            name=op.f("ck_round_results_subject"),
        ),
        sa.CheckConstraint("result_hash ~ '^[0-9a-f]{64}$'", name=op.f("ck_round_results_result_hash")),
        sa.CheckConstraint("state IN ('public', 'frozen')", name=op.f("ck_round_results_state")),
        sa.CheckConstraint(
            "subject_kind IN ('organization', 'party_organization', 'member')",
            name=op.f("ck_round_results_subject_kind"),
        ),
        sa.CheckConstraint("NOT (vetoed AND selected)", name=op.f("ck_round_results_selected")),
        sa.CheckConstraint("rank >= 1 AND total >= 0", name=op.f("ck_round_results_numbers")),
        sa.CheckConstraint("vetoed = (rank IS NULL)", name=op.f("ck_round_results_rank")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["round_applications.id"], name=op.f("fk_round_results_application_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_round_results_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_round_results_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_round_results_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_results_round_id")),
        sa.ForeignKeyConstraint(
            ["standard_version_id"],
            ["scoring_standard_versions.id"],
            name=op.f("fk_round_results_standard_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_results")),
        sa.UniqueConstraint("application_id", name="uq_round_results_application_id"),
    )
    op.create_index("ix_round_results_member_id", "round_results", ["member_id"], unique=False)
    op.create_index("ix_round_results_organization_id", "round_results", ["organization_id"], unique=False)
    op.create_index(
        "ix_round_results_party_organization_id", "round_results", ["party_organization_id"], unique=False
    )
    op.create_index("ix_round_results_round_id_rank", "round_results", ["round_id", "rank"], unique=False)
    op.create_index(
        "ix_round_results_standard_version_id", "round_results", ["standard_version_id"], unique=False
    )
    op.create_table(
        "round_reviews",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        code("state"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        code("replaced_for", nullable=True),
        sa.Column("replaced_note", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'replaced') = (replaced_for IS NOT NULL)", name=op.f("ck_round_reviews_replaced")
        ),
        sa.CheckConstraint(
            "(state = 'submitted') = (submitted_at IS NOT NULL)", name=op.f("ck_round_reviews_submitted_at")
        ),
        sa.CheckConstraint(
            "replaced_for IN ('late', 'conflict', 'unable')", name=op.f("ck_round_reviews_replaced_for")
        ),
        sa.CheckConstraint(
            "state IN ('assigned', 'submitted', 'replaced')", name=op.f("ck_round_reviews_state")
        ),
        sa.CheckConstraint("place >= 1", name=op.f("ck_round_reviews_place")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["round_applications.id"], name=op.f("fk_round_reviews_application_id")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_round_reviews_reviewer_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_reviews_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_reviews")),
        sa.UniqueConstraint("application_id", "reviewer_id", name="uq_round_reviews_once"),
    )
    op.create_index("ix_round_reviews_reviewer_id", "round_reviews", ["reviewer_id", "id"], unique=False)
    op.create_index("ix_round_reviews_round_id", "round_reviews", ["round_id", "state"], unique=False)
    op.create_index(
        "uq_round_reviews_place",
        "round_reviews",
        ["application_id", "place"],
        unique=True,
        postgresql_where=sa.text("state <> 'replaced'"),
    )
    op.create_table(
        "round_self_scores",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        code("indicator"),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["round_applications.id"], name=op.f("fk_round_self_scores_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "indicator", name=op.f("pk_round_self_scores")),
    )
    op.create_table(
        "round_visits",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        code("kind"),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("visitors", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        *identified(),
        sa.CheckConstraint("kind = 'hosted' OR findings IS NOT NULL", name=op.f("ck_round_visits_findings")),
        sa.CheckConstraint("kind IN ('on_site', 'hosted')", name=op.f("ck_round_visits_kind")),
        sa.CheckConstraint("visitors BETWEEN 1 AND 100000", name=op.f("ck_round_visits_visitors")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["round_applications.id"], name=op.f("fk_round_visits_application_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_round_visits_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_visits")),
    )
    op.create_index("ix_round_visits_application_id", "round_visits", ["application_id", "id"], unique=False)
    op.create_table(
        "round_marks",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        code("indicator"),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        *identified(),
        sa.ForeignKeyConstraint(["review_id"], ["round_reviews.id"], name=op.f("fk_round_marks_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_marks")),
        sa.UniqueConstraint("review_id", "indicator", name="uq_round_marks_once"),
    )
    op.create_table(
        "round_rulings",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        code("indicator"),
        sa.Column("answer", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        code("adjustment", nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=True),
        sa.Column("ruled_by", sa.Uuid(), nullable=False),
        sa.Column(
            "ruled_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        *identified(),
        sa.CheckConstraint("num_nonnulls(answer, adjustment) = 1", name=op.f("ck_round_rulings_one")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["round_applications.id"], name=op.f("fk_round_rulings_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["round_objections.id"], name=op.f("fk_round_rulings_objection_id")
        ),
        sa.ForeignKeyConstraint(["ruled_by"], ["users.id"], name=op.f("fk_round_rulings_ruled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_rulings")),
    )
    op.create_index(
        "ix_round_rulings_application_id", "round_rulings", ["application_id", "id"], unique=False
    )
    _purposes("'import', 'export', 'evidence'")
    for table in ("round_marks", "round_rulings", "round_visits", "reviewer_interests"):
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE}")
    for table in ("rounds", "round_applications", "round_reviews", "round_results", "round_objections"):
        op.execute(f"REVOKE DELETE ON {table} FROM {APP_ROLE}")
    for table, open_ in (("rounds", "state <> 'decided'"), ("round_results", "state <> 'frozen'")):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY anyone_reads ON {table} FOR SELECT USING (true)")
        op.execute(f"CREATE POLICY open_begins ON {table} FOR INSERT WITH CHECK ({open_})")
        op.execute(f"CREATE POLICY open_changes ON {table} FOR UPDATE USING ({open_}) WITH CHECK (true)")
    for table in ("round_self_scores", "round_evidence"):
        op.execute(f"REVOKE UPDATE ON {table} FROM {APP_ROLE}")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY anyone_reads ON {table} FOR SELECT USING (true)")
        op.execute(f"CREATE POLICY drafts_begin ON {table} FOR INSERT WITH CHECK ({DRAFT})")
        op.execute(f"CREATE POLICY drafts_end ON {table} FOR DELETE USING ({DRAFT})")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("round_rulings")
    op.drop_table("round_marks")
    op.drop_table("round_visits")
    op.drop_table("round_self_scores")
    op.drop_table("round_reviews")
    op.drop_table("round_results")
    op.drop_table("round_objections")
    op.drop_table("round_evidence")
    op.drop_table("round_applications")
    op.drop_table("reviewer_interests")
    op.drop_table("rounds")
    op.execute("UPDATE files SET purpose = 'import' WHERE purpose = 'evidence'")
    _purposes("'import', 'export'")
