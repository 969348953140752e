"""Tries of a password: counted in the database, so that the limit holds over all processes."""

import hashlib
import math
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, DateTime, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.core.work import Work
from app.identity import errors, rules
from app.identity.models import Session, SignInTry, SignOnAttempt

_WINDOW = timedelta(seconds=rules.TRIES_WINDOW_SECONDS)
_KEPT_SESSIONS = timedelta(days=180)


def _key(work: Work, login_name: str) -> bytes:
    return hashlib.sha256(f"{login_name}\n{work.address or ''}".encode()).digest()


async def count(work: Work, login_name: str) -> None:
    """Count one try of an account from the caller's address; at most ten in any fifteen minutes.

    The address is part of the key: nobody locks a colleague out from elsewhere. Raises `TooManyTries`."""
    key, since, now = _key(work, login_name), work.now - _WINDOW, literal(work.now, DateTime(timezone=True))
    tried = func.unnest(SignInTry.tried_at).column_valued("tried")
    recent = func.array(select(tried).where(tried > since).correlate(SignInTry).scalar_subquery())
    one: object = func.array_append(literal([], ARRAY(DateTime(timezone=True))), now)
    counted = (
        insert(SignInTry)
        .values(key=key, tried_at=one, latest_at=now)
        .on_conflict_do_update(
            index_elements=[SignInTry.key],
            set_={"tried_at": func.array_append(recent, now), "latest_at": now},
            where=func.cardinality(recent) < rules.TRIES,
        )
        .returning(SignInTry.key)
    )
    if (await work.execute(counted)).first() is None:
        past: list[datetime] = await work.scalar(select(SignInTry.tried_at).where(SignInTry.key == key)) or []
        free = min((at for at in past if at > since), default=since) + _WINDOW
        wait = max(1, math.ceil((free - work.now).total_seconds()))
        raise errors.TooManyTries(headers={"Retry-After": str(wait)})


async def forget(work: Work, login_name: str) -> None:
    """The account was opened: its tries from this address no longer count."""
    await work.execute(delete(SignInTry).where(SignInTry.key == _key(work, login_name)))


async def tidy(work: Work) -> int:
    """Drop tries and sign-ons that no longer count, and sessions of half a year ago; returns how many."""
    tries = delete(SignInTry).where(SignInTry.latest_at < work.now - _WINDOW).returning(SignInTry.key)
    old = delete(Session).where(Session.expires_at < work.now - _KEPT_SESSIONS).returning(Session.id)
    attempts = delete(SignOnAttempt).where(SignOnAttempt.expires_at < work.now).returning(SignOnAttempt.id)
    return sum([len((await work.execute(gone)).all()) for gone in (tries, old, attempts)])
