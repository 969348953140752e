"""Which part each body plays for which division."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Select, func, or_, select

from app.core import reads
from app.core.access import Permission
from app.core.work import Work
from app.party_organizations import errors
from app.party_organizations.models import FunctionRow, PartyOrganization
from app.party_organizations.queries import bodies
from app.party_organizations.queries.sight import divisions, visible
from app.party_organizations.schemas import FunctionFilters, FunctionRead

_READ = Permission.PARTY_ORGANIZATION_READ
_DECIDE = Permission.PARTY_ORGANIZATION_DECIDE
P, F = PartyOrganization, FunctionRow


async def get_function_for_update(work: Work, body_id: UUID, function_id: UUID) -> FunctionRow:
    """A function of a body, locked. Raises `FunctionNotFound`."""
    row: FunctionRow | None = await work.scalar(
        select(F).where(F.id == function_id, F.party_organization_id == body_id).with_for_update()
    )
    if row is None:
        raise errors.FunctionNotFound
    return row


async def function(work: Work, body_id: UUID, function_id: UUID, *, status: int = 200) -> Response:
    """One function of a body."""
    await bodies.get(work, body_id)
    statement = _functions(work).where(F.id == function_id, P.id == body_id)
    return await reads.one(
        work, statement, shape=FunctionRead, missing=errors.FunctionNotFound, status=status
    )


async def functions(work: Work, filters: FunctionFilters) -> Response:
    """Functions of the bodies in scope."""
    equal = (
        (F.division_code, filters.division),
        (F.function, filters.function),
        (F.party_organization_id, filters.party_organization_id),
    )
    conditions = [column == value for column, value in equal if value is not None]
    if filters.on is not None:
        conditions.append(F.valid.contains(filters.on))
    statement = _functions(work).where(*conditions)
    return await reads.page(
        work, statement, shape=FunctionRead, filters=filters, sort=(F.division_code, F.id)
    )


def _functions(work: Work) -> Select[Any]:
    standing = or_(func.upper_inf(F.valid), func.upper(F.valid) > work.today)
    return (
        select(
            F.id,
            reads.ref(P.id, P.name).label("party_organization"),
            F.function,
            reads.code_ref(F.division_code, divisions.c.name).label("division"),
            F.industry,
            func.lower(F.valid).label("from_on"),
            func.upper(F.valid).label("until_on"),
            reads.etag(F.version),
            reads.actions(work, {"end": (_DECIDE, standing)}, read=_READ, visible=visible),
        )
        .select_from(F)
        .join(P, P.id == F.party_organization_id)
        .outerjoin(divisions, divisions.c.code == F.division_code)
        .where(visible(work.actor.scope(_READ)))
    )
