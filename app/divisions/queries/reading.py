"""Divisions as they are shown: one, many, below, above, and through time."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import aliased

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.divisions.errors import DivisionNotFound
from app.divisions.models import Division, DivisionClosure, DivisionName, DivisionParent, DivisionSuccessor
from app.divisions.queries.facts import administered, known
from app.divisions.rules import ROOT, DivisionLevel
from app.divisions.schemas import (
    DivisionAncestor,
    DivisionChildFilters,
    DivisionFilters,
    DivisionHistory,
    DivisionPath,
    DivisionRead,
)

NONE: ColumnElement[Any] = cast(literal("[]"), JSON)


def _as_read(work: Work, on: date) -> tuple[Select[Any], ColumnElement[str], ColumnElement[str]]:
    """The columns of `DivisionRead` on a day, with the name and the state of that day."""
    named, hung = aliased(DivisionName), aliased(DivisionParent)
    parent, parent_named = aliased(Division), aliased(DivisionName)
    name = func.coalesce(named.name, Division.name)
    state = case(
        (named.code.is_not(None), literal("in_force")),
        (func.lower(Division.valid) > on, literal("planned")),
        else_=literal("abolished"),
    )
    life = case(
        (Division.valid.contains(on), Division.valid), else_=func.coalesce(named.valid, Division.valid)
    )
    in_force = Permission.DIVISION_ADMINISTER, and_(named.code.is_not(None), Division.code != ROOT)
    statement = (
        select(
            Division.code,
            name.label("name"),
            func.coalesce(named.kind, Division.kind).label("kind"),
            Division.level,
            reads.code_ref(parent.code, func.coalesce(parent_named.name, parent.name)).label("parent"),
            state.label("state"),
            func.lower(life).label("from_on"),
            func.upper(life).label("abolished_on"),
            Division.dates_exact,
            case((named.code.is_(None), _successors()), else_=NONE).label("successors"),
            Division.source,
            reads.etag(Division.version),
            reads.actions(
                work,
                {"update": in_force, "rename": in_force, "move": in_force, "abolish": in_force},
                visible=administered,
            ),
        )
        .outerjoin(named, and_(named.code == Division.code, named.valid.contains(on)))
        .outerjoin(hung, and_(hung.code == Division.code, hung.valid.contains(on), ~hung.resting))
        .outerjoin(parent, parent.code == func.coalesce(hung.parent_code, Division.parent_code))
        .outerjoin(parent_named, and_(parent_named.code == parent.code, parent_named.valid.contains(on)))
    )
    return statement, name, state


def _successors() -> ColumnElement[Any]:
    """The successors of the division in the outer select."""
    heir = aliased(Division)
    return reads.array_of(
        _heirs(heir)
        .join(heir, heir.code == DivisionSuccessor.successor_code)
        .where(DivisionSuccessor.code == Division.code)
        .correlate(Division),
        "effective_on",
        "code",
    )


def _predecessors() -> ColumnElement[Any]:
    """The divisions that the one in the outer select took over from, or was split off from."""
    origin = aliased(Division)
    return reads.array_of(
        _heirs(origin)
        .join(origin, origin.code == DivisionSuccessor.code)
        .where(DivisionSuccessor.successor_code == Division.code)
        .correlate(Division),
        "effective_on",
        "code",
    )


def _heirs(other: Any) -> Select[Any]:
    return select(
        other.code,
        other.name,
        DivisionSuccessor.effective_on,
        DivisionSuccessor.kind,
        DivisionSuccessor.source,
    ).select_from(DivisionSuccessor)


async def read(work: Work, code: str, *, on: date | None = None, status: int = 200) -> Response:
    """One division as it was on a day."""
    statement, _, _ = _as_read(work, on or work.today)
    return await reads.one(
        work,
        statement.where(Division.code == code),
        shape=DivisionRead,
        missing=DivisionNotFound,
        status=status,
    )


async def page(work: Work, filters: DivisionFilters) -> Response:
    """Divisions in order of code."""
    on = filters.on or work.today
    statement, name, state = _as_read(work, on)
    statement = statement.where(*_conditions(filters, on, name, state))
    return await reads.page(work, statement, shape=DivisionRead, filters=filters, sort=(Division.code,))


def _conditions(
    filters: DivisionFilters, on: date, name: ColumnElement[str], state: ColumnElement[str]
) -> Iterable[ColumnElement[bool]]:
    about_the_abolished = filters.has_successor is not None or filters.needs_recoding is not None
    yield state == (filters.state or ("abolished" if about_the_abolished else "in_force"))
    if filters.q is not None:
        yield or_(
            name.contains(filters.q, autoescape=True), Division.code.startswith(filters.q, autoescape=True)
        )
    if filters.level is not None:
        yield Division.level == filters.level
    if filters.kind is not None:
        yield Division.kind == filters.kind
    if filters.parent is not None:
        yield _hangs_below(filters.parent, on)
    if filters.division is not None:
        yield access.within_divisions(Division.code, [filters.division], on)
    heirs = (
        select(func.count())
        .select_from(DivisionSuccessor)
        .where(DivisionSuccessor.code == Division.code)
        .correlate(Division)
        .scalar_subquery()
    )
    if filters.has_successor is not None:
        yield (heirs > 0) if filters.has_successor else (heirs == 0)
    if filters.needs_recoding is not None:
        yield (heirs != 1) if filters.needs_recoding else (heirs == 1)


def _hangs_below(parent: str, on: date) -> ColumnElement[bool]:
    below = aliased(DivisionParent)
    return exists(
        select(below.code).where(
            below.code == Division.code, below.parent_code == parent, below.valid.contains(on)
        )
    )


async def children(work: Work, code: str, filters: DivisionChildFilters) -> Response:
    """The divisions in force directly below one on a day."""
    if not await known(work, [code]):
        raise DivisionNotFound
    on = filters.on or work.today
    statement, _, state = _as_read(work, on)
    statement = statement.where(_hangs_below(code, on), state == "in_force")
    return await reads.page(work, statement, shape=DivisionRead, filters=filters, sort=(Division.code,))


async def path(work: Work, code: str, on: date | None) -> Response:
    """The way from the nation down to this division on a day."""
    day = on or work.today
    named = aliased(DivisionName)
    rows: Iterable[Any] = await work.execute(
        select(Division.code, func.coalesce(named.name, Division.name), Division.level)
        .join(DivisionClosure, DivisionClosure.ancestor_code == Division.code)
        .outerjoin(named, and_(named.code == Division.code, named.valid.contains(day)))
        .where(DivisionClosure.descendant_code == code, DivisionClosure.valid.contains(day))
        .order_by(DivisionClosure.depth.desc())
    )
    items = [DivisionAncestor(code=c, name=n, level=DivisionLevel(level)) for c, n, level in rows]
    if not items:
        raise DivisionNotFound
    return await reads.derived(work, DivisionPath(items=items))


async def history(work: Work, code: str) -> Response:
    """All that was ever recorded of a code."""
    parent = aliased(Division)
    names = (
        select(
            DivisionName.name,
            DivisionName.kind,
            func.lower(DivisionName.valid).label("from_on"),
            func.upper(DivisionName.valid).label("until_on"),
            DivisionName.source,
        )
        .where(DivisionName.code == Division.code)
        .order_by(DivisionName.valid)
        .correlate(Division)
    )
    parents = (
        select(
            parent.code,
            parent.name,
            DivisionParent.resting,
            func.lower(DivisionParent.valid).label("from_on"),
            func.upper(DivisionParent.valid).label("until_on"),
            DivisionParent.source,
        )
        .join(parent, parent.code == DivisionParent.parent_code)
        .where(DivisionParent.code == Division.code)
        .order_by(DivisionParent.valid)
        .correlate(Division)
    )
    statement = select(
        Division.code,
        reads.array_of(names).label("names"),
        reads.array_of(parents).label("parents"),
        _successors().label("successors"),
        _predecessors().label("predecessors"),
        reads.etag(Division.version),
    ).where(Division.code == code)
    return await reads.one(work, statement, shape=DivisionHistory, missing=DivisionNotFound)
