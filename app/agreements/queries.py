"""Pairing agreements in the caller's scope, and their figures."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    table,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.agreements import errors
from app.agreements.models import Agreement, AgreementParty
from app.agreements.schemas import (
    AgreementCounts,
    AgreementFigures,
    AgreementFiguresQuery,
    AgreementFilters,
    AgreementLine,
    AgreementRead,
)
from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.fields import CodeRef
from app.core.work import Work

_C = Text(collation="C")
_READ, _RECORD = Permission.PARTY_ORGANIZATION_READ, Permission.PARTY_ORGANIZATION_RECORD
divisions = table("divisions", column("code", _C), column("name", Text()))
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("status", _C),
)
organizations = table(
    "organizations", column("id", Uuid()), column("name", Text()), column("division_code", _C)
)
A, P = Agreement, AgreementParty
B, O, D = party_organizations.c, organizations.c, divisions.c  # noqa: E741 (the organization)


def held(scope: Scope) -> ColumnElement[bool]:
    """Agreements whose holder lies in a scope: those whom it may change."""
    return access.reach(scope, A.division_code, A.party_organization_id, row_id=A.id)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Agreements in sight: of holders in a scope, and of those who signed with them."""
    if scope.national:
        return true()
    signed = select(P.agreement_id).where(
        access.reach(scope, P.division_code, P.party_organization_id, row_id=P.id)
    )
    return A.id.in_(select(A.id).where(held(scope)).union(signed))


