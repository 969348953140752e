"""The dated tree: where each code hangs on each day, and the closure that scopes and counts are read from.

On every day every code hangs somewhere below the nation, so that no row disappears from a count because of
the year of its code: a code in force hangs below its parent; an abolished one rests below its successor, or
where its successors meet; one not yet made rests below the code it was made from, or below its first parent.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.divisions.rules.kinds import ROOT, DivisionChange, DivisionKind, DivisionLevel
from app.divisions.rules.periods import ALWAYS, Period, merged, runs

DEEPEST = 64
"""More steps than any chain to the nation has: beyond them the chain is a ring."""

MADE_WITHIN = timedelta(days=366)
"""Dates known only by their year: a code made in the year in which another ended was made from it."""


class Cycle(ValueError):  # noqa: N818 (a ring is a finding before it is an error)
    """A chain of parents that never reaches the nation."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """A code in force under one name, below one parent (none for the nation)."""

    code: str
    name: str
    kind: DivisionKind
    level: DivisionLevel
    parent: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Succession:
    """An abolished code and one that took its place."""

    code: str
    successor: str
    effective_on: date
    kind: DivisionChange
    source: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where a code hangs for a while: `resting` when it is not in force."""

    code: str
    parent: str
    period: Period
    resting: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """A row of the closure: the ancestor holds the descendant during the period."""

    ancestor: str
    descendant: str
    depth: int
    period: Period


class Tree:
    """Dated facts, asked where a code hangs."""

    def __init__(self, tenures: Iterable[Tenure], successions: Iterable[Succession]) -> None:
        self._tenures: dict[str, list[Tenure]] = defaultdict(list)
        self._successors: dict[str, list[Succession]] = defaultdict(list)
        self._predecessors: dict[str, list[Succession]] = defaultdict(list)
        for tenure in sorted(tenures, key=lambda t: t.period.order):
            self._tenures[tenure.code].append(tenure)
        for succession in successions:
            self._successors[succession.code].append(succession)
            self._predecessors[succession.successor].append(succession)

    def lives(self, code: str) -> list[Period]:
        """The periods in which the code was in force (some codes were given out twice)."""
        return list(merged(tenure.period for tenure in self._tenures[code]))

    def links(self) -> Iterator[Link]:
        """Where every code hangs, for all time."""
        for code in self._tenures:
            yield from self.timeline(code)

    def timeline(self, code: str) -> Iterator[Link]:
        """Where one code hangs, for all time: its links follow each other without a gap."""
        if code == ROOT:
            return
        held = [((t.parent or ROOT, False), t.period) for t in self._tenures[code]]
        rests = [((self._rest(code, gap), True), gap) for gap in self._gaps(code)]
        for (parent, resting), period in runs(held + rests):
            yield Link(code, parent, period, resting)

    def _gaps(self, code: str) -> Iterator[Period]:
        end: date | None = None
        for life in self.lives(code):
            if life.start is not None:
                yield Period(end, life.start)
            end = life.until
        if end is not None:
            yield Period(end, None)

    def _rest(self, code: str, gap: Period) -> str:
        if gap.start is None:
            return self._before(code, gap.until or date.max)
        return self._after(code, gap.start)

    def _after(self, code: str, ended_on: date) -> str:
        """Its successor, where its successors meet, or else its last parent."""
        life = next(p for p in self.lives(code) if p.until == ended_on)
        taking_over = {
            s.successor
            for s in self._successors[code]
            if s.effective_on in life or s.effective_on == ended_on
        }
        last = [t for t in self._tenures[code] if t.period.until == ended_on][-1]
        return meeting([self.path(c, ended_on) for c in taking_over]) or last.parent or ROOT

    def _before(self, code: str, made_on: date) -> str:
        """The code it was made from, where these meet, or else its first parent."""
        eve = made_on - timedelta(days=1)
        made_from = {
            s.code
            for s in self._predecessors[code]
            if made_on <= s.effective_on <= made_on + MADE_WITHIN and self._in_force(s.code, eve)
        }
        return meeting([self.path(c, eve) for c in made_from]) or self._tenures[code][0].parent or ROOT

    def _in_force(self, code: str, day: date) -> bool:
        return any(day in tenure.period for tenure in self._tenures[code])

    def parent(self, code: str, day: date) -> str | None:
        """Where the code hangs on that day; None for the nation."""
        if code == ROOT:
            return None
        held = next((t for t in self._tenures[code] if day in t.period), None)
        if held is not None:
            return held.parent
        return self._rest(code, next(gap for gap in self._gaps(code) if day in gap))

    def path(self, code: str, day: date) -> tuple[str, ...]:
        """The codes from the nation down to this one, on that day."""
        path = [code]
        while (above := self.parent(path[-1], day)) is not None:
            path.append(above)
            if len(path) > DEEPEST:
                raise Cycle(code)
        return tuple(reversed(path))


def meeting(paths: Sequence[Sequence[str]]) -> str | None:
    """The lowest code that lies on every path from the nation; None if there is no path."""
    common: str | None = None
    for step in zip(*paths, strict=False):
        if len(set(step)) > 1:
            break
        common = step[0]
    return common


def closure(links: Iterable[Link], of: Iterable[str] | None = None) -> Iterator[Reach]:
    """The rows that say who holds whom, when, and how far above; each code holds itself at depth 0 always.

    `of` limits the descendants (the links must then hold all that lies above them). Raises `Cycle`."""
    above: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        above[link.code].append(link)
    for code in {ROOT, *above} if of is None else of:
        found: dict[str, list[tuple[int, Period]]] = defaultdict(list)
        climbing = [(code, 0, ALWAYS)]
        while climbing:
            at, depth, period = climbing.pop()
            if depth > DEEPEST:
                raise Cycle(code)
            found[at].append((depth, period))
            shared = ((link.parent, period.meet(link.period)) for link in above[at])
            climbing += [(parent, depth + 1, days) for parent, days in shared if not days.empty]
        for ancestor, spans in found.items():
            for depth, period in runs(spans):
                yield Reach(ancestor, code, depth, period)
