"""Identity: users, second factors, sessions, API keys, grants, tries of a password."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CODE = sa.Text(collation="C")
INSTANT = sa.DateTime(timezone=True)
NOW = sa.func.now()
LIVE = sa.text("state IN ('requested', 'active')")


def upgrade() -> None:
    """Make the tables; sessions and keys hold digests, phones and one-time-code secrets are encrypted."""
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_name", CODE, nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("division_code", CODE, nullable=False),
        sa.Column("phone_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("phone_mask", sa.Text(), nullable=True),
        sa.Column("state", CODE, server_default="active", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_changed_at", INSTANT, nullable=True),
        sa.Column("password_expires_at", INSTANT, nullable=True),
        sa.Column("must_change_password", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.Column("demo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("kind IN ('person', 'machine')", name=op.f("ck_users_kind")),
        sa.CheckConstraint("state IN ('active', 'disabled')", name=op.f("ck_users_state")),
        sa.CheckConstraint(
            "(state = 'disabled') = (disabled_at IS NOT NULL)", name=op.f("ck_users_disabled_at")
        ),
        sa.CheckConstraint("login_name ~ '^[a-z0-9][a-z0-9._-]{2,63}$'", name=op.f("ck_users_login_name")),
        sa.CheckConstraint(
            "kind = 'person' OR password_hash IS NULL", name=op.f("ck_users_machine_password")
        ),
        sa.CheckConstraint("(phone_cipher IS NULL) = (phone_mask IS NULL)", name=op.f("ck_users_phone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_login_name", "users", ["login_name"], unique=True)
    op.create_index("ix_users_division_code_id", "users", ["division_code", "id"])
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("secret_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.CheckConstraint("state IN ('pending', 'active')", name=op.f("ck_second_factors_state")),
        sa.CheckConstraint(
            "(state = 'active') = (confirmed_at IS NOT NULL)", name=op.f("ck_second_factors_confirmed_at")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
    )
    op.create_index("uq_second_factors_user_id_state", "second_factors", ["user_id", "state"], unique=True)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("carrier", CODE, nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("reauthenticated_at", INSTANT, nullable=True),
        sa.Column("last_seen_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=True),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("carrier IN ('bearer', 'cookie')", name=op.f("ck_sessions_carrier")),
        sa.CheckConstraint("octet_length(token_digest) = 32", name=op.f("ck_sessions_token_digest")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_sessions_expires_at")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("uq_sessions_token_digest", "sessions", ["token_digest"], unique=True)
    op.create_index(
        "ix_sessions_user_id", "sessions", ["user_id", "id"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("octet_length(token_digest) = 32", name=op.f("ck_api_keys_token_digest")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_api_keys_expires_at")),
        sa.CheckConstraint(
            "revoked_by IS NULL OR revoked_at IS NOT NULL", name=op.f("ck_api_keys_revoked_by")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_api_keys_created_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["users.id"], name=op.f("fk_api_keys_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index("uq_api_keys_token_digest", "api_keys", ["token_digest"], unique=True)
    op.create_index("ix_api_keys_user_id", "api_keys", ["user_id", "id"])
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("segregation", CODE, nullable=False),
        sa.Column("division_code", CODE, nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "role IN ('system_admin', 'security_admin', 'audit_admin', 'organizer', 'approver', 'clerk',"
            " 'reviewer', 'viewer', 'display', 'registry', 'integrator')",
            name=op.f("ck_grants_role"),
        ),
        sa.CheckConstraint(
            "segregation = CASE role WHEN 'system_admin' THEN 'system' WHEN 'security_admin' THEN 'security'"
            " WHEN 'audit_admin' THEN 'audit' ELSE 'business' END",
            name=op.f("ck_grants_segregation"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(division_code, party_organization_id) = 1", name=op.f("ck_grants_one_axis")
        ),
        sa.CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_grants_valid")),
        sa.CheckConstraint("state IN ('requested', 'active', 'revoked')", name=op.f("ck_grants_state")),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL)", name=op.f("ck_grants_revoked_at")
        ),
        sa.CheckConstraint(
            "requested_by <> user_id AND approved_by <> user_id", name=op.f("ck_grants_not_own")
        ),
        sa.CheckConstraint("approved_by <> requested_by", name=op.f("ck_grants_second_person")),
        sa.CheckConstraint(
            "state <> 'active' OR approved_by IS NOT NULL OR requested_by IS NULL"
            " OR role NOT IN ('system_admin', 'security_admin', 'audit_admin', 'organizer', 'approver')",
            name=op.f("ck_grants_two_people"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_grants_user_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name=op.f("fk_grants_requested_by")),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_grants_approved_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["users.id"], name=op.f("fk_grants_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        postgresql.ExcludeConstraint(
            (sa.column("user_id"), "="),
            (sa.column("segregation"), "<>"),
            (sa.column("valid"), "&&"),
            where=LIVE,
            using="gist",
            name="ex_grants_segregation",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("user_id"), "="),
            (sa.column("role"), "="),
            (sa.text("coalesce(division_code, '')"), "="),
            (sa.text("coalesce(party_organization_id, '00000000-0000-0000-0000-000000000000'::uuid)"), "="),
            (sa.column("valid"), "&&"),
            where=LIVE,
            using="gist",
            name="ex_grants_twice",
        ),
    )
    op.create_index("ix_grants_user_id", "grants", ["user_id"], postgresql_where=sa.text("state = 'active'"))
    op.create_index("ix_grants_division_code_id", "grants", ["division_code", "id"])
    op.create_table(
        "sign_in_tries",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("tried_at", postgresql.ARRAY(INSTANT), nullable=False),
        sa.Column("latest_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_tries")),
    )
    op.create_index("ix_sign_in_tries_latest_at", "sign_in_tries", ["latest_at"])


def downgrade() -> None:
    """Drop them."""
    for table in ("sign_in_tries", "grants", "api_keys", "sessions", "second_factors", "users"):
        op.drop_table(table)
