"""Grants on file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from app.core import access, reads
from app.core.access import TWO_PERSON_ROLES, Permission
from app.core.work import Work
from app.identity import errors
from app.identity.models import Grant, User
from app.identity.queries.scopes import (
    division_name,
    divisions,
    given,
    grants_visible,
    party_organizations,
)
from app.identity.rules import GrantState
from app.identity.schemas import (
    GrantFilters,
    GrantRead,
)


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
        *given((Grant.user_id, filters.user_id), (Grant.role, filters.role), (Grant.state, filters.state)),
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
            reads.code_ref(Grant.division_code, division_name(Grant.division_code)).label("division"),
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
