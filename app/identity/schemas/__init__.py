"""What crosses the wire about users, sessions, grants and keys."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.access import Permission, Role
from app.core.fields import (
    CodeRef,
    Day,
    DivisionCode,
    Input,
    Instant,
    Name,
    Output,
    PhoneNumber,
    Ref,
    SafeStr,
    ShortText,
)
from app.core.pages import Filters
from app.identity.rules import Carrier, GrantState, UserKind, UserState

LoginName = Annotated[
    str,
    SafeStr(64),
    Field(
        description="3 to 64 of a-z, 0-9, dot, hyphen and underscore; capitals are folded.",
        examples=["li.ming"],
    ),
]
Secret = Annotated[
    str,
    Field(
        min_length=1,
        max_length=256,
        examples=["crimson-ladder-47-harbour"],
        json_schema_extra={"format": "password"},
    ),
]
"""A password as it was typed: never trimmed, never normalised beyond what the hash does."""
OneTimeCode = Annotated[
    str, Field(pattern="^[0-9]{6}$", max_length=6, description="RFC 6238, six digits.", examples=["492039"])
]


# ------------------------------------------------------------------------------------------------ sessions


class SessionCreate(Input):
    """A sign-in."""

    login_name: LoginName
    password: Secret
    code: OneTimeCode | None = None
    cookie: Annotated[
        bool,
        Field(description="Set an HttpOnly, SameSite=Strict cookie instead of giving a token in the body."),
    ] = False


class SessionCreated(Output):
    """A new session. `token` is given once, and is null when the session travels in a cookie."""

    id: UUID
    token: str | None
    user: Ref
    carrier: Carrier
    second_factor: bool
    must_change_password: bool
    expires_at: datetime
    idle_seconds: int | None


class SessionRead(Output):
    """A sign-in of the caller that is not over."""

    id: UUID
    carrier: Carrier
    address: str | None
    agent: str | None
    second_factor: bool
    created_at: datetime
    reauthenticated_at: datetime | None
    last_seen_at: datetime
    expires_at: datetime
    current: bool


class SessionFilters(Filters):
    """One's own sessions."""


class Reauthentication(Input):
    """The password again, and the one-time code where a second factor is enrolled."""

    password: Secret
    code: OneTimeCode | None = None


# ------------------------------------------------------------------------------------------------------ me


class PasswordChange(Input):
    """A new password; every other session of the caller ends."""

    current_password: Secret
    new_password: Annotated[
        str,
        Field(
            min_length=1,
            max_length=256,
            description="12 to 128 characters, no common word or row of keys, not one's own name.",
            examples=["velvet-anchor-58-meadow"],
            json_schema_extra={"format": "password"},
        ),
    ]


class SecondFactorEnrolment(Output):
    """What an authenticator needs; shown once, in force after the first code is confirmed."""

    secret: Annotated[str, Field(description="Base32.")]
    uri: Annotated[str, Field(description="The `otpauth:` address for a QR code.")]


class SecondFactorConfirmation(Input):
    """The first code of a newly enrolled authenticator."""

    code: OneTimeCode


class PermissionScope(Output):
    """Where the caller holds a permission: the nation, or these division and Party-body subtrees."""

    permission: Permission
    national: bool
    divisions: list[str]
    bodies: list[UUID]


class MyGrant(Output):
    """A grant that holds today; one by a rule of an identity provider has the rule's id."""

    id: UUID
    role: Role
    division_code: str | None
    party_organization_id: UUID | None
    from_on: date
    until_on: date | None


class MySecondFactor(Output):
    """Whether one-time codes are enrolled, were used in this session, and are asked of the caller's roles."""

    enrolled: bool
    used: bool
    required: bool


class MeRead(Output):
    """Who the caller is and what they may do, where."""

    id: UUID
    login_name: str
    display_name: str
    kind: UserKind
    division_code: str
    phone_mask: str | None
    must_change_password: bool
    second_factor: MySecondFactor
    session_id: UUID | None
    reauthenticated_at: datetime | None
    grants: list[MyGrant]
    permissions: list[PermissionScope]


# --------------------------------------------------------------------------------------------------- users


class UserCreate(Input):
    """A new account. It cannot sign in before `/reset-password` has given it a temporary password."""

    login_name: LoginName
    display_name: Name
    kind: UserKind = UserKind.PERSON
    division_code: DivisionCode
    phone: PhoneNumber | None = None


class UserUpdate(Input):
    """A merge patch: absent fields stay, a null phone is removed."""

    display_name: Annotated[Name, Field(default_factory=str)]
    division_code: Annotated[DivisionCode, Field(default_factory=str)]
    phone: PhoneNumber | None = None


class UserRead(Output):
    """An account as security administrators see it."""

    id: UUID
    login_name: str
    display_name: str
    kind: UserKind
    division: CodeRef
    phone_mask: str | None
    state: UserState
    must_change_password: bool
    second_factor: bool
    created_at: datetime
    updated_at: datetime
    disabled_at: datetime | None
    etag: str
    allowed_actions: list[str]


class UserFilters(Filters):
    """Which accounts."""

    kind: UserKind | None = None
    state: UserState | None = None
    division: Annotated[DivisionCode | None, Field(description="This division and all below it.")] = None
    login_name: Annotated[str | None, SafeStr(64), Field(description="Exactly this login name.")] = None


class TemporaryPassword(Output):
    """A password for one sign-in, shown once; the user must then choose another."""

    password: str
    expires_at: datetime


# -------------------------------------------------------------------------------------------------- grants


class GrantCreate(Input):
    """A role for a user in the subtree of one division or of one Party organization."""

    user_id: UUID
    role: Role
    division_code: DivisionCode | None = None
    party_organization_id: UUID | None = None
    from_on: Annotated[Day | None, Field(description="The first day; today if absent.")] = None
    until_on: Annotated[Day | None, Field(description="The first day on which it no longer holds.")] = None
    reason: ShortText | None = None


class GrantRead(Output):
    """A grant and who asked for, approved and revoked it."""

    id: UUID
    user: Ref
    role: Role
    division: CodeRef | None
    party_organization: Ref | None
    from_on: date
    until_on: date | None
    state: GrantState
    reason: str | None
    requested_by: Ref | None
    approved_by: Ref | None
    approved_at: datetime | None
    revoked_by: Ref | None
    revoked_at: datetime | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class GrantFilters(Filters):
    """Which grants."""

    user_id: UUID | None = None
    role: Role | None = None
    state: GrantState | None = None
    division: Annotated[DivisionCode | None, Field(description="This division and all below it.")] = None


# ------------------------------------------------------------------------------------------------ API keys


class ApiKeyCreate(Input):
    """A key for a machine."""

    user_id: UUID
    name: Name
    expires_at: Annotated[
        Instant | None, Field(description="A year from now if absent; at most two years.")
    ] = None


class ApiKeyCreated(Output):
    """A new key. The token is given this once."""

    id: UUID
    token: str
    user: Ref
    name: str
    expires_at: datetime


class ApiKeyRead(Output):
    """A key, never its secret."""

    id: UUID
    user: Ref
    name: str
    created_at: datetime
    created_by: Ref | None
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    etag: str
    allowed_actions: list[str]


class ApiKeyFilters(Filters):
    """Which keys."""

    user_id: UUID | None = None
    live: Annotated[
        bool | None, Field(description="Only keys that open something, or only those that do not.")
    ] = None
