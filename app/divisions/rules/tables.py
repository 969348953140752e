"""From published tables to dated facts: today's table, the history of the codes, and our sourced amendments.

What the history gives is a year, so a code is taken to be in force from 1 January of its first year to
31 December of its last: in the year of a change the old and the new code are both good. An amendment with a
date makes both exact.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.divisions.rules.kinds import LEVEL_OF, ROOT, DivisionChange, DivisionKind, DivisionLevel
from app.divisions.rules.periods import ALWAYS, Period
from app.divisions.rules.successions import succeed
from app.divisions.rules.tree import Succession, Tenure

PLACEHOLDERS: Final = frozenset(
    {"市辖区", "县", "市", "市区", "林区", "省直辖县级行政单位", "省直辖行政单位", "自治区直辖县级行政单位"}
)
"""Headings of the printed table (130101 市辖区, 429000 省直辖…): they group codes and govern nothing."""

_SUFFIXES: Final = (
    ("自治州", DivisionKind.AUTONOMOUS_PREFECTURE),
    ("自治县", DivisionKind.AUTONOMOUS_COUNTY),
    ("自治旗", DivisionKind.AUTONOMOUS_BANNER),
    ("行政区", DivisionKind.PREFECTURE),
    ("地区", DivisionKind.PREFECTURE),
    ("盟", DivisionKind.LEAGUE),
    ("旗", DivisionKind.BANNER),
    ("特区", DivisionKind.SPECIAL_DISTRICT),
    ("林区", DivisionKind.FORESTRY_DISTRICT),
    ("区", DivisionKind.DISTRICT),
    ("县", DivisionKind.COUNTY),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A division of today's table, with the kind and the parent that the table gives."""

    code: str
    name: str
    kind: DivisionKind
    parent: str


@dataclass(frozen=True, slots=True)
class Era:
    """A name that a code once had, in years: both included, open when None."""

    code: str
    name: str
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What the tables do not say: what became of a code, by whose word. The date may be a bare year."""

    code: str
    name: str
    successor: str | None
    on: date | int
    kind: DivisionChange
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the default table says, ready to be stored."""

    tenures: tuple[Tenure, ...]
    successions: tuple[Succession, ...]


Names = list[tuple[str, Period]]
"""The names of one code, each with the days it was in force, in order."""


def assemble(
    today: Sequence[Listed], eras: Iterable[Era], amendments: Sequence[Amendment], compared: str
) -> Facts:
    """Dated facts from the published tables; `compared` is the source where two tables were compared."""
    listed = {row.code: row for row in today}
    names = _names(eras)
    undated = listed.keys() - names.keys()
    for row in today:
        names[row.code] = _current(names.get(row.code, []), row.name)
    ends = {a.code: _end(a) for a in amendments if a.code not in listed}
    for amendment in amendments:
        if amendment.code in ends:
            names[amendment.code] = _closed(names[amendment.code], amendment)
        if amendment.successor is not None and isinstance(amendment.on, date):
            fresh = amendment.successor in undated
            names[amendment.successor] = _opened(names[amendment.successor], amendment.on, fresh=fresh)
    places = {code for code in names if code in listed or _is_prefecture(code)} | {ROOT}
    tenures = [
        _tenure(code, name, period, listed.get(code), places)
        for code, own in names.items()
        for name, period in own
    ]
    given = [
        Succession(a.code, a.successor, _end(a), a.kind, a.source)
        for a in amendments
        if a.successor is not None
    ]
    derived = succeed(tenures, amended=ends.keys(), source=compared)
    return Facts((_NATION, *tenures), (*given, *derived))


_NATION: Final = Tenure(ROOT, "中华人民共和国", DivisionKind.NATION, DivisionLevel.NATION, None, ALWAYS)


def _names(eras: Iterable[Era]) -> dict[str, Names]:
    """The names of each code with their periods; one that follows in the same year cuts the one before."""
    grouped: dict[str, list[Era]] = defaultdict(list)
    for era in eras:
        if era.name not in PLACEHOLDERS:
            grouped[era.code].append(era)
    names: dict[str, Names] = {}
    for code, own in grouped.items():
        own.sort(key=lambda era: era.first or 0)
        begins = [date(era.first, 1, 1) if era.first else None for era in own]
        periods = [
            Period(begin, _earlier(date(era.last + 1, 1, 1) if era.last else None, following))
            for era, begin, following in zip(own, begins, [*begins[1:], None], strict=True)
        ]
        names[code] = [(era.name, p) for era, p in zip(own, periods, strict=True) if not p.empty]
    return names


def _earlier(a: date | None, b: date | None) -> date | None:
    return min((day for day in (a, b) if day is not None), default=None)


def _current(names: Names, name: str) -> Names:
    """A code of today's table is in force, under the name that this table gives."""
    if names and names[-1][1].until is None:
        return [*names[:-1], (name, names[-1][1])]
    return [*names, (name, Period(names[-1][1].until if names else None, None))]


def _end(amendment: Amendment) -> date:
    """The day from which the code is no longer in force."""
    return amendment.on if isinstance(amendment.on, date) else date(amendment.on + 1, 1, 1)


def _closed(names: Names, amendment: Amendment) -> Names:
    """An exact day replaces the history's year; a bare year closes only what the history left open."""
    name, period = names[-1]
    if isinstance(amendment.on, int) and period.until is not None:
        return names
    return [*names[:-1], (name, Period(period.start, _end(amendment)))]


def _opened(names: Names, on: date, *, fresh: bool) -> Names:
    """A code made on that day: the history knew the year, or (`fresh`) nothing."""
    year = date(on.year, 1, 1)
    return [
        (name, Period(on, period.until)) if fresh or period.start == year else (name, period)
        for name, period in names
    ]


def _is_prefecture(code: str) -> bool:
    return code.endswith("00")


def _tenure(code: str, name: str, period: Period, row: Listed | None, places: Container[str]) -> Tenure:
    """The table's kind and parent for a code in force. For one of the past no table gives either: GB/T 2260
    wrote them into the code (two digits each for province, prefecture, county), read here once, then data."""
    if row is not None and period.until is None:
        return Tenure(code, name, row.kind, LEVEL_OF[row.kind], row.parent, period)
    level = DivisionLevel.PREFECTURE if _is_prefecture(code) else DivisionLevel.COUNTY
    parent = (
        code[:4] + "00" if level is DivisionLevel.COUNTY and code[:4] + "00" in places else code[:2] + "0000"
    )
    return Tenure(code, name, _kind(name, level), level, parent, period)


def _kind(name: str, level: DivisionLevel) -> DivisionKind:
    if name.endswith("市"):
        return DivisionKind.PREFECTURE_CITY if level is DivisionLevel.PREFECTURE else DivisionKind.COUNTY_CITY
    kind = next((kind for suffix, kind in _SUFFIXES if name.endswith(suffix)), DivisionKind.OTHER)
    return kind if kind is not DivisionKind.OTHER and LEVEL_OF[kind] is level else DivisionKind.OTHER
