"""What happens to users, grants and keys: for the audit, not for subscribers."""

from typing import ClassVar
from uuid import UUID

from app.core.access import Role
from app.core.events import Event
from app.identity.rules import UserKind


class _UserEvent(Event):
    subject_type: ClassVar[str] = "user"
    public: ClassVar[bool] = False


class UserRegistered(_UserEvent):
    """An account was made."""

    type: ClassVar[str] = "user.registered"
    kind: UserKind


class UserChanged(_UserEvent):
    """An account was changed; only the names of the fields are told."""

    type: ClassVar[str] = "user.changed"
    fields: list[str]


class UserDisabled(_UserEvent):
    """An account and its sessions and keys ceased to open anything."""

    type: ClassVar[str] = "user.disabled"


class UserEnabled(_UserEvent):
    """A disabled account may sign in again."""

    type: ClassVar[str] = "user.enabled"


class PasswordReset(_UserEvent):
    """A security administrator gave a temporary password."""

    type: ClassVar[str] = "user.password_reset"


class PasswordChanged(_UserEvent):
    """A user chose a new password."""

    type: ClassVar[str] = "user.password_changed"


class SecondFactorEnrolled(_UserEvent):
    """A user confirmed an authenticator."""

    type: ClassVar[str] = "user.second_factor_enrolled"


class SecondFactorRemoved(_UserEvent):
    """A security administrator removed an authenticator."""

    type: ClassVar[str] = "user.second_factor_removed"


class SignedIn(_UserEvent):
    """A user signed in."""

    type: ClassVar[str] = "user.signed_in"
    session_id: UUID
    second_factor: bool


class SignInFailed(_UserEvent):
    """A sign-in or a re-authentication failed; the subject is all zeros for an unknown account."""

    type: ClassVar[str] = "user.sign_in_failed"


class Reauthenticated(_UserEvent):
    """A user gave the password again."""

    type: ClassVar[str] = "user.reauthenticated"
    session_id: UUID


class SessionEnded(_UserEvent):
    """A session was ended by its user."""

    type: ClassVar[str] = "user.session_ended"
    session_id: UUID


class _GrantEvent(Event):
    subject_type: ClassVar[str] = "grant"
    public: ClassVar[bool] = False

    user_id: UUID
    role: Role
    party_organization_id: UUID | None


class GrantRequested(_GrantEvent):
    """A grant waits for a second person."""

    type: ClassVar[str] = "grant.requested"


class GrantGiven(_GrantEvent):
    """A grant came into force."""

    type: ClassVar[str] = "grant.given"


class GrantRevoked(_GrantEvent):
    """A grant or a request for one was revoked."""

    type: ClassVar[str] = "grant.revoked"


class _ApiKeyEvent(Event):
    subject_type: ClassVar[str] = "api_key"
    public: ClassVar[bool] = False

    user_id: UUID


class ApiKeyIssued(_ApiKeyEvent):
    """A machine got a key."""

    type: ClassVar[str] = "api_key.issued"


class ApiKeyEnded(_ApiKeyEvent):
    """A key was revoked."""

    type: ClassVar[str] = "api_key.revoked"
