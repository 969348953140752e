"""What is asked of divisions. Everybody who is signed in may read them: they are public reference data."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSON, Range
from sqlalchemy.orm import aliased

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.divisions import rules
from app.divisions.errors import DivisionNotFound
from app.divisions.models import (
    Division,
    DivisionClosure,
    DivisionName,
    DivisionParent,
    DivisionSuccessor,
)
from app.divisions.rules import ROOT, Entry, Kind, Level, Link, Period, Reach
from app.divisions.schemas import (
    AncestorRead,
    ChildFilters,
    DivisionFilters,
    DivisionHistory,
    DivisionPath,
    DivisionRead,
)

EVERY_DAY: Range[date] = Range()
NONE: ColumnElement[Any] = cast(literal("[]"), JSON)


def span(period: Period) -> Range[date]:
    """A period of the rules as PostgreSQL keeps it."""
    return Range(period.start, period.until)


def period(valid: Range[date]) -> Period:
    """And back."""
    return Period(valid.lower, valid.upper)


def administered(scope: Scope) -> ColumnElement[bool]:
    """The divisions that this scope reaches: those its holder may change."""
    return true() if scope.national else access.within_divisions(Division.code, scope.divisions)


# ------------------------------------------------------------------------------------------- one and many


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
            func.lower(life).label("valid_from"),
            func.upper(life).label("abolished_on"),
            Division.dates_exact,
            case((named.code.is_(None), _successors()), else_=NONE).label("successors"),
            Division.source,
            reads.etag(Division.version),
            reads.actions(
                work,
                {"update": in_force, "rename": in_force, "move": in_force, "abolish": in_force},
                read=Permission.DIVISION_READ,
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
        yield Division.code == func.any(access.descendants([filters.division], on))
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


async def children(work: Work, code: str, filters: ChildFilters) -> Response:
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
    items = [AncestorRead(code=c, name=n, level=Level(level)) for c, n, level in rows]
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
            func.lower(DivisionName.valid).label("valid_from"),
            func.upper(DivisionName.valid).label("valid_until"),
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
            func.lower(DivisionParent.valid).label("valid_from"),
            func.upper(DivisionParent.valid).label("valid_until"),
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


# ------------------------------------------------------------------------------------------- for commands


async def get_for_update(work: Work, code: str) -> Division:
    """A division that this caller may change, with the whole tree held: changes of the tree go one by one."""
    await work.execute(select(Division.code).where(Division.code == ROOT).with_for_update())
    scope = work.actor.scope(Permission.DIVISION_ADMINISTER)
    found: Division | None = await work.scalar(
        select(Division).where(Division.code == code, administered(scope)).with_for_update()
    )
    if found is None:
        raise DivisionNotFound
    return found


async def in_force(work: Work, codes: Iterable[str], on: date) -> dict[str, Level]:
    """Those of the codes that are in force on that day, with their level."""
    rows: Iterable[Any] = await work.execute(
        select(Division.code, Division.level)
        .join(DivisionName, DivisionName.code == Division.code)
        .where(Division.code.in_(set(codes)), DivisionName.valid.contains(on))
    )
    return {code: Level(level) for code, level in rows}


async def last_change(work: Work, code: str) -> date | None:
    """The last day on which a name or a parent of this code began."""
    begun = union_all(
        select(func.lower(DivisionName.valid).label("day")).where(DivisionName.code == code),
        select(func.lower(DivisionParent.valid)).where(DivisionParent.code == code),
    ).subquery()
    last: date | None = await work.scalar(select(func.max(begun.c.day)))
    return last


async def known(work: Work, codes: Iterable[str]) -> set[str]:
    """Those of the codes that were ever given out."""
    return set(await work.scalars(select(Division.code).where(Division.code.in_(set(codes)))))


async def paths(work: Work, codes: Sequence[str], on: date) -> dict[str, tuple[str, ...]]:
    """From the nation down to each of the codes, on that day."""
    rows: Iterable[Any] = await work.execute(
        select(DivisionClosure.descendant_code, DivisionClosure.ancestor_code)
        .where(DivisionClosure.descendant_code.in_(codes), DivisionClosure.valid.contains(on))
        .order_by(DivisionClosure.descendant_code, DivisionClosure.depth.desc())
    )
    found: dict[str, tuple[str, ...]] = {}
    for code, ancestor in rows:
        found[code] = (*found.get(code, ()), ancestor)
    return found


async def children_codes(work: Work, codes: Iterable[str], on: date) -> list[tuple[str, str]]:
    """(parent, child) of what is in force directly below the codes on that day."""
    rows: Iterable[Any] = await work.execute(
        select(DivisionParent.parent_code, DivisionParent.code)
        .where(
            DivisionParent.parent_code.in_(set(codes)),
            DivisionParent.valid.contains(on),
            ~DivisionParent.resting,
        )
        .order_by(DivisionParent.code)
    )
    return [(parent, child) for parent, child in rows]


async def entries(work: Work, below: str, levels: Iterable[Level], on: date) -> list[Entry]:
    """What is in force below a division on a day, as a table lists it."""
    rows: Iterable[Any] = await work.execute(
        select(
            Division.code, DivisionName.name, DivisionName.kind, Division.level, DivisionParent.parent_code
        )
        .join(DivisionName, and_(DivisionName.code == Division.code, DivisionName.valid.contains(on)))
        .join(DivisionParent, and_(DivisionParent.code == Division.code, DivisionParent.valid.contains(on)))
        .where(
            Division.code == func.any(access.descendants([below], on)),
            Division.code != below,
            Division.level.in_(list(levels)),
        )
        .order_by(Division.code)
    )
    return [Entry(code, name, Kind(kind), Level(level), parent) for code, name, kind, level, parent in rows]


# ----------------------------------------------------------------------------------------- the closure


def below_any_day(codes: Iterable[str]) -> CompoundSelect[str]:
    """Every code that hung below one of these on any day, themselves included."""
    return (
        select(DivisionClosure.descendant_code)
        .where(DivisionClosure.ancestor_code.in_(set(codes)))
        .union(select(Division.code).where(Division.code.in_(set(codes))))
    )


def closure_rows(codes: Select[str]) -> Any:
    """The closure rows of these codes, climbed from `division_parents`: `rules.closure`, set-based."""
    start = codes.subquery()
    climb = select(
        start.c[0].label("descendant"),
        start.c[0].label("ancestor"),
        literal(0).label("depth"),
        literal(EVERY_DAY, DATERANGE).label("valid"),
    ).cte("climb", recursive=True)
    up = DivisionParent
    climb = climb.union_all(
        select(climb.c.descendant, up.parent_code, climb.c.depth + 1, climb.c.valid * up.valid)
        .join(up, up.code == climb.c.ancestor)
        .where(climb.c.depth < rules.DEEPEST, ~func.isempty(climb.c.valid * up.valid))
    )
    return select(
        climb.c.ancestor,
        climb.c.descendant,
        climb.c.depth,
        func.unnest(func.range_agg(climb.c.valid), type_=DATERANGE).label("valid"),
    ).group_by(climb.c.ancestor, climb.c.descendant, climb.c.depth)


async def verify(work: Work) -> list[str]:
    """What is wrong with the tree, in words; nothing when all holds. The pure rules recompute the closure."""
    parents: Iterable[Any] = await work.execute(
        select(DivisionParent.code, DivisionParent.parent_code, DivisionParent.valid, DivisionParent.resting)
    )
    rows: Iterable[Any] = await work.execute(
        select(
            DivisionClosure.ancestor_code,
            DivisionClosure.descendant_code,
            DivisionClosure.depth,
            DivisionClosure.valid,
        )
    )
    links = [Link(code, parent, period(valid), resting) for code, parent, valid, resting in parents]
    stored = {Reach(above, below, depth, period(valid)) for above, below, depth, valid in rows}
    wrong: list[str] = []
    try:
        computed = set(rules.closure(links))
    except rules.Cycle as ring:
        return [f"{ring} lies below itself"]
    wrong += [f"closure lacks {reach}" for reach in sorted(computed - stored, key=str)[:20]]
    wrong += [f"closure has {reach} for no reason" for reach in sorted(stored - computed, key=str)[:20]]
    hung = select(func.range_agg(DivisionParent.valid)).where(DivisionParent.code == Division.code)
    loose = select(Division.code).where(
        Division.code != ROOT,
        func.coalesce(hung.scalar_subquery() != func.datemultirange(literal(EVERY_DAY, DATERANGE)), true()),
    )
    wrong += [f"{code} hangs nowhere on some days" for code in await work.scalars(loose)]
    return wrong
