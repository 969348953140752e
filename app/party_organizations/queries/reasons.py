"""Why organizations have no Party organization, and which of those exceptions run out."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Date, Select, func, select, type_coerce

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.party_organizations import errors
from app.party_organizations.models import NoReason
from app.party_organizations.queries.sight import organization_visible, organizations
from app.party_organizations.schemas import ReasonFilters, ReasonRead

_READ = Permission.PARTY_ORGANIZATION_READ
_RECORD = Permission.PARTY_ORGANIZATION_RECORD
R = NoReason
KNOWN = func.upper_inf(R.recorded)
UNTIL = type_coerce(func.upper(R.valid), Date())


async def standing_reasons(work: Work, organization_id: UUID, since: date) -> Sequence[NoReason]:
    """Reasons as known now that hold on a day or later, oldest first; the caller has the lock."""
    rows = await work.scalars(
        select(R)
        .where(R.organization_id == organization_id, KNOWN, since < UNTIL)
        .order_by(R.valid)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def get_reason_for_update(work: Work, organization_id: UUID) -> NoReason:
    """The reason that holds today or the next one, as known now. Raises `ReasonNotFound`."""
    standing = await standing_reasons(work, organization_id, work.today)
    if not standing:
        raise errors.ReasonNotFound
    return standing[0]


async def reason(work: Work, organization_id: UUID, *, status: int = 200) -> Response:
    """The reason of an organization that holds today, else the next or the latest one."""
    over = work.today >= UNTIL
    statement = (
        _reasons(work)
        .where(R.organization_id == organization_id)
        .order_by(over, func.abs(UNTIL - work.today))
        .limit(1)
    )
    return await reads.one(work, statement, shape=ReasonRead, missing=errors.ReasonNotFound, status=status)


async def reasons(work: Work, filters: ReasonFilters) -> Response:
    """Reasons in scope, soonest to expire first."""
    statement = _reasons(work)
    if filters.division is not None:
        statement = statement.where(
            access.within_divisions(organizations.c.division_code, [filters.division])
        )
    if filters.reason is not None:
        statement = statement.where(R.reason == filters.reason)
    if filters.expires_before is not None:
        statement = statement.where(filters.expires_before > UNTIL)
    if filters.expired is not None:
        statement = statement.where((work.today >= UNTIL) if filters.expired else (work.today < UNTIL))
    return await reads.page(work, statement, shape=ReasonRead, filters=filters, sort=(UNTIL, R.reason_id))


def _reasons(work: Work) -> Select[Any]:
    return (
        select(
            R.reason_id.label("id"),
            reads.ref(organizations.c.id, organizations.c.name).label("organization"),
            organizations.c.division_code,
            R.reason,
            R.note,
            func.lower(R.valid).label("from_on"),
            UNTIL.label("until_on"),
            (work.today >= UNTIL).label("expired"),
            func.lower(R.recorded).label("recorded_at"),
            reads.etag(R.version),
            reads.actions(
                work,
                {"end": (_RECORD, work.today < UNTIL), "cancel": (_RECORD, work.today < UNTIL)},
                read=_READ,
                visible=organization_visible,
            ),
        )
        .select_from(R)
        .join(organizations, organizations.c.id == R.organization_id)
        .where(KNOWN, organization_visible(work.actor.scope(_READ)))
    )