async def for_update(work: Work, agreement_id: UUID) -> Agreement:
    """An agreement whose holder lies in scope, locked. Raises `AgreementNotFound`."""
    found: Agreement | None = await work.scalar(
        select(A)
        .where(A.id == agreement_id, held(work.actor.scope(_RECORD)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.AgreementNotFound
    return found


async def bodies_in_scope(work: Work, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The active bodies among these that the caller may record for, with their divisions."""
    scope = work.actor.scope(_RECORD)
    inside = access.reach(scope, B.division_code, B.id, row_id=B.id)
    rows: Any = await work.execute(
        select(B.id, B.division_code).where(B.id.in_(set(ids)), B.status == "active", inside)
    )
    return {row.id: row.division_code for row in rows}


async def organizations_in_scope(work: Work, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The organizations among these in the caller's divisions, with their divisions."""
    scope = work.actor.scope(_RECORD)
    inside = true() if scope.national else access.within_divisions(O.division_code, scope.divisions)
    rows: Any = await work.execute(select(O.id, O.division_code).where(O.id.in_(set(ids)), inside))
    return {row.id: row.division_code for row in rows}


def in_force(day: Any) -> ColumnElement[bool]:
    """Whether an agreement holds on a day."""
    return and_(A.void.is_(False), A.term.op("@>")(day))


def _agreements(work: Work) -> Select[Any]:
    body, other = party_organizations.alias("body"), organizations.alias("other")
    counterparts = (
        select(
            reads.ref(body.c.id, body.c.name).label("party_organization"),
            reads.ref(other.c.id, other.c.name).label("organization"),
            P.unit_name,
            P.unit_kind,
            P.id.label("id"),
        )
        .outerjoin(body, body.c.id == P.party_organization_id)
        .outerjoin(other, other.c.id == P.organization_id)
        .where(P.agreement_id == A.id)
        .correlate(A)
        .subquery()
    )
    shown = func.json_build_object(
        *(
            part
            for name in ("party_organization", "organization", "unit_name", "unit_kind")
            for part in (name, counterparts.c[name])
        )
    )
    listed = select(func.json_agg(shown)).select_from(counterparts).scalar_subquery()
    open_ = A.ended_on.is_(None)
    return (
        select(
            A.id,
            reads.ref(B.id, B.name).label("party_organization"),
            reads.ref(O.id, O.name).label("organization"),
            reads.code_ref(A.division_code, D.name).label("division"),
            listed.label("counterparts"),
            A.title,
            A.number,
            A.signed_on,
            func.lower(A.term).label("from_on"),
            func.upper(A.term).label("until_on"),
            A.items,
            A.document,
            in_force(access.today_sql()).label("in_force"),
            A.ended_on,
            A.ended_reason,
            A.ended_note,
            A.created_at,
            A.updated_at,
            reads.etag(A.version),
            reads.actions(
                work,
                {
                    "correct": (_RECORD, and_(open_, held(work.actor.scope(_RECORD)))),
                    "end": (_RECORD, and_(open_, held(work.actor.scope(_RECORD)))),
                },
            ),
        )
        .outerjoin(party_organizations, B.id == A.party_organization_id)
        .outerjoin(organizations, O.id == A.organization_id)
        .join(divisions, D.code == A.division_code)
        .where(visible(work.actor.scope(_READ)))
    )


async def read(work: Work, agreement_id: UUID, *, status: int = 200) -> Response:
    """One agreement."""
    statement = _agreements(work).where(A.id == agreement_id)
    return await reads.one(
        work, statement, shape=AgreementRead, missing=errors.AgreementNotFound, status=status
    )


def _signed_by(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return A.id.in_(select(P.agreement_id).where(condition))


async def page(work: Work, filters: AgreementFilters) -> Response:
    """Agreements in sight, by division."""
    conditions: list[Any] = []
    if filters.division is not None:
        conditions.append(access.within_divisions(A.division_code, [filters.division]))
    if filters.party_organization_id is not None:
        below = [filters.party_organization_id]
        conditions.append(
            or_(
                access.within_bodies(A.party_organization_id, below),
                _signed_by(access.within_bodies(P.party_organization_id, below)),
            )
        )
    if filters.organization_id is not None:
        conditions.append(
            or_(
                A.organization_id == filters.organization_id,
                _signed_by(P.organization_id == filters.organization_id),
            )
        )
    if filters.in_force is not None:
        holds = in_force(access.today_sql())
        conditions.append(holds if filters.in_force else ~holds)
    if filters.until_before is not None:
        conditions += [A.void.is_(False), func.upper(A.term) < filters.until_before]
    return await reads.page(
        work,
        _agreements(work).where(*conditions),
        shape=AgreementRead,
        filters=filters,
        sort=(A.division_code, A.id),
    )


def _lineage(division: str, day: date) -> Any:
    """Each division at or below one, with the one directly below (or itself) whose line it counts in."""
    child, below = access.division_closure.alias("child"), access.division_closure.alias("below")
    under = (
        select(child.c.descendant_code.label("line"), below.c.descendant_code.label("code"))
        .join_from(child, below, below.c.ancestor_code == child.c.descendant_code)
        .where(
            child.c.ancestor_code == division,
            child.c.depth == 1,
            child.c.valid.op("@>")(literal(day)),
            below.c.valid.op("@>")(literal(day)),
        )
    )
    return union_all(under, select(literal(division, _C), literal(division, _C))).cte("lineage")


async def figures(work: Work, query: AgreementFiguresQuery) -> Response:
    """What holds on a day in a division and directly below it."""
    day = query.as_of or work.today
    lineage = _lineage(query.division, day)
    item = func.jsonb_array_elements(A.items).table_valued(column("value", JSONB)).alias("item")
    done = (
        select(func.count())
        .select_from(item)
        .where(item.c.value["done_on"].astext <= day.isoformat())
        .correlate(A)
        .scalar_subquery()
    )
    every = (
        select(
            A.id,
            lineage.c.line,
            A.holder_id,
            A.party_organization_id,
            func.jsonb_array_length(A.items).label("agreed"),
            done.label("done"),
        )
        .join(lineage, lineage.c.code == A.division_code)
        .where(in_force(literal(day)), visible(work.actor.scope(_READ)))
        .cte("every")
    )
    e = every.c
    holders = select(
        e.line,
        func.count().label("agreements"),
        func.count(e.holder_id.distinct()).label("holders"),
        func.count(e.party_organization_id.distinct()).label("holding_party_organizations"),
        func.coalesce(func.sum(e.agreed), 0).label("items"),
        func.coalesce(func.sum(e.done), 0).label("items_done"),
    ).group_by(func.rollup(e.line))
    key = func.coalesce(cast(P.party_organization_id, Text), cast(P.organization_id, Text), P.unit_name)
    partners = (
        select(
            e.line,
            func.count(key.distinct()).label("counterparts"),
            func.count(P.unit_name.distinct()).label("counterparts_outside"),
        )
        .join_from(every, P, P.agreement_id == e.id)
        .group_by(func.rollup(e.line))
    )
    found: dict[str | None, dict[str, int]] = {}
    for statement in (holders, partners):
        names = [str(c.key) for c in statement.selected_columns][1:]
        rows: Any = await work.execute(statement)
        for row in rows:
            found.setdefault(row[0], {}).update(zip(names, map(int, row[1:]), strict=True))
    lines = {code: counts for code, counts in found.items() if code is not None}
    names_of: Any = await work.execute(select(D.code, D.name).where(D.code.in_(list(lines))).order_by(D.code))
    answer = AgreementFigures(
        as_of=day,
        division=query.division,
        total=AgreementCounts(**{**dict.fromkeys(AgreementCounts.model_fields, 0), **found.get(None, {})}),
        lines=[
            AgreementLine(division=CodeRef(code=code, name=name), **lines[code]) for code, name in names_of
        ],
    )
    return await reads.derived(work, answer)
