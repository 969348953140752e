"""Users, what they may do, and the sessions and keys by which they prove who they are."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned


class User(Versioned, Base):
    """A person who signs in, or a machine that holds API keys."""

    __tablename__ = "users"

    login_name: Mapped[Code]
    display_name: Mapped[str]
    kind: Mapped[Code]
    division_code: Mapped[Code]
    phone_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_mask: Mapped[str | None]
    state: Mapped[Code] = mapped_column(Text(collation="C"), server_default="active")
    password_hash: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    password_changed_at: Mapped[datetime | None]
    password_expires_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(server_default=text("false"))
    disabled_at: Mapped[datetime | None]
    demo: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        CheckConstraint("kind IN ('person', 'machine')", name="kind"),
        CheckConstraint("state IN ('active', 'disabled')", name="state"),
        CheckConstraint("(state = 'disabled') = (disabled_at IS NOT NULL)", name="disabled_at"),
        CheckConstraint("login_name ~ '^[a-z0-9][a-z0-9._-]{2,63}$'", name="login_name"),
        CheckConstraint("kind = 'person' OR password_hash IS NULL", name="machine_password"),
        CheckConstraint("(phone_cipher IS NULL) = (phone_mask IS NULL)", name="phone"),
        Index("uq_users_login_name", "login_name", unique=True),
        Index("ix_users_division_code_id", "division_code", "id"),
    )


class SecondFactor(Identified, Base):
    """A one-time-code secret of a user: pending until its first code, then active."""

    __tablename__ = "second_factors"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    state: Mapped[Code]
    secret_cipher: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('pending', 'active')", name="state"),
        CheckConstraint("(state = 'active') = (confirmed_at IS NOT NULL)", name="confirmed_at"),
        Index("uq_second_factors_user_id_state", "user_id", "state", unique=True),
    )


class Session(Identified, Base):
    """A sign-in. Only the SHA-256 of its token is kept; ending it is an update, so the trace stays."""

    __tablename__ = "sessions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary)
    carrier: Mapped[Code]
    second_factor: Mapped[bool]
    address: Mapped[str | None]
    agent: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    reauthenticated_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    idle_seconds: Mapped[int | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity_providers.id"))
    rule_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))

    __table_args__ = (
        CheckConstraint("carrier IN ('bearer', 'cookie')", name="carrier"),
        CheckConstraint("octet_length(token_digest) = 32", name="token_digest"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
        Index("uq_sessions_token_digest", "token_digest", unique=True),
        Index("ix_sessions_user_id", "user_id", "id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_sessions_expires_at", "expires_at"),
    )


class ApiKey(Versioned, Base):
    """A machine's key. It is shown once; what is kept is the SHA-256 of its secret."""

    __tablename__ = "api_keys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    token_digest: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (
        CheckConstraint("octet_length(token_digest) = 32", name="token_digest"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
        CheckConstraint("revoked_by IS NULL OR revoked_at IS NOT NULL", name="revoked_by"),
        Index("uq_api_keys_token_digest", "token_digest", unique=True),
        Index("ix_api_keys_user_id", "user_id", "id"),
    )


