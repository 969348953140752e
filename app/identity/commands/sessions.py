"""Signing in and out."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from sqlalchemy import or_, select, update

from app.core.db import uuid7
from app.core.errors import OriginRefused, Refusal
from app.core.fields import Ref
from app.core.work import Work
from app.identity import errors, queries, rules
from app.identity.commands import passwords, tries
from app.identity.models import SecondFactor, Session, User
from app.identity.queries import Account
from app.identity.rules import Carrier, TokenKind
from app.identity.schemas import Reauthentication, SessionCreate, SessionCreated
from app.identity.schemas.events import Reauthenticated, SessionEnded, SignedIn, SignInFailed

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a sign-in gave: the answer, and the token for whatever carries it."""

    answer: SessionCreated
    token: str
    lifetime: timedelta


async def sign_in(work: Work, given: SessionCreate, agent: str | None) -> SignIn:
    """Open a session for whoever knows the password, and the one-time code where one is enrolled.

    An unknown name, a wrong password, a disabled account and an expired temporary password get one answer,
    after the same work. The try is committed before the password is looked at, and no connection is held
    while it is hashed. Raises `SignInRefused`, `SecondFactorRequired`, `TooManyTries`."""
    name = given.login_name.lower()
    await tries.count(work, name)
    known = await queries.account(work, User.login_name == name)
    await work.keep()
    right = await passwords.matches(given.password, known.password_hash if known else None)
    if known is None or not right or not known.active or known.expired:
        await fail(work, known, errors.SignInRefused)
    user = await _still(work, known)
    second_factor = await use_code(
        work, known, given.code, missing=errors.SecondFactorRequired, wrong=errors.SignInRefused
    )
    await tries.forget(work, name)
    return await begin_session(work, user, cookie=given.cookie, agent=agent, second_factor=second_factor)


@dataclass(frozen=True, slots=True)
class SignedOn:
    """By whom a session was opened instead of with a password: provider, rules, and when the user last gave
    a password there."""

    provider_id: UUID
    rule_ids: list[UUID]
    proved_at: datetime | None


async def begin_session(
    work: Work,
    user: User,
    *,
    cookie: bool,
    agent: str | None,
    second_factor: bool,
    by: SignedOn | None = None,
) -> SignIn:
    """A session for whoever was recognised, with what the caller is told of it.

    A cookie is given only to a page of this host or of an allowed one: otherwise another site could sign a
    visitor in as somebody else. Raises `OriginRefused`."""
    if cookie and not work.same_origin:
        raise OriginRefused
    work.keep_secret()
    hours, idle = work.settings.session_absolute_hours, work.settings.session_idle_minutes * 60
    carrier = Carrier.COOKIE if cookie else Carrier.BEARER
    opened, token = await open_session(
        work,
        user.id,
        carrier=carrier,
        second_factor=second_factor,
        expires_at=work.now + timedelta(hours=hours),
        idle_seconds=idle,
        agent=agent,
    )
    if by is not None:
        opened.provider_id, opened.rule_ids, opened.reauthenticated_at = (
            by.provider_id,
            by.rule_ids,
            by.proved_at,
        )
    work.announce(
        SignedIn(
            subject=user.id,
            division_code=user.division_code,
            session_id=opened.id,
            second_factor=second_factor,
        )
    )
    answer = SessionCreated(
        id=opened.id,
        token=None if cookie else token,
        user=Ref(id=user.id, name=user.display_name),
        carrier=carrier,
        second_factor=second_factor,
        must_change_password=user.must_change_password,
        expires_at=opened.expires_at,
        idle_seconds=idle,
    )
    return SignIn(answer, token, timedelta(hours=hours))


async def open_session(
    work: Work,
    user_id: UUID,
    *,
    expires_at: datetime,
    carrier: Carrier = Carrier.BEARER,
    second_factor: bool = False,
    idle_seconds: int | None = None,
    reauthenticated_at: datetime | None = None,
    agent: str | None = None,
) -> tuple[Session, str]:
    """A session row and its token, which is never seen again."""
    row = uuid7()
    token, digest = rules.issue(TokenKind.SESSION, row, secrets.token_bytes(rules.TOKEN_BYTES))
    opened = Session(
        id=row,
        user_id=user_id,
        token_digest=digest,
        carrier=carrier,
        second_factor=second_factor,
        address=work.address,
        agent=agent[:200] if agent else None,
        created_at=work.now,
        reauthenticated_at=reauthenticated_at or work.now,
        last_seen_at=work.now,
        idle_seconds=idle_seconds,
        expires_at=expires_at,
    )
    work.session.add(opened)
    await work.session.flush()
    return opened, token


