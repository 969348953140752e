"""The lanes of a search: in each the names that match in one way, in an order that an index gives.

One statement holds all lanes, the best first; a lane is not entered once the page is full. How a lane is
walked is decided here, not left to the planner, whose guess is wrong where a word and a place go together:

* **few names have the term**: they are fetched whole from the index of terms, then narrowed and sorted;
* **many have it**: names are looked at in the order of the list, a bounded number of them, since a page of
  matches must be among them; if it is not, or not all of it, the lane is fetched as above.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
    true,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.access import Scope, within_divisions
from app.core.work import Work
from app.organizations.models import Organization, OrganizationIdentifier, OrganizationSearch
from app.organizations.queries.sight import led
from app.organizations.rules.search import FORMER, INITIALS, SYLLABLE, Asked, SearchMatch, pairs
from app.organizations.schemas import SearchFilters

S = OrganizationSearch
CODE = Text(collation="C")
LAST_CHARACTER = "\U0010ffff"

RARE = 2000
"""What so few names have is fetched whole, whatever else is asked."""

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

    def share(self, ways: Sequence[Sequence[str]]) -> float:
        """At most this share of all names has every term of one of these ways."""
        return sum(min((self.shares.get(t, 0.0) for t in way), default=0.0) for way in ways)


_stats = table(
    "pg_stats", *map(column, ("tablename", "attname", "most_common_elems", "most_common_elem_freqs"))
)
_elements = func.unnest(
    cast(cast(column("most_common_elems"), Text), ARRAY(Text)), column("most_common_elem_freqs")
).table_valued(column("term", Text), column("share", Float))
_COMMON = (
    select(_elements.c.term, _elements.c.share)
    .select_from(_stats.join(_elements, true()))
    .where(_stats.c.tablename == S.__tablename__, _stats.c.attname == "terms")
)
_ROWS = text(f"SELECT reltuples FROM pg_class WHERE oid = '{S.__tablename__}'::regclass")  # noqa: S608
FREQUENCIES = Frequencies()


@dataclass(frozen=True, slots=True)
class Lane:
    """Names that match in one way and in no better one."""

    number: int
    match: Any
    condition: ColumnElement[bool]
    ways: Sequence[Sequence[str]] = ()
    by_name: bool = False


def lanes(asked: Asked) -> list[Lane]:
    """The lanes of what is asked, the best first."""
    coded = _coded(asked)
    begins = and_(S.name >= asked.whole, S.name < asked.whole + LAST_CHARACTER)
    match = case((S.name == asked.whole, SearchMatch.EXACT.value), else_=SearchMatch.PREFIX.value)
    found = [] if coded is None else [Lane(1, SearchMatch.CODE.value, coded)]
    found.append(Lane(2, match, begins, by_name=True))
    found += _by_pairs(asked) if asked.pairs else []
    if asked.splits:
        found.append(Lane(6, SearchMatch.PINYIN.value, *_spelt(asked)))
    if asked.letters:
        first = [INITIALS + pair for pair in pairs(asked.letters)]
        said = and_(_has(first), func.strpos(S.initials, asked.letters) > 0)
        found.append(Lane(7, SearchMatch.INITIALS.value, said, [first]))
    return _apart(found)


def _apart(found: Sequence[Lane]) -> list[Lane]:
    """Each name in its best lane only."""
    return [
        Lane(
            lane.number,
            lane.match,
            and_(lane.condition, *(not_(better.condition) for better in found[:place])),
            lane.ways,
            lane.by_name,
        )
        for place, lane in enumerate(found)
    ]


def _by_pairs(asked: Asked) -> list[Lane]:
    terms, former = asked.pairs, [FORMER + pair for pair in asked.pairs]
    pattern = "%" + "%".join(asked.pieces) + "%"  # letters and digits only: nothing to escape
    short = [func.strpos(S.name, piece) > 0 for piece in asked.pieces if len(piece) == 1]
    return [
        Lane(3, SearchMatch.PHRASE.value, and_(_has(terms), S.name.like(pattern)), [terms]),
        Lane(4, SearchMatch.WORDS.value, and_(_has(terms), *short), [terms]),
        Lane(5, SearchMatch.FORMER_NAME.value, and_(_has(former), S.former.like(pattern)), [former]),
    ]


def _spelt(asked: Asked) -> tuple[ColumnElement[bool], list[list[str]]]:
    """Any of the ways to read the letters as syllables, next to each other."""
    ways = [[SYLLABLE + syllable for syllable in syllables] for syllables, _ in asked.splits]
    said = [
        and_(_has(way), S.pinyin.like(f"% {' '.join(syllables)} {rest}%"))
        for way, (syllables, rest) in zip(ways, asked.splits, strict=True)
    ]
    return or_(*said), ways


def _coded(asked: Asked) -> ColumnElement[bool] | None:
    """The credit code begins so, or a number that it was registered under before."""
    o, i = Organization, OrganizationIdentifier
    found = []
    if asked.code is not None:
        last = asked.code + LAST_CHARACTER
        found.append(select(o.id).where(o.credit_code >= asked.code, o.credit_code < last))
    if asked.number is not None:
        last = asked.number + LAST_CHARACTER
        found.append(select(i.organization_id).where(i.number >= asked.number, i.number < last, ~i.withdrawn))
    return S.organization_id.in_(union(*found)) if found else None


def _has(terms: Sequence[str]) -> ColumnElement[bool]:
    return S.terms.contains(cast(literal(list(terms), ARRAY(CODE)), ARRAY(CODE)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the names that match: those in sight, narrowed, after the last of the page before."""

    scope: Scope
    filters: SearchFilters
    size: int
    after: tuple[int, str, UUID] | None = None

    def narrowed(self, row: Any) -> list[ColumnElement[bool]]:
        """The conditions on a row of the table, or on what was fetched of it."""
        asked = {row.kind: self.filters.kind, row.registration_status: self.filters.registration_status}
        conditions = [field == value for field, value in asked.items() if value is not None]
        if self.filters.division is not None:
            conditions.append(within_divisions(row.division_code, [self.filters.division]))
        return [*self.seen(row), *conditions]

    def seen(self, row: Any) -> list[ColumnElement[bool]]:
        """What the list of organizations shows too (`sight.listed`)."""
        scope = self.scope
        if scope.national:
            return []
        here = within_divisions(row.division_code, scope.divisions)
        if not scope.bodies:
            return [here]
        ids = select(Organization.id).where(led(scope))
        if not scope.divisions:
            return [row.organization_id.in_(ids)]
        inside = select(S.organization_id).where(within_divisions(S.division_code, scope.divisions))
        return [row.organization_id.in_(union(inside, ids))]

    def later(self, lane: Lane, row: Any) -> list[ColumnElement[bool]]:
        """After the last one of the page before."""
        if self.after is None or self.after[0] != lane.number:
            return []
        key, last = _key(lane, row), tuple_(literal(self.after[1], CODE), literal(self.after[2], Uuid()))
        return [tuple_(key, row.organization_id) > last]


