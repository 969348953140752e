"""Who is elected, when a term is over, what may be put off: the rules alone."""

from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.posts import rules
from app.posts.rules import Ballot, Confirmation, ElectionKind, Pack, PostRole, TermRule

ANY = UUID(int=7)
PACK = Pack(
    id=ANY,
    terms=(
        TermRule(5, frozenset({"committee", "general_branch", "branch"}), frozenset({"community"})),
        TermRule(5, frozenset({"committee"}), frozenset()),
        TermRule(3, frozenset({"general_branch", "branch"}), frozenset()),
    ),
    shift_months=12,
    congress_at_least=500,
    turnout=Fraction(4, 5),
    elected_over=Fraction(1, 2),
    differential=Fraction(1, 5),
    confirmations=dict.fromkeys(PostRole, Confirmation.APPROVED),
    reviewed=frozenset({PostRole.SECRETARY}),
    review_months=12,
    remind_months=(1, 3, 6),
)


def ballot(*votes: int, seats: int = 1, present: int = 10, role: PostRole = PostRole.MEMBER) -> Ballot:
    return Ballot(role, ElectionKind.ASSEMBLY, 10, present, seats, votes)


@pytest.mark.parametrize(
    ("kind", "level", "years"),
    [
        ("committee", "county", 5),
        ("general_branch", "county", 3),
        ("branch", "township", 3),
        ("branch", "community", 5),
        ("general_branch", "community", 5),
        ("working_committee", "county", None),
        ("work_team", "county", None),
    ],
)
def test_years_of_a_term(kind: str, level: str, years: int | None) -> None:
    assert PACK.years(kind, level) == years


def test_a_leap_day_ends_on_the_last_of_february() -> None:
    assert rules.term_end(date(2024, 2, 29), 3) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("votes", "seats", "places"),
    [
        ((6,), 1, {0}),
        ((5,), 1, set()),  # half is not more than half
        ((9, 8, 7), 2, {0, 1}),
        ((9, 7, 7), 2, {0}),  # equals at the last seat are voted on again
        ((7, 7, 7), 2, set()),
        ((7, 7), 2, {0, 1}),
        ((6, 10, 6, 3), 3, {0, 1, 2}),
    ],
)
def test_who_is_elected(votes: tuple[int, ...], seats: int, places: set[int]) -> None:
    assert rules.elected(ballot(*votes, seats=seats), PACK.elected_over) == places


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(1, 12), st.integers(1, 40))
def test_the_elected_are_few_enough_and_have_most(votes: list[int], seats: int, present: int) -> None:
    places = rules.elected(ballot(*votes, seats=seats, present=present), Fraction(1, 2))
    assert len(places) <= seats
    assert all(2 * votes[n] > present for n in places)
    outside = [votes[n] for n in range(len(votes)) if n not in places]
    assert all(votes[n] > other for n in places for other in outside if 2 * other > present)


@pytest.mark.parametrize(
    ("due", "present", "entitled", "codes"),
    [
        (10, 8, 10, []),
        (10, 7, 10, ["turnout_too_low"]),
        (10, 11, None, ["more_than_due"]),
        (11, 11, 10, ["more_than_entitled"]),
    ],
)
def test_who_was_there(due: int, present: int, entitled: int | None, codes: list[str]) -> None:
    asked = Ballot(PostRole.MEMBER, ElectionKind.ASSEMBLY, due, present, 1, (1,))
    assert [wrong.code for wrong in rules.wrong_with_turnout(asked, entitled, PACK, "")] == codes


@pytest.mark.parametrize(
    ("candidates", "seats", "kind", "role", "codes"),
    [
        (6, 5, ElectionKind.ASSEMBLY, PostRole.MEMBER, []),
        (5, 5, ElectionKind.ASSEMBLY, PostRole.MEMBER, ["too_few_candidates"]),
        (4, 3, ElectionKind.CONGRESS, PostRole.MEMBER, []),
        (7, 6, ElectionKind.ASSEMBLY, PostRole.MEMBER, ["too_few_candidates"]),
        (5, 5, ElectionKind.COMMITTEE, PostRole.MEMBER, []),
        (1, 1, ElectionKind.ASSEMBLY, PostRole.SECRETARY, []),
        (2, 2, ElectionKind.COMMITTEE, PostRole.SECRETARY, ["one_secretary"]),
    ],
)
def test_candidates_exceed_the_seats(
    candidates: int, seats: int, kind: ElectionKind, role: PostRole, codes: list[str]
) -> None:
    asked = Ballot(role, kind, 10, 10, seats, (1,) * candidates)
    assert [wrong.code for wrong in rules.wrong_with_ballot(asked, PACK, "")] == codes


SINCE, END = date(2023, 6, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("held", "approved", "codes"),
    [
        (date(2026, 6, 1), False, []),
        (date(2026, 9, 1), False, []),  # late is a fact, and its cure is not refused
        (date(2026, 5, 31), False, ["approval_required"]),
        (date(2026, 5, 31), True, []),
        (date(2025, 6, 1), True, []),
        (date(2025, 5, 31), True, ["too_early"]),
        (date(2023, 6, 1), True, ["too_early"]),
    ],
)
def test_before_the_term_is_over(held: date, approved: bool, codes: list[str]) -> None:
    found = rules.wrong_with_renewal(SINCE, END, held, PACK.shift_months, early_approved=approved)
    assert [wrong.code for wrong in found] == codes


@pytest.mark.parametrize(
    ("until", "codes"),
    [(date(2026, 6, 1), ["too_early"]), (date(2027, 6, 1), []), (date(2027, 6, 2), ["too_late"])],
)
def test_an_extension_of_a_year_at_most(until: date, codes: list[str]) -> None:
    assert [w.code for w in rules.wrong_with_extension(END, END, until, PACK.shift_months)] == codes
