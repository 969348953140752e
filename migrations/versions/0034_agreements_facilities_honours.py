"""Pairing agreements; venues, service centres and training bases; honours and brand projects."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import NATION, code, guard, identified, versioned, within

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "pairing_agreements",
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("term", postgresql.DATERANGE(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        code("ended_reason", nullable=True),
        sa.Column("ended_note", sa.Text(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        *versioned(),
        sa.CheckConstraint(
            "ended_reason IN ('fulfilled', 'terminated', 'superseded', 'recorded_in_error')",
            name=op.f("ck_pairing_agreements_ended_reason"),
        ),
        sa.CheckConstraint(
            "jsonb_typeof(items) = 'array' AND jsonb_array_length(items) <= 50",
            name=op.f("ck_pairing_agreements_items"),
        ),
        sa.CheckConstraint(
            "void = (ended_reason IS NOT DISTINCT FROM 'recorded_in_error')",
            name=op.f("ck_pairing_agreements_void"),
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_reason IS NULL)", name=op.f("ck_pairing_agreements_ended_on")
        ),
        sa.CheckConstraint(
            "NOT isempty(term) AND NOT lower_inf(term)", name=op.f("ck_pairing_agreements_term")
        ),
        sa.CheckConstraint(
            "holder_id = COALESCE(party_organization_id, organization_id)",
            name=op.f("ck_pairing_agreements_holder_id"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(party_organization_id, organization_id) = 1",
            name=op.f("ck_pairing_agreements_one_holder"),
        ),
        sa.CheckConstraint(
            "void OR ended_on IS NULL OR ended_on = upper(term)",
            name=op.f("ck_pairing_agreements_ended_term"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_pairing_agreements_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_pairing_agreements_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_pairing_agreements_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_agreements")),
        sa.UniqueConstraint("id", "holder_id", "term", "void", name="uq_pairing_agreements_id_holder_term"),
    )
    op.create_index(
        "ix_pairing_agreements_division_code_id", "pairing_agreements", ["division_code", "id"], unique=False
    )
    op.create_index(
        "ix_pairing_agreements_organization_id", "pairing_agreements", ["organization_id"], unique=False
    )
    op.create_index(
        "ix_pairing_agreements_party_organization_id_id",
        "pairing_agreements",
        ["party_organization_id", "id"],
        unique=False,
    )
    op.create_table(
        "agreement_parties",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("term", postgresql.DATERANGE(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        code("unit_kind", nullable=True),
        code("division_code", nullable=True),
        *identified(),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "(LEAST(holder_id::text, COALESCE(party_organization_id::text, organization_id::text, unit_name)) || GREATEST(holder_id::text, COALESCE(party_organization_id::text, organization_id::text, unit_name)))"
                ),
                "=",
            ),
            (sa.column("term"), "&&"),
            where=sa.text("NOT void"),
            using="gist",
            name="ex_agreement_parties_twice",
        ),
        sa.CheckConstraint(
            "unit_kind IN ('village', 'community', 'school', 'enterprise', 'government', 'military', 'hospital', 'other')",
            name=op.f("ck_agreement_parties_unit_kind"),
        ),
        sa.CheckConstraint(
            "(unit_name IS NULL) = (unit_kind IS NULL)", name=op.f("ck_agreement_parties_unit")
        ),
        sa.CheckConstraint(
            "holder_id IS DISTINCT FROM COALESCE(party_organization_id, organization_id)",
            name=op.f("ck_agreement_parties_another"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(party_organization_id, organization_id, unit_name) = 1",
            name=op.f("ck_agreement_parties_one"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id", "holder_id", "term", "void"],
            [
                "pairing_agreements.id",
                "pairing_agreements.holder_id",
                "pairing_agreements.term",
                "pairing_agreements.void",
            ],
            name="fk_agreement_parties_agreement",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_agreement_parties_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_agreement_parties_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_agreement_parties_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_parties")),
    )
    op.create_index("ix_agreement_parties_agreement_id", "agreement_parties", ["agreement_id"], unique=False)
    op.create_index(
        "ix_agreement_parties_division_code", "agreement_parties", ["division_code"], unique=False
    )
    op.create_index(
        "ix_agreement_parties_organization_id", "agreement_parties", ["organization_id"], unique=False
    )
    op.create_index(
        "ix_agreement_parties_party_organization_id",
        "agreement_parties",
        ["party_organization_id"],
        unique=False,
    )
    op.create_table(
        "facilities",
        code("kind"),
        code("center_kind", nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        code("level"),
        code("division_code"),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("legal_entity", sa.Boolean(), nullable=False),
        code("teaching_point_level", nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        code("ended_reason", nullable=True),
        sa.Column("ended_note", sa.Text(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        *versioned(),
        postgresql.ExcludeConstraint(
            (sa.text("(division_code || ' ' || kind || ' ' || name)"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("NOT void"),
            using="gist",
            name="ex_facilities_twice",
        ),
        sa.CheckConstraint(
            "(kind = 'service_center') = (center_kind IS NOT NULL)", name=op.f("ck_facilities_center")
        ),
        sa.CheckConstraint(
            "NOT legal_entity OR kind = 'service_center'", name=op.f("ck_facilities_legal_entity")
        ),
        sa.CheckConstraint(
            "center_kind IN ('party_mass', 'incubator', 'organization_service')",
            name=op.f("ck_facilities_center_kind"),
        ),
        sa.CheckConstraint(
            "ended_reason IN ('closed', 'moved', 'merged', 'recorded_in_error')",
            name=op.f("ck_facilities_ended_reason"),
        ),
        sa.CheckConstraint(
            "kind <> 'venue' OR party_organization_id IS NOT NULL OR organization_id IS NOT NULL",
            name=op.f("ck_facilities_owner"),
        ),
        sa.CheckConstraint(
            "kind IN ('venue', 'service_center', 'training_base')", name=op.f("ck_facilities_kind")
        ),
        sa.CheckConstraint(
            "level IN ('nation', 'province', 'prefecture', 'county', 'township', 'community')",
            name=op.f("ck_facilities_level"),
        ),
        sa.CheckConstraint(
            "teaching_point_level IN ('nation', 'province', 'prefecture', 'county', 'township', 'community')",
            name=op.f("ck_facilities_teaching_point_level"),
        ),
        sa.CheckConstraint(
            "teaching_point_level IS NULL OR kind = 'training_base'",
            name=op.f("ck_facilities_teaching_point"),
        ),
        sa.CheckConstraint(
            "void = (ended_reason IS NOT DISTINCT FROM 'recorded_in_error')", name=op.f("ck_facilities_void")
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_reason IS NULL)", name=op.f("ck_facilities_ended_on")
        ),
        sa.CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_facilities_valid")),
        sa.CheckConstraint(
            "void OR ended_on IS NOT DISTINCT FROM upper(valid)", name=op.f("ck_facilities_ended_valid")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_facilities_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_facilities_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_facilities_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilities")),
    )
    op.create_index("ix_facilities_division_code_id", "facilities", ["division_code", "id"], unique=False)
    op.create_index("ix_facilities_organization_id", "facilities", ["organization_id"], unique=False)
    op.create_index(
        "ix_facilities_party_organization_id_id", "facilities", ["party_organization_id", "id"], unique=False
    )
    op.create_table(
        "facility_checks",
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        code("feature"),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "feature IN ('place', 'equipment', 'sign', 'party_flag', 'books', 'rules', 'listen', 'look', 'practise', 'lead', 'review')",
            name=op.f("ck_facility_checks_feature"),
        ),
        sa.CheckConstraint("NOT present OR evidence IS NOT NULL", name=op.f("ck_facility_checks_evidence")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_facility_checks_facility_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_checks")),
        sa.UniqueConstraint("facility_id", "feature", "checked_on", name="uq_facility_checks_once"),
    )
    op.create_table(
        "brand_projects",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        code("ended_reason", nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        *versioned(),
        postgresql.ExcludeConstraint(
            (sa.column("party_organization_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("NOT void"),
            using="gist",
            name="ex_brand_projects_one",
        ),
        sa.CheckConstraint(
            "ended_reason IN ('completed', 'replaced', 'abandoned', 'recorded_in_error')",
            name=op.f("ck_brand_projects_ended_reason"),
        ),
        sa.CheckConstraint(
            "void = (ended_reason IS NOT DISTINCT FROM 'recorded_in_error')",
            name=op.f("ck_brand_projects_void"),
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_reason IS NULL)", name=op.f("ck_brand_projects_ended_on")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_brand_projects_valid")
        ),
        sa.CheckConstraint(
            "void OR ended_on IS NOT DISTINCT FROM upper(valid)", name=op.f("ck_brand_projects_ended_valid")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_brand_projects_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_brand_projects_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_projects")),
    )
    op.create_index(
        "ix_brand_projects_division_code_id", "brand_projects", ["division_code", "id"], unique=False
    )
    op.create_index(
        "ix_brand_projects_party_organization_id_id",
        "brand_projects",
        ["party_organization_id", "id"],
        unique=False,
    )
    op.create_table(
        "honours",
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("brand_project_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        code("division_code"),
        code("kind"),
        sa.Column("title", sa.Text(), nullable=False),
        code("level"),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("awarded_by", sa.Text(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        code("withdrawn_reason", nullable=True),
        sa.Column("withdrawn_note", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(brand_project_id IS NOT NULL) = (kind = 'brand')", name=op.f("ck_honours_brand")
        ),
        sa.CheckConstraint(
            "kind IN ('commendation', 'double_strong', 'deputy', 'brand', 'other')",
            name=op.f("ck_honours_kind"),
        ),
        sa.CheckConstraint(
            "level IN ('nation', 'province', 'prefecture', 'county', 'township')",
            name=op.f("ck_honours_level"),
        ),
        sa.CheckConstraint(
            "withdrawn_reason IN ('revoked', 'recorded_in_error')", name=op.f("ck_honours_withdrawn_reason")
        ),
        sa.CheckConstraint(
            "(body_id IS NULL) = (organization_id IS NOT NULL)", name=op.f("ck_honours_body_id")
        ),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_reason IS NULL)", name=op.f("ck_honours_withdrawn_on")
        ),
        sa.CheckConstraint(
            "num_nonnulls(organization_id, party_organization_id, member_id, brand_project_id) = 1",
            name=op.f("ck_honours_one_holder"),
        ),
        sa.CheckConstraint("year BETWEEN 1921 AND 2200", name=op.f("ck_honours_year")),
        sa.ForeignKeyConstraint(["body_id"], ["party_organizations.id"], name=op.f("fk_honours_body_id")),
        sa.ForeignKeyConstraint(
            ["brand_project_id"], ["brand_projects.id"], name=op.f("fk_honours_brand_project_id")
        ),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name=op.f("fk_honours_division_code")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_honours_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_honours_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_honours_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honours")),
    )
    op.create_index("ix_honours_body_id_id", "honours", ["body_id", "id"], unique=False)
    op.create_index("ix_honours_brand_project_id", "honours", ["brand_project_id"], unique=False)
    op.create_index("ix_honours_division_code_id", "honours", ["division_code", "id"], unique=False)
    op.create_index("ix_honours_member_id", "honours", ["member_id"], unique=False)
    op.create_index("ix_honours_organization_id", "honours", ["organization_id"], unique=False)
    op.create_index("ix_honours_party_organization_id", "honours", ["party_organization_id"], unique=False)
    op.create_index(
        "uq_honours_once",
        "honours",
        [
            sa.literal_column(
                "COALESCE(organization_id, party_organization_id, member_id, brand_project_id)"
            ),
            "year",
            "level",
            "title",
        ],
        unique=True,
        postgresql_where=sa.text("withdrawn_on IS NULL"),
    )
    held = within("division_code", "body_id")
    guard("honours", f"CASE WHEN member_id IS NULL OR {NATION} THEN true ELSE {held} END")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("honours")
    op.drop_table("brand_projects")
    op.drop_table("facility_checks")
    op.drop_table("facilities")
    op.drop_table("agreement_parties")
    op.drop_table("pairing_agreements")