def _key(lane: Lane, row: Any) -> Any:
    return row.name if lane.by_name else row.division_code


def statement(asked: Asked, wanted: Wanted) -> Select[Any]:
    """The first `size` names in the order of lane, key and id."""
    first = wanted.after[0] if wanted.after else 0
    walked: list[CTE] = []
    for lane in lanes(asked):
        if lane.number >= first:
            walked.append(_walk(lane, wanted, _fewer_than(wanted.size, walked)))
    every = union_all(*(select(*lane.c) for lane in walked)).subquery("every")
    return (
        select(every.c.lane, every.c.key, every.c.organization_id, every.c.match)
        .order_by(every.c.lane, every.c.key, every.c.organization_id)
        .limit(_inline(wanted.size))
    )


def total(asked: Asked, wanted: Wanted) -> Select[Any]:
    """How many names match in any lane: no name is in two."""
    counts = [
        select(func.count()).select_from(S).where(lane.condition, *wanted.narrowed(S)).scalar_subquery()
        for lane in lanes(asked)
    ]
    return select(sum(counts[1:], counts[0]))


def _walk(lane: Lane, wanted: Wanted, open_: list[ColumnElement[bool]]) -> CTE:
    share = FREQUENCIES.share(lane.ways)
    many = share * FREQUENCIES.rows >= RARE
    if lane.ways and many and not wanted.scope.bodies:
        return _look_through(lane, wanted, open_, share)
    if lane.ways and not many:
        few = (
            select(S.organization_id, S.name, S.division_code, S.kind, S.registration_status, _match(lane))
            .where(lane.condition, *open_)
            .cte(f"few_{lane.number}")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        return _lane(lane, wanted, few.c, few.c.match, wanted.narrowed(few.c))
    conditions = [lane.condition, *wanted.narrowed(S), *open_]
    return _lane(lane, wanted, S, _match(lane), conditions)


def _look_through(lane: Lane, wanted: Wanted, open_: list[ColumnElement[bool]], share: float) -> CTE:
    """Look at a bounded number of names in order; fetch the lane from its index if that did not fill it."""
    width = NARROWEST
    while width < min(WIDEST, 2 * wanted.size / share):
        width *= 2
    scope = Wanted(wanted.scope, SearchFilters(q="x", division=wanted.filters.division), wanted.size)
    narrowed = and_(true(), *wanted.narrowed(S))
    looked = _materialized(
        select(
            S.organization_id,
            _key(lane, S).label("key"),
            and_(lane.condition, narrowed).label("fits"),
        )
        .where(*scope.narrowed(S), *wanted.later(lane, S), *open_)
        .order_by(S.division_code, S.organization_id)
        .limit(_inline(width)),
        f"looked_{lane.number}",
    )
    all_of_them = select(func.count()).select_from(looked).scalar_subquery()
    fitting = select(func.count()).select_from(looked).where(looked.c.fits).scalar_subquery()
    unfilled = [all_of_them == width, fitting < wanted.size]
    fetched = _lane(
        lane, wanted, S, _match(lane), [lane.condition, narrowed, *unfilled, *open_], name="fetched"
    )
    there = (
        select(literal_column(str(lane.number)).label("lane"), looked.c.key, looked.c.organization_id)
        .add_columns(literal(lane.match, Text).label("match"))
        .where(looked.c.fits, not_(and_(*unfilled)))
    )
    return _materialized(union_all(there, select(*fetched.c)).select(), f"lane_{lane.number}")


def _lane(
    lane: Lane, wanted: Wanted, row: Any, match: Any, conditions: list[Any], *, name: str = "lane"
) -> CTE:
    key = _key(lane, row)
    return _materialized(
        select(
            literal_column(str(lane.number)).label("lane"),
            key.label("key"),
            row.organization_id,
            match.label("match"),
        )
        .where(*conditions, *wanted.later(lane, row))
        .order_by(key, row.organization_id)
        .limit(_inline(wanted.size)),
        f"{name}_{lane.number}",
    )


def _match(lane: Lane) -> Any:
    match = lane.match
    return (literal(match, Text) if isinstance(match, str) else match).label("match")


def _materialized(made: Any, name: str) -> CTE:
    cte: CTE = made.cte(name).prefix_with("MATERIALIZED", dialect="postgresql")
    return cte


def _fewer_than(size: int, walked: Sequence[CTE]) -> list[ColumnElement[bool]]:
    """Whether the lanes before leave room: PostgreSQL asks this once, before it enters the lane."""
    if not walked:
        return []
    counts = [select(func.count()).select_from(lane).scalar_subquery() for lane in walked]
    return [sum(counts[1:], counts[0]) < size]


def _inline(number: int) -> Any:
    """In the statement itself: a plan for any number would be one for a tenth of the table."""
    return literal_column(str(number))
