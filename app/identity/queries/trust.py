"""Providers as they are believed: their keys, what their tokens must say, and which rules hold."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import key_sets, tokens
from app.core.access import Actor
from app.core.tokens import Claims, Expected, PublicKey, TokenRefused
from app.identity import rules
from app.identity.models import IdentityProvider, IdentityProviderRule
from app.identity.queries.holdings import added_up
from app.identity.rules import ClaimRule, GrantState, ProviderState
from app.settings import Settings

ID_TOKEN_TYPES: Final = frozenset({"", "jwt"})
ID_TOKEN_LIFE: Final = timedelta(hours=24)
_HOLDER = text(
    """
    WITH used AS (
        UPDATE external_identities SET last_used_at = now() WHERE id IN (
            SELECT id FROM external_identities
             WHERE provider_id = :provider AND subject = :subject AND unlinked_at IS NULL
               AND (last_used_at IS NULL OR last_used_at < now() - interval '1 hour')
               FOR NO KEY UPDATE SKIP LOCKED)
    )
    SELECT u.id, u.kind, u.display_name,
           (SELECT json_agg(json_build_array(g.role, g.division_code, g.party_organization_id))
              FROM grants g
             WHERE g.user_id = u.id AND g.state = 'active' AND NOT u.must_change_password
               AND g.valid @> timezone('Asia/Shanghai', now())::date) AS grants
      FROM external_identities e JOIN users u ON u.id = e.user_id
     WHERE e.provider_id = :provider AND e.subject = :subject AND e.unlinked_at IS NULL
       AND u.state = 'active' AND (:demo OR NOT u.demo)
    """
)


async def provider(session: AsyncSession, condition: ColumnElement[bool]) -> IdentityProvider | None:
    """A provider in use."""
    found: IdentityProvider | None = await session.scalar(
        select(IdentityProvider).where(condition, IdentityProvider.state == ProviderState.ACTIVE)
    )
    return found


async def keys_of(known: IdentityProvider, settings: Settings, kid: str | None) -> Mapping[str, PublicKey]:
    """The keys of a provider, from its file, its address, or the address that it states of itself.

    Raises `OutsideUnavailable`."""
    if known.key_set_file is not None:
        return await key_sets.keys_in_file(known.key_set_file, settings)
    url = known.key_set_url
    if url is None:
        url = (await key_sets.discovered(known.issuer, settings)).get("jwks_uri", "")
    return await key_sets.keys_at(url, settings, kid)


def of_sign_on(known: IdentityProvider) -> Expected:
    """What an ID token must say (OpenID Connect Core 1.0 §3.1.3.7)."""
    return Expected(
        issuer=known.issuer,
        audiences=frozenset({known.client_id}),
        algorithms=frozenset(known.algorithms),
        types=ID_TOKEN_TYPES,
        key_ids=frozenset(known.key_ids),
        parties=frozenset({known.client_id}),
        longest=ID_TOKEN_LIFE,
    )


def of_access(known: IdentityProvider) -> Expected:
    """What an access token must say (RFC 9068 §4)."""
    return Expected(
        issuer=known.issuer,
        audiences=frozenset({known.access_audience} if known.access_audience else ()),
        algorithms=frozenset(known.algorithms),
        types=frozenset(kind.lower() for kind in known.access_types),
        key_ids=frozenset(known.key_ids),
        parties=frozenset(known.access_parties),
        longest=ID_TOKEN_LIFE,
    )


async def rules_of(session: AsyncSession, provider_id: UUID) -> Sequence[IdentityProviderRule]:
    """The rules of a provider that are in force."""
    rows = await session.scalars(
        select(IdentityProviderRule)
        .where(
            IdentityProviderRule.provider_id == provider_id, IdentityProviderRule.state == GrantState.ACTIVE
        )
        .order_by(IdentityProviderRule.id)
    )
    return rows.all()


def held(found: Sequence[IdentityProviderRule], claims: Claims) -> list[IdentityProviderRule]:
    """The rules that give their role to whoever has these claims."""
    return [rule for rule in found if rules.holds(ClaimRule(rule.claim, rule.match, rule.value), claims)]


def used_second_factor(known: IdentityProvider, claims: Claims) -> bool:
    """Whether the provider says that it asked for a second factor (`amr`, RFC 8176)."""
    return not set(known.second_factor_methods).isdisjoint(rules.claim_values(claims, "amr"))


async def by_access_token(session: AsyncSession, token: str, settings: Settings) -> Actor | None:
    """The actor of a provider's access token, or None.

    Only subjects that are linked to an account are known: by a sign-on before, or by an administrator. Rules
    are looked up and claims compared on every request, so that a revocation holds at once. The connection is
    given back while keys are fetched. Raises `OutsideUnavailable` when there are no keys to check with."""
    issuer = tokens.claimed_issuer(token)
    known = await provider(session, IdentityProvider.issuer == issuer) if issuer else None
    if known is None or known.access_audience is None:
        return None
    ruled = await rules_of(session, known.id)
    moment: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    session.expunge_all()
    await session.rollback()
    try:
        keys = await keys_of(known, settings, tokens.key_id(token))
        claims = tokens.verify(token, keys, of_access(known), moment.astimezone(UTC))
    except TokenRefused:
        return None
    if "nonce" in claims or "at_hash" in claims:  # an ID token, whatever its type says
        return None
    values = {"provider": known.id, "subject": claims["sub"], "demo": not settings.production}
    row: Any = (await session.execute(_HOLDER, values)).one_or_none()
    if row is None:
        return None
    given = [
        (r.role, r.division_code, str(r.party_organization_id or "") or None, str(r.id))
        for r in held(ruled, claims)
    ]
    return Actor(
        id=row.id,
        kind=row.kind,
        name=row.display_name,
        grants=added_up(row.kind, row.grants, given),
        second_factor=used_second_factor(known, claims),
    )
