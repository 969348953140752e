"""Identity providers, the rules from their claims to roles, and whom their subjects are here."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import update

from app.core import key_sets, outbound
from app.core.access import ADMINISTRATORS, TWO_PERSON_ROLES, Permission, Role
from app.core.db import uuid7
from app.core.errors import Fault, Words
from app.core.work import Work
from app.identity import errors, queries, rules
from app.identity.commands import grants, users
from app.identity.models import ExternalIdentity, IdentityProvider, IdentityProviderRule, Session
from app.identity.queries import providers as on_file
from app.identity.rules import GrantState, ProviderState
from app.identity.schemas.sign_on import (
    ExternalIdentityCreate,
    ProviderCreate,
    ProviderUpdate,
    RuleCreate,
)
from app.identity.schemas.sign_on_events import (
    IdentityLinked,
    IdentityUnlinked,
    ProviderAdded,
    ProviderChanged,
    RuleInForce,
    RuleRequested,
    RuleRevoked,
)

TABLE: Final = "identity_providers"
ADDRESSES: Final = ("issuer", "authorization_endpoint", "token_endpoint", "key_set_url")
NULLABLE: Final = frozenset(
    {
        "client_secret",
        "authorization_endpoint",
        "token_endpoint",
        "key_set_url",
        "key_set_file",
        "access_audience",
    }
)
ANCHORS: Final = frozenset(
    {
        "client_id",
        "redirect_uris",
        "authorization_endpoint",
        "token_endpoint",
        "key_set_url",
        "key_set_file",
        "algorithms",
        "key_ids",
        "access_audience",
        "access_types",
        "access_parties",
        "second_factor_methods",
    }
)
"""What decides whom a provider can be taken for: a change could let one person act as another."""

_WORDS: Final[dict[str, Words]] = {
    "address_unfit": (
        "请给出 https 地址; http 仅限运行方在 JICENG_OUTBOUND_HOSTS 中列出的主机",
        "Give an https address; http only for hosts that the operator lists in JICENG_OUTBOUND_HOSTS",
    ),
    "one_key_set": ("密钥集只能给出地址或文件之一", "Give the key set by an address or by a file, not both"),
    "key_set_file": ("文件名不符合要求", "This is not the name of a key set's file"),
    "openid_scope": ("scope 须包含 openid", "The scope must have openid among its words"),
    "access_audience": (
        "访问令牌的受众须不同于 client_id",
        "The audience of access tokens must differ from the client",
    ),
    "required": ("此项不可为空", "This cannot be empty"),
    "division_unfit": (
        "请给出您范围内现行的行政区划代码",
        "Give the code of a present division inside your scope",
    ),
}


async def add_provider(work: Work, given: ProviderCreate) -> UUID:
    """Trust an issuer. Nobody holds anything by it before a rule or a link says so.

    Raises `DivisionUnfit`, `ProviderUnfit`, `ProviderCodeTaken`, `IssuerTaken`."""
    scope = work.actor.scope(Permission.USER_ADMINISTER)
    if await queries.division_unfit(work, given.division_code, scope):
        raise errors.DivisionUnfit(errors=[_fault("division_code", "division_unfit")])
    provider = IdentityProvider(
        id=uuid7(), state=ProviderState.ACTIVE, **given.model_dump(exclude={"client_secret"})
    )
    _check(work, provider)
    _seal(work, provider, given.client_secret)
    work.session.add(provider)
    await work.session.flush()
    work.announce(
        ProviderAdded(subject=provider.id, division_code=provider.division_code, code=provider.code)
    )
    return provider.id


async def change_provider(work: Work, provider_id: UUID, given: ProviderUpdate) -> None:
    """Change, suspend or resume a provider; a suspended one opens nothing from this moment.

    A change of what decides whom it can be taken for ends its sessions and sends the grants and rules that
    took two people back to be approved. Raises `ProviderNotFound`, `ProviderUnfit`, `ProviderOutranks`."""
    provider = await on_file.get_provider_for_update(work, provider_id)
    work.expect(provider)
    scope = work.actor.scope(Permission.USER_ADMINISTER)
    if await on_file.provider_outranks(work, provider.id, scope):
        raise errors.ProviderOutranks
    fields = given.model_fields_set
    for field in fields - {"client_secret"}:
        value: Any = getattr(given, field)
        if value is None and field not in NULLABLE:
            raise errors.ProviderUnfit(errors=[_fault(field, "required")])
        setattr(provider, field, value)
    _check(work, provider)
    if "client_secret" in fields:
        _seal(work, provider, given.client_secret)
    asked = 0
    if fields & ANCHORS:
        asked = await _trust_again(work, provider)
    work.touch(provider)
    await work.session.flush()
    work.announce(
        ProviderChanged(
            subject=provider.id,
            division_code=provider.division_code,
            fields=sorted(fields),
            state=provider.state,
            asked_again=asked,
        )
    )


async def _trust_again(work: Work, provider: IdentityProvider) -> int:
    """End what the provider opened, and ask a second person again for what took two; returns how many."""
    await _end_sessions(work, provider.id)
    found = await on_file.two_person_trust(work, provider.id)
    for trusted in found:
        trusted.state, trusted.requested_by = GrantState.REQUESTED, work.actor.id
        trusted.approved_by = trusted.approved_at = None
    return len(found)


async def _end_sessions(work: Work, provider_id: UUID, user_id: UUID | None = None) -> None:
    theirs = [Session.user_id == user_id] if user_id else []
    await work.execute(
        update(Session)
        .where(Session.provider_id == provider_id, Session.ended_at.is_(None), *theirs)
        .values(ended_at=work.now)
        .execution_options(synchronize_session=False)
    )


def _check(work: Work, provider: IdentityProvider) -> None:
    """Addresses that may be asked, one key set, and an audience that is not the client's."""
    faults = []
    for field in ADDRESSES:
        url = getattr(provider, field)
        try:
            if url is not None:
                outbound.checked(url, work.settings)
        except outbound.AddressRefused:
            faults.append(_fault(field, "address_unfit"))
    if provider.key_set_url is not None and provider.key_set_file is not None:
        faults.append(_fault("key_set_file", "one_key_set"))
    if provider.key_set_file is not None and not key_sets.file_name_fits(provider.key_set_file):
        faults.append(_fault("key_set_file", "key_set_file"))
    if rules.REQUIRED_SCOPE not in provider.scope.split():
        faults.append(_fault("scope", "openid_scope"))
    if provider.access_audience == provider.client_id:
        faults.append(_fault("access_audience", "access_audience"))
    if faults:
        raise errors.ProviderUnfit(errors=faults)


