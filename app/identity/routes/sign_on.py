"""`/sign-on`, `/identity-providers`, `/identity-provider-rules`, `/external-identities`."""

from enum import Enum
from typing import Annotated
from uuid import UUID

from fastapi import Header, Path, Query, Response

from app.core.access import Permission
from app.core.errors import OriginRefused, PreconditionFailed, PreconditionRequired, refusals
from app.core.http import Router, changing, creating, public, reading
from app.core.outbound import OutsideUnavailable
from app.core.pages import Page
from app.core.work import Work
from app.identity import commands, errors, formats
from app.identity.queries import providers
from app.identity.schemas import SessionCreated
from app.identity.schemas.sign_on import (
    ExternalIdentityCreate,
    ExternalIdentityFilters,
    ExternalIdentityRead,
    ProviderCreate,
    ProviderFilters,
    ProviderRead,
    ProviderUpdate,
    RuleCreate,
    RuleFilters,
    RuleRead,
    SignOnFinish,
    SignOnProviders,
    SignOnStart,
    SignOnStarted,
)

router = Router()

Anyone = Annotated[Work, public()]
ProviderReader = Annotated[Work, reading(Permission.USER_READ)]
ProviderMaker = Annotated[Work, creating(Permission.USER_ADMINISTER)]
ProviderChanger = Annotated[Work, changing(Permission.USER_ADMINISTER)]
RuleReader = Annotated[Work, reading(Permission.GRANT_APPROVE)]
RuleAsker = Annotated[Work, creating(Permission.GRANT_ADMINISTER)]
RuleApprover = Annotated[Work, changing(Permission.GRANT_APPROVE)]
RuleRevoker = Annotated[Work, changing(Permission.GRANT_ADMINISTER)]
UserAgent = Annotated[str | None, Header(include_in_schema=False)]
Code = Annotated[
    str,
    Path(
        pattern="^[a-z0-9][a-z0-9-]{1,39}$",
        max_length=40,
        description="The provider's code.",
        examples=["province-sso"],
    ),
]
VERSIONED = (PreconditionRequired, PreconditionFailed)
SIGN_ON: list[str | Enum] = ["sessions"]
PROVIDERS: list[str | Enum] = ["identity-providers"]


# ------------------------------------------------------------------------------------------------- sign-on


@router.get("/sign-on", response_model=SignOnProviders, tags=SIGN_ON)
async def list_sign_on_providers(work: Anyone) -> SignOnProviders:
    """The identity providers that a sign-in page may offer."""
    return await providers.offered(work)


@router.post(
    "/sign-on/{code}/start",
    response_model=SignOnStarted,
    tags=SIGN_ON,
    responses=refusals(errors.ProviderNotFound, errors.ProviderUnfit, OutsideUnavailable),
)
async def start_sign_on(work: Anyone, code: Code, body: SignOnStart) -> SignOnStarted:
    """Begin to sign on by a provider (OpenID Connect, authorization code with PKCE).

    Send the browser to `redirect_url`, and keep `ticket` in the page; both are good for ten minutes."""
    return await commands.start(work, code, body)


@router.post(
    "/sign-on/{code}/finish",
    status_code=201,
    response_model=SessionCreated,
    tags=SIGN_ON,
    responses=refusals(
        errors.ProviderNotFound,
        errors.SignOnRefused,
        errors.SignOnNotAuthorized,
        errors.RolesSegregated,
        OriginRefused,
        OutsideUnavailable,
    ),
)
async def finish_sign_on(
    work: Anyone, code: Code, body: SignOnFinish, user_agent: UserAgent = None
) -> Response:
    """Finish with what the provider sent back: a session, as `POST /sessions` opens one.

    The first time, an account is made for whoever holds a role by a rule. Accounts are found by provider and
    subject, never by an e-mail address."""
    opened = await commands.finish(work, code, body, user_agent)
    return formats.signed_in(opened.answer, opened.token, opened.lifetime, work.settings)


# ----------------------------------------------------------------------------------------------- providers


@router.get("/identity-providers", response_model=Page[ProviderRead], tags=PROVIDERS)
async def list_identity_providers(
    work: ProviderReader, filters: Annotated[ProviderFilters, Query()]
) -> Response:
    """Identity providers of the divisions in scope, never their secrets."""
    return await providers.provider_page(work, filters)


@router.get(
    "/identity-providers/{provider_id}",
    response_model=ProviderRead,
    tags=PROVIDERS,
    responses=refusals(errors.ProviderNotFound),
)
async def read_identity_provider(work: ProviderReader, provider_id: UUID) -> Response:
    """One identity provider, without its secret."""
    return await providers.provider_read(work, provider_id)


@router.post(
    "/identity-providers",
    status_code=201,
    response_model=ProviderRead,
    tags=PROVIDERS,
    responses=refusals(
        errors.DivisionUnfit, errors.ProviderUnfit, errors.ProviderCodeTaken, errors.IssuerTaken
    ),
)
async def add_identity_provider(work: ProviderMaker, body: ProviderCreate) -> Response:
    """Trust an issuer of identities. Nobody holds anything by it before a rule or a link says so."""
    return await providers.provider_read(work, await commands.add_provider(work, body), status=201)


