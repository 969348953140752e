"""Accounts as a sign-in compares them, sessions, and who I am."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from app.core import reads
from app.core.access import SECOND_FACTOR_ROLES, Actor, Permission, Role
from app.core.work import Work
from app.identity import errors
from app.identity.models import Grant, SecondFactor, Session, User
from app.identity.queries.scopes import live_grant
from app.identity.rules import UserState
from app.identity.schemas import MeRead, MyGrant, MySecondFactor, PermissionScope, SessionFilters, SessionRead


@dataclass(frozen=True, slots=True)
class Account:
    """What a sign-in or a re-authentication compares with."""

    id: UUID
    login_name: str
    display_name: str
    password_hash: str | None
    active: bool
    expired: bool
    second_factor_id: UUID | None
    secret_cipher: bytes | None


async def account(work: Work, condition: ColumnElement[bool]) -> Account | None:
    """The account that a login name or an id names, with its password hash and one-time-code secret."""
    found = await work.execute(
        select(
            User.id,
            User.login_name,
            User.display_name,
            User.password_hash,
            (User.state == UserState.ACTIVE).label("active"),
            func.coalesce(User.password_expires_at <= func.now(), false()).label("expired"),
            SecondFactor.id.label("second_factor_id"),
            SecondFactor.secret_cipher,
        )
        .outerjoin(SecondFactor, and_(SecondFactor.user_id == User.id, SecondFactor.state == "active"))
        .where(condition)
    )
    row = found.one_or_none()
    return Account(**row._mapping) if row else None  # noqa: SLF001 (SQLAlchemy's public accessor)


async def my_sessions(work: Work, filters: SessionFilters) -> Response:
    """The caller's sessions that are not over."""
    return await reads.page(work, _sessions(work), shape=SessionRead, filters=filters, sort=(Session.id,))


async def session(work: Work, session_id: UUID) -> Response:
    """One session of the caller."""
    return await reads.one(
        work,
        _sessions(work).where(Session.id == session_id),
        shape=SessionRead,
        missing=errors.SessionNotFound,
    )


def _sessions(work: Work) -> Any:
    return select(
        Session.id,
        Session.carrier,
        Session.address,
        Session.agent,
        Session.second_factor,
        Session.created_at,
        Session.reauthenticated_at,
        Session.last_seen_at,
        Session.expires_at,
        (Session.id == work.actor.session_id).label("current"),
    ).where(Session.user_id == work.actor.id, live_session())


def live_session() -> ColumnElement[bool]:
    """Sessions that still open something."""
    idle = Session.last_seen_at + func.make_interval(0, 0, 0, 0, 0, 0, Session.idle_seconds) > func.now()
    return and_(
        Session.ended_at.is_(None), Session.expires_at > func.now(), or_(Session.idle_seconds.is_(None), idle)
    )


async def me(work: Work) -> Response:
    """The caller: account, grants of today, permissions with their scopes."""
    enrolled = exists().where(SecondFactor.user_id == User.id, SecondFactor.state == "active")
    user = (
        await work.execute(
            select(
                User.login_name,
                User.display_name,
                User.kind,
                User.division_code,
                User.phone_mask,
                User.must_change_password,
                enrolled.label("enrolled"),
            ).where(User.id == work.actor.id)
        )
    ).one()
    rows = await work.execute(
        select(Grant.id, Grant.role, Grant.division_code, Grant.party_organization_id, Grant.valid)
        .where(Grant.user_id == work.actor.id, live_grant(work.today))
        .order_by(Grant.id)
    )
    grants = [
        MyGrant(
            id=r.id,
            role=Role(r.role),
            division_code=r.division_code,
            party_organization_id=r.party_organization_id,
            from_on=r.valid.lower,
            until_on=r.valid.upper,
        )
        for r in rows
    ]
    grants += [
        MyGrant(
            id=given.rule_id,
            role=given.role,
            division_code=given.division_code,
            party_organization_id=given.party_organization_id,
            from_on=work.today,
            until_on=None,
        )
        for given in work.actor.grants
        if given.rule_id is not None
    ]
    return await reads.derived(
        work,
        MeRead(
            id=work.actor.id,
            login_name=user.login_name,
            display_name=user.display_name,
            kind=user.kind,
            division_code=user.division_code,
            phone_mask=user.phone_mask,
            must_change_password=user.must_change_password,
            second_factor=MySecondFactor(
                enrolled=user.enrolled,
                used=work.actor.second_factor,
                required=work.settings.require_second_factor
                and any(g.role in SECOND_FACTOR_ROLES for g in grants),
            ),
            session_id=work.actor.session_id,
            reauthenticated_at=work.actor.reauthenticated_at,
            grants=grants,
            permissions=[_permission(work.actor, p) for p in work.actor.permissions()],
        ),
    )


def _permission(actor: Actor, permission: Permission) -> PermissionScope:
    scope = actor.scope(permission)
    return PermissionScope(
        permission=permission,
        national=scope.national,
        divisions=list(scope.divisions),
        bodies=list(scope.bodies),
    )
