"""The lanes of a search: in each the names that match in one way, in an order that an index gives.

A statement holds several lanes, the best first; a lane is not entered once the page is full. How a lane is
walked is decided here, not left to the planner, whose guess is wrong where a word and a place go together:

* **few names have the term**: they are fetched whole from the index of terms, then narrowed and sorted;
* **many have it**: names are looked at in the order of the list, a bounded number of them, since a page of
  matches must be among them; if it is not, and there are more names, the lane is fetched as above.

Statements are made once for each shape of question and kept as text: to make one takes longer than to run it.
"""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Row,
    Select,
    Text,
    TextClause,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql.base import PGDialect

from app.core.access import Scope, division_closure, today_sql, within_divisions
from app.core.work import Work
from app.organizations.models import Organization, OrganizationSearch
from app.organizations.queries.matching import Lane, Planned, Way, condition, lanes
from app.organizations.queries.sight import led
from app.organizations.rules.search import Asked, SearchMatch

S = OrganizationSearch

RARE = 2000
"""What so few names have is fetched whole, whatever else is asked."""

MOSTLY = 3
"""Up to this lane, the phrase, most questions are answered."""

NARROWEST, WIDEST = 256, 8192
"""Names looked at in the order of the list."""

STATISTICS_SECONDS = 300.0


@dataclass(slots=True)
class Frequencies:
    """How many names have a term, from the planner's own statistics, read again after some minutes.

    They choose between ways to the same answer; a stale one costs time only."""

    rows: float = 0.0
    shares: Mapping[str, float] = field(default_factory=dict)
    read_at: float | None = None

    async def refresh(self, work: Work) -> None:
        """Read them, if it is time."""
        if self.read_at is not None and time.monotonic() < self.read_at + STATISTICS_SECONDS:
            return
        common: Any = (await work.execute(_COMMON)).all()
        self.rows = max(0.0, float(await work.scalar(_ROWS) or 0.0))
        self.shares = dict(common)
        self.read_at = time.monotonic()

    def width(self, ways: Sequence[Way], size: int) -> int:
        """How many names to look at for a page of those that have every term of one way; 0: fetch them."""
        share = sum(
            math.prod(min((self.shares.get(t, 0.0) for t in group), default=1.0) for group in way)
            for way in ways
        )
        if not share or share * self.rows < RARE:
            return 0
        width = NARROWEST
        while width < min(WIDEST, 2 * size / share):
            width *= 2
        return width


