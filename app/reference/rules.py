"""Working days, and which rule pack holds: the law of reference data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

LONGEST = 3_660
"""Working days that a deadline may be away: more is a mistake in the question."""
SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: Monday to Friday, but for the days that the State Council's yearly notice names
    (全国年节及纪念日放假办法; 调休). `known` are the years whose notice is in."""

    overrides: Mapping[date, bool] = field(default_factory=dict)
    known: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        return self.overrides.get(day, day.weekday() < SATURDAY)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day in time; provisional while the holidays of a year on the way are unknown."""

    due_on: date
    provisional: bool


def add_working_days(start: date, days: int, calendar: Calendar) -> Deadline:
    """The n-th working day after `start`, which itself does not count (民法典 §201); weekends that are worked
    count. Days of a year without its notice count by weekday only, and make the deadline provisional."""
    if not 0 <= days <= LONGEST:
        raise ValueError("days")
    day, left, provisional = start, days, False
    while left:
        day += DAY
        left -= calendar.is_working(day)
        provisional = provisional or day.year not in calendar.known
    return Deadline(day, provisional)


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days lie after `start`, up to and with `end`."""
    return sum(calendar.is_working(start + DAY * n) for n in range(1, (end - start).days + 1))


@dataclass(frozen=True, slots=True)
class RulePack:
    """A published pack of rules; `jurisdiction` is None for the nation."""

    id: UUID
    kind: str
    code: str
    version: str
    jurisdiction: str | None
    effective_on: date
    source: str
    content: Mapping[str, Any]


def overlays(packs: Iterable[RulePack], path: Sequence[str], on: date) -> tuple[RulePack, ...]:
    """The packs that hold on a day along a path of divisions (the nation first): the national one, then each
    jurisdiction's own, the nearest last. Of several versions the latest holds."""
    holding: dict[str | None, RulePack] = {}
    for pack in sorted(packs, key=lambda p: (p.effective_on, p.version)):
        if pack.effective_on <= on:
            holding[pack.jurisdiction] = pack
    return tuple(holding[place] for place in (None, *path) if place in holding)
