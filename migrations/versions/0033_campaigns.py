"""Campaigns, their targets and what each came to; what instructors' tables keep."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import APP_ROLE, NATION, code, guard, identified, of, versioned

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FROZEN = """
CREATE FUNCTION campaign_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'campaigns' THEN
        IF OLD.state <> 'finished' THEN RETURN NULL; END IF;
    ELSIF NOT EXISTS (SELECT FROM campaigns c WHERE c.id = NEW.campaign_id AND c.state = 'finished') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a finished campaign is frozen'
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$
"""
"""Whoever closes a target holds its campaign's row: none is finished meanwhile."""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "campaigns",
        code("kind"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        code("division_code"),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        code("state"),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=False),
        sa.Column("next_check_on", sa.Date(), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("remaining_reason", sa.Text(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        code("report_sha256", nullable=True),
        *versioned(),
        sa.CheckConstraint("(state = 'draft') = (started_on IS NULL)", name=op.f("ck_campaigns_started")),
        sa.CheckConstraint(
            "(state = 'finished') = (finished_on IS NOT NULL) AND (finished_on IS NULL) = (report IS NULL) AND (finished_on IS NULL) = (report_sha256 IS NULL)",
            name=op.f("ck_campaigns_finished"),
        ),
        sa.CheckConstraint(
            "kind IN ('hundred_days', 'sixty_days', 'half_yearly_check', 'education_month', 'four_clears', 'zombie_check')",
            name=op.f("ck_campaigns_kind"),
        ),
        sa.CheckConstraint(
            "report_sha256 = encode(sha256(convert_to(report, 'UTF8')), 'hex')",
            name=op.f("ck_campaigns_report_sha256"),
        ),
        sa.CheckConstraint("state IN ('draft', 'running', 'finished')", name=op.f("ck_campaigns_state")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaigns_period")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_campaigns_division_code")
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operations.id"], name=op.f("fk_campaigns_operation_id")),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_campaigns_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_campaigns_rule_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index("ix_campaigns_division_code_id", "campaigns", ["division_code", "id"], unique=False)
    op.create_index(
        "ix_campaigns_next_check_on",
        "campaigns",
        ["next_check_on"],
        unique=False,
        postgresql_where=sa.text("kind = 'half_yearly_check'"),
    )
    op.create_index(
        "ix_campaigns_party_organization_id_id", "campaigns", ["party_organization_id", "id"], unique=False
    )
    op.create_table(
        "campaign_targets",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        code("drawn_from"),
        sa.Column("drawn_as_of", sa.Date(), nullable=False),
        sa.Column("grounds", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("owner_party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("owner_authority_id", sa.Uuid(), nullable=True),
        sa.Column("owner_instructor_id", sa.Uuid(), nullable=True),
        sa.Column("owner_instructor_mask", sa.Text(), nullable=True),
        sa.Column("owner_user_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        code("state"),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        *versioned(),
        sa.CheckConstraint(
            "drawn_from IN ('uncovered', 'blank_spots', 'must_establish', 'everyone', 'not_clear', 'zombies')",
            name=op.f("ck_campaign_targets_drawn_from"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed', 'removed')", name=op.f("ck_campaign_targets_state")),
        sa.CheckConstraint(
            "(owner_instructor_id IS NULL) = (owner_instructor_mask IS NULL)",
            name=op.f("ck_campaign_targets_instructor"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(owner_party_organization_id, owner_authority_id, owner_instructor_id, owner_user_id) <= 1",
            name=op.f("ck_campaign_targets_owner"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_campaign_targets_number")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_targets_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_campaign_targets_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_campaign_targets_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_authority_id"], ["authorities.id"], name=op.f("fk_campaign_targets_owner_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_instructor_id"], ["instructors.id"], name=op.f("fk_campaign_targets_owner_instructor_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_campaign_targets_owner_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_user_id"], ["users.id"], name=op.f("fk_campaign_targets_owner_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["party_organizations.id"], name=op.f("fk_campaign_targets_responsible_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_targets")),
        sa.UniqueConstraint("campaign_id", "organization_id", name="uq_campaign_targets_organization"),
    )
    op.create_index(
        "ix_campaign_targets_campaign_id_due_on",
        "campaign_targets",
        ["campaign_id", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_campaign_targets_campaign_id_state", "campaign_targets", ["campaign_id", "state"], unique=False
    )
    op.create_index(
        "ix_campaign_targets_division_code",
        "campaign_targets",
        ["division_code", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_campaign_targets_open",
        "campaign_targets",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_campaign_targets_organization_id", "campaign_targets", ["organization_id"], unique=False
    )
    op.create_index(
        "ix_campaign_targets_owner_authority_id", "campaign_targets", ["owner_authority_id"], unique=False
    )
    op.create_index(
        "ix_campaign_targets_owner_instructor_id", "campaign_targets", ["owner_instructor_id"], unique=False
    )
    op.create_index(
        "ix_campaign_targets_owner_party_organization_id",
        "campaign_targets",
        ["owner_party_organization_id"],
        unique=False,
    )
    op.create_index("ix_campaign_targets_owner_user_id", "campaign_targets", ["owner_user_id"], unique=False)
    op.create_index(
        "ix_campaign_targets_responsible_id",
        "campaign_targets",
        ["responsible_id", "due_on", "id"],
        unique=False,
    )
    op.create_table(
        "campaign_target_states",
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        code("state"),
        sa.Column("state_on", sa.Date(), nullable=False),
        code("reason"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        code("file_sha256", nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        *identified(),
        sa.CheckConstraint(
            "number >= 1 AND (number > 1 OR reason = 'drawn')", name=op.f("ck_campaign_target_states_number")
        ),
        sa.CheckConstraint(
            "reason IN ('drawn', 'party_organization_covers', 'facts_on_record', 'stated', 'deregistered', 'revoked', 'license_revoked', 'merged', 'split', 'no_longer_so', 'closed_by_hand', 'removed_by_hand', 'reopened_by_hand')",
            name=op.f("ck_campaign_target_states_reason"),
        ),
        sa.CheckConstraint(
            "reason NOT IN ('closed_by_hand', 'removed_by_hand') OR note IS NOT NULL OR file_id IS NOT NULL",
            name=op.f("ck_campaign_target_states_evidence"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'removed')", name=op.f("ck_campaign_target_states_state")
        ),
        sa.CheckConstraint(
            "(file_id IS NULL) = (file_sha256 IS NULL)", name=op.f("ck_campaign_target_states_file")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_campaign_target_states_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["campaign_targets.id"], name=op.f("fk_campaign_target_states_target_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_target_states")),
        sa.UniqueConstraint("target_id", "number", name="uq_campaign_target_states_number"),
    )
    op.create_index(
        "ix_campaign_target_states_party_organization_id",
        "campaign_target_states",
        ["party_organization_id"],
        unique=False,
    )
    op.execute(f"REVOKE DELETE ON campaigns, campaign_targets FROM {APP_ROLE}")
    op.execute(f"REVOKE UPDATE, DELETE ON campaign_target_states FROM {APP_ROLE}")
    op.execute(FROZEN)
    for table, writes in (("campaigns", "UPDATE"), ("campaign_targets", "INSERT OR UPDATE")):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER ck_{table}_frozen AFTER {writes} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION campaign_frozen()"
        )
    op.execute(f"REVOKE DELETE ON instructor_assignments FROM {APP_ROLE}")
    guard(
        "instructor_suggestions",
        f"CASE WHEN {NATION} THEN true ELSE {of('instructors', 'instructor_id')} END",
    )


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP POLICY within_scope ON instructor_suggestions")
    op.execute("ALTER TABLE instructor_suggestions NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE instructor_suggestions DISABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT DELETE ON instructor_suggestions, instructor_assignments TO {APP_ROLE}")
    op.drop_table("campaign_target_states")
    op.drop_table("campaign_targets")
    op.drop_table("campaigns")
    op.execute("DROP FUNCTION campaign_frozen")
