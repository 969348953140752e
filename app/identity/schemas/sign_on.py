"""What crosses the wire about identity providers, their rules, and signing on by them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.core.access import Role
from app.core.fields import CodeRef, DivisionCode, Input, Name, Output, Ref, SafeStr, ShortText
from app.core.pages import Filters
from app.identity.rules import ClientAuthentication, GrantState, Match, ProviderState

ProviderCode = Annotated[
    str,
    Field(
        pattern="^[a-z0-9][a-z0-9-]{1,39}$",
        max_length=40,
        description="2 to 40 of a-z, 0-9 and hyphen; it stands in the address of a sign-on.",
        examples=["province-sso"],
    ),
]
Address = Annotated[
    str,
    SafeStr(500),
    Field(
        description="An `https` address; `http` only for hosts that the operator names in"
        " `JICENG_OUTBOUND_HOSTS`.",
        examples=["https://sso.example.gov.cn/realms/province"],
    ),
]
ClaimName = Annotated[
    str,
    SafeStr(200),
    Field(
        description="A claim by its name, or a nested one by its JSON pointer (RFC 6901).",
        examples=["groups", "/realm_access/roles"],
    ),
]
Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"
]
Word = Annotated[str, SafeStr(256)]
Algorithms = Annotated[
    list[Algorithm],
    Field(min_length=1, max_length=10, description="The only ones believed.", examples=[["RS256"]]),
]
KeyIds = Annotated[
    list[Word],
    Field(max_length=20, description="The only `kid`s believed; any of the key set if empty.", examples=[[]]),
]
RedirectUris = Annotated[
    list[Address],
    Field(
        min_length=1,
        max_length=20,
        description="Where a provider may send a browser back to, letter for letter.",
        examples=[["https://jiceng.example.gov.cn/signed-on"]],
    ),
]
Types = Annotated[
    list[Annotated[str, SafeStr(32)]],
    Field(
        max_length=4,
        description="The `typ`s of access tokens (RFC 9068); some providers write `JWT`.",
        examples=[["at+jwt"]],
    ),
]
Parties = Annotated[
    list[Word],
    Field(
        max_length=50,
        description="The `azp` or `client_id` that an access token may name; any if empty.",
        examples=[["ledger-front-end"]],
    ),
]
Methods = Annotated[
    list[Annotated[str, SafeStr(32)]],
    Field(
        max_length=10,
        description="Values of `amr` (RFC 8176) that count as a second factor; none if empty.",
        examples=[["mfa", "otp"]],
    ),
]
ClientId = Annotated[Word, Field(description="This service's name at the provider.", examples=["jiceng"])]
ClientSecret = Annotated[
    str,
    SafeStr(512),
    Field(
        description="Kept encrypted and never shown again; absent for a public client.",
        examples=["a-long-random-secret"],
        json_schema_extra={"format": "password", "writeOnly": True},
    ),
]
Scope = Annotated[
    str, SafeStr(200), Field(description="With `openid` among them.", examples=["openid profile"])
]
KeySetFile = Annotated[
    str,
    Field(
        pattern="^[a-z0-9][a-z0-9._-]{0,63}\\.json$",
        max_length=69,
        description="A file in `DATA_DIR/key-sets`, for sites without a way outside.",
        examples=["province-sso.json"],
    ),
]
AccessAudience = Annotated[
    Word,
    Field(
        description="For whom access tokens must be made (`aud`); without it none is accepted."
        " Another than the client.",
        examples=["https://jiceng.example.gov.cn/api"],
    ),
]


# ------------------------------------------------------------------------------------------------ sign-on


class SignOnProvider(Output):
    """A provider that the sign-in page may offer."""

    code: Annotated[str, Field(examples=["province-sso"])]
    name: Annotated[str, Field(examples=["省统一身份认证"])]


class SignOnProviders(Output):
    """The providers that are in use."""

    items: list[SignOnProvider]


class SignOnStart(Input):
    """Where the browser will be sent back to."""

    redirect_uri: Annotated[
        Address,
        Field(description="One of the provider's.", examples=["https://jiceng.example.gov.cn/signed-on"]),
    ]
    fresh: Annotated[
        bool,
        Field(
            description="Have the provider ask for the password again (`max_age=0`): reveals need it.",
            examples=[False],
        ),
    ] = False


class SignOnStarted(Output):
    """Where to send the browser. Keep `ticket` in the page (say in sessionStorage): the end asks for it, so
    that a link of somebody else's sign-on opens nothing here."""

    redirect_url: Annotated[str, Field(examples=["https://sso.example.gov.cn/authorize?response_type=code"])]
    ticket: Annotated[str, Field(examples=["Jr4mvXk2Q7c1sZ0pB8yT5nWd3LhF6uEa9GiKoRqVxCt"])]
    expires_at: datetime


