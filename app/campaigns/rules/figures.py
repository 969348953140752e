"""The figures of a countdown: one function for a campaign that runs and for the report that was frozen.

Both hand over the same cells: how many targets came to a state less those that left it, by division and
day."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Status(StrEnum):
    """How a line stands: nothing to do, all done, in time, behind its days, past the last day."""

    NONE = "none"
    DONE = "done"
    ON_TRACK = "on_track"
    LAGGING = "lagging"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Cell:
    """What changed in a division on a day, net: targets open, closed and removed."""

    division: str
    on: date
    open: int
    closed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a campaign is in its days. Day 1 is the first; none is left on the last."""

    starts_on: date
    ends_on: date
    as_of: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def day_number(self) -> int:
        return max(0, (self.as_of - self.starts_on).days + 1)

    @property
    def days_left(self) -> int:
        return min(self.days, max(0, (self.ends_on - self.as_of).days))


@dataclass(frozen=True, slots=True)
class Pace:
    """Hundredths of a target a day: so far, and what is needed from tomorrow on (null: no day is left)."""

    so_far: int | None
    needed: int | None
    forecast_on: date | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One line. `targets` counts all that are or were on the list; what was removed counts in no share."""

    targets: int
    closed: int
    removed: int
    left: int
    percent: str | None
    lately: int
    before: int
    pace: Pace
    status: Status


@dataclass(frozen=True, slots=True)
class Days:
    """A day's end: what was closed, removed and left by then."""

    on: date
    targets: int
    closed: int
    removed: int
    left: int


def summed(cells: Iterable[Cell], until: date) -> tuple[int, int, int]:
    """Targets open, closed and removed at the end of a day."""
    there = [cell for cell in cells if cell.on <= until]
    return (
        sum(cell.open for cell in there),
        sum(cell.closed for cell in there),
        sum(cell.removed for cell in there),
    )


def figures(cells: Sequence[Cell], clock: Clock, *, lagging_below_percent: int, trend_days: int) -> Figures:
    """The figures of a line on a day."""
    left, closed, removed = summed(cells, clock.as_of)
    back = [summed(cells, clock.as_of - timedelta(days=trend_days * n))[1] for n in (1, 2)]
    countable = left + closed
    return Figures(
        targets=countable + removed,
        closed=closed,
        removed=removed,
        left=left,
        percent=_percent(closed, countable),
        lately=closed - back[0],
        before=back[0] - back[1],
        pace=_pace(closed, left, clock),
        status=_status(closed, left, clock, lagging_below_percent),
    )


def days_of(cells: Sequence[Cell], clock: Clock) -> list[Days]:
    """Every day from the first to the one looked at, at its end."""
    by_day: dict[date, list[Cell]] = {}
    for cell in cells:
        by_day.setdefault(max(cell.on, clock.starts_on), []).append(cell)
    left = closed = removed = 0
    found = []
    for number in range(clock.day_number):
        on = clock.starts_on + timedelta(days=number)
        for cell in by_day.get(on, ()):
            left, closed, removed = left + cell.open, closed + cell.closed, removed + cell.removed
        found.append(Days(on, left + closed + removed, closed, removed, left))
    return found


def placed(
    cells: Iterable[Cell], paths: Mapping[str, Sequence[str]], division: str
) -> dict[str | None, list[Cell]]:
    """Cells by the division directly below one; None has what lies in it itself. `paths` has for each code
    those above it, the nearest first, the code itself at the head."""
    found: dict[str | None, list[Cell]] = {}
    for cell in cells:
        path = paths.get(cell.division, ())
        if division not in path:
            continue
        place = path.index(division)
        found.setdefault(path[place - 1] if place else None, []).append(cell)
    return found


def _percent(part: int, whole: int) -> str | None:
    """Half up, two decimals; null of nothing."""
    if not whole:
        return None
    hundredths = (part * 20_000 + whole) // (2 * whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _pace(closed: int, left: int, clock: Clock) -> Pace:
    """So far: what was closed on average a day. The forecast goes on like that from tomorrow."""
    elapsed = min(clock.day_number, clock.days) if clock.as_of <= clock.ends_on else clock.day_number
    so_far = closed * 100 // elapsed if elapsed else None
    needed = -(-left * 100 // clock.days_left) if clock.days_left else None
    if left == 0:
        return Pace(so_far, 0, None)
    forecast = None
    if closed and elapsed:
        ahead = math.ceil(left * elapsed / closed)
        forecast = clock.as_of + timedelta(days=ahead) if ahead < 36_500 else None
    return Pace(so_far, needed, forecast)


def _status(closed: int, left: int, clock: Clock, lagging_below_percent: int) -> Status:
    countable = closed + left
    if not countable:
        return Status.NONE
    if not left:
        return Status.DONE
    if clock.as_of > clock.ends_on:
        return Status.OVERDUE
    expected = countable * clock.day_number * lagging_below_percent
    return Status.LAGGING if closed * clock.days * 100 < expected else Status.ON_TRACK
