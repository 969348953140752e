"""Members go with their body, clocks and grid units; what is asked about people; rosters in and out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import guard, of, within

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

CLOCKS = ("suspension_due_on", "strike_off_due_on", "floating_due_on")
ASKING = within("asking_division_code", "asking_body_id")
KNOWN = within("known_division_code", "known_body_id")
GUARDED = {
    "person_verifications": f"({ASKING}) AND ({KNOWN})",
    "person_requests": of("members", "member_id"),
    "person_retentions": of("members", "member_id"),
    "grid_units": within("division_code", "party_organization_id"),
    "grid_unit_organizations": of("grid_units", "grid_unit_id"),
    "grid_unit_members": of("grid_units", "grid_unit_id"),
}


def upgrade() -> None:
    """Make the tables. Who verifies a person sees both places."""
    op.add_column("member_affiliations", sa.Column("reason", sa.Text(), nullable=True))
    op.drop_constraint("uq_members_person_id", "members", type_="unique")
    op.create_index(
        "uq_members_person_id",
        "members",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'ended'"),
    )
    for clock in CLOCKS:
        op.add_column("members", sa.Column(clock, sa.Date(), nullable=True))
    op.create_index(
        "ix_members_clocks",
        "members",
        [sa.text("LEAST(suspension_due_on, strike_off_due_on, floating_due_on)")],
        postgresql_where=sa.text(
            "suspension_due_on IS NOT NULL OR strike_off_due_on IS NOT NULL OR floating_due_on IS NOT NULL"
        ),
    )
    op.create_index(
        "ix_member_transfers_letter_until",
        "member_transfers",
        ["letter_until"],
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_table(
        "person_verifications",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asking_body_id", sa.Uuid(), nullable=False),
        sa.Column("asking_division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("known_body_id", sa.Uuid(), nullable=False),
        sa.Column("known_division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("level_division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=True),
        sa.Column("name_agrees", sa.Boolean(), nullable=True),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("outcome", sa.Text(collation="C"), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("transfer_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'decided') = (outcome IS NOT NULL) AND (outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (reason IS NULL)",
            name=op.f("ck_person_verifications_decided"),
        ),
        sa.CheckConstraint(
            "outcome IN ('same_person', 'other_person', 'error')",
            name=op.f("ck_person_verifications_outcome"),
        ),
        sa.CheckConstraint("state IN ('open', 'decided')", name=op.f("ck_person_verifications_state")),
        sa.CheckConstraint(
            "transfer_id IS NULL OR outcome = 'same_person'", name=op.f("ck_person_verifications_transfer_id")
        ),
        sa.ForeignKeyConstraint(
            ["asking_body_id"],
            ["party_organizations.id"],
            name=op.f("fk_person_verifications_asking_body_id"),
        ),
        sa.ForeignKeyConstraint(
            ["asking_division_code"],
            ["divisions.code"],
            name=op.f("fk_person_verifications_asking_division_code"),
        ),
        sa.ForeignKeyConstraint(
            ["known_body_id"], ["party_organizations.id"], name=op.f("fk_person_verifications_known_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_division_code"],
            ["divisions.code"],
            name=op.f("fk_person_verifications_known_division_code"),
        ),
        sa.ForeignKeyConstraint(
            ["level_division_code"],
            ["divisions.code"],
            name=op.f("fk_person_verifications_level_division_code"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_person_verifications_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["member_transfers.id"], name=op.f("fk_person_verifications_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_verifications")),
    )
    op.create_index(
        "ix_person_verifications_asking_body_id",
        "person_verifications",
        ["asking_body_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_person_verifications_asking_division_code",
        "person_verifications",
        ["asking_division_code", "id"],
        unique=False,
    )
    op.create_index(
        "uq_person_verifications_open",
        "person_verifications",
        ["person_id", "asking_body_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "person_requests",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("identity_proof", sa.Text(), nullable=False),
        sa.Column("details_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_name", sa.Text(), nullable=False),
        sa.Column("legal_ground", sa.Text(collation="C"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("executed_by", sa.Uuid(), nullable=True),
        sa.Column("executed_by_name", sa.Text(), nullable=True),
        sa.Column("executed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'executed') = (executed_by IS NOT NULL) AND (executed_by IS NULL) = (executed_at IS NULL)",
            name=op.f("ck_person_requests_executed"),
        ),
        sa.CheckConstraint(
            "(state IN ('granted', 'refused', 'executed')) = (decided_by IS NOT NULL) AND (decided_by IS NULL) = (legal_ground IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_person_requests_decided"),
        ),
        sa.CheckConstraint(
            "kind IN ('access', 'correction', 'deletion')", name=op.f("ck_person_requests_kind")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'granted', 'refused', 'executed')",
            name=op.f("ck_person_requests_state"),
        ),
        sa.CheckConstraint("decided_by <> recorded_by", name=op.f("ck_person_requests_second_person")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_person_requests_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_requests")),
    )
    op.create_index("ix_person_requests_due_on", "person_requests", ["due_on", "id"], unique=False)
    op.create_index("ix_person_requests_member_id", "person_requests", ["member_id", "id"], unique=False)
    op.create_index(
        "uq_person_requests_open",
        "person_requests",
        ["member_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state IN ('received', 'granted')"),
    )
    op.create_table(
        "person_retentions",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("rule_code", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_by_name", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'due') = (settled_by IS NULL) AND (settled_by IS NULL) = (settled_at IS NULL)",
            name=op.f("ck_person_retentions_settled"),
        ),
        sa.CheckConstraint("state IN ('due', 'kept', 'erased')", name=op.f("ck_person_retentions_state")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_person_retentions_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_retentions")),
        sa.UniqueConstraint("member_id", name="uq_person_retentions_member_id"),
    )
    op.create_index(
        "ix_person_retentions_due_on",
        "person_retentions",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_table(
        "grid_units",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("responsible_member_id", sa.Uuid(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("closed_on > opened_on", name=op.f("ck_grid_units_closed_on")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_grid_units_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_grid_units_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["responsible_member_id"], ["members.id"], name=op.f("fk_grid_units_responsible_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_units")),
        sa.UniqueConstraint("division_code", "name", name="uq_grid_units_name"),
    )
    op.create_index("ix_grid_units_division_code_id", "grid_units", ["division_code", "id"], unique=False)
    op.create_index(
        "ix_grid_units_party_organization_id", "grid_units", ["party_organization_id", "id"], unique=False
    )
    op.create_table(
        "grid_unit_organizations",
        sa.Column("grid_unit_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("organization_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_grid_unit_organizations_one",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_grid_unit_organizations_valid")
        ),
        sa.ForeignKeyConstraint(
            ["grid_unit_id"], ["grid_units.id"], name=op.f("fk_grid_unit_organizations_grid_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_grid_unit_organizations_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_unit_organizations")),
    )
    op.create_index(
        "ix_grid_unit_organizations_grid_unit_id",
        "grid_unit_organizations",
        ["grid_unit_id", "id"],
        unique=False,
    )
    op.create_table(
        "grid_unit_members",
        sa.Column("grid_unit_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("member_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_grid_unit_members_one",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_grid_unit_members_valid")
        ),
        sa.ForeignKeyConstraint(
            ["grid_unit_id"], ["grid_units.id"], name=op.f("fk_grid_unit_members_grid_unit_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_grid_unit_members_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_unit_members")),
    )
    op.create_index(
        "ix_grid_unit_members_grid_unit_id", "grid_unit_members", ["grid_unit_id", "id"], unique=False
    )
    op.create_table(
        "roster_imports",
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("errors_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("layout", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("next_row", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("rows", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("new", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("known", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refused", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_by_name", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('members', 'party_organizations')", name=op.f("ck_roster_imports_kind")),
        sa.CheckConstraint("rows = new + known + refused", name=op.f("ck_roster_imports_rows")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_roster_imports_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["errors_id"], ["files.id"], name=op.f("fk_roster_imports_errors_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_roster_imports_file_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name=op.f("fk_roster_imports_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["files.id"], name=op.f("fk_roster_imports_table_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
        sa.UniqueConstraint("operation_id", name="uq_roster_imports_operation_id"),
    )
    op.create_index(
        "ix_roster_imports_division_code_id", "roster_imports", ["division_code", "id"], unique=False
    )
    op.create_index("ix_roster_imports_requested_by", "roster_imports", ["requested_by", "id"], unique=False)
    op.create_table(
        "roster_import_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(collation="C"), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('new', 'known', 'refused')", name=op.f("ck_roster_import_rows_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["roster_imports.id"],
            name=op.f("fk_roster_import_rows_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_roster_import_rows")),
    )
    op.create_index(
        "ix_roster_import_rows_outcome",
        "roster_import_rows",
        ["import_id", "outcome", "number"],
        unique=False,
    )
    op.create_table(
        "roster_exports",
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("in_party", sa.Boolean(), nullable=True),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unmasked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_by_name", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(collation="C"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'made') = (made_at IS NOT NULL)", name=op.f("ck_roster_exports_made_at")
        ),
        sa.CheckConstraint(
            "(state = 'requested') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_roster_exports_decided"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'rejected', 'made')", name=op.f("ck_roster_exports_state")
        ),
        sa.CheckConstraint("decided_by <> requested_by", name=op.f("ck_roster_exports_second_person")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_roster_exports_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_roster_exports_file_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name=op.f("fk_roster_exports_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_roster_exports_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_exports")),
        sa.UniqueConstraint("operation_id", name="uq_roster_exports_operation_id"),
    )
    op.create_index(
        "ix_roster_exports_division_code_id", "roster_exports", ["division_code", "id"], unique=False
    )
    op.create_index("ix_roster_exports_requested_by", "roster_exports", ["requested_by", "id"], unique=False)
    for table, condition in GUARDED.items():
        guard(table, condition)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("roster_exports")
    op.drop_table("roster_import_rows")
    op.drop_table("roster_imports")
    op.drop_table("grid_unit_members")
    op.drop_table("grid_unit_organizations")
    op.drop_table("grid_units")
    op.drop_table("person_retentions")
    op.drop_table("person_requests")
    op.drop_table("person_verifications")
    op.drop_index("ix_member_transfers_letter_until", "member_transfers")
    op.drop_index("ix_members_clocks", "members")
    op.drop_index("uq_members_person_id", "members")
    op.create_unique_constraint("uq_members_person_id", "members", ["person_id"])
    for clock in CLOCKS:
        op.drop_column("members", clock)
    op.drop_column("member_affiliations", "reason")