class SignOnFinish(Input):
    """What the provider sent back, and the ticket of the beginning."""

    code: Annotated[str, SafeStr(2048), Field(description="As it came.", examples=["SplxlOBeZQQYbYS6WxSbIA"])]
    state: Annotated[
        str,
        SafeStr(100),
        Field(description="As it came.", examples=["af0ifjsldkjAf0ifjsldkjAf0ifjsldkjAf0ifjsldk"]),
    ]
    ticket: Annotated[
        str,
        SafeStr(100),
        Field(description="From the beginning.", examples=["Jr4mvXk2Q7c1sZ0pB8yT5nWd3LhF6uEa9GiKoRqVxCt"]),
    ]
    issuer: Annotated[
        Address | None,
        Field(description="`iss`, where the provider sent it back (RFC 9207).", examples=[None]),
    ] = None
    cookie: Annotated[
        bool,
        Field(description="Set an HttpOnly cookie instead of giving a token in the body.", examples=[True]),
    ] = False


# ---------------------------------------------------------------------------------------------- providers


class ProviderCreate(Input):
    """An issuer of identities to trust. Addresses that are absent are taken from its discovery document."""

    code: ProviderCode
    name: Annotated[Name, Field(examples=["省统一身份认证"])]
    division_code: Annotated[DivisionCode, Field(description="Where its new users belong.")]
    issuer: Annotated[Address, Field(description="Its `iss`, letter for letter.")]
    client_id: ClientId
    client_secret: ClientSecret | None = None
    client_authentication: ClientAuthentication = ClientAuthentication.BASIC
    redirect_uris: RedirectUris
    scope: Scope = "openid profile"
    authorization_endpoint: Address | None = None
    token_endpoint: Address | None = None
    key_set_url: Address | None = None
    key_set_file: KeySetFile | None = None
    algorithms: Annotated[Algorithms, Field(default_factory=lambda: ["RS256"])]
    key_ids: Annotated[KeyIds, Field(default_factory=list)]
    access_audience: AccessAudience | None = None
    access_types: Annotated[Types, Field(default_factory=lambda: ["at+jwt"])]
    access_parties: Annotated[Parties, Field(default_factory=list)]
    name_claim: ClaimName = "name"
    second_factor_methods: Annotated[Methods, Field(default_factory=list)]


class ProviderUpdate(Input):
    """A merge patch. Whatever decides whom the provider can be taken for sends the grants and rules that
    take two people back to be approved, and ends the sessions it opened."""

    name: Annotated[Name, Field(default_factory=str, examples=["省统一身份认证"])]
    state: Annotated[ProviderState, Field(default_factory=lambda: ProviderState.ACTIVE)]
    client_id: Annotated[ClientId, Field(default_factory=str)]
    client_secret: ClientSecret | None = None
    client_authentication: Annotated[
        ClientAuthentication, Field(default_factory=lambda: ClientAuthentication.BASIC)
    ]
    redirect_uris: Annotated[RedirectUris, Field(default_factory=list)]
    scope: Annotated[Scope, Field(default_factory=str)]
    authorization_endpoint: Address | None = None
    token_endpoint: Address | None = None
    key_set_url: Address | None = None
    key_set_file: KeySetFile | None = None
    algorithms: Annotated[Algorithms, Field(default_factory=list)]
    key_ids: Annotated[KeyIds, Field(default_factory=list)]
    access_audience: AccessAudience | None = None
    access_types: Annotated[Types, Field(default_factory=list)]
    access_parties: Annotated[Parties, Field(default_factory=list)]
    name_claim: Annotated[ClaimName, Field(default_factory=str)]
    second_factor_methods: Annotated[Methods, Field(default_factory=list)]


