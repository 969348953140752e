"""Signing on by an identity provider: OpenID Connect's authorization code with PKCE, state and nonce.

The browser carries a code and a state that are worth nothing without the ticket of the page that began, and
the code nothing without the verifier that only this service has (RFC 9700 §2.1, OpenID Connect Core 1.0).
"""

import base64
import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NoReturn
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from sqlalchemy import delete, select

from app.core import json, key_sets, outbound, tokens
from app.core.access import MACHINES, Role
from app.core.db import uuid7
from app.core.errors import BadRequest, Fault, OriginRefused
from app.core.tokens import Claims, TokenRefused
from app.core.work import Work
from app.identity import errors, rules
from app.identity.commands import sessions
from app.identity.commands.providers import TABLE
from app.identity.commands.sessions import SignedOn, SignIn
from app.identity.models import (
    ExternalIdentity,
    Grant,
    IdentityProvider,
    IdentityProviderRule,
    SignOnAttempt,
    User,
)
from app.identity.queries import trust
from app.identity.queries.scopes import live_grant
from app.identity.rules import ClientAuthentication, UserKind, UserState
from app.identity.schemas.events import UserRegistered
from app.identity.schemas.sign_on import SignOnFinish, SignOnStart, SignOnStarted
from app.identity.schemas.sign_on_events import IdentityLinked, SignOnFailed

ATTEMPTS: Final = "sign_on_attempts"
_ANSWER_TYPES: Final = frozenset({"Bearer", "bearer"})
_UNREGISTERED: Final = (
    "此回调地址未登记",
    "This address is not among those that the provider may send a browser to",
)


async def start(work: Work, code: str, given: SignOnStart) -> SignOnStarted:
    """Begin a sign-on: where to send the browser, and the ticket for its return.

    Raises `ProviderNotFound`, `ProviderUnfit`, `OutsideUnavailable`."""
    provider = await _provider(work, code)
    if given.redirect_uri not in provider.redirect_uris:
        raise errors.ProviderUnfit(errors=[Fault("/redirect_uri", "redirect_uri_unknown", _UNREGISTERED)])
    await work.keep()
    address = await _endpoint(work, provider, "authorization_endpoint")
    row = uuid7()
    state, ticket, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
    expires_at = work.now + timedelta(seconds=rules.ATTEMPT_SECONDS)
    work.session.add(
        SignOnAttempt(
            id=row,
            provider_id=provider.id,
            state_digest=rules.digest(state),
            ticket_digest=rules.digest(ticket),
            nonce_digest=rules.digest(nonce),
            verifier_cipher=work.crypto.encrypt(verifier, table=ATTEMPTS, column="verifier_cipher", row=row),
            redirect_uri=given.redirect_uri,
            fresh=given.fresh,
            created_at=work.now,
            expires_at=expires_at,
        )
    )
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": given.redirect_uri,
        "scope": provider.scope,
        "state": state,
        "nonce": nonce,
        "code_challenge": rules.challenge(verifier),
        "code_challenge_method": "S256",
        **({"max_age": "0", "prompt": "login"} if given.fresh else {}),
    }
    join = "&" if urlsplit(address).query else "?"
    work.keep_secret()
    return SignOnStarted(
        redirect_url=f"{address}{join}{urlencode(asked, quote_via=quote)}",
        ticket=ticket,
        expires_at=expires_at,
    )


