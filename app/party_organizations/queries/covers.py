"""Which body covers which organization, now and by what was known before."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Select, and_, func, or_, select

from app.core import reads
from app.core.access import Permission
from app.core.fields import Ref
from app.core.work import Work
from app.party_organizations import errors
from app.party_organizations.models import Cover, NoReason, PartyOrganization
from app.party_organizations.queries import bodies
from app.party_organizations.queries.sight import (
    instructor_assignments,
    organization_visible,
    organizations,
    visible,
)
from app.party_organizations.rules import BodyKind
from app.party_organizations.schemas import (
    BodyCoverRead,
    CoverFilters,
    OrganizationCover,
    OrganizationCoverageRead,
    ReasonInForce,
)

_READ = Permission.PARTY_ORGANIZATION_READ
_RECORD = Permission.PARTY_ORGANIZATION_RECORD
P = PartyOrganization
KNOWN = func.upper_inf(Cover.recorded)


async def lock_organizations(
    work: Work, organization_ids: Iterable[UUID], permission: Permission | None = None
) -> dict[UUID, str]:
    """Division by organization, locked in the order of their ids, so that none ends meanwhile.

    With a permission only those in its scope: the others are missing from the answer."""
    wanted = set(organization_ids)
    o = organizations.c
    statement = select(o.id, o.division_code).where(o.id.in_(wanted)).order_by(o.id)
    if permission is not None:
        statement = statement.where(organization_visible(work.actor.scope(permission)))
    rows = await work.execute(statement.with_for_update(key_share=True))
    return {row.id: row.division_code for row in rows}


async def standing_covers(
    work: Work,
    since: date,
    *,
    body_id: UUID | None = None,
    organization_id: UUID | None = None,
    cover_id: UUID | None = None,
) -> Sequence[Cover]:
    """Covers as known now that reach a day or go beyond it: of a body, of an organization, or one."""
    given = ((Cover.party_organization_id, body_id), (Cover.organization_id, organization_id))
    conditions = [column == value for column, value in given if value is not None]
    if cover_id is not None:
        conditions.append(Cover.cover_id == cover_id)
    reaching = or_(func.upper_inf(Cover.valid), func.upper(Cover.valid) > since)
    rows = await work.scalars(
        select(Cover)
        .where(KNOWN, reaching, *conditions)
        .order_by(Cover.cover_id)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def cover(work: Work, body_id: UUID, cover_id: UUID, *, status: int = 200) -> Response:
    """One cover as known now."""
    await bodies.get(work, body_id)
    statement = _covers(work).where(Cover.cover_id == cover_id, P.id == body_id, KNOWN)
    return await reads.one(work, statement, shape=BodyCoverRead, missing=errors.CoverNotFound, status=status)


async def covers(work: Work, body_id: UUID, filters: CoverFilters) -> Response:
    """What a body covers: on a day, or with its history, as known now."""
    await bodies.get(work, body_id)
    statement = _covers(work).where(P.id == body_id, KNOWN)
    if not filters.history:
        statement = statement.where(Cover.valid.contains(filters.as_of or work.today))
    return await reads.page(work, statement, shape=BodyCoverRead, filters=filters, sort=(Cover.cover_id,))


def _covers(work: Work) -> Select[Any]:
    standing = or_(func.upper_inf(Cover.valid), func.upper(Cover.valid) > work.today)
    return (
        select(
            Cover.cover_id.label("id"),
            reads.ref(P.id, P.name).label("party_organization"),
            reads.ref(organizations.c.id, organizations.c.name).label("organization"),
            Cover.formation,
            P.counts_as_primary,
            func.lower(Cover.valid).label("from_on"),
            func.upper(Cover.valid).label("until_on"),
            Cover.ended_reason,
            func.lower(Cover.recorded).label("recorded_at"),
            reads.etag(Cover.version),
            reads.actions(
                work,
                {"end": (_RECORD, standing), "cancel": _RECORD},
                read=_READ,
                visible=visible,
            ),
        )
        .select_from(Cover)
        .join(P, P.id == Cover.party_organization_id)
        .join(organizations, organizations.c.id == Cover.organization_id)
        .where(visible(work.actor.scope(_READ)))
    )


async def organization_coverage(work: Work, organization_id: UUID, as_of: date | None) -> Response:
    """Which bodies cover an organization on a day, those that did before, and the reason if none does.

    Everyone who sees the organization sees what covers it, also a body outside their scope."""
    day = as_of or work.today
    inside = organization_visible(work.actor.scope(Permission.ORGANIZATION_READ))
    if (
        await work.scalar(select(organizations.c.id).where(organizations.c.id == organization_id, inside))
        is None
    ):
        raise errors.CoveredOrganizationNotFound
    rows = await work.execute(
        select(
            Cover.cover_id,
            P.id,
            P.name,
            P.kind,
            P.counts_as_primary,
            Cover.formation,
            Cover.valid,
            Cover.ended_reason,
        )
        .join(P, P.id == Cover.party_organization_id)
        .where(Cover.organization_id == organization_id, KNOWN, func.lower(Cover.valid) <= day)
        .order_by(Cover.valid, Cover.cover_id)
    )
    now: list[OrganizationCover] = []
    past: list[OrganizationCover] = []
    for row in rows:
        item = OrganizationCover(
            id=row.cover_id,
            party_organization=Ref(id=row.id, name=row.name),
            kind=row.kind,
            formation=row.formation,
            counts_as_primary=row.counts_as_primary,
            from_on=row.valid.lower,
            until_on=row.valid.upper,
            ended_reason=row.ended_reason,
        )
        (past if row.valid.upper is not None and row.valid.upper <= day else now).append(item)
    primary = any(item.counts_as_primary for item in now)
    return await reads.derived(
        work,
        OrganizationCoverageRead(
            as_of=day,
            covered=primary,
            work_covered=primary
            or any(item.kind is BodyKind.WORK_TEAM for item in now)
            or await _instructed(work, organization_id, day),
            covers=now,
            past_covers=past,
            no_party_organization_reason=await _reason(work, organization_id, day),
        ),
    )


async def _instructed(work: Work, organization_id: UUID, day: date) -> bool:
    """Whether an instructor serves the organization that day, as known now."""
    a = instructor_assignments.c
    served = select(a.organization_id).where(
        a.organization_id == organization_id, a.valid.op("@>")(day), func.upper_inf(a.recorded)
    )
    return await work.scalar(served.limit(1)) is not None


async def _reason(work: Work, organization_id: UUID, day: date) -> ReasonInForce | None:
    row = await work.scalar(
        select(NoReason).where(
            NoReason.organization_id == organization_id,
            NoReason.valid.contains(day),
            func.upper_inf(NoReason.recorded),
        )
    )
    if row is None:
        return None
    return ReasonInForce(
        id=row.reason_id, reason=row.reason, note=row.note, from_on=row.valid.lower, until_on=row.valid.upper
    )


async def organization_covers(work: Work, organization_id: UUID, since: date, until: date | None) -> bool:
    """Whether a body that counts covers the organization on any day of `[since, until)`, as known now."""
    found = await work.scalar(
        select(Cover.id)
        .join(P, and_(P.id == Cover.party_organization_id, P.counts_as_primary))
        .where(
            Cover.organization_id == organization_id,
            KNOWN,
            Cover.valid.op("&&")(func.daterange(since, until)),
        )
        .limit(1)
    )
    return found is not None
