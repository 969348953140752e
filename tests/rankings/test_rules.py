"""Rankings with a pencil: points, ties, gaps, rounding."""

from fractions import Fraction

from app.rankings.rules import (
    Measure,
    MeasureCode,
    NothingRule,
    Scheme,
    TieRule,
    change,
    shown,
    standings,
    wrong_with_content,
)

ORGANIZATION, WORK, OVERDUE = (
    MeasureCode.ORGANIZATION_COVERAGE,
    MeasureCode.WORK_COVERAGE,
    MeasureCode.DUTIES_OVERDUE,
)
UP = Measure(ORGANIZATION, Fraction(60), Fraction(0), Fraction(100))
DOWN = Measure(OVERDUE, Fraction(40), Fraction(20), Fraction(0))
SCHEME = Scheme((UP, DOWN), 2, TieRule.COMPETITION, NothingRule.SKIP, ())


def test_weights_directions_and_gaps() -> None:
    """472 of 659 (Yangquan, 71.62 %) with a tenth overdue; one without duties; one with nothing at all."""
    found = {
        s.key: s
        for s in standings(
            {
                "a": {ORGANIZATION: (472, 659), OVERDUE: (1, 10)},
                "b": {ORGANIZATION: (1, 2), OVERDUE: (0, 0)},
                "c": {ORGANIZATION: (0, 0), OVERDUE: (0, 0)},
                "d": {ORGANIZATION: (1, 1), OVERDUE: (1, 2)},
            },
            SCHEME,
        )
    }
    assert found["a"].points == {ORGANIZATION: "42.97", OVERDUE: "20.00"}
    assert (found["a"].score, found["a"].rank) == ("62.97", 1)
    assert (found["b"].score, found["b"].points[OVERDUE], found["b"].rank) == ("50.00", None, 3)
    assert (found["c"].score, found["c"].rank) == (None, None)
    assert (found["d"].score, found["d"].points[OVERDUE], found["d"].rank) == ("60.00", "0.00", 2)


def test_ties_by_both_rules_and_by_a_breaker() -> None:
    rows = {
        key: {ORGANIZATION: (above, 10), WORK: (worked, 10)}
        for key, above, worked in (("a", 9, 1), ("b", 8, 2), ("c", 8, 3), ("d", 7, 0))
    }
    plain = (UP,)
    for ranks, expected in ((TieRule.COMPETITION, [1, 2, 2, 4]), (TieRule.DENSE, [1, 2, 2, 3])):
        scheme = Scheme(plain, 2, ranks, NothingRule.SKIP, ())
        assert [s.rank for s in standings(rows, scheme)] == expected
    tiny = Measure(WORK, Fraction(1, 10**9), Fraction(0), Fraction(100))
    broken = Scheme((UP, tiny), 2, TieRule.COMPETITION, NothingRule.SKIP, (WORK,))
    assert [(s.key, s.rank) for s in standings(rows, broken)] == [("a", 1), ("c", 2), ("b", 3), ("d", 4)]


def test_rounding_is_half_up_and_what_is_shown_decides() -> None:
    assert [shown(Fraction(n, 1000), 2) for n in (4, 5, 1005, -5)] == ["0.00", "0.01", "1.01", "0.00"]
    near = {"a": {ORGANIZATION: (100_001, 200_000)}, "b": {ORGANIZATION: (1, 2)}}
    assert [s.rank for s in standings(near, Scheme((UP,), 2, TieRule.COMPETITION, NothingRule.ZERO, ()))] == [
        1,
        1,
    ]
    assert (change(1, 3), change(2, 1), change(None, 1)) == (2, -1, None)


def test_schemes_that_mean_nothing() -> None:
    measure = {"code": "charter", "weight": "1", "worst": "0", "best": "100"}
    good = {"measures": [measure], "ties": ["charter"]}
    assert wrong_with_content(good) is None
    assert wrong_with_content({**good, "measures": [measure, measure]}) == "measure_twice"
    assert wrong_with_content({**good, "ties": ["work_coverage"]}) == "tie_unmeasured"
    assert wrong_with_content({**good, "measures": [{**measure, "best": "0"}]}) == "best_is_worst"
    assert wrong_with_content({**good, "measures": [{**measure, "weight": "0"}]}) == "weight_not_positive"
