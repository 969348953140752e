"""Intake: registry sources, their secrets, and the inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

APP_ROLE = "jiceng_app"
CODE = sa.Text(collation="C")


def _instant(name: str, *, default: bool = False) -> sa.Column[object]:
    standing = {"server_default": sa.func.now(), "nullable": False} if default else {"nullable": True}
    return sa.Column(name, sa.DateTime(timezone=True), **standing)


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _instant("created_at", default=True),
        _instant("updated_at", default=True),
    ]


def upgrade() -> None:
    """Make the tables. The API role may not delete a message: its id stays taken for ever."""
    op.create_table(
        "registry_sources",
        *_versioned(),
        sa.Column("code", CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("division_code", CODE, nullable=False),
        sa.Column("divisions", sa.ARRAY(CODE), nullable=False),
        sa.Column("source_rank", sa.SmallInteger(), nullable=False),
        sa.Column("scheme", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("machine_user_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_registry_sources"),
        sa.UniqueConstraint("code", name="uq_registry_sources_code"),
        sa.UniqueConstraint("machine_user_id", name="uq_registry_sources_machine_user_id"),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name="fk_registry_sources_authority_id"
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name="fk_registry_sources_division_code"
        ),
        sa.ForeignKeyConstraint(
            ["machine_user_id"], ["users.id"], name="fk_registry_sources_machine_user_id"
        ),
        sa.CheckConstraint("code ~ '^[a-z0-9][a-z0-9-]{1,39}$'", name=op.f("ck_registry_sources_code")),
        sa.CheckConstraint(
            "source_rank BETWEEN 31 AND 99 AND source_rank <> 40",
            name=op.f("ck_registry_sources_source_rank"),
        ),
        sa.CheckConstraint("scheme IN ('either', 'v1', 'v1sm3')", name=op.f("ck_registry_sources_scheme")),
        sa.CheckConstraint("state IN ('active', 'suspended')", name=op.f("ck_registry_sources_state")),
        sa.CheckConstraint(
            "cardinality(divisions) BETWEEN 1 AND 50", name=op.f("ck_registry_sources_divisions")
        ),
    )
    op.create_index("ix_registry_sources_division_code_id", "registry_sources", ["division_code", "id"])
    op.create_index("ix_registry_sources_authority_id", "registry_sources", ["authority_id"])
    op.create_table(
        "registry_source_secrets",
        *_versioned(),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("secret_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", CODE, nullable=False),
        sa.Column("valid", postgresql.TSTZRANGE(), nullable=False),
        _instant("revoked_at"),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_registry_source_secrets"),
        sa.ForeignKeyConstraint(
            ["source_id"], ["registry_sources.id"], name="fk_registry_source_secrets_source_id"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_registry_source_secrets_created_by"),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_registry_source_secrets_valid")
        ),
    )
    op.create_index("ix_registry_source_secrets_source_id_id", "registry_source_secrets", ["source_id", "id"])
    _inbox()
    op.execute(f"REVOKE DELETE ON registry_events FROM {APP_ROLE}")


def _inbox() -> None:
    op.create_table(
        "registry_events",
        *_versioned(),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", CODE, nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("mended_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("type", CODE, nullable=True),
        sa.Column("state", CODE, nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        _instant("occurred_at"),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("organization_key", CODE, nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("division_code", CODE, nullable=False),
        sa.Column("waiting_for", CODE, nullable=True),
        sa.Column("problem", postgresql.JSONB(), nullable=True),
        sa.Column("problem_code", CODE, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _instant("due_at", default=True),
        _instant("received_at", default=True),
        _instant("applied_at"),
        _instant("mended_at"),
        sa.Column("mended_by", sa.Uuid(), nullable=True),
        sa.Column("dismissed_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_registry_events"),
        sa.UniqueConstraint("source_id", "webhook_id", name="uq_registry_events_source_id_webhook_id"),
        sa.ForeignKeyConstraint(["source_id"], ["registry_sources.id"], name="fk_registry_events_source_id"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_registry_events_organization_id"
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name="fk_registry_events_division_code"
        ),
        sa.ForeignKeyConstraint(["mended_by"], ["users.id"], name="fk_registry_events_mended_by"),
        sa.CheckConstraint(
            "state IN ('pending', 'applied', 'parked', 'quarantined', 'dismissed')",
            name=op.f("ck_registry_events_state"),
        ),
        sa.CheckConstraint(
            "(state = 'applied') = (applied_at IS NOT NULL)", name=op.f("ck_registry_events_applied_at")
        ),
        sa.CheckConstraint(
            "(state = 'parked') = (waiting_for IS NOT NULL)", name=op.f("ck_registry_events_waiting_for")
        ),
        sa.CheckConstraint(
            "state <> 'quarantined' OR problem IS NOT NULL", name=op.f("ck_registry_events_problem")
        ),
        sa.CheckConstraint(
            "(problem IS NULL) = (problem_code IS NULL)", name=op.f("ck_registry_events_problem_code")
        ),
        sa.CheckConstraint(
            "(state = 'dismissed') = (dismissed_reason IS NOT NULL)",
            name=op.f("ck_registry_events_dismissed_reason"),
        ),
        sa.CheckConstraint(
            "(mended_by IS NULL) = (mended_at IS NULL)", name=op.f("ck_registry_events_mended_by")
        ),
        sa.CheckConstraint(
            "state NOT IN ('pending', 'parked', 'quarantined') OR body_cipher IS NOT NULL",
            name=op.f("ck_registry_events_body"),
        ),
        postgresql_with={"fillfactor": "80", "autovacuum_vacuum_scale_factor": "0.05"},
    )
    op.create_index(
        "ix_registry_events_due_at",
        "registry_events",
        ["due_at", "id"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_registry_events_waiting_for",
        "registry_events",
        ["waiting_for"],
        postgresql_where=sa.text("state = 'parked'"),
    )
    op.create_index(
        "ix_registry_events_open",
        "registry_events",
        ["state", "source_id", "id"],
        postgresql_where=sa.text("state IN ('parked', 'quarantined')"),
    )
    op.create_index(
        "ix_registry_events_sequence",
        "registry_events",
        ["source_id", "sequence"],
        postgresql_where=sa.text("sequence IS NOT NULL"),
    )
    op.create_index(
        "ix_registry_events_organization_key",
        "registry_events",
        ["organization_key", "id"],
        postgresql_where=sa.text("state = 'applied'"),
    )
    op.create_index("ix_registry_events_source_id_id", "registry_events", ["source_id", "id"])
    op.create_index("ix_registry_events_division_code_id", "registry_events", ["division_code", "id"])
    op.create_index("ix_registry_events_organization_id_id", "registry_events", ["organization_id", "id"])
    op.create_index(
        "ix_registry_events_received_at",
        "registry_events",
        ["received_at"],
        postgresql_where=sa.text("body_cipher IS NOT NULL AND state IN ('applied', 'dismissed')"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("registry_events")
    op.drop_table("registry_source_secrets")
    op.drop_table("registry_sources")