@router.patch(
    "/identity-providers/{provider_id}",
    response_model=ProviderRead,
    tags=PROVIDERS,
    responses=refusals(
        errors.ProviderNotFound,
        errors.ProviderUnfit,
        errors.ProviderOutranks,
        errors.OwnGrant,
        *VERSIONED,
    ),
)
async def change_identity_provider(
    work: ProviderChanger, provider_id: UUID, body: ProviderUpdate
) -> Response:
    """Change, suspend or resume a provider (merge patch). Suspended, it opens nothing from the next request.

    A change of its keys, addresses, client or audiences ends its sessions and sends the grants and rules
    that take two people back to be approved."""
    await commands.change_provider(work, provider_id, body)
    return await providers.provider_read(work, provider_id)


# --------------------------------------------------------------------------------------------------- rules


@router.get("/identity-provider-rules", response_model=Page[RuleRead], tags=PROVIDERS)
async def list_identity_provider_rules(
    work: RuleReader, filters: Annotated[RuleFilters, Query()]
) -> Response:
    """Rules from claims to roles in scope, with those that wait for a second person."""
    return await providers.rule_page(work, filters)


@router.get(
    "/identity-provider-rules/{rule_id}",
    response_model=RuleRead,
    tags=PROVIDERS,
    responses=refusals(errors.RuleNotFound),
)
async def read_identity_provider_rule(work: RuleReader, rule_id: UUID) -> Response:
    """One rule, with who asked for, approved and revoked it."""
    return await providers.rule_read(work, rule_id)


@router.post(
    "/identity-provider-rules",
    status_code=201,
    response_model=RuleRead,
    tags=PROVIDERS,
    responses=refusals(
        errors.ProviderNotFound,
        errors.GrantAxis,
        errors.AdministratorAxis,
        errors.DivisionUnfit,
        errors.BodyUnfit,
    ),
)
async def request_identity_provider_rule(work: RuleAsker, body: RuleCreate) -> Response:
    """Give a role to whoever signs on with a claim.

    `organizer`, `approver` and the three administrators stay `requested` until a second person approves the
    rule; other roles are in force at once. Roles that exclude each other are never joined."""
    return await providers.rule_read(work, await commands.ask_rule(work, body), status=201)


@router.post(
    "/identity-provider-rules/{rule_id}/approve",
    response_model=RuleRead,
    tags=PROVIDERS,
    responses=refusals(errors.RuleNotFound, errors.RuleStateUnfit, errors.RuleSecondPersonNeeded, *VERSIONED),
)
async def approve_identity_provider_rule(work: RuleApprover, rule_id: UUID) -> Response:
    """Approve a requested rule: never one's own request."""
    await commands.approve_rule(work, rule_id)
    return await providers.rule_read(work, rule_id)


@router.post(
    "/identity-provider-rules/{rule_id}/revoke",
    response_model=RuleRead,
    tags=PROVIDERS,
    responses=refusals(errors.RuleNotFound, errors.RuleStateUnfit, *VERSIONED),
)
async def revoke_identity_provider_rule(work: RuleRevoker, rule_id: UUID) -> Response:
    """Revoke a rule, or turn down a request: the next request of whoever held by it no longer does."""
    await commands.revoke_rule(work, rule_id)
    return await providers.rule_read(work, rule_id)


# ---------------------------------------------------------------------------------------------- identities


@router.get("/external-identities", response_model=Page[ExternalIdentityRead], tags=PROVIDERS)
async def list_external_identities(
    work: ProviderReader, filters: Annotated[ExternalIdentityFilters, Query()]
) -> Response:
    """Which subjects of providers sign on as which accounts in scope."""
    return await providers.identity_page(work, filters)


@router.get(
    "/external-identities/{identity_id}",
    response_model=ExternalIdentityRead,
    tags=PROVIDERS,
    responses=refusals(errors.ExternalIdentityNotFound),
)
async def read_external_identity(work: ProviderReader, identity_id: UUID) -> Response:
    """One subject of a provider, and whose account it is."""
    return await providers.identity_read(work, identity_id)


@router.post(
    "/external-identities",
    status_code=201,
    response_model=ExternalIdentityRead,
    tags=PROVIDERS,
    responses=refusals(
        errors.UserNotFound,
        errors.OwnAccount,
        errors.UserOutranks,
        errors.ProviderNotFound,
        errors.ExternalIdentityTaken,
    ),
)
async def link_external_identity(work: ProviderMaker, body: ExternalIdentityCreate) -> Response:
    """Let a provider's subject sign on as an account that is already there.

    Whoever links could be that subject: the account's grants that take two people go back to be approved."""
    return await providers.identity_read(work, await commands.link_identity(work, body), status=201)


@router.post(
    "/external-identities/{identity_id}/unlink",
    response_model=ExternalIdentityRead,
    tags=PROVIDERS,
    responses=refusals(errors.ExternalIdentityNotFound, errors.ExternalIdentityStateUnfit, *VERSIONED),
)
async def unlink_external_identity(work: ProviderChanger, identity_id: UUID) -> Response:
    """The subject no longer signs on as the account; sessions that it opened end at once."""
    await commands.unlink_identity(work, identity_id)
    return await providers.identity_read(work, identity_id)
