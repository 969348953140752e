"""The arithmetic of a countdown: milliseconds, no database."""

from datetime import date, timedelta

import pytest

from app.campaigns import rules
from app.campaigns.rules import Cell, Clock, Status, TargetList

FIRST = date(2026, 3, 1)


def clock(day: int, days: int = 100) -> Clock:
    return Clock(FIRST, rules.last_day(FIRST, days), FIRST + timedelta(days=day - 1))


@pytest.mark.parametrize(("days", "last"), [(100, date(2026, 6, 8)), (60, date(2026, 4, 29))])
def test_the_last_day_is_day_one_hundred_or_sixty(days: int, last: date) -> None:
    assert rules.last_day(FIRST, days) == last
    assert (clock(days, days).day_number, clock(days, days).days_left) == (days, 0)
    assert (clock(1, days).day_number, clock(1, days).days_left) == (1, days - 1)
    assert (clock(0, days).day_number, clock(0, days).days_left) == (0, days)
    assert clock(days + 5, days).days_left == 0


def figures(cells: list[Cell], day: int, days: int = 100) -> rules.Figures:
    return rules.figures(cells, clock(day, days), lagging_below_percent=80, trend_days=7)


def test_pace_need_and_forecast() -> None:
    cells = [Cell("440115", FIRST, 100, 0, 0), Cell("440115", FIRST + timedelta(days=9), -20, 20, 0)]
    found = figures(cells, 10)
    assert (found.targets, found.closed, found.left, found.percent) == (100, 20, 80, "20.00")
    assert (found.pace.so_far, found.pace.needed) == (200, 89), "2.00 a day; 80 in 90 days, rounded up"
    assert found.pace.forecast_on == clock(10).as_of + timedelta(days=40)
    assert (found.lately, found.before, found.status) == (20, 0, Status.ON_TRACK)
    assert figures(cells, 40).status is Status.LAGGING, "20 of 100 after 40 of 100 days"
    assert figures(cells, 101).status is Status.OVERDUE
    late = figures(cells, 101).pace
    assert (late.so_far, late.needed) == (19, None)
    assert figures(cells, 9).pace.forecast_on is None


def test_what_was_removed_counts_in_no_share() -> None:
    cells = [Cell("a", FIRST, 4, 0, 0), Cell("a", FIRST + timedelta(days=1), -4, 3, 1)]
    found = figures(cells, 2)
    assert (found.targets, found.left, found.percent, found.status) == (4, 0, "100.00", Status.DONE)
    assert (found.pace.needed, found.pace.forecast_on) == (0, None)
    assert figures([], 2).status is Status.NONE
    assert figures([], 2).percent is None


def test_days_add_up_and_the_last_state_of_a_day_counts() -> None:
    cells = [Cell("a", FIRST, 3, 0, 0), Cell("b", FIRST + timedelta(days=2), -1, 1, 0)]
    days = rules.days_of(cells, clock(4))
    assert [(d.left, d.closed) for d in days] == [(3, 0), (3, 0), (2, 1), (2, 1)]


def test_places_hang_below_the_division_asked_about() -> None:
    paths = {
        "440115001": ("440115001", "440115", "440100", "440000"),
        "440100": ("440100", "440000"),
        "330200": ("330200", "330000"),
    }
    cells = [Cell(code, FIRST, 1, 0, 0) for code in paths]
    assert set(rules.placed(cells, paths, "440100")) == {"440115", None}
    assert set(rules.placed(cells, paths, "440000")) == {"440100"}


def test_a_check_is_due_half_a_year_later_and_months_are_clamped() -> None:
    assert rules.next_check(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert rules.next_check(date(2025, 6, 15), 6) == date(2025, 12, 15)


RULE = {
    "days": 60,
    "lists": ["uncovered"],
    "goal": "covered",
    "ended": "removes",
    "evidence": "file",
    "repeat_months": None,
}


def test_a_fixed_length_and_evidence() -> None:
    rule = rules.kind_rule(RULE)
    assert rule.lists == (TargetList.UNCOVERED,)
    assert rules.wrong_with_period(rule, FIRST, None) == []
    assert [w.code for w in rules.wrong_with_period(rule, FIRST, date(2026, 5, 1))] == ["fixed_length"]
    free = rules.kind_rule({**RULE, "days": None, "evidence": "either"})
    assert [w.code for w in rules.wrong_with_period(free, FIRST, None)] == ["missing"]
    assert [w.code for w in rules.wrong_with_period(free, FIRST, date(2026, 2, 1))] == ["empty_period"]
    assert [w.pointer for w in rules.wrong_with_evidence(rule, file=False, note=True)] == ["/file_id"]
    assert rules.wrong_with_evidence(free, file=False, note=True) == []
    assert [w.pointer for w in rules.wrong_with_evidence(free, file=False, note=False)] == ["/note"]
