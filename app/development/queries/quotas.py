"""Quotas: lists, one, and those that a case counts against."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, func, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.development import errors
from app.development.models import DevelopmentCase, DevelopmentQuota
from app.development.queries.tables import divisions, members, party_organizations
from app.development.schemas import QuotaFilters, QuotaRead

Q = DevelopmentQuota
_READ, _DECIDE = Permission.MEMBER_READ, Permission.MEMBER_DECIDE


def _visible(scope: Scope) -> ColumnElement[bool]:
    return access.reach(scope, Q.division_code, Q.party_organization_id, row_id=Q.id)


async def quota_for_update(work: Work, quota_id: UUID) -> DevelopmentQuota:
    """A quota in the caller's scope, locked. Raises `QuotaNotFound`."""
    found: DevelopmentQuota | None = await work.scalar(
        select(Q).where(Q.id == quota_id, _visible(work.actor.scope(_DECIDE))).with_for_update()
    )
    if found is None:
        raise errors.QuotaNotFound
    return found


async def quotas_above(
    work: Work, bodies: Sequence[UUID], year: int, *, separate_plan: bool, lock: bool = False
) -> list[DevelopmentQuota]:
    """The quotas of these bodies for a year, in the order of their ids, perhaps locked."""
    statement = (
        select(Q)
        .where(Q.party_organization_id.in_(list(bodies)), Q.year == year, Q.separate_plan == separate_plan)
        .order_by(Q.id)
        .execution_options(populate_existing=True)
    )
    return list(await work.scalars(statement.with_for_update() if lock else statement))


async def taken_below(work: Work, body_id: UUID, year: int, *, separate_plan: bool) -> int:
    """Cases of a body and all below it that took a place in a year."""
    c, m = DevelopmentCase, members.c
    found: int = await work.scalar(
        select(func.count())
        .select_from(c)
        .join(members, m.id == c.member_id)
        .where(
            c.quota_year == year,
            c.separate_plan == separate_plan,
            access.within_bodies(m.party_organization_id, [body_id]),
        )
    )
    return found


async def read_quota(work: Work, quota_id: UUID, *, status: int = 200) -> Response:
    """One quota."""
    return await reads.one(
        work,
        _quotas(work).where(Q.id == quota_id),
        shape=QuotaRead,
        missing=errors.QuotaNotFound,
        status=status,
    )


async def page_quotas(work: Work, filters: QuotaFilters) -> Response:
    """Quotas in sight, the latest first."""
    statement = _quotas(work)
    if filters.year is not None:
        statement = statement.where(Q.year == filters.year)
    if filters.separate_plan is not None:
        statement = statement.where(Q.separate_plan == filters.separate_plan)
    where = access.lies_in(
        division=Q.division_code,
        divisions=[filters.division] if filters.division else (),
        body=Q.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else (),
    )
    return await reads.page(
        work, statement.where(*where), shape=QuotaRead, filters=filters, sort=(Q.id,), descending=True
    )


def _quotas(work: Work) -> Select[Any]:
    body, place = party_organizations.c, divisions.c
    return (
        select(
            Q.id,
            Q.year,
            reads.ref(body.id, body.name).label("party_organization"),
            reads.code_ref(place.code, place.name).label("division"),
            Q.separate_plan,
            Q.places,
            Q.used,
            Q.allotted,
            (Q.places - Q.used).label("left"),
            Q.enforced,
            Q.parent_id,
            Q.document,
            Q.created_at,
            Q.updated_at,
            reads.etag(Q.version),
            reads.actions(work, {"change": (_DECIDE, None)}, read=_READ, visible=_visible),
        )
        .join(party_organizations, body.id == Q.party_organization_id)
        .join(divisions, place.code == Q.division_code)
        .where(_visible(work.actor.scope(_READ)))
    )
