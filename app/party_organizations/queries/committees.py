"""Which divisions have a body for a part, say a comprehensive committee, and which have none."""

from datetime import date
from typing import Any

from fastapi import Response
from sqlalchemy import ColumnElement, Date, Select, and_, func, literal, select

from app.core import access, reads
from app.core.work import Work
from app.party_organizations.models import FunctionRow, PartyOrganization
from app.party_organizations.queries.sight import divisions, visible_divisions
from app.party_organizations.schemas import (
    DivisionCommitteeFilters,
    DivisionCommitteeRead,
    DivisionCommitteesCount,
    DivisionCommitteesQuery,
)

F, P, D = FunctionRow, PartyOrganization, divisions


async def division_committees(work: Work, filters: DivisionCommitteeFilters) -> Response:
    """The divisions of a level, each with the body that plays the part for it on a day, or none."""
    day = filters.as_of or work.today
    statement = _divisions(work, filters, day).add_columns(
        reads.code_ref(D.c.code, D.c.name).label("division"),
        D.c.level.label("level"),
        reads.ref(P.id, P.name).label("party_organization"),
        func.lower(F.valid).label("since"),
    )
    if filters.has_body is not None:
        statement = statement.where(F.id.is_not(None) if filters.has_body else F.id.is_(None))
    return await reads.page(work, statement, shape=DivisionCommitteeRead, filters=filters, sort=(D.c.code,))


async def division_committee_counts(work: Work, query: DivisionCommitteesQuery) -> Response:
    """How many divisions of a level have the body and how many have none, for each division above them."""
    day = query.as_of or work.today
    above, up = D.alias("above"), access.division_closure.alias("up")
    counted = func.count()
    having = func.count(F.id)
    rows = await work.execute(
        _divisions(work, query, day)
        .add_columns(above.c.code, above.c.name, counted.label("divisions"), having.label("with_body"))
        .join(up, and_(up.c.descendant_code == D.c.code, up.c.valid.op("@>")(_on(day))))
        .join(above, above.c.code == up.c.ancestor_code)
        .where(up.c.depth == 1)
        .group_by(above.c.code, above.c.name)
        .order_by(above.c.code)
    )
    lines = [
        {
            "division": {"code": row.code, "name": row.name},
            "divisions": row.divisions,
            "with_body": row.with_body,
            "without_body": row.divisions - row.with_body,
        }
        for row in rows
    ]
    value = {
        "as_of": day,
        "function": query.function,
        "level": query.level,
        "divisions": sum(line["divisions"] for line in lines),
        "with_body": sum(line["with_body"] for line in lines),
        "without_body": sum(line["without_body"] for line in lines),
        "lines": lines,
    }
    return await reads.derived(work, value, shape=DivisionCommitteesCount)


def _on(day: date) -> ColumnElement[date]:
    return literal(day, Date())


def _divisions(
    work: Work, asked: DivisionCommitteesQuery | DivisionCommitteeFilters, day: date
) -> Select[Any]:
    """The divisions of a level that exist on a day, in scope, with who plays the part."""
    part = and_(
        F.division_code == D.c.code,
        F.function == asked.function,
        F.valid.op("@>", is_comparison=True)(_on(day)),
    )
    conditions = [
        D.c.level == asked.level,
        D.c.valid.op("@>", is_comparison=True)(_on(day)),
        visible_divisions(D.c.code, work),
    ]
    if asked.division is not None:
        conditions.append(access.within_divisions(D.c.code, [asked.division], day))
    return (
        select()
        .select_from(D)
        .outerjoin(F, part)
        .outerjoin(P, P.id == F.party_organization_id)
        .where(*conditions)
    )
