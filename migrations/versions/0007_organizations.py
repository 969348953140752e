"""The ledger of organizations: facts with provenance, the row they fold into, its timeline and records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; facts may be added and read, never changed."""
    op.create_table(
        "organizations",
        sa.Column("credit_code", sa.Text(collation="C"), nullable=True),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("registration_mode", sa.Text(collation="C"), nullable=False),
        sa.Column("registration_status", sa.Text(collation="C"), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("domicile_division_code", sa.Text(collation="C"), nullable=True),
        sa.Column("domicile_address", sa.Text(), nullable=True),
        sa.Column("registration_authority_id", sa.Uuid(), nullable=True),
        sa.Column("supervisory_unit_id", sa.Uuid(), nullable=True),
        sa.Column("industry_authority_id", sa.Uuid(), nullable=True),
        sa.Column("industry", sa.Text(collation="C"), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("business_scope", sa.Text(), nullable=True),
        sa.Column("decoupled", sa.Boolean(), nullable=False),
        sa.Column("is_trade_association", sa.Boolean(), nullable=False),
        sa.Column("foreign_related", sa.Boolean(), nullable=False),
        sa.Column("staff_count", sa.Integer(), nullable=True),
        sa.Column("member_count", sa.Integer(), nullable=True),
        sa.Column("party_member_count", sa.Integer(), nullable=True),
        sa.Column("full_member_count", sa.Integer(), nullable=True),
        sa.Column("full_time_full_member_count", sa.Integer(), nullable=True),
        sa.Column("legal_representative", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_phone_id", sa.Uuid(), nullable=True),
        sa.Column("contact_phone_mask", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('association', 'service_institution', 'foundation', 'community_filed', 'intermediary')",
            name=op.f("ck_organizations_kind"),
        ),
        sa.CheckConstraint(
            "registration_mode IN ('direct', 'dual', 'filed')",
            name=op.f("ck_organizations_registration_mode"),
        ),
        sa.CheckConstraint(
            "registration_status IN ('preparatory', 'normal', 'in_liquidation', 'deregistered', 'revoked', 'license_revoked', 'merged', 'split')",
            name=op.f("ck_organizations_registration_status"),
        ),
        sa.CheckConstraint(
            "(contact_phone_id IS NULL) = (contact_phone_mask IS NULL)",
            name=op.f("ck_organizations_contact_phone"),
        ),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_organizations_merged_into_id")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_organizations_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["domicile_division_code"],
            ["divisions.code"],
            name=op.f("fk_organizations_domicile_division_code"),
        ),
        sa.ForeignKeyConstraint(
            ["industry_authority_id"], ["authorities.id"], name=op.f("fk_organizations_industry_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["organizations.id"], name=op.f("fk_organizations_merged_into_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_authority_id"],
            ["authorities.id"],
            name=op.f("fk_organizations_registration_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supervisory_unit_id"], ["authorities.id"], name=op.f("fk_organizations_supervisory_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("credit_code", name="uq_organizations_credit_code"),
    )
    op.create_index("ix_organizations_contact_phone_id", "organizations", ["contact_phone_id"], unique=False)
    op.create_index(
        "ix_organizations_division_code_id", "organizations", ["division_code", "id"], unique=False
    )
    op.create_index(
        "ix_organizations_domicile_division_code_id",
        "organizations",
        ["domicile_division_code", "id"],
        unique=False,
    )
    op.create_index(
        "ix_organizations_industry_authority_id",
        "organizations",
        ["industry_authority_id", "id"],
        unique=False,
    )
    op.create_index("ix_organizations_merged_into_id", "organizations", ["merged_into_id"], unique=False)
    op.create_index(
        "ix_organizations_registration_authority_id",
        "organizations",
        ["registration_authority_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_organizations_supervisory_unit_id", "organizations", ["supervisory_unit_id", "id"], unique=False
    )
    op.create_table(
        "organization_phones",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.Text(collation="C"), nullable=False),
        sa.Column("phone_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("phone_blind", sa.LargeBinary(), nullable=False),
        sa.Column("phone_mask", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_organization_phones_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_phones")),
        sa.UniqueConstraint(
            "organization_id", "holder", "phone_blind", name="uq_organization_phones_phone_blind"
        ),
    )
    op.create_index(
        "ix_organization_phones_phone_blind", "organization_phones", ["phone_blind"], unique=False
    )
    op.create_table(
        "organization_facts",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("fact", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("secrets", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("source_rank", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "NOT correction OR source <> 'human' OR reason IS NOT NULL",
            name=op.f("ck_organization_facts_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_organization_facts_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_facts")),
        sa.UniqueConstraint("organization_id", "digest", name="uq_organization_facts_digest"),
    )
    op.create_index(
        "ix_organization_facts_event_id",
        "organization_facts",
        ["event_id"],
        unique=False,
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
    op.create_index(
        "ix_organization_facts_organization_id_id",
        "organization_facts",
        ["organization_id", "id"],
        unique=False,
    )
    op.create_table(
        "organization_periods",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("registration_status", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("domicile_division_code", sa.Text(collation="C"), nullable=True),
        sa.Column("registration_mode", sa.Text(collation="C"), nullable=False),
        sa.Column("registration_authority_id", sa.Uuid(), nullable=True),
        sa.Column("supervisory_unit_id", sa.Uuid(), nullable=True),
        sa.Column("industry_authority_id", sa.Uuid(), nullable=True),
        sa.Column("decoupled", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organization_id"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_organization_periods_one",
        ),
        sa.CheckConstraint(
            "kind IN ('association', 'service_institution', 'foundation', 'community_filed', 'intermediary')",
            name=op.f("ck_organization_periods_kind"),
        ),
        sa.CheckConstraint(
            "registration_mode IN ('direct', 'dual', 'filed')",
            name=op.f("ck_organization_periods_registration_mode"),
        ),
        sa.CheckConstraint(
            "registration_status IN ('preparatory', 'normal', 'in_liquidation', 'deregistered', 'revoked', 'license_revoked', 'merged', 'split')",
            name=op.f("ck_organization_periods_registration_status"),
        ),
        sa.CheckConstraint(
            "NOT isempty(recorded) AND NOT lower_inf(recorded)", name=op.f("ck_organization_periods_recorded")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_organization_periods_valid")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_organization_periods_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_periods")),
    )
    op.create_index(
        "ix_organization_periods_division_code",
        "organization_periods",
        ["division_code", "organization_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "ix_organization_periods_domicile_division_code",
        "organization_periods",
        ["domicile_division_code", "organization_id"],
        unique=False,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_table(
        "organization_names",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organization_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_organization_names_one",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_organization_names_valid")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_organization_names_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_names")),
    )
    op.create_index(
        "ix_organization_names_name", "organization_names", ["name", "organization_id"], unique=False
    )
    op.create_table(
        "organization_officers",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("is_principal", sa.Boolean(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("phone_mask", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organization_id"), "="),
            (sa.column("seat"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_organization_officers_one",
        ),
        sa.CheckConstraint(
            "(phone_id IS NULL) = (phone_mask IS NULL)", name=op.f("ck_organization_officers_phone")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_organization_officers_valid")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_organization_officers_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["phone_id"], ["organization_phones.id"], name=op.f("fk_organization_officers_phone_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_officers")),
    )
    op.create_index("ix_organization_officers_phone_id", "organization_officers", ["phone_id"], unique=False)
    op.create_table(
        "organization_identifiers",
        sa.Column("scheme", sa.Text(collation="C"), nullable=False),
        sa.Column("number", sa.Text(collation="C"), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "scheme IN ('registration_number', 'filing_number', 'registry_id', 'other')",
            name=op.f("ck_organization_identifiers_scheme"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_identifiers_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_identifiers")),
        sa.UniqueConstraint("organization_id", "key", name="uq_organization_identifiers_key"),
    )
    op.create_index(
        "ix_organization_identifiers_number", "organization_identifiers", ["number", "scheme"], unique=False
    )
    op.create_table(
        "credit_listings",
        sa.Column("list", sa.Text(collation="C"), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("list IN ('abnormal', 'serious_violation')", name=op.f("ck_credit_listings_list")),
        sa.CheckConstraint("removed_on > listed_on", name=op.f("ck_credit_listings_removed_on")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_credit_listings_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_listings")),
        sa.UniqueConstraint("organization_id", "key", name="uq_credit_listings_key"),
    )
    op.create_table(
        "penalties",
        sa.Column("penalty", sa.Text(collation="C"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=15, scale=2), nullable=True),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "penalty IN ('warning', 'order_to_correct', 'suspension', 'confiscation', 'fine', 'license_revocation', 'other')",
            name=op.f("ck_penalties_penalty"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_penalties_amount")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_penalties_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalties")),
        sa.UniqueConstraint("organization_id", "key", name="uq_penalties_key"),
    )
    op.create_table(
        "evaluations",
        sa.Column("grade", sa.Text(collation="C"), nullable=False),
        sa.Column("graded_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("graded_by", sa.Text(), nullable=True),
        sa.Column("score", sa.Numeric(precision=7, scale=2), nullable=True),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("grade IN ('5A', '4A', '3A', '2A', '1A')", name=op.f("ck_evaluations_grade")),
        sa.CheckConstraint("valid_until > graded_on", name=op.f("ck_evaluations_valid_until")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_evaluations_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint("organization_id", "key", name="uq_evaluations_key"),
    )
    op.create_table(
        "awards",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("awarded_by", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_awards_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sa.UniqueConstraint("organization_id", "key", name="uq_awards_key"),
    )
    op.create_table(
        "annual_reports",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(collation="C"), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("party_building_reported", sa.Boolean(), nullable=True),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "result IN ('filed', 'passed', 'basically_passed', 'failed', 'not_filed')",
            name=op.f("ck_annual_reports_result"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_annual_reports_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_reports")),
        sa.UniqueConstraint("organization_id", "key", name="uq_annual_reports_key"),
    )
    op.create_table(
        "organization_successions",
        sa.Column("succession", sa.Text(collation="C"), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "succession IN ('merged_into', 'split_into')", name=op.f("ck_organization_successions_succession")
        ),
        sa.CheckConstraint(
            "successor_id <> organization_id", name=op.f("ck_organization_successions_successor_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_successions_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["organizations.id"], name=op.f("fk_organization_successions_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_successions")),
        sa.UniqueConstraint("organization_id", "key", name="uq_organization_successions_key"),
    )
    op.create_index(
        "ix_organization_successions_successor_id", "organization_successions", ["successor_id"], unique=False
    )
    op.create_table(
        "charter_clauses",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("clause", sa.Text(collation="C"), nullable=False),
        sa.Column("wording", sa.Text(collation="C"), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organization_id"), "="),
            (sa.column("clause"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_charter_clauses_one",
        ),
        sa.CheckConstraint(
            "clause IN ('party_building', 'core_values')", name=op.f("ck_charter_clauses_clause")
        ),
        sa.CheckConstraint("wording IN ('2018', '2019', 'own')", name=op.f("ck_charter_clauses_wording")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_charter_clauses_valid")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_charter_clauses_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_clauses")),
    )
    op.create_table(
        "organization_findings",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("fact", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_organization_findings_closed_at")
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_organization_findings_state")),
        sa.CheckConstraint(
            "closed_by IS NULL OR closed_reason IS NOT NULL",
            name=op.f("ck_organization_findings_closed_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_organization_findings_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_findings")),
    )
    op.create_index(
        "ix_organization_findings_open",
        "organization_findings",
        ["kind", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_organization_findings_organization_id",
        "organization_findings",
        ["organization_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_organization_findings_open",
        "organization_findings",
        ["organization_id", "digest"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "credit_code_exceptions",
        sa.Column("credit_code", sa.Text(collation="C"), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_by_name", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'requested') = (decided_by IS NULL)", name=op.f("ck_credit_code_exceptions_decided_by")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'refused')", name=op.f("ck_credit_code_exceptions_state")
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_credit_code_exceptions_decided_at")
        ),
        sa.CheckConstraint(
            "decided_by <> requested_by", name=op.f("ck_credit_code_exceptions_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_credit_code_exceptions_division_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_code_exceptions")),
    )
    op.create_index(
        "ix_credit_code_exceptions_division_code_id",
        "credit_code_exceptions",
        ["division_code", "id"],
        unique=False,
    )
    op.create_index(
        "uq_credit_code_exceptions_credit_code",
        "credit_code_exceptions",
        ["credit_code"],
        unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.create_foreign_key(
        "fk_organizations_contact_phone_id",
        "organizations",
        "organization_phones",
        ["contact_phone_id"],
        ["id"],
        deferrable=True,
        initially="DEFERRED",
    )
    op.execute("REVOKE UPDATE, DELETE ON organization_facts FROM jiceng_app")


def downgrade() -> None:
    """Drop them."""
    op.drop_constraint("fk_organizations_contact_phone_id", "organizations", type_="foreignkey")
    op.drop_table("credit_code_exceptions")
    op.drop_table("organization_findings")
    op.drop_table("charter_clauses")
    op.drop_table("organization_successions")
    op.drop_table("annual_reports")
    op.drop_table("awards")
    op.drop_table("evaluations")
    op.drop_table("penalties")
    op.drop_table("credit_listings")
    op.drop_table("organization_identifiers")
    op.drop_table("organization_officers")
    op.drop_table("organization_names")
    op.drop_table("organization_periods")
    op.drop_table("organization_facts")
    op.drop_table("organization_phones")
    op.drop_table("organizations")
