"""The matrix of departments and matters."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, func, or_, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.supervision import errors
from app.supervision.models import DepartmentDuty
from app.supervision.queries.tables import authorities, divisions
from app.supervision.schemas import DepartmentDutyFilters, DepartmentDutyRead

_READ, _DECIDE = Permission.SUPERVISION_READ, Permission.SUPERVISION_DECIDE
D, A = DepartmentDuty, authorities.c


def visible(scope: Scope) -> ColumnElement[bool]:
    """Duties of departments in scope."""
    inside = access.reach(scope, A.division_code, A.party_organization_id, row_id=A.id)
    return D.authority_id.in_(select(A.id).where(inside))


async def duty_for_update(work: Work, duty_id: UUID) -> DepartmentDuty:
    """A duty in scope, held until the end. Raises `DepartmentDutyNotFound`."""
    found: DepartmentDuty | None = await work.scalar(
        select(D).where(D.id == duty_id, visible(work.actor.scope(_DECIDE))).with_for_update()
    )
    if found is None:
        raise errors.DepartmentDutyNotFound
    return found


async def duty(work: Work, duty_id: UUID, *, status: int = 200) -> Response:
    """One cell."""
    return await reads.one(
        work,
        _duties(work).where(D.id == duty_id),
        shape=DepartmentDutyRead,
        missing=errors.DepartmentDutyNotFound,
        status=status,
    )


async def duties(work: Work, filters: DepartmentDutyFilters) -> Response:
    """The cells in sight, by matter: a row of the matrix after the other."""
    conditions: list[Any] = []
    if filters.division is not None:
        conditions.append(access.within_divisions(A.division_code, [filters.division]))
    for column, value in ((D.authority_id, filters.authority_id), (D.matter, filters.matter)):
        if value is not None:
            conditions.append(column == value)
    if filters.as_of is not None:
        conditions.append(D.valid.op("@>")(filters.as_of))
    return await reads.page(
        work,
        _duties(work).where(*conditions),
        shape=DepartmentDutyRead,
        filters=filters,
        sort=(D.matter, D.id),
    )


def _duties(work: Work) -> Select[Any]:
    d = divisions.c
    holds = or_(func.upper_inf(D.valid), func.upper(D.valid) > access.today_sql())
    return (
        select(
            D.id,
            D.matter,
            reads.ref(A.id, A.name).label("department"),
            reads.code_ref(d.code, d.name).label("division"),
            D.part,
            D.duty,
            D.source,
            func.lower(D.valid).label("from_on"),
            func.upper(D.valid).label("until_on"),
            reads.etag(D.version),
            reads.actions(work, {"end": (_DECIDE, holds)}, read=_READ, visible=visible),
        )
        .join(authorities, A.id == D.authority_id)
        .join(divisions, d.code == A.division_code)
        .where(visible(work.actor.scope(_READ)))
    )
