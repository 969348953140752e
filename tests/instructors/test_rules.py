"""Who takes which blank spot, and the places of an instructor: pure."""

from datetime import date
from itertools import permutations
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.instructors import rules
from app.instructors.rules import Candidate, Offer, Period, Weights

WEIGHTS = Weights(distance=10, industry=6, home_unit=4, load=1)
NANSHA, TIANHE = ("440115", "440100", "440000", "100000"), ("440106", "440100", "440000", "100000")


Path = tuple[str, ...]


def candidate(
    number: int, path: tuple[str, ...] = NANSHA, *, area: str = "440100", free: int = 1
) -> Candidate:
    return Candidate(UUID(int=number), area, path, frozenset({"education"}), UUID(int=900), 0, free)


def offer(number: int, path: Path = NANSHA, industry: str | None = None) -> Offer:
    return Offer(UUID(int=100 + number), path, industry, frozenset())


def test_the_near_the_kindred_and_the_own_come_first() -> None:
    near, far = candidate(1), candidate(2, TIANHE)
    found = rules.match([offer(1, NANSHA), offer(2, TIANHE)], [near, far], WEIGHTS)
    assert {(m.offer.int, m.candidate.int, m.distance) for m in found} == {(101, 1, 0), (102, 2, 0)}
    kindred = rules.match([offer(1, industry="education"), offer(2, industry="sports")], [near], WEIGHTS)
    assert [(m.offer.int, m.same_industry) for m in kindred] == [(101, True)]
    own = Offer(UUID(int=7), NANSHA, None, frozenset({UUID(int=900)}))
    assert rules.match([offer(1), own], [near], WEIGHTS)[0].same_home_unit


def test_nobody_is_sent_where_they_do_not_serve_and_nobody_over_their_room() -> None:
    assert rules.match([offer(1, TIANHE)], [candidate(1, area="440115")], WEIGHTS) == []
    assert rules.match([offer(1)], [candidate(1, free=0)], WEIGHTS) == []
    found = rules.match([offer(n) for n in range(7)], [candidate(1, free=2), candidate(2, free=3)], WEIGHTS)
    held = [m.candidate.int for m in found]
    assert (held.count(1), held.count(2)) == (2, 3)
    even = rules.match([offer(n) for n in range(4)], [candidate(1, free=4), candidate(2, free=4)], WEIGHTS)
    assert sorted(m.candidate.int for m in even) == [1, 1, 2, 2]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([NANSHA, TIANHE]), min_size=1, max_size=4),
    st.lists(st.sampled_from([NANSHA, TIANHE]), min_size=1, max_size=4),
)
def test_no_other_way_is_cheaper(spots: list[Path], homes: list[Path]) -> None:
    offers = [offer(n, path) for n, path in enumerate(spots)]
    people = [candidate(n, path) for n, path in enumerate(homes)]
    found = rules.match(offers, people, WEIGHTS)
    costs = {(o.id, c.id): rules.match([o], [c], WEIGHTS)[0].cost for o in offers for c in people}
    least, most = sorted((offers, people), key=len)
    ways = permutations(most, len(least))
    best = min(
        sum(costs.get((a.id, b.id)) or costs[b.id, a.id] for a, b in zip(least, way, strict=True))
        for way in ways
    )
    assert len(found) == len(least)
    assert sum(m.cost for m in found) == best


def test_places_and_days() -> None:
    assert rules.free_slot([], 5) == 1
    assert rules.free_slot([1, 2, 4], 5) == 3
    assert rules.free_slot([1, 2], 2) is None
    term = Period(date(2025, 1, 1), date(2028, 1, 1))
    assert rules.wrong_with_assignment(term, term) == []
    early = rules.wrong_with_assignment(Period(date(2024, 12, 31), date(2026, 1, 1)), term)
    late = rules.wrong_with_assignment(Period(date(2026, 1, 1), date(2028, 1, 2)), term)
    assert [w.pointer for w in (*early, *late)] == ["/from_on", "/until_on"]
    assert (
        rules.wrong_with_assignment(Period(date(2026, 1, 1), date(2026, 1, 1)), term)[0].code
        == "empty_period"
    )
