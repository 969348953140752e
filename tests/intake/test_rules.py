"""Pure: order, parking, gaps, waits."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake import rules
from app.intake.rules import Decision, EventType, Gap, Place


def test_there_are_fifteen_types() -> None:
    assert len(EventType) == 15


@given(st.lists(st.integers(0, 60), max_size=40))
def test_gaps_are_exactly_the_numbers_that_were_passed_over(sequences: list[int]) -> None:
    missing = {number for gap in rules.gaps(sequences) for number in range(gap.first, gap.last + 1)}
    span = set(range(min(sequences), max(sequences))) if sequences else set()
    assert missing == span - set(sequences)
    assert sum(gap.missing for gap in rules.gaps(sequences)) == len(missing)


def test_a_late_arrival_splits_or_closes_a_gap() -> None:
    assert list(rules.gaps([1, 5])) == [Gap(2, 4)]
    assert list(rules.gaps([5, 3, 1])) == [Gap(2, 2), Gap(4, 4)]
    assert list(rules.gaps([1, 2, 2, 3])) == []


@pytest.mark.parametrize(
    ("registers", "subject_inside", "target_inside", "decision"),
    [
        (True, None, True, Decision.APPLY),
        (True, True, True, Decision.APPLY),
        (True, None, False, Decision.REFUSE_OUTSIDE),
        (True, False, True, Decision.REFUSE_OUTSIDE),
        (False, None, True, Decision.PARK),
        (False, True, True, Decision.APPLY),
        (False, True, False, Decision.REFUSE_OUTSIDE),
        (False, False, True, Decision.PARK),
        (False, None, False, Decision.REFUSE_OUTSIDE),
    ],
)
def test_only_a_message_about_what_is_inside_is_applied(
    registers: bool, subject_inside: bool | None, target_inside: bool, decision: Decision
) -> None:
    assert decision is rules.decide(
        registers=registers, subject_inside=subject_inside, target_inside=target_inside
    )


def test_a_backlog_is_taken_organization_by_organization_in_its_own_order() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    places = [
        Place(None, None, None, None, "9"),
        Place("a", date(2020, 1, 1), 7, at, "1"),
        Place("a", date(2020, 1, 1), 8, None, "0"),
        Place("a", date(2021, 1, 1), 1, None, "2"),
        Place("b", date(2019, 1, 1), None, at, "4"),
        Place("b", date(2019, 1, 1), None, at + timedelta(seconds=1), "3"),
    ]
    shuffled = random.Random(5).sample(places, len(places))  # noqa: S311
    assert rules.in_order(shuffled) == places


def test_waits_grow_and_are_bounded() -> None:
    waits = [rules.backoff(attempt).total_seconds() for attempt in range(1, 9)]
    assert waits[:4] == [1, 4, 16, 64]
    assert max(waits) == 300


def test_every_stated_credit_code_is_found_however_deep() -> None:
    payload = {"data": {"credit_code": " a1 ", "into": [{"credit_code": "B2"}, {"credit_code": 5}]}, "x": [1]}
    assert rules.stated_credit_codes(payload) == {"A1", "B2"}
    assert rules.stated_credit_codes([]) == frozenset()
