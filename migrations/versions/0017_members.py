"""People: persons, members, where they belong and since when, transfers; row-level security on each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

APP_ROLE = "jiceng_app"
TODAY = "timezone('Asia/Shanghai', now())::date"
NATION = "current_setting('jiceng.nation', true) = 'on'"
DIVISIONS = f"""ARRAY(SELECT c.descendant_code FROM division_closure c
    WHERE c.ancestor_code = ANY(string_to_array(NULLIF(current_setting('jiceng.divisions', true), ''), ','))
    AND c.valid @> {TODAY})"""  # noqa: S608 (constants only)
BODIES = f"""ARRAY(SELECT c.descendant_id FROM party_organization_closure c
    WHERE c.ancestor_id = ANY(string_to_array(NULLIF(current_setting('jiceng.bodies', true), ''), ',')::uuid[])
    AND c.valid @> {TODAY})"""  # noqa: S608 (constants only)
OF_A_MEMBER = "EXISTS (SELECT FROM members m WHERE m.id = member_id)"


def within(division: str, body: str) -> str:
    """Whether a row lies in what the transaction has said it may see; without a word it lies nowhere."""
    return f"{NATION} OR {division} = ANY ({DIVISIONS}) OR {body} = ANY ({BODIES})"


POLICIES = {
    "persons": within("division_code", "party_organization_id"),
    "members": within("division_code", "party_organization_id"),
    "member_statuses": OF_A_MEMBER,
    "member_affiliations": OF_A_MEMBER,
    "member_participations": OF_A_MEMBER,
    "member_restrictions": OF_A_MEMBER,
    "member_transfers": within("from_division_code", "from_body_id")
    + " OR "
    + within("to_division_code", "to_body_id").removeprefix(f"{NATION} OR "),
}


def upgrade() -> None:
    """Make the tables. Row-level security is forced: the owner is held by it too."""
    op.create_table(
        "persons",
        sa.Column("name_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("name_blind", sa.LargeBinary(), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=False),
        sa.Column("id_number_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_blind", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_mask", sa.Text(), nullable=True),
        sa.Column("phone_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("phone_blind", sa.LargeBinary(), nullable=True),
        sa.Column("phone_mask", sa.Text(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(id_number_cipher IS NULL) = (id_number_blind IS NULL) AND (id_number_cipher IS NULL) = (id_number_mask IS NULL)",
            name=op.f("ck_persons_id_number"),
        ),
        sa.CheckConstraint(
            "(phone_cipher IS NULL) = (phone_blind IS NULL) AND (phone_cipher IS NULL) = (phone_mask IS NULL)",
            name=op.f("ck_persons_phone"),
        ),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name=op.f("fk_persons_division_code")),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_persons_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("id_number_blind", name="uq_persons_id_number_blind"),
    )
    op.create_index("ix_persons_division_code", "persons", ["division_code"], unique=False)
    op.create_index("ix_persons_name_blind", "persons", ["name_blind"], unique=False)
    op.create_index("ix_persons_party_organization_id", "persons", ["party_organization_id"], unique=False)
    op.create_index("ix_persons_phone_blind", "persons", ["phone_blind"], unique=False)
    op.create_table(
        "members",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(collation="C"), nullable=False),
        sa.Column("ended_kind", sa.Text(collation="C"), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("joined_precision", sa.Text(collation="C"), nullable=True),
        sa.Column("full_on", sa.Date(), nullable=True),
        sa.Column("full_precision", sa.Text(collation="C"), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("employment", sa.Text(collation="C"), nullable=True),
        sa.Column("floating_since", sa.Date(), nullable=True),
        sa.Column("scattered", sa.Boolean(), nullable=False),
        sa.Column("contact_lost_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_kind IS NOT NULL) AND (status = 'ended') = (ended_on IS NOT NULL)",
            name=op.f("ck_members_ended"),
        ),
        sa.CheckConstraint(
            "employment IN ('full_time_staff', 'part_time', 'principal', 'volunteer', 'other')",
            name=op.f("ck_members_employment"),
        ),
        sa.CheckConstraint(
            "ended_kind IN ('deceased', 'resigned', 'struck_off', 'expelled', 'probation_revoked', 'application_ended', 'transferred_out', 'recorded_in_error')",
            name=op.f("ck_members_ended_kind"),
        ),
        sa.CheckConstraint(
            "full_precision IN ('year', 'month', 'day') AND (full_on IS NULL) = (full_precision IS NULL)",
            name=op.f("ck_members_full"),
        ),
        sa.CheckConstraint(
            "joined_precision IN ('year', 'month', 'day') AND (joined_on IS NULL) = (joined_precision IS NULL)",
            name=op.f("ck_members_joined"),
        ),
        sa.CheckConstraint("status <> 'full' OR full_on IS NOT NULL", name=op.f("ck_members_full_on")),
        sa.CheckConstraint(
            "status IN ('applicant', 'activist', 'development_target', 'probationary', 'full', 'suspended', 'ended')",
            name=op.f("ck_members_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('probationary', 'full', 'suspended') OR joined_on IS NOT NULL",
            name=op.f("ck_members_joined_on"),
        ),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name=op.f("fk_members_division_code")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_members_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_members_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_members_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("person_id", name="uq_members_person_id"),
    )
    op.create_index("ix_members_division_code_id", "members", ["division_code", "id"], unique=False)
    op.create_index(
        "ix_members_organization_id",
        "members",
        ["organization_id"],
        unique=False,
        postgresql_where=sa.text("status <> 'ended'"),
    )
    op.create_index(
        "ix_members_party_organization_id_id", "members", ["party_organization_id", "id"], unique=False
    )
    op.create_table(
        "member_participations",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("(uuid_send(member_id) || uuid_send(party_organization_id))"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_member_participations_twice",
        ),
        sa.CheckConstraint("kind IN ('secondary', 'floating')", name=op.f("ck_member_participations_kind")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_member_participations_valid")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_member_participations_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_member_participations_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_participations")),
    )
    op.create_index(
        "ix_member_participations_party_organization_id",
        "member_participations",
        ["party_organization_id", "member_id"],
        unique=False,
    )
    op.create_table(
        "member_restrictions",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("member_id"), "="),
            (sa.column("kind"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_member_restrictions_twice",
        ),
        sa.CheckConstraint(
            "kind IN ('probation_within_party', 'rights_suspended')", name=op.f("ck_member_restrictions_kind")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_member_restrictions_valid")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_restrictions_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_restrictions")),
    )
    op.create_table(
        "member_statuses",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(collation="C"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("member_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_member_statuses_one",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_member_statuses_valid")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_statuses_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_statuses")),
    )
    op.create_table(
        "member_transfers",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=False),
        sa.Column("from_body_id", sa.Uuid(), nullable=False),
        sa.Column("from_division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("to_body_id", sa.Uuid(), nullable=True),
        sa.Column("to_division_code", sa.Text(collation="C"), nullable=True),
        sa.Column("to_outside", sa.Text(), nullable=True),
        sa.Column("range", sa.Text(collation="C"), nullable=False),
        sa.Column("state", sa.Text(collation="C"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("letter_number", sa.Text(), nullable=True),
        sa.Column("letter_issued_on", sa.Date(), nullable=True),
        sa.Column("letter_until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("receipt_number", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('accepted', 'returned', 'cancelled')) = (ended_on IS NOT NULL)",
            name=op.f("ck_member_transfers_ended_on"),
        ),
        sa.CheckConstraint(
            "range IN ('within_committee', 'within_province', 'national')",
            name=op.f("ck_member_transfers_range"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'sent', 'accepted', 'returned', 'cancelled')",
            name=op.f("ck_member_transfers_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('sent', 'accepted', 'returned') OR letter_number IS NOT NULL",
            name=op.f("ck_member_transfers_letter"),
        ),
        sa.CheckConstraint(
            "(to_body_id IS NULL) = (to_division_code IS NULL) AND (to_body_id IS NULL) <> (to_outside IS NULL)",
            name=op.f("ck_member_transfers_receiver"),
        ),
        sa.CheckConstraint("from_body_id <> to_body_id", name=op.f("ck_member_transfers_elsewhere")),
        sa.ForeignKeyConstraint(
            ["from_body_id"], ["party_organizations.id"], name=op.f("fk_member_transfers_from_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_division_code"], ["divisions.code"], name=op.f("fk_member_transfers_from_division_code")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_transfers_member_id")),
        sa.ForeignKeyConstraint(
            ["to_body_id"], ["party_organizations.id"], name=op.f("fk_member_transfers_to_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_division_code"], ["divisions.code"], name=op.f("fk_member_transfers_to_division_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_transfers")),
    )
    op.create_index(
        "ix_member_transfers_from_body_id", "member_transfers", ["from_body_id", "id"], unique=False
    )
    op.create_index(
        "ix_member_transfers_from_division_code",
        "member_transfers",
        ["from_division_code", "id"],
        unique=False,
    )
    op.create_index("ix_member_transfers_member_id", "member_transfers", ["member_id", "id"], unique=False)
    op.create_index("ix_member_transfers_to_body_id", "member_transfers", ["to_body_id", "id"], unique=False)
    op.create_index(
        "ix_member_transfers_to_division_code", "member_transfers", ["to_division_code", "id"], unique=False
    )
    op.create_index(
        "uq_member_transfers_open",
        "member_transfers",
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'sent')"),
    )
    op.create_table(
        "member_affiliations",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("member_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_member_affiliations_one",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_member_affiliations_valid")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_affiliations_member_id")),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_member_affiliations_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["member_transfers.id"], name=op.f("fk_member_affiliations_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_affiliations")),
    )
    op.create_index(
        "ix_member_affiliations_party_organization_id",
        "member_affiliations",
        ["party_organization_id", "member_id"],
        unique=False,
    )
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY within_scope ON {table} USING ({condition}) WITH CHECK ({condition})")
        op.execute(f"REVOKE DELETE ON {table} FROM {APP_ROLE}")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("member_affiliations")
    op.drop_table("member_transfers")
    op.drop_table("member_statuses")
    op.drop_table("member_restrictions")
    op.drop_table("member_participations")
    op.drop_table("members")
    op.drop_table("persons")
