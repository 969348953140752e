"""What users do to their own account."""

import base64
import secrets

from sqlalchemy import delete, select, update

from app.core.db import uuid7
from app.core.errors import Fault, Words
from app.core.work import Work
from app.identity import errors, queries, rules
from app.identity.commands import passwords, sessions, tries
from app.identity.models import SecondFactor, Session, User
from app.identity.rules import PasswordFault
from app.identity.schemas import PasswordChange, SecondFactorConfirmation, SecondFactorEnrolment
from app.identity.schemas.events import PasswordChanged, SecondFactorEnrolled

_WHY: dict[PasswordFault, Words] = {
    PasswordFault.TOO_SHORT: ("至少12个字符", "At least 12 characters"),
    PasswordFault.TOO_LONG: ("至多128个字符", "At most 128 characters"),
    PasswordFault.CONTAINS_NAME: ("不得包含自己的登录名或姓名", "It must not contain your own name"),
    PasswordFault.TOO_COMMON: (
        "过于常见: 请勿使用常用词、键盘顺序、年份或重复字符",
        "Too common: no usual words, rows of keys, years or repetitions",
    ),
}


async def change_password(work: Work, given: PasswordChange) -> None:
    """Choose a new password; every other session of the caller ends.

    Raises `PasswordWrong`, `PasswordRefused`, `TooManyTries`."""
    known = await sessions.prove(work, given.current_password)
    await tries.forget(work, known.login_name)
    faults = rules.password_faults(given.new_password, (known.login_name, known.display_name))
    if faults:
        raise errors.PasswordRefused(errors=[Fault("/new_password", f, _WHY[f]) for f in faults])
    new = await passwords.hashed(given.new_password)
    user: User = (
        await work.scalars(select(User).where(User.id == known.id).with_for_update(key_share=True))
    ).one()
    user.password_hash, user.password_changed_at = new, work.now
    user.must_change_password, user.password_expires_at = False, None
    await sessions.end_all(work, user.id, but=work.actor.session_id)
    work.announce(PasswordChanged(subject=user.id, division_code=user.division_code))


async def enrol_second_factor(work: Work) -> SecondFactorEnrolment:
    """A new secret for an authenticator; it replaces the old one once its first code is confirmed.

    The caller must have given the password lately, and the code of the old authenticator if there is one:
    neither a stolen session nor a stolen password is enough. Raises `FreshSignInNeeded`, `CodeNeeded`."""
    if work.actor.session_id is None:
        raise errors.SessionNeeded
    lately = work.since(minutes=work.settings.reveal_reauthentication_minutes)
    if work.actor.reauthenticated_at is None or work.actor.reauthenticated_at < lately:
        raise errors.FreshSignInNeeded
    user: User = (
        await work.scalars(select(User).where(User.id == work.actor.id).with_for_update(key_share=True))
    ).one()
    if not work.actor.second_factor and await queries.has_second_factor(work, user.id):
        raise errors.CodeNeeded
    await work.execute(
        delete(SecondFactor).where(SecondFactor.user_id == user.id, SecondFactor.state == "pending")
    )
    secret, row = secrets.token_bytes(rules.TOTP_SECRET_BYTES), uuid7()
    cipher = work.crypto.encrypt(secret, table="second_factors", column="secret_cipher", row=row)
    work.session.add(
        SecondFactor(id=row, user_id=user.id, state="pending", secret_cipher=cipher, created_at=work.now)
    )
    work.keep_secret()
    return SecondFactorEnrolment(
        secret=base64.b32encode(secret).decode(), uri=rules.provisioning_uri(user.login_name, secret)
    )


async def confirm_second_factor(work: Work, given: SecondFactorConfirmation) -> None:
    """The first code: from now on the second factor is asked at sign-in, and this session has used it.

    Raises `SecondFactorNotPending`, `SecondFactorWrong`, `TooManyTries`."""
    user: User = (await work.scalars(select(User).where(User.id == work.actor.id))).one()
    await tries.count(work, user.login_name)
    await work.keep()
    await work.execute(select(User.id).where(User.id == user.id).with_for_update(key_share=True))
    pending: SecondFactor | None = await work.scalar(
        select(SecondFactor)
        .where(SecondFactor.user_id == user.id, SecondFactor.state == "pending")
        .with_for_update()
    )
    if pending is None:
        raise errors.SecondFactorNotPending
    secret = work.crypto.decrypt_bytes(
        pending.secret_cipher, table="second_factors", column="secret_cipher", row=pending.id
    )
    step = rules.accepted_step(secret, given.code, work.now, None)
    if step is None:
        raise errors.SecondFactorWrong
    await tries.forget(work, user.login_name)
    await work.execute(
        delete(SecondFactor).where(SecondFactor.user_id == user.id, SecondFactor.state == "active")
    )
    pending.state, pending.confirmed_at, pending.last_step = "active", work.now, step
    await sessions.end_all(work, user.id, but=work.actor.session_id)
    await work.execute(update(Session).where(Session.id == work.actor.session_id).values(second_factor=True))
    work.announce(SecondFactorEnrolled(subject=user.id, division_code=user.division_code))
