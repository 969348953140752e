"""What was reorganized."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, column, select, table
from sqlalchemy.types import Text, Uuid

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.reorganizations.errors import ReorganizationNotFound
from app.reorganizations.models import Reorganization, ReorganizationBody
from app.reorganizations.schemas import ReorganizationFilters, ReorganizationRead

R, N = Reorganization, ReorganizationBody
_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()))
bodies = table("party_organizations", column("id", Uuid()), column("name", Text()))


def visible(scope: Scope) -> ColumnElement[bool]:
    """Reorganizations of a body in the scope."""
    return access.reach(scope, R.division_code, R.party_organization_id, row_id=R.id)


def _statement(work: Work) -> Select[Any]:
    named, main = bodies.alias("named"), bodies.alias("main")
    parts = (
        select(
            reads.ref(named.c.id, named.c.name).label("party_organization"),
            N.part,
            N.party_organization_id.label("of"),
        )
        .join(named, named.c.id == N.party_organization_id)
        .where(N.reorganization_id == R.id)
        .order_by(N.part.desc(), named.c.id)
        .correlate(R)
        .subquery()
    )
    shown = select(parts.c.party_organization, parts.c.part)
    return (
        select(
            R.id,
            R.kind,
            reads.ref(main.c.id, main.c.name).label("party_organization"),
            reads.code_ref(divisions.c.code, divisions.c.name).label("division"),
            R.on_day.label("on"),
            R.document,
            R.exception_document,
            R.reason,
            reads.array_of(shown).label("bodies"),
            R.moved,
            R.recorded_at,
        )
        .select_from(R)
        .join(main, main.c.id == R.party_organization_id)
        .join(divisions, divisions.c.code == R.division_code)
        .where(visible(work.actor.scope(Permission.PARTY_ORGANIZATION_READ)))
    )


async def read(work: Work, reorganization_id: UUID) -> Response:
    """One reorganization. Raises `ReorganizationNotFound`."""
    await work.session.flush()
    statement = _statement(work).where(R.id == reorganization_id)
    found = (await work.execute(reads.wire(statement, ReorganizationRead))).mappings().one_or_none()
    if found is None:
        raise ReorganizationNotFound
    return await reads.derived(work, dict(found), shape=ReorganizationRead)


async def page(work: Work, filters: ReorganizationFilters) -> Response:
    """Reorganizations in scope, by division and id."""
    conditions = access.lies_in(
        division=R.division_code, divisions=[filters.division] if filters.division else []
    )
    if filters.kind is not None:
        conditions.append(R.kind == filters.kind)
    if filters.on_or_after is not None:
        conditions.append(R.on_day >= filters.on_or_after)
    if filters.party_organization_id is not None:
        of = select(N.reorganization_id).where(N.party_organization_id == filters.party_organization_id)
        conditions.append(R.id.in_(of))
    return await reads.page(
        work,
        _statement(work).where(*conditions),
        shape=ReorganizationRead,
        filters=filters,
        sort=(R.division_code, R.id),
    )
