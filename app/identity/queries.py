"""Who is calling, and what is on file about users, sessions, grants and keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, and_, column, exists, false, func, or_, select, table, text, true
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.types import Text, Uuid

from app.core import access, reads
from app.core.access import SECOND_FACTOR_ROLES, TWO_PERSON_ROLES, Actor, Permission, Role, Scope
from app.core.work import Authenticate, Credential, Work
from app.identity import errors, rules
from app.identity.models import ApiKey, Grant, SecondFactor, Session, User
from app.identity.rules import GrantState, TokenKind, UserState
from app.identity.schemas import (
    ApiKeyFilters,
    ApiKeyRead,
    GrantFilters,
    GrantRead,
    MeRead,
    MyGrant,
    MySecondFactor,
    PermissionScope,
    SessionFilters,
    SessionRead,
    UserFilters,
    UserRead,
)

divisions = table(
    "divisions", column("code", Text(collation="C")), column("name", Text()), column("valid", DATERANGE)
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", Text(collation="C")),
)


# ------------------------------------------------------------------------------------------ authentication

_GRANTS = """
    (SELECT json_agg(json_build_array(g.role, g.division_code, g.party_organization_id))
       FROM grants g
      WHERE g.user_id = u.id AND g.state = 'active' AND NOT u.must_change_password
        AND g.valid @> timezone('Asia/Shanghai', now())::date)