class Grant(Versioned, Base):
    """A role of one user in the subtree of a division or of a Party body, for a time.

    `requested_by` is empty for grants made at installation. One user holds, on any day, roles of one
    segregation group only: `ex_grants_segregation` says so even to racing approvals.
    """

    __tablename__ = "grants"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Code]
    segregation: Mapped[Code]
    division_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    party_organization_id: Mapped[UUID | None]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    state: Mapped[Code]
    reason: Mapped[str | None]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "role IN ('system_admin', 'security_admin', 'audit_admin', 'organizer', 'approver', 'clerk',"
            " 'reviewer', 'viewer', 'display', 'registry', 'integrator')",
            name="role",
        ),
        CheckConstraint(
            "segregation = CASE role WHEN 'system_admin' THEN 'system' WHEN 'security_admin' THEN 'security'"
            " WHEN 'audit_admin' THEN 'audit' ELSE 'business' END",
            name="segregation",
        ),
        CheckConstraint("num_nonnulls(division_code, party_organization_id) = 1", name="one_axis"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        CheckConstraint("state IN ('requested', 'active', 'revoked')", name="state"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_at"),
        CheckConstraint("requested_by <> user_id AND approved_by <> user_id", name="not_own"),
        CheckConstraint("approved_by <> requested_by", name="second_person"),
        CheckConstraint(
            "state <> 'active' OR approved_by IS NOT NULL OR requested_by IS NULL"
            " OR role NOT IN ('system_admin', 'security_admin', 'audit_admin', 'organizer', 'approver')",
            name="two_people",
        ),
        ExcludeConstraint(
            (column("user_id"), "="),
            (column("segregation"), "<>"),
            (column("valid"), "&&"),
            name="ex_grants_segregation",
            where=text("state IN ('requested', 'active')"),
            using="gist",
        ),
        ExcludeConstraint(
            (column("user_id"), "="),
            (column("role"), "="),
            (func.coalesce(column("division_code"), ""), "="),
            (
                func.coalesce(
                    column("party_organization_id"), text("'00000000-0000-0000-0000-000000000000'::uuid")
                ),
                "=",
            ),
            (column("valid"), "&&"),
            name="ex_grants_twice",
            where=text("state IN ('requested', 'active')"),
            using="gist",
        ),
        Index("ix_grants_user_id", "user_id", postgresql_where=text("state = 'active'")),
        Index("ix_grants_division_code_id", "division_code", "id"),
    )


class SignInTry(Base):
    """The recent tries against one account from one address; the key is a digest, never a name."""

    __tablename__ = "sign_in_tries"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    tried_at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    latest_at: Mapped[datetime]

    __table_args__ = (Index("ix_sign_in_tries_latest_at", "latest_at"),)


class IdentityProvider(Versioned, Base):
    """An issuer of identities that this service trusts, and how far. Its client's secret is encrypted.

    Access tokens are accepted where `access_audience` says for whom they must be; it differs from the client,
    so that a token made for signing in is never one for calling."""

    __tablename__ = "identity_providers"

    code: Mapped[Code]
    name: Mapped[str]
    division_code: Mapped[Code]
    state: Mapped[Code]
    issuer: Mapped[Code]
    client_id: Mapped[Code]
    client_secret_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    client_authentication: Mapped[Code]
    redirect_uris: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))
    scope: Mapped[Code]
    authorization_endpoint: Mapped[Code | None]
    token_endpoint: Mapped[Code | None]
    key_set_url: Mapped[Code | None]
    key_set_file: Mapped[Code | None]
    algorithms: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))
    key_ids: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))
    access_audience: Mapped[Code | None]
    access_types: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))
    access_parties: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))
    name_claim: Mapped[Code]
    second_factor_methods: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))

    __table_args__ = (
        UniqueConstraint("code", name="uq_identity_providers_code"),
        UniqueConstraint("issuer", name="uq_identity_providers_issuer"),
        CheckConstraint("code ~ '^[a-z0-9][a-z0-9-]{1,39}$'", name="code"),
        CheckConstraint("state IN ('active', 'suspended')", name="state"),
        CheckConstraint(
            "client_authentication IN ('client_secret_basic', 'client_secret_post')",
            name="client_authentication",
        ),
        CheckConstraint("key_set_url IS NULL OR key_set_file IS NULL", name="one_key_set"),
        CheckConstraint("access_audience <> client_id", name="access_audience"),
        CheckConstraint("cardinality(redirect_uris) BETWEEN 1 AND 20", name="redirect_uris"),
        CheckConstraint("cardinality(algorithms) BETWEEN 1 AND 10", name="algorithms"),
        Index("ix_identity_providers_division_code_id", "division_code", "id"),
    )


class ExternalIdentity(Versioned, Base):
    """Whom a provider's subject is here: found by provider and subject, never by an e-mail address."""

    __tablename__ = "external_identities"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("identity_providers.id"))
    subject: Mapped[Code]
    rule_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    linked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    last_used_at: Mapped[datetime | None]
    unlinked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    unlinked_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("unlinked_by IS NULL OR unlinked_at IS NOT NULL", name="unlinked_by"),
        Index(
            "uq_external_identities_provider_id_subject",
            "provider_id",
            "subject",
            unique=True,
            postgresql_where=text("unlinked_at IS NULL"),
        ),
        Index("ix_external_identities_user_id", "user_id", "id"),
    )


class IdentityProviderRule(Versioned, Base):
    """A claim that gives a role in a subtree to whoever signs on with it, once it is in force."""

    __tablename__ = "identity_provider_rules"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("identity_providers.id"))
    claim: Mapped[Code]
    match: Mapped[Code]
    value: Mapped[Code]
    role: Mapped[Code]
    division_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    party_organization_id: Mapped[UUID | None]
    state: Mapped[Code]
    reason: Mapped[str | None]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("match IN ('equals', 'starts_with')", name="match"),
        CheckConstraint(
            "role IN ('system_admin', 'security_admin', 'audit_admin', 'organizer', 'approver', 'clerk',"
            " 'reviewer', 'viewer', 'display', 'registry', 'integrator')",
            name="role",
        ),
        CheckConstraint("num_nonnulls(division_code, party_organization_id) = 1", name="one_axis"),
        CheckConstraint("state IN ('requested', 'active', 'revoked')", name="state"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_at"),
        CheckConstraint("approved_by <> requested_by", name="second_person"),
        CheckConstraint(
            "state <> 'active' OR approved_by IS NOT NULL"
            " OR role NOT IN ('system_admin', 'security_admin', 'audit_admin', 'organizer', 'approver')",
            name="two_people",
        ),
        Index("ix_identity_provider_rules_provider_id_id", "provider_id", "id"),
    )


class SignOnAttempt(Identified, Base):
    """A browser that was sent to a provider; it comes back once, with its state and its ticket."""

    __tablename__ = "sign_on_attempts"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("identity_providers.id"))
    state_digest: Mapped[bytes] = mapped_column(LargeBinary)
    ticket_digest: Mapped[bytes] = mapped_column(LargeBinary)
    nonce_digest: Mapped[bytes] = mapped_column(LargeBinary)
    verifier_cipher: Mapped[bytes] = mapped_column(LargeBinary)
    redirect_uri: Mapped[Code]
    fresh: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]

    __table_args__ = (
        Index("uq_sign_on_attempts_state_digest", "state_digest", unique=True),
        Index("ix_sign_on_attempts_expires_at", "expires_at"),
    )