async def _still(work: Work, known: Account) -> User:
    """The account, locked, if nothing changed while the password was hashed."""
    user: User | None = await work.scalar(
        select(User)
        .where(
            User.id == known.id,
            User.state == rules.UserState.ACTIVE,
            User.password_hash == known.password_hash,
        )
        .with_for_update(read=True)
    )
    if user is None:
        raise errors.SignInRefused
    return user


async def fail(work: Work, known: Account | None, refusal: type[Refusal]) -> NoReturn:
    """Write the failure to the audit, commit it, and refuse."""
    work.announce(SignInFailed(subject=known.id if known else NOBODY))
    await work.keep()
    raise refusal


async def use_code(
    work: Work, known: Account, code: str | None, *, missing: type[Refusal], wrong: type[Refusal]
) -> bool:
    """Use up a one-time code: True if it is right, False if the account has no second factor."""
    if known.second_factor_id is None or known.secret_cipher is None:
        return False
    if code is None:
        raise missing
    secret = work.crypto.decrypt_bytes(
        known.secret_cipher, table="second_factors", column="secret_cipher", row=known.second_factor_id
    )
    step = rules.accepted_step(secret, code, work.now, None)
    if step is None or not await _use_step(work, known.second_factor_id, step):
        await fail(work, known, wrong)
    return True


async def _use_step(work: Work, second_factor_id: UUID, step: int) -> bool:
    """Mark a step as used; False if it or a later one was used, even by a racing request (RFC 6238 5.2)."""
    used = await work.execute(
        update(SecondFactor)
        .where(
            SecondFactor.id == second_factor_id,
            SecondFactor.state == "active",
            or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step),
        )
        .values(last_step=step)
        .returning(SecondFactor.id)
        .execution_options(synchronize_session=False)
    )
    return used.first() is not None


async def reauthenticate(work: Work, given: Reauthentication) -> UUID:
    """Prove again who sits there, as reveals ask. Raises `PasswordWrong`, `CodeNeeded`."""
    if work.actor.session_id is None:
        raise errors.SessionNeeded
    known = await prove(work, given.password)
    second_factor = await use_code(
        work, known, given.code, missing=errors.CodeNeeded, wrong=errors.PasswordWrong
    )
    await tries.forget(work, known.login_name)
    values = {"reauthenticated_at": work.now, **({"second_factor": True} if second_factor else {})}
    await work.execute(update(Session).where(Session.id == work.actor.session_id).values(values))
    work.announce(Reauthenticated(subject=known.id, session_id=work.actor.session_id))
    return work.actor.session_id


async def prove(work: Work, password: str) -> Account:
    """The caller's own account, once the password is right; tries count as at sign-in."""
    known = await queries.account(work, User.id == work.actor.id)
    if known is None:
        raise errors.PasswordWrong
    await tries.count(work, known.login_name)
    await work.keep()
    if not await passwords.matches(password, known.password_hash):
        await fail(work, known, errors.PasswordWrong)
    return known


async def sign_out(work: Work) -> None:
    """End the session that carries this request."""
    if work.actor.session_id is None:
        raise errors.SessionNeeded
    await end_session(work, work.actor.session_id)


async def end_session(work: Work, session_id: UUID) -> None:
    """End one of the caller's sessions. Raises `SessionNotFound`."""
    ended = await work.execute(
        update(Session)
        .where(Session.id == session_id, Session.user_id == work.actor.id, queries.live_session())
        .values(ended_at=work.now)
        .returning(Session.id)
        .execution_options(synchronize_session=False)
    )
    if ended.first() is None:
        raise errors.SessionNotFound
    work.announce(SessionEnded(subject=work.actor.id, session_id=session_id))


async def end_all(work: Work, user_id: UUID, *, but: UUID | None = None) -> None:
    """End every session of a user, except perhaps one."""
    await work.execute(
        update(Session)
        .where(Session.user_id == user_id, Session.ended_at.is_(None), Session.id.is_distinct_from(but))
        .values(ended_at=work.now)
        .execution_options(synchronize_session=False)
    )