"""

_BY_SESSION = text(
    f"""
    WITH presented AS (
        SELECT id, user_id, carrier, second_factor, reauthenticated_at FROM sessions
         WHERE id = :id AND token_digest = :digest AND ended_at IS NULL AND expires_at > now()
           AND (idle_seconds IS NULL OR last_seen_at + make_interval(secs => idle_seconds) > now())
    ), seen AS (
        UPDATE sessions SET last_seen_at = now() WHERE id IN (
            SELECT s.id FROM sessions s JOIN presented USING (id)
             WHERE s.last_seen_at < now() - interval '1 minute' FOR NO KEY UPDATE OF s SKIP LOCKED)
    )
    SELECT u.id, u.kind, u.display_name, p.id AS session_id, p.carrier, p.second_factor, p.reauthenticated_at,
           {_GRANTS} AS grants
      FROM presented p JOIN users u ON u.id = p.user_id WHERE u.state = 'active' AND (:demo OR NOT u.demo)
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
    SELECT u.id, u.kind, u.display_name, NULL AS session_id, 'bearer' AS carrier, false AS second_factor,
           NULL AS reauthenticated_at, {_GRANTS} AS grants
      FROM presented p JOIN users u ON u.id = p.user_id WHERE u.state = 'active' AND (:demo OR NOT u.demo)
    """  # noqa: S608 (constants only)
)
_STATEMENTS = {TokenKind.SESSION: _BY_SESSION, TokenKind.API_KEY: _BY_KEY}


def authenticator(*, demo: bool) -> Authenticate:
    """Recognises callers: the actor behind a token, or None, in one statement on every request, so that a
    revocation holds at once. Users of the demonstration are recognised only if `demo` says so.

    It also marks the session as seen, at most once a minute and never waiting for a lock: the one write here.
    Whoever must still choose a password acts with no grant at all."""

    async def authenticate(session: AsyncSession, credential: Credential) -> Actor | None:
        presented = credential.bearer or credential.cookie
        token = rules.read_token(presented) if presented else None
        if token is None or (credential.bearer is None and token.kind is not TokenKind.SESSION):
            return None
        values = {"id": token.id, "digest": token.digest, "demo": demo}
        row = (await session.execute(_STATEMENTS[token.kind], values)).one_or_none()
        if row is None or (row.carrier == rules.Carrier.COOKIE) != (credential.bearer is None):
            return None
        return Actor(
            id=row.id,
            kind=row.kind,
            name=row.display_name,
            grants=tuple(_grant(*parts) for parts in row.grants or ()),
            session_id=row.session_id,
            by_cookie=row.carrier == rules.Carrier.COOKIE,
            second_factor=row.second_factor,
            reauthenticated_at=row.reauthenticated_at,
        )

    return authenticate


authenticate = authenticator(demo=True)


def _grant(role: str, division_code: str | None, party_organization_id: str | None) -> access.Grant:
    return access.Grant(
        Role(role), division_code, UUID(party_organization_id) if party_organization_id else None
    )


# --------------------------------------------------------------------------------------------- signing in


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


# -------------------------------------------------------------------------------------------------- users


def visible(scope: Scope) -> ColumnElement[bool]:
    """Users whose division lies in the scope (administrators are granted by division)."""
    return true() if scope.national else access.within_divisions(User.division_code, scope.divisions)


async def get_user_for_update(work: Work, user_id: UUID, permission: Permission) -> User:
    """A user in the scope of a permission, locked. Raises `UserNotFound`."""
    found: User | None = await work.scalar(
        select(User)
        .where(User.id == user_id, visible(work.actor.scope(permission)))
        .with_for_update(key_share=True)
    )
    if found is None:
        raise errors.UserNotFound
    return found


async def user(work: Work, user_id: UUID, *, status: int = 200) -> Response:
    """One account."""
    statement = _users(work).where(User.id == user_id)
    return await reads.one(work, statement, shape=UserRead, missing=errors.UserNotFound, status=status)


async def users(work: Work, filters: UserFilters) -> Response:
    """Accounts in scope."""
    statement = _users(work).where(
        *_given((User.kind, filters.kind), (User.state, filters.state)),
        *([User.login_name == filters.login_name.lower()] if filters.login_name else []),
        *([access.within_divisions(User.division_code, [filters.division])] if filters.division else []),
    )
    sort = (User.division_code, User.id)
    return await reads.page(work, statement, shape=UserRead, filters=filters, sort=sort)


def _users(work: Work) -> Any:
    enrolled = exists().where(SecondFactor.user_id == User.id, SecondFactor.state == "active")
    other = User.id != work.actor.id
    active, person = User.state == UserState.ACTIVE, User.kind == rules.UserKind.PERSON
    administer = Permission.USER_ADMINISTER
    return (
        select(
            User.id,
            User.login_name,
            User.display_name,
            User.kind,
            reads.code_ref(User.division_code, _division_name(User.division_code)).label("division"),
            User.phone_mask,
            User.state,
            User.must_change_password,
            enrolled.label("second_factor"),
            User.created_at,
            User.updated_at,
            User.disabled_at,
            reads.etag(User.version),
            reads.actions(
                work,
                {
                    "update": administer,
                    "disable": (administer, and_(other, active)),
                    "enable": (administer, and_(other, ~active)),
                    "reset_password": (administer, and_(other, active, person)),
                    "reset_second_factor": (administer, and_(other, enrolled)),
                },
            ),
        )
        .outerjoin(divisions, divisions.c.code == User.division_code)
        .where(visible(work.actor.scope(Permission.USER_READ)))
    )


def _division_name(code: Any) -> ColumnElement[str]:
    return func.coalesce(divisions.c.name, code)


async def division_unfit(work: Work, code: str, scope: Scope) -> bool:
    """Whether a division does not exist today or lies outside a scope."""
    inside = select(divisions.c.code).where(
        divisions.c.code == code,
        divisions.c.valid.op("@>")(access.today_sql()),
        true() if scope.national else access.within_divisions(divisions.c.code, scope.divisions),
    )
    return await work.scalar(inside) is None


async def body_unfit(work: Work, party_organization_id: UUID, scope: Scope) -> bool:
    """Whether a Party organization does not exist or lies outside a scope, by division or by body."""
    c = party_organizations.c
    return (
        await work.scalar(select(c.id).where(c.id == party_organization_id, _bodies_in(scope, c.id))) is None
    )


async def has_second_factor(work: Work, user_id: UUID) -> bool:
    """Whether a user signs in with one-time codes."""
    found = select(SecondFactor.id).where(SecondFactor.user_id == user_id, SecondFactor.state == "active")
    return await work.scalar(found) is not None


async def outranks(work: Work, user_id: UUID, scope: Scope) -> bool:
    """Whether a user holds or awaits a grant outside a scope: who resets an account could use its grants."""
    beyond = select(Grant.id).where(
        Grant.user_id == user_id,
        Grant.state.in_((GrantState.ACTIVE, GrantState.REQUESTED)),
        ~grants_visible(scope),
    )
    return await work.scalar(beyond.limit(1)) is not None


# ------------------------------------------------------------------------------------------------- grants


def live_grant(day: date) -> ColumnElement[bool]:
    """Grants in force on a day."""
    return and_(Grant.state == GrantState.ACTIVE, Grant.valid.contains(day))


def grants_visible(scope: Scope) -> ColumnElement[bool]:
    """Grants over a division or a Party organization in the scope."""
    if scope.national:
        return true()
    by_division = func.coalesce(access.within_divisions(Grant.division_code, scope.divisions), false())
    return or_(by_division, func.coalesce(_bodies_in(scope, Grant.party_organization_id), false()))


def _bodies_in(scope: Scope, body: Any) -> ColumnElement[bool]:
    if scope.national:
        return true()
    c = party_organizations.alias().c
    by_division = body.in_(select(c.id).where(access.within_divisions(c.division_code, scope.divisions)))
    return or_(by_division, access.within_bodies(body, scope.bodies))


async def get_grant_for_update(work: Work, grant_id: UUID, permission: Permission) -> Grant:
    """A grant in the scope of a permission, locked after its user, as `ask` locks. Raises `GrantNotFound`."""
    inside = grants_visible(work.actor.scope(permission))
    holder = select(Grant.user_id).where(Grant.id == grant_id, inside).scalar_subquery()
    await work.execute(select(User.id).where(User.id == holder).with_for_update(key_share=True))
    found: Grant | None = await work.scalar(
        select(Grant).where(Grant.id == grant_id, inside).with_for_update()
    )
    if found is None:
        raise errors.GrantNotFound
    return found


async def grant(work: Work, grant_id: UUID, *, status: int = 200) -> Response:
    """One grant."""
    statement = _grants(work).where(Grant.id == grant_id)
    return await reads.one(work, statement, shape=GrantRead, missing=errors.GrantNotFound, status=status)


async def grants(work: Work, filters: GrantFilters) -> Response:
    """Grants in scope, with those that wait for a second person."""
    statement = _grants(work).where(
        *_given((Grant.user_id, filters.user_id), (Grant.role, filters.role), (Grant.state, filters.state)),
        *([access.within_divisions(Grant.division_code, [filters.division])] if filters.division else []),
    )
    return await reads.page(work, statement, shape=GrantRead, filters=filters, sort=(Grant.id,))


def _grants(work: Work) -> Any:
    holder, asker, approver, revoker = (aliased(User) for _ in range(4))
    c = party_organizations.c
    waiting = and_(
        Grant.state == GrantState.REQUESTED,
        Grant.user_id != work.actor.id,
        Grant.requested_by.is_distinct_from(work.actor.id),
    )
    return (
        select(
            Grant.id,
            reads.ref(holder.id, holder.display_name).label("user"),
            Grant.role,
            reads.code_ref(Grant.division_code, _division_name(Grant.division_code)).label("division"),
            reads.ref(Grant.party_organization_id, c.name).label("party_organization"),
            func.lower(Grant.valid).label("from_on"),
            func.upper(Grant.valid).label("until_on"),
            Grant.state,
            Grant.reason,
            reads.ref(asker.id, asker.display_name).label("requested_by"),
            reads.ref(approver.id, approver.display_name).label("approved_by"),
            Grant.approved_at,
            reads.ref(revoker.id, revoker.display_name).label("revoked_by"),
            Grant.revoked_at,
            Grant.created_at,
            Grant.updated_at,
            reads.etag(Grant.version),
            reads.actions(
                work,
                {
                    "approve": (Permission.GRANT_APPROVE, waiting),
                    "revoke": (Permission.GRANT_ADMINISTER, Grant.state != GrantState.REVOKED),
                },
                read=Permission.GRANT_APPROVE,
                visible=grants_visible,
            ),
        )
        .join(holder, holder.id == Grant.user_id)
        .outerjoin(asker, asker.id == Grant.requested_by)
        .outerjoin(approver, approver.id == Grant.approved_by)
        .outerjoin(revoker, revoker.id == Grant.revoked_by)
        .outerjoin(divisions, divisions.c.code == Grant.division_code)
        .outerjoin(party_organizations, c.id == Grant.party_organization_id)
        .where(grants_visible(work.actor.scope(Permission.GRANT_APPROVE)))
    )


async def two_person_grants(work: Work, user_id: UUID) -> Sequence[Grant]:
    """A user's grants that took two people, in force, locked."""
    rows = await work.scalars(
        select(Grant)
        .where(Grant.user_id == user_id, Grant.state == GrantState.ACTIVE, Grant.role.in_(TWO_PERSON_ROLES))
        .order_by(Grant.id)
        .with_for_update()
    )
    return rows.all()