_COMMON = text(
    "SELECT term, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs)"
    " AS common(term, share) WHERE tablename = :of AND attname = 'terms'"
).bindparams(of=S.__tablename__)
_ROWS = text(f"SELECT reltuples FROM pg_class WHERE oid = '{S.__tablename__}'::regclass")  # noqa: S608
FREQUENCIES = Frequencies()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the names that match: those in sight, narrowed, a page of them after the last of another."""

    scope: Scope
    division: str | None
    kind: str | None
    registration_status: str | None
    size: int
    after: tuple[int, str, UUID] | None = None

    def inside(self, row: Any, *, walked: bool = False) -> list[ColumnElement[bool]]:
        """Where the names lie: what the list of organizations shows too (`sight.listed`).

        An index is walked by an array of divisions; rows that are there already are looked up in a hash."""
        below = within_divisions if walked else _within
        here = [] if self.division is None else [below(row.division_code, [self.division])]
        if self.scope.national:
            return here
        seen = below(row.division_code, self.scope.divisions)
        if self.scope.bodies:
            ids = select(Organization.id).where(led(self.scope))
            inside = select(S.organization_id).where(within_divisions(S.division_code, self.scope.divisions))
            seen = row.organization_id.in_(union(inside, ids) if self.scope.divisions else ids)
        return [seen, *here]

    def of_kind(self, row: Any) -> list[ColumnElement[bool]]:
        """What else was asked for."""
        asked = {row.kind: self.kind, row.registration_status: self.registration_status}
        return [column == value for column, value in asked.items() if value]

    def narrowed(self, row: Any) -> list[ColumnElement[bool]]:
        """All conditions but the match."""
        return [*self.inside(row), *self.of_kind(row)]


def _within(code: Any, codes: Sequence[str]) -> ColumnElement[bool]:
    return code.in_(select(_below(tuple(codes)).c.code))  # type: ignore[no-any-return]


@lru_cache(maxsize=512)
def _below(codes: tuple[str, ...]) -> CTE:
    """Divisions that all lanes of a statement share, found when the first row asks for them."""
    c = division_closure.c
    above = c.ancestor_code == func.any(bindparam(None, list(codes), type_=ARRAY(Text)))
    valid = c.valid.op("@>", is_comparison=True)(today_sql())
    return _materialized(
        select(c.descendant_code.label("code")).where(above, valid), "_".join(("in", *codes))
    )


# --- statements ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """A statement as text, the values that are part of it (scope, filters), and the names of the others."""

    text: TextClause
    constants: Mapping[str, Any]
    names: frozenset[str]

    def filled(self, values: Mapping[str, Any]) -> tuple[TextClause, dict[str, Any]]:
        """To be executed: the text and all its values."""
        return self.text, {**self.constants, **{n: v for n, v in values.items() if n in self.names}}


async def find(work: Work, asked: Asked, wanted: Wanted) -> list[Row[Any]]:
    """The first `size` names in the order of lane, key and id.

    The lanes of most questions are one statement; the others are asked if those left room."""
    await FREQUENCIES.refresh(work)
    found: list[Row[Any]] = []
    for made, values in statements(asked, wanted):
        if len(found) < wanted.size:
            found += (await work.execute(made, values)).all()
    return found[: wanted.size]


def statements(asked: Asked, wanted: Wanted) -> list[tuple[TextClause, dict[str, Any]]]:
    """The statements of a search, to be asked in turn until the page is full."""
    found = lanes(asked)
    planned = tuple(Planned(lane.number, lane.match, lane.form, _width(lane, wanted)) for lane in found)
    values = {name: value for lane in found for name, value in lane.binds.items()}
    after = wanted.after
    if after is not None:
        values |= {"last_key": after[1], "last_id": after[2]}
    first = after[0] if after else 0
    parts = [range(first, MOSTLY + 1), range(max(first, MOSTLY + 1), 9)]
    return [
        _text(planned, _unplaced(wanted), part, first).filled(values)
        for part in parts
        if any(lane.number in part for lane in planned)
    ]


def total(asked: Asked, wanted: Wanted) -> tuple[TextClause, dict[str, Any]]:
    """How many names match in any lane."""
    found = lanes(asked)
    planned = tuple(Planned(lane.number, lane.match, lane.form, 0) for lane in found)
    values = {name: value for lane in found for name, value in lane.binds.items()}
    return _total(planned, _unplaced(wanted)).filled(values)


def _width(lane: Lane, wanted: Wanted) -> int:
    return 0 if wanted.scope.bodies else FREQUENCIES.width(lane.ways, wanted.size)


def _unplaced(wanted: Wanted) -> Wanted:
    return Wanted(wanted.scope, wanted.division, wanted.kind, wanted.registration_status, wanted.size)


@lru_cache(maxsize=512)
def _text(planned: tuple[Planned, ...], wanted: Wanted, part: range, first: int) -> Made:
    walked: list[CTE] = []
    for place, lane in enumerate(planned):
        if lane.number in part:
            walk = _Walk(lane, planned[:place], wanted, placed=lane.number == first, before=tuple(walked))
            walked.append(walk.made())
    every = union_all(*(select(*lane.c) for lane in walked)).subquery("every")
    chosen = select(every).order_by(every.c.lane, every.c.key, every.c.organization_id)
    return _compiled(chosen.limit(_inline(wanted.size)))


@lru_cache(maxsize=128)
def _total(planned: tuple[Planned, ...], wanted: Wanted) -> Made:
    anyhow = or_(*(condition(lane, S) for lane in planned))
    return _compiled(select(func.count()).select_from(S).where(anyhow, *wanted.narrowed(S)))


def _compiled(made: Select[Any]) -> Made:
    compiled = made.compile(dialect=PGDialect(paramstyle="named"))  # type: ignore[no-untyped-call]
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    return Made(text(str(compiled)), constants, frozenset(compiled.params) - frozenset(constants))


@dataclass(frozen=True, slots=True)
class _Walk:
    """One lane of a statement: its names in order, without those of better lanes, while there is room."""

    lane: Planned
    better: tuple[Planned, ...]
    wanted: Wanted
    placed: bool
    before: tuple[CTE, ...]

    def made(self) -> CTE:
        if self.lane.width:
            return self._looked_through()
        if self.lane.match is SearchMatch.PREFIX:
            names = select(*S.__table__.c).where(condition(self.lane, S), *self._room())
            ordered = names.order_by(S.name, S.organization_id).offset(_inline(0)).subquery("ordered")
            return self._lane(ordered.c, [*self._apart(ordered.c), *self.wanted.narrowed(ordered.c)])
        fetched = _materialized(
            select(*S.__table__.c).where(condition(self.lane, S), *self._room()), f"few_{self.lane.number}"
        )
        return self._lane(fetched.c, [*self._apart(fetched.c), *self.wanted.narrowed(fetched.c)])

    def _looked_through(self) -> CTE:
        """Look at a bounded number of names in order; fetch the lane if that left room and more follow."""
        number, size = self.lane.number, self.wanted.size
        place = (S.division_code, S.organization_id)
        inside = [*self.wanted.inside(S, walked=True), *self._later(S)]
        names = select(*S.__table__.c).where(*inside, *self._room())
        looked = names.order_by(*place).limit(_inline(self.lane.width)).subquery("looked")
        narrowed = [condition(self.lane, looked.c), *self._apart(looked.c), *self.wanted.of_kind(looked.c)]
        there = _materialized(
            self._columns(looked.c).where(*narrowed).limit(_inline(size)), f"there_{number}"
        )
        unfilled = select(func.count()).select_from(there).scalar_subquery() < _inline(size)
        beyond = select(*place).where(*inside).order_by(*place)
        more = beyond.offset(_inline(self.lane.width)).limit(_inline(1)).exists()
        short = case((and_(*self._room(), unfilled), more), else_=literal_column("false"))
        rest = [condition(self.lane, S), *self._apart(S), *self.wanted.narrowed(S), short]
        fetched = self._lane(S, rest, name="fetched")
        return _materialized(
            union_all(select(*there.c).where(not_(short)), select(*fetched.c)), f"lane_{number}"
        )

    def _lane(self, row: Any, conditions: list[Any], *, name: str = "lane") -> CTE:
        ordered = self._columns(row).where(*conditions, *self._later(row))
        ordered = ordered.order_by(self._key(row), row.organization_id).limit(_inline(self.wanted.size))
        return _materialized(ordered, f"{name}_{self.lane.number}")

    def _columns(self, row: Any) -> Select[Any]:
        match: Any = literal_column(f"'{self.lane.match.value}'")
        if self.lane.match is SearchMatch.PREFIX:
            exact: Any = literal_column(f"'{SearchMatch.EXACT.value}'")
            match = case((row.name == bindparam("whole"), exact), else_=match)
        return select(
            literal_column(str(self.lane.number)).label("lane"),
            self._key(row).label("key"),
            row.organization_id.label("organization_id"),
            match.label("match"),
        )

    def _key(self, row: Any) -> Any:
        return row.name if self.lane.match is SearchMatch.PREFIX else row.division_code

    def _apart(self, row: Any) -> list[ColumnElement[bool]]:
        """Each name in its best lane only."""
        return [not_(condition(better, row)) for better in self.better]

    def _later(self, row: Any) -> list[ColumnElement[bool]]:
        """After the last one of the page before."""
        last = tuple_(bindparam("last_key"), bindparam("last_id"))
        return [tuple_(self._key(row), row.organization_id) > last] if self.placed else []

    def _room(self) -> list[ColumnElement[bool]]:
        """Whether the lanes before leave room: PostgreSQL asks this once, before it enters the lane."""
        counts = [select(func.count()).select_from(lane).scalar_subquery() for lane in self.before]
        return [sum(counts[1:], counts[0]) < _inline(self.wanted.size)] if counts else []


def _materialized(made: Any, name: str) -> CTE:
    cte: CTE = made.cte(name).prefix_with("MATERIALIZED", dialect="postgresql")
    return cte


def _inline(number: int) -> Any:
    """In the statement itself: a plan for any number would be one for a tenth of the table."""
    return literal_column(str(number))
