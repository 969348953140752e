"""What happens to identity providers, rules and identities: for the audit, not for subscribers."""

from typing import ClassVar
from uuid import UUID

from app.core.access import Role
from app.core.events import Event


class _ProviderEvent(Event):
    subject_type: ClassVar[str] = "identity_provider"
    public: ClassVar[bool] = False


class ProviderAdded(_ProviderEvent):
    """An issuer is trusted from now on."""

    type: ClassVar[str] = "identity_provider.added"
    code: str


class ProviderChanged(_ProviderEvent):
    """A provider was changed; only the names of the fields are told."""

    type: ClassVar[str] = "identity_provider.changed"
    fields: list[str]
    state: str
    asked_again: int


class SignOnFailed(_ProviderEvent):
    """A sign-on came back and was refused; the code says why, never with what."""

    type: ClassVar[str] = "identity_provider.sign_on_failed"
    reason: str


class _RuleEvent(Event):
    subject_type: ClassVar[str] = "identity_provider_rule"
    public: ClassVar[bool] = False

    provider_id: UUID
    role: Role
    party_organization_id: UUID | None


class RuleRequested(_RuleEvent):
    """A rule waits for a second person."""

    type: ClassVar[str] = "identity_provider_rule.requested"


class RuleInForce(_RuleEvent):
    """A rule came into force."""

    type: ClassVar[str] = "identity_provider_rule.in_force"


class RuleRevoked(_RuleEvent):
    """A rule or a request for one was revoked."""

    type: ClassVar[str] = "identity_provider_rule.revoked"


class _IdentityEvent(Event):
    subject_type: ClassVar[str] = "external_identity"
    public: ClassVar[bool] = False

    user_id: UUID
    provider_id: UUID


class IdentityLinked(_IdentityEvent):
    """A provider's subject may sign on as a user."""

    type: ClassVar[str] = "external_identity.linked"


class IdentityUnlinked(_IdentityEvent):
    """It no longer may."""

    type: ClassVar[str] = "external_identity.unlinked"
