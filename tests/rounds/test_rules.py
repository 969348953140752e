"""Eligibility, the draw and the ranking, without a database."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from app.rounds.rules import Facts, RoundTieRule, Standing, draw, next_one, ranked, reasons

ON = date(2026, 6, 1)
RULES = [
    {"rule": name, "least": least, "source": "test"}
    for name, least in (
        ("in_good_standing", 0),
        ("years_registered", 2),
        ("annual_checks", 1),
        ("penalties", 2),
        ("credit_listings", 0),
        ("minimum_star", 3),
        ("party_covered", 0),
    )
]
GOOD = Facts(
    "normal", date(2024, 6, 1), {2025: "passed", 2024: "passed"}, (date(2024, 6, 1),), star=3, covered=True
)
SHEETS = [UUID(int=n) for n in range(1, 31)]
POOL = [UUID(int=n) for n in range(101, 111)]


def test_every_reason_is_said_at_once() -> None:
    bad = Facts("revoked", date(2024, 6, 2), {2025: "failed"}, (date(2025, 1, 1),), listed=True, star=2)
    assert [reason.rule for reason in reasons(RULES, bad, ON)] == [rule["rule"] for rule in RULES]
    assert reasons(RULES, GOOD, ON) == []


def test_two_years_passed_only_basically_are_one_reason() -> None:
    facts = Facts("normal", date(2020, 1, 1), {2025: "basically_passed", 2024: "basically_passed"})
    assert [reason.rule for reason in reasons(RULES[2:3], facts, ON)] == ["annual_checks"]


def test_the_same_seed_draws_the_same_and_nobody_is_barred_or_overloaded() -> None:
    barred = {(sheet, POOL[number % 10]) for number, sheet in enumerate(SHEETS)}
    first = draw("481", SHEETS, POOL, barred, 5)
    assert first == draw("481", SHEETS[::-1], POOL[::-1], barred, 5)
    assert first != draw("482", SHEETS, POOL, barred, 5)
    loads = [sum(who in places for places in first.places.values()) for who in POOL]
    assert max(loads) - min(loads) <= 2
    assert all(len(set(places)) == 5 for places in first.places.values())
    assert not barred & {(sheet, who) for sheet, places in first.places.items() for who in places}


def test_a_pool_that_is_too_small_says_where() -> None:
    assert draw("s", SHEETS[:1], POOL[:3], {(SHEETS[0], POOL[0])}, 5).lacking == {SHEETS[0]: 3}
    assert next_one("s", SHEETS[0], POOL[:1], {(SHEETS[0], POOL[0])}, {}) is None


def test_equal_totals_share_a_rank_or_dimensions_decide() -> None:
    points = ((90, (50, 40)), (90, (60, 30)), (95, (60, 35)), (80, (40, 40)))
    all_ = [
        Standing(UUID(int=n), Decimal(total), vetoed=False, dimensions=tuple(map(Decimal, parts)))
        for n, (total, parts) in enumerate(points)
    ]
    vetoed = Standing(UUID(int=9), Decimal(99), vetoed=True, dimensions=())
    shared = ranked([*all_, vetoed], RoundTieRule.SHARED, 2)
    assert [shared[each.id] for each in all_] == [(2, False), (2, False), (1, True), (4, False)]
    assert vetoed.id not in shared
    decided = ranked(all_, RoundTieRule.DIMENSIONS, 2)
    assert [decided[each.id] for each in all_] == [(3, False), (2, True), (1, True), (4, False)]