async def finish(work: Work, code: str, given: SignOnFinish, agent: str | None) -> SignIn:
    """Exchange the code, check the ID token, and open a session with what the rules give.

    The attempt is used up before the provider is asked: a state works once. Whatever is wrong gets one
    answer, and its reason goes to the audit. Raises `SignOnRefused`, `SignOnNotAuthorized`,
    `RolesSegregated`, `OutsideUnavailable`."""
    if given.cookie and not work.same_origin:
        raise OriginRefused
    provider = await _provider(work, code)
    attempt = await _take(work, provider, given)
    if attempt is None:
        await _fail(work, provider, "attempt")
    if given.issuer is not None and given.issuer != provider.issuer:
        await _fail(work, provider, "issuer")
    ruled = await trust.rules_of(work.session, provider.id)
    await work.keep()
    token = await _exchange(work, provider, attempt, given.code)
    if token is None:
        await _fail(work, provider, "exchange")
    try:
        keys = await trust.keys_of(provider, work.settings, tokens.key_id(token))
        claims = tokens.verify(token, keys, trust.of_sign_on(provider), work.now)
        proved_at = _proved_at(attempt, claims)
    except TokenRefused as refused:
        await _fail(work, provider, refused.code)
    user, identity = await _known(work, provider, claims, trust.held(ruled, claims))
    return await sessions.begin_session(
        work,
        user,
        cookie=given.cookie,
        agent=agent,
        second_factor=trust.used_second_factor(provider, claims),
        by=SignedOn(provider.id, list(identity.rule_ids), proved_at),
    )


async def _provider(work: Work, code: str) -> IdentityProvider:
    found = await trust.provider(work.session, IdentityProvider.code == code)
    if found is None:
        raise errors.ProviderNotFound
    return found


async def _take(work: Work, provider: IdentityProvider, given: SignOnFinish) -> SignOnAttempt | None:
    """Use up the attempt of a state: only one request gets it, and only with the ticket of its page."""
    taken = await work.execute(
        delete(SignOnAttempt)
        .where(
            SignOnAttempt.state_digest == rules.digest(given.state),
            SignOnAttempt.provider_id == provider.id,
            SignOnAttempt.expires_at > work.now,
        )
        .returning(SignOnAttempt)
    )
    attempt: SignOnAttempt | None = taken.scalar_one_or_none()
    if attempt is None or not hmac.compare_digest(attempt.ticket_digest, rules.digest(given.ticket)):
        return None
    return attempt


async def _fail(work: Work, provider: IdentityProvider, reason: str) -> NoReturn:
    """Write the failure to the audit, commit it, and refuse."""
    work.announce(SignOnFailed(subject=provider.id, division_code=provider.division_code, reason=reason))
    await work.keep()
    raise errors.SignOnRefused


async def _endpoint(work: Work, provider: IdentityProvider, name: str) -> str:
    """An address of a provider: as recorded, or as it states of itself."""
    url: str | None = getattr(provider, name)
    if url is None:
        url = (await key_sets.discovered(provider.issuer, work.settings)).get(name, "")
    try:
        outbound.checked(url, work.settings)
    except outbound.AddressRefused as error:
        raise outbound.OutsideUnavailable from error
    return url


async def _exchange(work: Work, provider: IdentityProvider, attempt: SignOnAttempt, code: str) -> str | None:
    """The ID token that the provider gives for a code; None for an answer without one."""
    verifier = work.crypto.decrypt(
        attempt.verifier_cipher, table=ATTEMPTS, column="verifier_cipher", row=attempt.id
    )
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": attempt.redirect_uri,
        "client_id": provider.client_id,
        "code_verifier": verifier,
    }
    headers: dict[str, str] = {}
    if provider.client_secret_cipher is not None:
        secret = work.crypto.decrypt(
            provider.client_secret_cipher, table=TABLE, column="client_secret_cipher", row=provider.id
        )
        if provider.client_authentication == ClientAuthentication.POST:
            form["client_secret"] = secret
        else:
            pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    url = await _endpoint(work, provider, "token_endpoint")
    try:
        answer: Any = json.loads(await outbound.fetch(url, work.settings, form=form, headers=headers))
    except (BadRequest, outbound.OutsideUnavailable):
        return None
    if not isinstance(answer, dict) or answer.get("token_type") not in _ANSWER_TYPES:
        return None
    token = answer.get("id_token")
    return token if isinstance(token, str) else None


