"""Who is calling."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.access import Actor
from app.core.work import Authenticate, Credential, Recall, Recognise
from app.identity import rules
from app.identity.queries.holdings import added_up
from app.identity.queries.trust import by_access_token
from app.identity.rules import TokenKind
from app.settings import Settings

_GRANTS = """
    (SELECT json_agg(json_build_array(g.role, g.division_code, g.party_organization_id))
       FROM grants g
      WHERE g.user_id = u.id AND g.state = 'active' AND NOT u.must_change_password
        AND g.valid @> timezone('Asia/Shanghai', now())::date)
"""

_RULES = """
    (SELECT json_agg(json_build_array(r.role, r.division_code, r.party_organization_id, r.id))
       FROM identity_provider_rules r
      WHERE r.id = ANY({ids}) AND r.provider_id = {provider} AND r.state = 'active')
"""

_BY_SESSION = text(
    f"""
    WITH presented AS (
        SELECT id, user_id, carrier, second_factor, reauthenticated_at, provider_id, rule_ids FROM sessions
         WHERE id = :id AND token_digest = :digest AND ended_at IS NULL AND expires_at > now()
           AND (idle_seconds IS NULL OR last_seen_at + make_interval(secs => idle_seconds) > now())
    ), seen AS (
        UPDATE sessions SET last_seen_at = now() WHERE id IN (
            SELECT s.id FROM sessions s JOIN presented USING (id)
             WHERE s.last_seen_at < now() - interval '1 minute' FOR NO KEY UPDATE OF s SKIP LOCKED)
    )
    SELECT clock_timestamp() AS now,
           u.id, u.kind, u.display_name, p.id AS session_id, p.carrier, p.second_factor, p.reauthenticated_at,
           {_GRANTS} AS grants, {_RULES.format(ids="p.rule_ids", provider="p.provider_id")} AS rules
      FROM presented p JOIN users u ON u.id = p.user_id LEFT JOIN identity_providers i ON i.id = p.provider_id
     WHERE u.state = 'active' AND (:demo OR NOT u.demo) AND (p.provider_id IS NULL OR i.state = 'active')
    """  # noqa: S608 (constants only)
)
_BY_KEY = text(
    f"""
    WITH presented AS (
        SELECT id, user_id FROM api_keys
         WHERE id = :id AND token_digest = :digest AND revoked_at IS NULL AND expires_at > now()
    ), seen AS (
        UPDATE api_keys SET last_used_at = now() WHERE id IN (
            SELECT k.id FROM api_keys k JOIN presented USING (id)
             WHERE k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 hour'
               FOR NO KEY UPDATE OF k SKIP LOCKED)
    )
    SELECT clock_timestamp() AS now,
           u.id, u.kind, u.display_name, NULL AS session_id, 'bearer' AS carrier, false AS second_factor,
           NULL AS reauthenticated_at, {_GRANTS} AS grants, NULL AS rules
      FROM presented p JOIN users u ON u.id = p.user_id WHERE u.state = 'active' AND (:demo OR NOT u.demo)
    """  # noqa: S608 (constants only)
)
_BY_ID = text(
    f"""
    SELECT u.id, u.kind, u.display_name, {_GRANTS} AS grants,
           (SELECT json_agg(json_build_array(r.role, r.division_code, r.party_organization_id, r.id))
              FROM external_identities e JOIN identity_providers i ON i.id = e.provider_id
              JOIN identity_provider_rules r ON r.id = ANY(e.rule_ids) AND r.provider_id = e.provider_id
             WHERE e.user_id = u.id AND e.unlinked_at IS NULL AND i.state = 'active' AND r.state = 'active'
           ) AS rules
      FROM users u WHERE u.id = :id AND u.state = 'active' AND (:demo OR NOT u.demo)
    """  # noqa: S608 (constants only)
)
_STATEMENTS = {TokenKind.SESSION: _BY_SESSION, TokenKind.API_KEY: _BY_KEY}


def authenticator(settings: Settings) -> Authenticate:
    """Recognises callers: the actor behind a token, or None, in one statement on every request, so that a
    revocation holds at once. Users of the demonstration are not recognised in production. A bearer token that
    is not of this service may be the access token of an identity provider.

    It also marks the session as seen, at most once a minute and never waiting for a lock: the one write here.
    Whoever must still choose a password acts with no grant at all."""

    async def authenticate(session: AsyncSession, credential: Credential) -> Actor | None:
        presented = credential.bearer or credential.cookie
        token = rules.read_token(presented) if presented else None
        if token is None and credential.bearer is not None and credential.bearer.count(".") == 2:
            return await by_access_token(session, credential.bearer, settings)
        if token is None or (credential.bearer is None and token.kind is not TokenKind.SESSION):
            return None
        values = {"id": token.id, "digest": token.digest, "demo": not settings.production}
        row = (await session.execute(_STATEMENTS[token.kind], values)).one_or_none()
        if row is None or (row.carrier == rules.Carrier.COOKIE) != (credential.bearer is None):
            return None
        return _actor(dict(row._mapping), row.grants, row.rules)  # noqa: SLF001 (public, by its documentation)

    return authenticate


_DRIVERS = {
    kind: statement.text.replace(":id", "$1").replace(":digest", "$2").replace(":demo", "$3::boolean")
    for kind, statement in _STATEMENTS.items()
}


def recogniser(settings: Settings) -> Recognise:
    """The same statements on a connection of the driver, for reads; with the clock of the database. What is
    no token of ours, or of nobody, is left to `authenticator`."""

    async def recognise(connection: Any, credential: Credential) -> tuple[Actor, datetime] | None:
        token = rules.read_token(credential.bearer or credential.cookie or "")
        if token is None or (credential.bearer is None and token.kind is not TokenKind.SESSION):
            return None
        row = await connection.fetchrow(_DRIVERS[token.kind], token.id, token.digest, not settings.production)
        if row is None or (row["carrier"] == rules.Carrier.COOKIE) != (credential.bearer is None):
            return None
        given, told = (orjson.loads(row[name]) if row[name] else None for name in ("grants", "rules"))
        return _actor(row, given, told), row["now"].astimezone(UTC)

    return recognise


def _actor(row: Mapping[str, Any], given: Any, told: Any) -> Actor:
    return Actor(
        id=row["id"],
        kind=row["kind"],
        name=row["display_name"],
        grants=added_up(row["kind"], given, told),
        session_id=row["session_id"],
        by_cookie=row["carrier"] == rules.Carrier.COOKIE,
        second_factor=row["second_factor"],
        reauthenticated_at=row["reauthenticated_at"],
    )


def recaller(*, demo: bool) -> Recall:
    """Makes anew the actor of somebody who asked for long work and has left: with the grants of now, without
    a session; None when the account is no longer active."""

    async def recall(session: AsyncSession, user_id: UUID) -> Actor | None:
        row = (await session.execute(_BY_ID, {"id": user_id, "demo": demo})).one_or_none()
        if row is None:
            return None
        grants = added_up(row.kind, row.grants, row.rules)
        return Actor(id=row.id, kind=row.kind, name=row.display_name, grants=grants)

    return recall
