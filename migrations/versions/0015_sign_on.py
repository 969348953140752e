"""Sign-on: identity providers, whom their subjects are here, rules from claims to roles, attempts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CODE = sa.Text(collation="C")
INSTANT = sa.DateTime(timezone=True)
NOW = sa.func.now()
CODES = postgresql.ARRAY(CODE)
IDS = postgresql.ARRAY(sa.Uuid())
NONE = sa.text("'{}'")


def _versioned() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
    )


def upgrade() -> None:
    """Make the tables; a session says which provider and which rules it was opened by."""
    _providers()
    _identities()
    _rules()
    op.create_table(
        "sign_on_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("state_digest", sa.LargeBinary(), nullable=False),
        sa.Column("ticket_digest", sa.LargeBinary(), nullable=False),
        sa.Column("nonce_digest", sa.LargeBinary(), nullable=False),
        sa.Column("verifier_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("redirect_uri", CODE, nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity_providers.id"], name=op.f("fk_sign_on_attempts_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_attempts")),
    )
    op.create_index("uq_sign_on_attempts_state_digest", "sign_on_attempts", ["state_digest"], unique=True)
    op.create_index("ix_sign_on_attempts_expires_at", "sign_on_attempts", ["expires_at"])
    op.add_column("sessions", sa.Column("provider_id", sa.Uuid(), nullable=True))
    op.add_column("sessions", sa.Column("rule_ids", IDS, server_default=NONE, nullable=False))
    op.create_foreign_key(
        op.f("fk_sessions_provider_id"), "sessions", "identity_providers", ["provider_id"], ["id"]
    )


def _providers() -> None:
    op.create_table(
        "identity_providers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division_code", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("issuer", CODE, nullable=False),
        sa.Column("client_id", CODE, nullable=False),
        sa.Column("client_secret_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("client_authentication", CODE, nullable=False),
        sa.Column("redirect_uris", CODES, nullable=False),
        sa.Column("scope", CODE, nullable=False),
        sa.Column("authorization_endpoint", CODE, nullable=True),
        sa.Column("token_endpoint", CODE, nullable=True),
        sa.Column("key_set_url", CODE, nullable=True),
        sa.Column("key_set_file", CODE, nullable=True),
        sa.Column("algorithms", CODES, nullable=False),
        sa.Column("key_ids", CODES, nullable=False),
        sa.Column("access_audience", CODE, nullable=True),
        sa.Column("access_types", CODES, nullable=False),
        sa.Column("access_parties", CODES, nullable=False),
        sa.Column("name_claim", CODE, nullable=False),
        sa.Column("second_factor_methods", CODES, nullable=False),
        *_versioned(),
        sa.CheckConstraint("code ~ '^[a-z0-9][a-z0-9-]{1,39}$'", name=op.f("ck_identity_providers_code")),
        sa.CheckConstraint("state IN ('active', 'suspended')", name=op.f("ck_identity_providers_state")),
        sa.CheckConstraint(
            "client_authentication IN ('client_secret_basic', 'client_secret_post')",
            name=op.f("ck_identity_providers_client_authentication"),
        ),
        sa.CheckConstraint(
            "key_set_url IS NULL OR key_set_file IS NULL", name=op.f("ck_identity_providers_one_key_set")
        ),
        sa.CheckConstraint(
            "access_audience <> client_id", name=op.f("ck_identity_providers_access_audience")
        ),
        sa.CheckConstraint(
            "cardinality(redirect_uris) BETWEEN 1 AND 20", name=op.f("ck_identity_providers_redirect_uris")
        ),
        sa.CheckConstraint(
            "cardinality(algorithms) BETWEEN 1 AND 10", name=op.f("ck_identity_providers_algorithms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_providers")),
        sa.UniqueConstraint("code", name="uq_identity_providers_code"),
        sa.UniqueConstraint("issuer", name="uq_identity_providers_issuer"),
    )
    op.create_index("ix_identity_providers_division_code_id", "identity_providers", ["division_code", "id"])


def _identities() -> None:
    op.create_table(
        "external_identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("rule_ids", IDS, server_default=NONE, nullable=False),
        sa.Column("linked_by", sa.Uuid(), nullable=True),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.Column("unlinked_by", sa.Uuid(), nullable=True),
        sa.Column("unlinked_at", INSTANT, nullable=True),
        *_versioned(),
        sa.CheckConstraint(
            "unlinked_by IS NULL OR unlinked_at IS NOT NULL", name=op.f("ck_external_identities_unlinked_by")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_external_identities_user_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity_providers.id"], name=op.f("fk_external_identities_provider_id")
        ),
        sa.ForeignKeyConstraint(["linked_by"], ["users.id"], name=op.f("fk_external_identities_linked_by")),
        sa.ForeignKeyConstraint(
            ["unlinked_by"], ["users.id"], name=op.f("fk_external_identities_unlinked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identities")),
    )
    op.create_index(
        "uq_external_identities_provider_id_subject",
        "external_identities",
        ["provider_id", "subject"],
        unique=True,
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )
    op.create_index("ix_external_identities_user_id", "external_identities", ["user_id", "id"])


def _rules() -> None:
    op.create_table(
        "identity_provider_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("claim", CODE, nullable=False),
        sa.Column("match", CODE, nullable=False),
        sa.Column("value", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("division_code", CODE, nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("state", CODE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        *_versioned(),
        sa.CheckConstraint(
            "match IN ('equals', 'starts_with')", name=op.f("ck_identity_provider_rules_match")
        ),
        sa.CheckConstraint(
            "role IN ('system_admin', 'security_admin', 'audit_admin', 'organizer', 'approver', 'clerk',"
            " 'reviewer', 'viewer', 'display', 'registry', 'integrator')",
            name=op.f("ck_identity_provider_rules_role"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(division_code, party_organization_id) = 1",
            name=op.f("ck_identity_provider_rules_one_axis"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'active', 'revoked')", name=op.f("ck_identity_provider_rules_state")
        ),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL)",
            name=op.f("ck_identity_provider_rules_revoked_at"),
        ),
        sa.CheckConstraint(
            "approved_by <> requested_by", name=op.f("ck_identity_provider_rules_second_person")
        ),
        sa.CheckConstraint(
            "state <> 'active' OR approved_by IS NOT NULL"
            " OR role NOT IN ('system_admin', 'security_admin', 'audit_admin', 'organizer', 'approver')",
            name=op.f("ck_identity_provider_rules_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity_providers.id"], name=op.f("fk_identity_provider_rules_provider_id")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["users.id"], name=op.f(f"fk_identity_provider_rules_{name}"))
            for name in ("requested_by", "approved_by", "revoked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_provider_rules")),
    )
    op.create_index(
        "ix_identity_provider_rules_provider_id_id", "identity_provider_rules", ["provider_id", "id"]
    )


def downgrade() -> None:
    """Drop them; sessions forget how they were opened."""
    op.drop_column("sessions", "rule_ids")
    op.drop_constraint(op.f("fk_sessions_provider_id"), "sessions")
    op.drop_column("sessions", "provider_id")
    for name in ("sign_on_attempts", "identity_provider_rules", "external_identities", "identity_providers"):
        op.drop_table(name)