# ----------------------------------------------------------------------------------------------- API keys


async def get_key_for_update(work: Work, key_id: UUID) -> ApiKey:
    """A key of a machine in scope, locked. Raises `ApiKeyNotFound`."""
    inside = visible(work.actor.scope(Permission.API_KEY_ADMINISTER))
    found: ApiKey | None = await work.scalar(
        select(ApiKey)
        .join(User, User.id == ApiKey.user_id)
        .where(ApiKey.id == key_id, inside)
        .with_for_update(of=ApiKey)
    )
    if found is None:
        raise errors.ApiKeyNotFound
    return found


async def api_key(work: Work, key_id: UUID) -> Response:
    """One key, without its secret."""
    statement = _api_keys(work).where(ApiKey.id == key_id)
    return await reads.one(work, statement, shape=ApiKeyRead, missing=errors.ApiKeyNotFound)


async def api_keys(work: Work, filters: ApiKeyFilters) -> Response:
    """Keys of machines in scope."""
    live = and_(ApiKey.revoked_at.is_(None), ApiKey.expires_at > func.now())
    statement = _api_keys(work).where(
        *_given((ApiKey.user_id, filters.user_id)),
        *([live if filters.live else ~live] if filters.live is not None else []),
    )
    return await reads.page(work, statement, shape=ApiKeyRead, filters=filters, sort=(ApiKey.id,))


def _api_keys(work: Work) -> Any:
    maker = aliased(User)
    return (
        select(
            ApiKey.id,
            reads.ref(User.id, User.display_name).label("user"),
            ApiKey.name,
            ApiKey.created_at,
            reads.ref(maker.id, maker.display_name).label("created_by"),
            ApiKey.expires_at,
            ApiKey.last_used_at,
            ApiKey.revoked_at,
            reads.etag(ApiKey.version),
            reads.actions(work, {"revoke": (Permission.API_KEY_ADMINISTER, ApiKey.revoked_at.is_(None))}),
        )
        .join(User, User.id == ApiKey.user_id)
        .outerjoin(maker, maker.id == ApiKey.created_by)
        .where(visible(work.actor.scope(Permission.API_KEY_ADMINISTER)))
    )


def _given(*pairs: tuple[Any, Any]) -> list[ColumnElement[bool]]:
    return [col == value for col, value in pairs if value is not None]
