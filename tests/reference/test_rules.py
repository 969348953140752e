"""Working days and overlays, without a database."""

from datetime import date, timedelta
from uuid import UUID

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference import formats
from app.reference.rules import Calendar, Deadline, RulePack, add_working_days, overlays, working_days_between

DAY = timedelta(days=1)
SHIPPED = Calendar(
    {entry.day: entry.is_working for days in formats.calendar().values() for entry in days},
    frozenset(formats.calendar()),
)
DATES = st.dates(date(2020, 1, 1), date(2022, 12, 31))
CALENDARS = st.builds(
    Calendar,
    st.dictionaries(DATES, st.booleans(), max_size=60),
    st.frozensets(st.sampled_from([2020, 2021, 2022])),
)


@pytest.mark.parametrize(
    ("start", "days", "due_on"),
    [
        (date(2026, 9, 28), 5, date(2026, 10, 10)),  # 国庆 1–7 October, Saturday the 10th is worked
        (date(2026, 2, 13), 5, date(2026, 2, 27)),  # 春节: the 14th is worked, 15–23 are free
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_five_working_days_after_registration(start: date, days: int, due_on: date) -> None:
    assert add_working_days(start, days, SHIPPED) == Deadline(due_on, provisional=False)


def test_past_the_last_known_year_only_weekends_count_and_it_is_provisional() -> None:
    assert add_working_days(date(2026, 12, 30), 3, SHIPPED) == Deadline(date(2027, 1, 4), provisional=True)
    assert add_working_days(date(2026, 12, 21), 5, SHIPPED).provisional is False


@given(CALENDARS, DATES, st.integers(0, 60))
def test_the_deadline_is_the_nth_working_day_by_counting(calendar: Calendar, start: date, days: int) -> None:
    deadline = add_working_days(start, days, calendar)
    passed = [start + DAY * n for n in range(1, (deadline.due_on - start).days + 1)]
    assert sum(calendar.is_working(day) for day in passed) == days
    assert days == 0 or calendar.is_working(deadline.due_on)
    assert deadline.provisional == any(day.year not in calendar.known for day in passed)
    assert working_days_between(start, deadline.due_on, calendar) == days


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_the_shipped_calendar_is_that_of_the_yearly_notices(day: date) -> None:
    assert SHIPPED.is_working(day) == chinese_calendar.is_workday(day)


@pytest.mark.parametrize("days", [-1, 3_661])
def test_a_deadline_has_bounds(days: int) -> None:
    with pytest.raises(ValueError, match="days"):
        add_working_days(date(2026, 1, 1), days, SHIPPED)


def test_csv_round_trip() -> None:
    days = formats.calendar()[2026]
    assert formats.read_calendar(formats.write_calendar(days)) == days


# ------------------------------------------------------------------------------------------------ overlays


def pack(number: int, jurisdiction: str | None, effective_on: date, version: str = "1") -> RulePack:
    return RulePack(UUID(int=number), "responsibility", "x", version, jurisdiction, effective_on, "测试", {})


NATIONAL = pack(1, None, date(2015, 9, 28))
PROVINCE = pack(2, "330000", date(2017, 1, 1))
CITY = pack(3, "330200", date(2018, 1, 1))
PATH = ("100000", "330000", "330200", "330203")


def test_the_nearest_jurisdiction_comes_last() -> None:
    packs = [CITY, PROVINCE, NATIONAL, pack(4, "440000", date(2016, 1, 1))]
    assert overlays(packs, PATH, date(2026, 1, 1)) == (NATIONAL, PROVINCE, CITY)
    assert overlays(packs, PATH, date(2017, 6, 1)) == (NATIONAL, PROVINCE)
    assert overlays(packs, PATH, date(2015, 1, 1)) == ()


def test_of_several_versions_the_latest_in_force_holds() -> None:
    newer, ahead = pack(5, None, date(2023, 3, 1), "2"), pack(6, None, date(2031, 1, 1), "3")
    assert overlays([newer, ahead, NATIONAL], PATH, date(2026, 1, 1)) == (newer,)
    assert overlays([newer, ahead, NATIONAL], PATH, date(2020, 1, 1)) == (NATIONAL,)
