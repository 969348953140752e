"""Accounts on file."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import and_, exists, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.identity import errors, rules
from app.identity.models import Grant, SecondFactor, User
from app.identity.queries.scopes import division_name, divisions, given, grants_visible, visible
from app.identity.rules import GrantState, UserState
from app.identity.schemas import UserFilters, UserRead


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
        *given((User.kind, filters.kind), (User.state, filters.state)),
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
            reads.code_ref(User.division_code, division_name(User.division_code)).label("division"),
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
