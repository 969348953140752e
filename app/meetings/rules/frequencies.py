"""How often a body owes each activity, which depends on its structure, and what is missing on a day.

Numbers come from the rule pack `organization_life`; a branch without a committee owes no committee meeting,
and group meetings are owed by groups, so that a branch without groups owes none."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.meetings.rules.meetings import MeetingKind


class Rhythm(StrEnum):
    """How long a stretch is in which an activity is owed so many times; stretches follow the calendar."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


_MONTHS: Final = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF_YEAR: 6, Rhythm.YEAR: 12}


class Requirement(StrEnum):
    """What a body must have before it owes an activity."""

    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class Span:
    """Days `[from_on, until_on)`."""

    from_on: date
    until_on: date

    def holds(self, day: date) -> bool:
        return self.from_on <= day < self.until_on


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the pack: bodies of these kinds owe the activity so many times in each stretch."""

    kind: MeetingKind
    body_kinds: frozenset[str]
    requires: Requirement | None
    rhythm: Rhythm
    times: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Life:
    """A rule pack `organization_life`: what is owed, how many posts make a committee, hours and grades."""

    pack_id: UUID | None
    pack_code: str
    pack_version: str
    terms: tuple[Term, ...]
    committee_posts: int
    member_hours: int
    secretary_hours: int
    excellent: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody in a post of the body, and when."""

    member_id: UUID
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Body:
    """What matters of a body."""

    kind: str
    founded_on: date
    dissolved_on: date | None
    posts: tuple[Post, ...] = ()


class SpanState(StrEnum):
    """Of a stretch: held often enough, missing when it is over, pending while it runs, or not owed."""

    HELD = "held"
    MISSING = "missing"
    PENDING = "pending"
    NOT_OWED = "not_owed"


@dataclass(frozen=True, slots=True)
class SpanResult:
    """What became of one stretch."""

    span: Span
    state: SpanState
    held: int


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of the pack in force, with what became of its stretches."""

    term: Term
    life: Life
    results: tuple[SpanResult, ...]

    def tally(self, as_of: date) -> tuple[int, int]:
        """Stretches that were owed and are over on a day, and those of them that were held."""
        over = [r.state for r in self.results if r.span.until_on <= as_of]
        held = over.count(SpanState.HELD)
        return held + over.count(SpanState.MISSING), held


def spans(rhythm: Rhythm, year: int) -> list[Span]:
    """The stretches of a year."""
    step = _MONTHS[rhythm]
    firsts = [date(year, month, 1) for month in range(1, 13, step)]
    return [Span(a, b) for a, b in zip(firsts, [*firsts[1:], date(year + 1, 1, 1)], strict=True)]


def has_committee(body: Body, on: date, posts: int) -> bool:
    """Whether so many different people hold posts on a day."""
    holders = {p.member_id for p in body.posts if p.from_on <= on and (p.until_on is None or on < p.until_on)}
    return len(holders) >= posts


def owes(term: Term, life: Life, body: Body, span: Span) -> bool:
    """Whether a body owes an activity in a stretch: it existed all through it, and was so built at its
    first day."""
    if body.kind not in term.body_kinds or body.founded_on > span.from_on:
        return False
    if body.dissolved_on is not None and body.dissolved_on < span.until_on:
        return False
    return term.requires is not Requirement.COMMITTEE or has_committee(
        body, span.from_on, life.committee_posts
    )


def review(
    body: Body,
    meetings: Iterable[tuple[MeetingKind, date]],
    life_on: Callable[[date], Life | None],
    year: int,
    as_of: date,
) -> list[Activity]:
    """Every activity that the packs of a year name for this kind of body, with what became of each stretch
    that had begun by a day. The pack in force on a stretch's first day rules it."""
    days = [(kind, day) for kind, day in meetings if day <= as_of]
    found: dict[tuple[MeetingKind, Rhythm], list[tuple[Term, Life, SpanResult]]] = {}
    for rhythm in Rhythm:
        for span in spans(rhythm, year):
            life = life_on(span.from_on)
            if life is None or span.from_on > as_of:
                continue
            counted = Counter(kind for kind, day in days if span.holds(day))
            for term in life.terms:
                if term.rhythm is rhythm and body.kind in term.body_kinds:
                    result = _result(term, life, body, span, held=counted[term.kind], as_of=as_of)
                    found.setdefault((term.kind, rhythm), []).append((term, life, result))
    order = {kind: number for number, kind in enumerate(MeetingKind)}
    return [
        Activity(lines[-1][0], lines[-1][1], tuple(line[2] for line in lines))
        for _, lines in sorted(found.items(), key=lambda entry: (order[entry[0][0]], entry[0][1]))
    ]


def _result(term: Term, life: Life, body: Body, span: Span, *, held: int, as_of: date) -> SpanResult:
    if not owes(term, life, body, span):
        return SpanResult(span, SpanState.NOT_OWED, held)
    if held >= term.times:
        return SpanResult(span, SpanState.HELD, held)
    return SpanResult(span, SpanState.MISSING if span.until_on <= as_of else SpanState.PENDING, held)