def _fault(field: str, code: str) -> Fault:
    return Fault(f"/{field}", code, _WORDS[code])


def _seal(work: Work, provider: IdentityProvider, secret: str | None) -> None:
    provider.client_secret_cipher = (
        work.crypto.encrypt(secret, table=TABLE, column="client_secret_cipher", row=provider.id)
        if secret
        else None
    )


async def ask_rule(work: Work, given: RuleCreate) -> UUID:
    """Give a role to whoever has a claim, or ask a second person to approve it, as grants are given.

    Raises `ProviderNotFound`, and what a grant's target is refused for."""
    provider = await on_file.get_provider_for_update(work, given.provider_id)
    if given.party_organization_id is not None and given.role in ADMINISTRATORS:
        raise errors.AdministratorAxis
    await grants.target(work, given.role, given.division_code, given.party_organization_id)
    waits = given.role in TWO_PERSON_ROLES
    rule = IdentityProviderRule(
        id=uuid7(),
        **given.model_dump(exclude={"provider_id"}),
        provider_id=provider.id,
        state=GrantState.REQUESTED if waits else GrantState.ACTIVE,
        requested_by=work.actor.id,
    )
    work.session.add(rule)
    await work.session.flush()
    work.announce(_told(RuleRequested if waits else RuleInForce, rule))
    return rule.id


async def approve_rule(work: Work, rule_id: UUID) -> None:
    """Let a requested rule come into force, as a second person who does not gain by it alone.

    Raises `RuleNotFound`, `RuleStateUnfit`, `RuleSecondPersonNeeded`."""
    rule = await on_file.get_rule_for_update(work, rule_id, Permission.GRANT_APPROVE)
    work.expect(rule)
    if rule.state != GrantState.REQUESTED:
        raise errors.RuleStateUnfit
    if rule.requested_by == work.actor.id:
        raise errors.RuleSecondPersonNeeded
    rule.state, rule.approved_by, rule.approved_at = GrantState.ACTIVE, work.actor.id, work.now
    await work.session.flush()
    work.announce(_told(RuleInForce, rule))


async def revoke_rule(work: Work, rule_id: UUID) -> None:
    """End a rule, or refuse a request for one: the next request of whoever held by it no longer does."""
    rule = await on_file.get_rule_for_update(work, rule_id, Permission.GRANT_ADMINISTER)
    work.expect(rule)
    if rule.state == GrantState.REVOKED:
        raise errors.RuleStateUnfit
    rule.state, rule.revoked_by, rule.revoked_at = GrantState.REVOKED, work.actor.id, work.now
    await work.session.flush()
    work.announce(_told(RuleRevoked, rule))


def _told(
    kind: type[RuleRequested | RuleInForce | RuleRevoked], rule: IdentityProviderRule
) -> RuleRequested | RuleInForce | RuleRevoked:
    return kind(
        subject=rule.id,
        division_code=rule.division_code,
        provider_id=rule.provider_id,
        role=Role(rule.role),
        party_organization_id=rule.party_organization_id,
    )


async def link_identity(work: Work, given: ExternalIdentityCreate) -> UUID:
    """Let a provider's subject sign on as an account.

    Whoever links could be that subject: the account's grants that take two people go back to be approved.
    Raises `UserNotFound`, `OwnAccount`, `UserOutranks`, `ProviderNotFound`, `ExternalIdentityTaken`."""
    provider = await on_file.get_provider_for_update(work, given.provider_id)
    user = await users.within_reach(work, given.user_id)
    identity = ExternalIdentity(
        id=uuid7(),
        user_id=user.id,
        provider_id=provider.id,
        subject=given.subject,
        rule_ids=[],
        linked_by=work.actor.id,
    )
    work.session.add(identity)
    await users.ask_again(work, user)
    await work.session.flush()
    work.announce(
        IdentityLinked(
            subject=identity.id,
            division_code=user.division_code,
            user_id=user.id,
            provider_id=provider.id,
        )
    )
    return identity.id


async def unlink_identity(work: Work, identity_id: UUID) -> None:
    """The subject no longer signs on as the account; sessions that it opened end."""
    identity = await on_file.get_identity_for_update(work, identity_id)
    work.expect(identity)
    if identity.unlinked_at is not None:
        raise errors.ExternalIdentityStateUnfit
    identity.unlinked_at, identity.unlinked_by = work.now, work.actor.id
    await _end_sessions(work, identity.provider_id, identity.user_id)
    await work.session.flush()
    work.announce(
        IdentityUnlinked(
            subject=identity.id,
            user_id=identity.user_id,
            provider_id=identity.provider_id,
        )
    )