def _proved_at(attempt: SignOnAttempt, claims: Claims) -> datetime | None:
    """When the user last gave a password at the provider; a fresh sign-on must have asked for it.

    Raises `TokenRefused` for a token of another attempt (its nonce) or a stale proof (OpenID Connect Core
    1.0 §3.1.2.1, `max_age`)."""
    nonce, at = claims.get("nonce"), claims.get("auth_time")
    if not isinstance(nonce, str) or not hmac.compare_digest(attempt.nonce_digest, rules.digest(nonce)):
        raise TokenRefused("nonce")
    if at is None and not attempt.fresh:
        return None
    if isinstance(at, bool) or not isinstance(at, int) or not 0 < at < 2**40:
        raise TokenRefused("auth_time")
    proved = datetime.fromtimestamp(at, UTC)
    if attempt.fresh and proved < attempt.created_at - tokens.LEEWAY:
        raise TokenRefused("auth_time")
    return proved


async def _known(
    work: Work, provider: IdentityProvider, claims: Claims, held: Sequence[IdentityProviderRule]
) -> tuple[User, ExternalIdentity]:
    """The account of a subject: the linked one, or a new one where a rule gives it a role."""
    identity = await _identity(work, provider.id, claims["sub"])
    if identity is None and held:
        await work.execute(
            select(IdentityProvider.id).where(IdentityProvider.id == provider.id).with_for_update()
        )
        identity = await _identity(work, provider.id, claims["sub"]) or await _register(
            work, provider, claims
        )
    user = await _active(work, identity) if identity is not None else None
    if identity is None or user is None:
        work.announce(
            SignOnFailed(subject=provider.id, division_code=provider.division_code, reason="not_authorized")
        )
        await work.keep()
        raise errors.SignOnNotAuthorized
    machine = user.kind == UserKind.MACHINE
    fitting = [rule for rule in held if (Role(rule.role) in MACHINES) == machine]
    own = await work.scalars(select(Grant.role).where(Grant.user_id == user.id, live_grant(work.today)))
    if not rules.one_group([*own, *(rule.role for rule in fitting)]):
        raise errors.RolesSegregated
    identity.rule_ids = [rule.id for rule in fitting]
    identity.last_used_at = work.now
    return user, identity


async def _active(work: Work, identity: ExternalIdentity) -> User | None:
    found: User | None = await work.scalar(
        select(User)
        .where(User.id == identity.user_id, User.state == UserState.ACTIVE)
        .with_for_update(read=True)
    )
    return found


async def _identity(work: Work, provider_id: UUID, subject: str) -> ExternalIdentity | None:
    found: ExternalIdentity | None = await work.scalar(
        select(ExternalIdentity)
        .where(
            ExternalIdentity.provider_id == provider_id,
            ExternalIdentity.subject == subject,
            ExternalIdentity.unlinked_at.is_(None),
        )
        .with_for_update()
    )
    return found


async def _register(work: Work, provider: IdentityProvider, claims: Claims) -> ExternalIdentity:
    """A new person for a subject: named as the provider says, without a password."""
    row = uuid7()
    user = User(
        id=row,
        login_name=f"sso-{row.hex}",
        display_name=_name(rules.claim_values(claims, provider.name_claim)),
        kind=UserKind.PERSON,
        division_code=provider.division_code,
        state=UserState.ACTIVE,
    )
    identity = ExternalIdentity(
        id=uuid7(), user_id=user.id, provider_id=provider.id, subject=claims["sub"], rule_ids=[]
    )
    work.session.add(user)
    await work.session.flush()
    work.session.add(identity)
    await work.session.flush()
    division = provider.division_code
    work.announce(UserRegistered(subject=user.id, division_code=division, kind=UserKind.PERSON))
    work.announce(
        IdentityLinked(subject=identity.id, division_code=division, user_id=user.id, provider_id=provider.id)
    )
    return identity


def _name(values: Sequence[str]) -> str:
    """A name as it may be shown: normalised, without control signs, at most 200 characters."""
    text = unicodedata.normalize("NFC", values[0][:400]) if values else ""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text[:200] or "未命名 (unnamed)"
