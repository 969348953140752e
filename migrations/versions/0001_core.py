"""Core: extensions, the API role's privileges, idempotency keys, audit, events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.db import XID8

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APP_ROLE = "jiceng_app"
CODE = sa.Text(collation="C")
XID = sa.text("pg_current_xact_id()")


def upgrade() -> None:
    """Make the tables that every slice writes through `work.announce`."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') "
        f"THEN CREATE ROLE {APP_ROLE} NOLOGIN; END IF; END $$"
    )
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
    op.execute(
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE}"
    )
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE}")
    op.execute(f"GRANT SELECT ON alembic_version TO {APP_ROLE}")
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("operation", CODE, nullable=False),
        sa.Column("key", CODE, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "operation", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", CODE, nullable=False),
        sa.Column("subject_type", CODE, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("division_code", CODE, nullable=True),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.Column("xid", XID8(), server_default=XID, nullable=False),
        sa.Column("reacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_xid_id", "events", ["xid", "id"])
    op.create_index(
        "ix_events_waiting", "events", ["xid", "id"], postgresql_where=sa.text("reacted_at IS NULL")
    )
    op.create_index("ix_events_subject_id", "events", ["subject_id", "id"])
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_kind", CODE, nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("subject_type", CODE, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("division_code", CODE, nullable=True),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("xid", XID8(), server_default=XID, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "id"])
    op.create_index("ix_audit_entries_actor_id", "audit_entries", ["actor_id", "id"])
    op.create_index("ix_audit_entries_subject_id", "audit_entries", ["subject_id", "id"])
    op.create_index("ix_audit_entries_xid", "audit_entries", ["xid", "id"])
    op.execute(f"REVOKE UPDATE, DELETE ON audit_entries FROM {APP_ROLE}")


def downgrade() -> None:
    """Drop them; the role stays, since other databases of the cluster may use it."""
    op.drop_table("audit_entries")
    op.drop_table("events")
    op.drop_table("idempotency_keys")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {APP_ROLE}")
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {APP_ROLE}")
    op.execute(f"REVOKE ALL ON alembic_version FROM {APP_ROLE}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {APP_ROLE}")
    op.execute("DROP EXTENSION IF EXISTS pg_trgm")
    op.execute("DROP EXTENSION IF EXISTS btree_gist")
