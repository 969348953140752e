"""Accounts made by the installation itself: first administrators, demo users, actors of the command line."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from app.core.access import MACHINES, NATION, Role
from app.core.db import uuid7
from app.core.work import Work
from app.identity import errors, rules
from app.identity.commands import keys, passwords, sessions
from app.identity.models import Grant, User
from app.identity.rules import GrantState, UserKind, UserState
from app.identity.schemas.events import GrantGiven, UserRegistered


@dataclass(frozen=True, slots=True)
class Installed:
    """An installed user, and the token that acts as it."""

    user_id: UUID
    token: str


async def ensure_actor(
    work: Work,
    role: Role,
    *,
    division_code: str | None = None,
    party_organization_id: UUID | None = None,
    login_name: str | None = None,
    display_name: str | None = None,
    lifetime: timedelta = timedelta(hours=12),
    second_factor: bool = True,
    standing_proof: bool = False,
    demo: bool = False,
) -> Installed:
    """A user who holds one role, and a token for it: an API key for a machine's role, else a session.

    The user of that login name is taken if there is one, with its grants. No second person is asked, so only
    the command line, the demo and tests call this. `standing_proof` counts the session as re-authenticated
    for its whole life: these users have no password to give again."""
    name = login_name or f"{role.value.replace('_', '-')}-{uuid7().hex}"
    user: User | None = await work.scalar(select(User).where(User.login_name == name))
    if user is None:
        user = await _install(work, role, name, display_name or name, division_code or NATION, demo=demo)
        await _grant(
            work, user, role, None if party_organization_id else user.division_code, party_organization_id
        )
    expires_at = work.now + lifetime
    if user.kind == UserKind.MACHINE:
        _, token = await keys.open_key(work, user, name=name, expires_at=expires_at)
    else:
        _, token = await sessions.open_session(
            work,
            user.id,
            expires_at=expires_at,
            second_factor=second_factor,
            reauthenticated_at=expires_at if standing_proof else None,
        )
    return Installed(user.id, token)


async def install_administrator(
    work: Work, role: Role, *, login_name: str, display_name: str, division_code: str = NATION
) -> str:
    """The first people of a new service: a user with one role and a temporary password, which is returned.

    Without it nobody could give the first grant. Grants made so name nobody who asked or approved."""
    user = await _install(work, role, login_name, display_name, division_code)
    await _grant(work, user, role, division_code, None)
    password = passwords.temporary()
    user.password_hash, user.password_changed_at = await passwords.hashed(password), work.now
    user.must_change_password, user.password_expires_at = True, work.now + timedelta(hours=72)
    return password


async def _install(
    work: Work, role: Role, login_name: str, display_name: str, division_code: str, *, demo: bool = False
) -> User:
    if not rules.login_name_fits(login_name):
        raise errors.LoginNameInvalid
    user = User(
        id=uuid7(),
        login_name=login_name,
        display_name=display_name,
        kind=UserKind.MACHINE if role in MACHINES else UserKind.PERSON,
        division_code=division_code,
        state=UserState.ACTIVE,
        demo=demo,
    )
    work.session.add(user)
    await work.session.flush()
    work.announce(UserRegistered(subject=user.id, division_code=division_code, kind=UserKind(user.kind)))
    return user


async def _grant(
    work: Work, user: User, role: Role, division_code: str | None, party_organization_id: UUID | None
) -> None:
    grant = Grant(
        id=uuid7(),
        user_id=user.id,
        role=role,
        segregation=rules.segregation(role),
        division_code=division_code,
        party_organization_id=party_organization_id,
        valid=Range(work.today, None),
        state=GrantState.ACTIVE,
    )
    work.session.add(grant)
    await work.session.flush()
    work.announce(
        GrantGiven(
            subject=grant.id,
            division_code=division_code,
            user_id=user.id,
            role=role,
            party_organization_id=party_organization_id,
        )
    )
