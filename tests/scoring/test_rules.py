"""Totals against an independent recomputation; bounds, order, monotony; caps, floors, vetoes; overlays."""

import json
import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.scoring import rules
from app.scoring.rules import Aggregation, Computed, Kind, Mark, Overlay, Standard
from tests.scoring.random_standards import cases, marks, standards

unhurried = settings(
    max_examples=int(os.environ.get("JICENG_SHEETS", "40")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
"""`JICENG_SHEETS=5000` for the long form."""

Case = tuple[Standard, dict[str, list[Mark]], dict[str, Computed], frozenset[str]]


def by_hand(case: Case) -> tuple[Decimal, bool]:
    """The total of a sheet and whether it is vetoed, from the text of the docs, in another way."""
    standard, sheets, figures, granted = case
    relief = [a for a in standard.adjustments if a.code in granted]
    full = {a.indicator for a in relief if a.relief == "full"}
    whole = {who: Fraction(0) for who in sheets}
    worth: dict[str, dict[str, Fraction]] = {}
    for line in standard.indicators:
        waived = {c for a in relief if a.indicator == line.code for c in a.deductions}
        said = [(who, mark) for who, given in sheets.items() for mark in given if mark.indicator == line.code]
        worth[line.code] = {who: _worth(line, mark, waived) for who, mark in said}
        for who, value in worth[line.code].items():
            whole[who] += value if line.kind is not Kind.BONUS and line.code not in full else 0
    reached = {"regular": Fraction(0), "extra": Fraction(0)}
    for line in standard.indicators:
        if line.code in full:
            got = Fraction(line.worth)
        elif line.kind is Kind.COMPUTED:
            got = _figure(line, figures.get(line.source or ""))
        else:
            ranking = whole if standard.across == "sheet" else worth[line.code]
            names = _middle(sorted(ranking, key=lambda who: (ranking[who], who)), standard.aggregation)
            counted = [worth[line.code][who] for who in names if who in worth[line.code]]
            got = sum(counted, Fraction(0)) / len(counted) if counted else Fraction(0)
        reached["extra" if line.kind is Kind.BONUS else "regular"] += got
    extra = reached["extra"]
    if standard.bonus_cap is not None:
        extra = min(extra, Fraction(standard.bonus_cap))
    top = standard.total if standard.maximum is None else standard.maximum
    places = standard.rounding.places
    scaled = min(reached["regular"] + extra, Fraction(top)) * 10**places
    total = Decimal((scaled + Fraction(1, 2)).__floor__()).scaleb(-places)
    return total, any(_vetoed(line, case) for line in standard.indicators if line.kind is Kind.VETO)


def _worth(line: rules.Indicator, mark: Mark, waived: set[str]) -> Fraction:
    points = Fraction(line.points)
    if line.kind is Kind.VETO:
        return points
    if line.kind is Kind.DEDUCT:
        prices = {d.code: Fraction(d.points) for d in line.deductions}
        off = sum((n * prices[c] for c, n in mark.deductions.items() if c not in waived), Fraction(0))
        got = max(points - off, Fraction(0))
    elif line.kind is Kind.LEVEL:
        got = Fraction({x.code: x.points for x in line.levels}[mark.level or ""])
    else:
        got = min(Fraction(line.each or 0) * (mark.count or 0), points)
    return got / points * Fraction(line.worth)


def _vetoed(line: rules.Indicator, case: Case) -> bool:
    standard, sheets, figures, _ = case
    if line.source is not None:
        return bool(figures.get(line.source, Computed(None)).value)
    votes = sum(
        bool(mark.triggered) for given in sheets.values() for mark in given if mark.indicator == line.code
    )
    return votes > (0 if standard.veto_quorum == "any" else len(sheets) / 2)


def _figure(line: rules.Indicator, figure: Computed | None) -> Fraction:
    if figure is None or figure.value is None:
        return Fraction(0)
    if line.each is not None:
        raw = min(Fraction(line.each) * Fraction(figure.value), Fraction(line.points))
    else:
        raw = Fraction(0)
        for step in line.steps:
            if step.at_least <= figure.value:
                raw = Fraction(step.points)
    return raw / Fraction(line.points) * Fraction(line.worth)


def _middle(names: list[str], aggregation: Aggregation) -> list[str]:
    if aggregation is Aggregation.TRIMMED_MEAN and len(names) >= 3:
        del names[0], names[-1]
    if aggregation is Aggregation.MEDIAN:
        while len(names) > 2:
            del names[0], names[-1]
    return names


def derive(case: Case) -> rules.Derivation:
    return rules.derive(*case)


@unhurried
@given(cases())
def test_totals_are_those_of_a_recomputation_by_hand(case: Case) -> None:
    standard, sheets, _, _ = case
    assert rules.check(standard) == []
    assert all(rules.wrong_marks(standard, given) == [] for given in sheets.values())
    made = derive(case)
    total, vetoed = by_hand(case)
    assert made.total == total
    assert made.vetoed == vetoed
    assert (made.band is None) == (vetoed or not standard.bands)
    assert 0 <= made.total <= standard.ceiling.quantize(made.total, rounding=ROUND_HALF_UP)
    for line in made.indicators:
        assert 0 <= line.score <= line.weight
        assert all(0 <= said.score <= line.weight for said in line.said)
    if standard.bonus_cap is not None:
        assert made.bonus <= standard.bonus_cap
    again = json.loads(rules.canonical(made))
    assert again["total"] == rules.number(made.total)
    assert rules.canonical(again) == rules.canonical(made)


@unhurried
@given(cases(), st.randoms(use_true_random=False))
def test_order_makes_no_difference(case: Case, chance: random.Random) -> None:
    standard, sheets, figures, granted = case
    names = list(sheets)
    chance.shuffle(names)
    shuffled = {who: chance.sample(sheets[who], len(sheets[who])) for who in names}
    other = (standard, shuffled, dict(reversed(figures.items())), granted)
    assert rules.canonical(derive(other)) == rules.canonical(derive(case))


@unhurried
@given(cases(), st.data())
def test_a_better_mark_never_lowers_a_total(case: Case, data: st.DataObject) -> None:
    standard, sheets, figures, granted = case
    own = [(who, n) for who, said in sheets.items() for n, _ in enumerate(said)]
    assume(own)
    who, number = data.draw(st.sampled_from(own))
    line = standard.indicator(sheets[who][number].indicator)
    assert line is not None
    assume(line.kind is not Kind.VETO)
    complete = all(not rules.unmarked(standard, said) for said in sheets.values())
    assume(complete or standard.aggregation is Aggregation.MEAN)
    better = data.draw(marks(line))
    assume(_points(line, better) >= _points(line, sheets[who][number]))
    raised = {**sheets, who: [better if n == number else m for n, m in enumerate(sheets[who])]}
    assert derive((standard, raised, figures, granted)).total >= derive(case).total


def _points(line: rules.Indicator, mark: Mark) -> Fraction:
    """Less off for each deduction, so that no adjustment can turn it round."""
    if line.kind is Kind.DEDUCT:
        return -Fraction(
            sum((d.points * mark.deductions.get(d.code, 0) for d in line.deductions), Decimal(0))
        )
    if line.kind is Kind.LEVEL:
        return Fraction({level.code: level.points for level in line.levels}[mark.level or ""])
    return Fraction(mark.count or 0)


@unhurried
@given(standards(), st.data())
def test_overlays_stay_within_their_limits(base: Standard, data: st.DataObject) -> None:
    open_lines = [line for line in base.indicators if line.regular]
    assume(open_lines)
    codes = data.draw(st.lists(st.sampled_from([x.code for x in open_lines]), unique=True, min_size=1))
    given_weights = {code: data.draw(st.integers(0, 900)) for code in codes}
    weights = {code: Decimal(value) / 4 for code, value in given_weights.items()}
    wrong = rules.wrong_with_overlay(base, Overlay(weights))
    made = rules.overlay(base, Overlay(weights))
    inside = all(
        line.weight_min is not None
        and line.weight_max is not None
        and line.weight_min <= line.worth <= line.weight_max
        for line in made.indicators
        if line.code in weights
    )
    adds_up = sum((line.worth for line in made.indicators if line.regular), Decimal(0)) == base.total
    assert (wrong == []) == (inside and adds_up)
    untouched: Sequence[str] = [x.code for x in base.indicators if x.code not in weights]
    before: Mapping[str, Decimal] = {x.code: x.worth for x in base.indicators}
    assert all(x.worth == before[x.code] for x in made.indicators if x.code in untouched)
    assert bool(rules.compare(base, made)) == (made != base)
    assert bool(rules.compare(base, made)) == (rules.digest(base) != rules.digest(made))


def test_a_faulty_standard_says_every_reason() -> None:
    line = rules.Indicator("a", "a", Kind.COMPUTED, Decimal(10), scored_by=(rules.Scorer.LEDGER,))
    orphan = rules.Adjustment("x", "x", "nowhere", rules.Relief.FULL)
    broken = Standard(
        code="broken",
        use=rules.Use.GRADE,
        name="broken",
        source="invented",
        total=Decimal(100),
        dimensions=(
            rules.Dimension("one", "one", Decimal(20), (line, replace(line, source="nobody_knows"))),
            rules.Dimension("one", "one", Decimal(5), ()),
        ),
        bands=(rules.Band("b", "b", Decimal(101)), rules.Band("c", "c", Decimal(101))),
        adjustments=(orphan,),
    )
    found = {(wrong.pointer, wrong.code) for wrong in rules.check(broken)}
    assert found == {
        ("/dimensions", "twice"),
        ("/indicators", "twice"),
        ("/dimensions/0/indicators/0/source", "missing"),
        ("/dimensions/0/indicators/1/source", "missing"),
        ("/dimensions/0/indicators/1/source", "unknown_source"),
        ("/dimensions/1/indicators", "empty"),
        ("/dimensions/1/weight", "does_not_add_up"),
        ("/total", "does_not_add_up"),
        ("/bands", "twice"),
        ("/bands/0/at_least", "out_of_reach"),
        ("/bands/1/at_least", "out_of_reach"),
        ("/adjustments/0/indicator", "orphan"),
    }