class ProviderRead(Output):
    """A provider as security administrators see it; its secret is never shown."""

    id: UUID
    code: Annotated[str, Field(examples=["province-sso"])]
    name: Annotated[str, Field(examples=["省统一身份认证"])]
    division: CodeRef
    state: ProviderState
    issuer: Annotated[str, Field(examples=["https://sso.example.gov.cn/realms/province"])]
    client_id: Annotated[str, Field(examples=["jiceng"])]
    has_client_secret: bool
    client_authentication: ClientAuthentication
    redirect_uris: list[str]
    scope: Annotated[str, Field(examples=["openid profile"])]
    authorization_endpoint: str | None
    token_endpoint: str | None
    key_set_url: str | None
    key_set_file: str | None
    algorithms: list[str]
    key_ids: list[str]
    access_audience: str | None
    access_types: list[str]
    access_parties: list[str]
    name_claim: Annotated[str, Field(examples=["name"])]
    second_factor_methods: list[str]
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class ProviderFilters(Filters):
    """Which providers."""

    state: Annotated[
        ProviderState | None, Field(description="In use, or suspended.", examples=["active"])
    ] = None


# -------------------------------------------------------------------------------------------------- rules


class RuleCreate(Input):
    """Whoever signs on with this value in this claim holds the role in the subtree."""

    provider_id: Annotated[UUID, Field(description="Whose claims.")]
    claim: ClaimName
    match: Annotated[Match, Field(description="How it is compared.")] = Match.EQUALS
    value: Annotated[Word, Field(description="With what; case counts.", examples=["jiceng-clerks"])]
    role: Annotated[Role, Field(description="The role it gives.")]
    division_code: Annotated[DivisionCode | None, Field(description="In this division's subtree.")] = None
    party_organization_id: Annotated[
        UUID | None, Field(description="Or in this Party organization's subtree.")
    ] = None
    reason: ShortText | None = None


class RuleRead(Output):
    """A rule and who asked for, approved and revoked it."""

    id: UUID
    provider: Ref
    claim: Annotated[str, Field(examples=["groups"])]
    match: Match
    value: Annotated[str, Field(examples=["jiceng-clerks"])]
    role: Role
    division: CodeRef | None
    party_organization: Ref | None
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


class RuleFilters(Filters):
    """Which rules."""

    provider_id: Annotated[UUID | None, Field(description="Of this provider.")] = None
    role: Annotated[Role | None, Field(description="That give this role.")] = None
    state: Annotated[
        GrantState | None, Field(description="Waiting, in force or revoked.", examples=["active"])
    ] = None


# --------------------------------------------------------------------------------------------- identities


class ExternalIdentityCreate(Input):
    """Let a provider's subject sign on as an account that is already there."""

    user_id: Annotated[UUID, Field(description="The account.")]
    provider_id: Annotated[UUID, Field(description="Whose subject.")]
    subject: Annotated[
        Word, Field(description="The provider's `sub`; never an e-mail address.", examples=["248289761001"])
    ]


class ExternalIdentityRead(Output):
    """Whom a provider's subject is here."""

    id: UUID
    user: Ref
    provider: Ref
    subject: Annotated[str, Field(examples=["248289761001"])]
    linked_by: Ref | None
    created_at: datetime
    last_used_at: datetime | None
    unlinked_at: datetime | None
    etag: str
    allowed_actions: list[str]


class ExternalIdentityFilters(Filters):
    """Which identities."""

    user_id: Annotated[UUID | None, Field(description="Of this account.")] = None
    provider_id: Annotated[UUID | None, Field(description="Of this provider.")] = None
    linked: Annotated[bool | None, Field(description="Still linked, or no longer.", examples=[True])] = None
