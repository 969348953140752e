"""Periods of days, half-open: `[start, until)`, either end open when None."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, TypeVar

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` until the day before `until`."""

    start: date | None = None
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)

    @property
    def empty(self) -> bool:
        return self.start is not None and self.until is not None and self.start >= self.until

    def meet(self, other: "Period") -> "Period":
        """The days in both; perhaps none (`empty`)."""
        starts = [p.start for p in (self, other) if p.start is not None]
        untils = [p.until for p in (self, other) if p.until is not None]
        return Period(max(starts, default=None), min(untils, default=None))

    @property
    def order(self) -> date:
        """A key that sorts periods by their beginning."""
        return self.start or date.min


ALWAYS: Final = Period()


def merged(periods: Iterable[Period]) -> Iterator[Period]:
    """The same days in as few periods as can be, in order."""
    whole: Period | None = None
    for period in sorted((p for p in periods if not p.empty), key=lambda p: p.order):
        if whole is None:
            whole = period
        elif whole.until is None or (period.start is not None and period.start > whole.until):
            if whole.until is None:
                break
            yield whole
            whole = period
        elif period.until is None or period.until > whole.until:
            whole = Period(whole.start, period.until)
    if whole is not None:
        yield whole


def runs(items: Iterable[tuple[K, Period]]) -> Iterator[tuple[K, Period]]:
    """Neighbouring periods with the same key as one, in order of time; the periods do not overlap."""
    ordered = sorted(items, key=lambda item: item[1].order)
    for key, group in groupby(ordered, key=lambda item: item[0]):
        for period in merged(p for _, p in group):
            yield key, period
