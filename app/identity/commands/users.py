"""Accounts, as security administrators keep them."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from app.core.access import Permission
from app.core.crypto import mask_phone
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.identity import errors, queries, rules
from app.identity.commands import passwords, sessions
from app.identity.models import SecondFactor, User
from app.identity.rules import GrantState, UserKind, UserState
from app.identity.schemas import TemporaryPassword, UserCreate, UserUpdate
from app.identity.schemas.events import (
    PasswordReset,
    SecondFactorRemoved,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserRegistered,
)

_TEMPORARY = timedelta(hours=72)
_NO_SUCH_DIVISION = (
    "请给出您范围内现行的行政区划代码",
    "Give the code of a present division inside your scope",
)


async def register_user(work: Work, given: UserCreate) -> UUID:
    """Make an account in a division of the caller's scope. It has no password and no grant yet."""
    name = given.login_name.lower()
    if not rules.login_name_fits(name):
        words = (
            "3至64个字符: a-z、0-9、点、连字符、下划线, 以字母或数字开头",
            "3 to 64 of a-z, 0-9, dot, hyphen, underscore, beginning with a letter or digit",
        )
        raise errors.LoginNameInvalid(errors=[Fault("/login_name", "login_name", words)])
    await _division(work, given.division_code)
    user = User(
        id=uuid7(),
        login_name=name,
        display_name=given.display_name,
        kind=given.kind,
        division_code=given.division_code,
        state=UserState.ACTIVE,
    )
    _set_phone(work, user, given.phone)
    work.session.add(user)
    await work.session.flush()
    work.announce(UserRegistered(subject=user.id, division_code=user.division_code, kind=given.kind))
    return user.id


async def change_user(work: Work, user_id: UUID, given: UserUpdate) -> None:
    """Change a name, a phone or the division an account belongs to."""
    user = await queries.get_user_for_update(work, user_id, Permission.USER_ADMINISTER)
    work.expect(user)
    if "division_code" in given.model_fields_set:
        await _division(work, given.division_code)
        user.division_code = given.division_code
    if "display_name" in given.model_fields_set:
        user.display_name = given.display_name
    if "phone" in given.model_fields_set:
        _set_phone(work, user, given.phone)
    work.announce(
        UserChanged(subject=user.id, division_code=user.division_code, fields=sorted(given.model_fields_set))
    )


async def disable_user(work: Work, user_id: UUID) -> None:
    """From now on the account opens nothing: its sessions end, its keys sleep."""
    user = await _governed(work, user_id)
    if user.state == UserState.DISABLED:
        raise errors.UserStateUnfit
    user.state, user.disabled_at = UserState.DISABLED, work.now
    await sessions.end_all(work, user.id)
    work.announce(UserDisabled(subject=user.id, division_code=user.division_code))


async def enable_user(work: Work, user_id: UUID) -> None:
    """A disabled account may sign in again; its sessions stay ended."""
    user = await _governed(work, user_id)
    if user.state == UserState.ACTIVE:
        raise errors.UserStateUnfit
    user.state, user.disabled_at = UserState.ACTIVE, None
    work.announce(UserEnabled(subject=user.id, division_code=user.division_code))


async def reset_password(work: Work, user_id: UUID) -> TemporaryPassword:
    """A temporary password for one sign-in within three days; until another is chosen no grant holds.

    Whoever resets an account could use it, so where no second factor stands in the way its grants that take
    two people go back to be approved."""
    user = await _governed(work, user_id)
    if user.state != UserState.ACTIVE:
        raise errors.UserStateUnfit
    if user.kind != UserKind.PERSON:
        raise errors.PersonNeeded
    password = passwords.temporary()
    user.password_hash, user.password_changed_at = await passwords.hashed(password), work.now
    user.must_change_password, user.password_expires_at = True, work.now + _TEMPORARY
    await sessions.end_all(work, user.id)
    if not await queries.has_second_factor(work, user.id):
        await ask_again(work, user)
    work.announce(PasswordReset(subject=user.id, division_code=user.division_code))
    work.keep_secret()
    return TemporaryPassword(password=password, expires_at=work.now + _TEMPORARY)


async def reset_second_factor(work: Work, user_id: UUID) -> None:
    """Remove a lost authenticator; sessions end, and grants that take two people go back to be approved."""
    user = await _governed(work, user_id)
    removed = await work.execute(
        delete(SecondFactor).where(SecondFactor.user_id == user.id).returning(SecondFactor.id)
    )
    if removed.first() is None:
        raise errors.UserStateUnfit
    work.touch(user)
    await sessions.end_all(work, user.id)
    await ask_again(work, user)
    work.announce(SecondFactorRemoved(subject=user.id, division_code=user.division_code))


async def _governed(work: Work, user_id: UUID) -> User:
    """Another's account, with no grant beyond the caller's scope, in the version that the caller read."""
    user = await within_reach(work, user_id)
    work.expect(user)
    return user


async def within_reach(work: Work, user_id: UUID) -> User:
    """Another's account, locked, with no grant beyond the caller's scope.

    Raises `UserNotFound`, `OwnAccount`, `UserOutranks`."""
    user = await queries.get_user_for_update(work, user_id, Permission.USER_ADMINISTER)
    if user.id == work.actor.id:
        raise errors.OwnAccount
    if await queries.outranks(work, user.id, work.actor.scope(Permission.USER_ADMINISTER)):
        raise errors.UserOutranks
    return user


async def ask_again(work: Work, user: User) -> None:
    """Send the grants of a user that took two people back to be approved."""
    for grant in await queries.two_person_grants(work, user.id):
        grant.state, grant.requested_by = GrantState.REQUESTED, work.actor.id
        grant.approved_by = grant.approved_at = None


async def _division(work: Work, code: str) -> None:
    if await queries.division_unfit(work, code, work.actor.scope(Permission.USER_ADMINISTER)):
        raise errors.DivisionUnfit(errors=[Fault("/division_code", "division_unfit", _NO_SUCH_DIVISION)])


def _set_phone(work: Work, user: User, phone: str | None) -> None:
    if phone is None:
        user.phone_cipher = user.phone_mask = None
        return
    user.phone_cipher = work.crypto.encrypt(phone, table="users", column="phone_cipher", row=user.id)
    user.phone_mask = mask_phone(phone)
