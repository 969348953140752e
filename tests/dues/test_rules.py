"""Brackets on the whole income, to the cent; months; what arrears lead to."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.dues import rules
from app.dues.rules import ArrearsStep, Assessed, IncomeClass
from app.dues.schemas import DuesContent

FILE = Path(__file__).parents[2] / "app/dues/data/rule_packs/dues-national.json"
CONTENT = json.loads(FILE.read_text("utf-8"))["content"]
PACK = DuesContent.model_validate(CONTENT).plain(None)
EMPLOYED = PACK.tariffs[IncomeClass.EMPLOYED].brackets
INCOMES = st.integers(0, 5_000_000).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize(
    ("income", "amount"),
    [
        ("3000", "15.00"),
        ("3000.01", "30.00"),
        ("5000", "50.00"),
        ("5000.01", "75.00"),
        ("10000", "150.00"),
        ("10000.01", "200.00"),
        ("0", "0.00"),
        ("1", "0.01"),
    ],
)
def test_the_cliffs_to_the_cent(income: str, amount: str) -> None:
    assert str(rules.by_brackets(EMPLOYED, Decimal(income)).amount) == amount


@pytest.mark.parametrize(("income", "amount"), [("5000", "25.00"), ("5000.01", "50.00")])
def test_the_cliff_of_the_retired(income: str, amount: str) -> None:
    found = rules.by_brackets(PACK.tariffs[IncomeClass.RETIRED].brackets, Decimal(income))
    assert str(found.amount) == amount


@given(INCOMES)
def test_it_is_the_whole_income_times_one_rate_half_up(income: Decimal) -> None:
    rate = (
        Fraction(1, 200) if income <= 3000
        else Fraction(1, 100) if income <= 5000
        else Fraction(3, 200) if income <= 10000
        else Fraction(1, 50)
    )  # fmt: skip
    cents = Fraction(income) * rate * 100
    assert rules.by_brackets(EMPLOYED, income).amount * 100 == (2 * cents + 1) // 2


@given(INCOMES, INCOMES)
def test_more_income_never_owes_less(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    first, second = (rules.by_brackets(EMPLOYED, income) for income in (less, more))
    assert first.amount <= second.amount
    if first.rate == second.rate and first.rate is not None:
        assert abs((second.amount - first.amount) - (more - less) * first.rate) <= Decimal("0.01")


@pytest.mark.parametrize(
    ("kind", "income", "amount", "found"),
    [
        ("student", None, None, "0.20"),
        ("relief", None, None, "0.20"),
        ("student", "100", None, ["income_not_asked"]),
        ("student", None, "0.50", ["amount_not_asked"]),
        ("farmer", None, "0.50", "0.50"),
        ("farmer", None, "1.01", ["outside_range"]),
        ("farmer", None, None, ["outside_range"]),
        ("employed", None, None, ["income_required"]),
        ("employed", "-1", "3", ["income_required", "amount_not_asked"]),
        ("self_employed", "4000", None, "40.00"),
    ],
)
def test_every_class_asks_for_its_own(
    kind: str, income: str | None, amount: str | None, found: str | list[str]
) -> None:
    made = rules.assess(
        PACK.tariffs[IncomeClass(kind)],
        Decimal(income) if income else None,
        Decimal(amount) if amount else None,
    )
    if isinstance(made, Assessed):
        assert str(made.amount) == found
    else:
        assert [wrong.code for wrong in made] == found


def test_months_and_steps() -> None:
    assert list(rules.months(date(2025, 11, 1), date(2026, 2, 1))) == [
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip
    steps = [rules.step_after(n, PACK) for n in (0, 2, 3, 5, 6, 60)]
    assert steps == [
        ArrearsStep.NONE, ArrearsStep.NONE, ArrearsStep.REPORT, ArrearsStep.REPORT,
        ArrearsStep.PROPOSAL, ArrearsStep.PROPOSAL,
    ]  # fmt: skip


def test_a_pack_must_cover_every_income_in_order() -> None:
    employed = CONTENT["classes"][0]
    for brackets in (
        employed["brackets"][:2],
        [employed["brackets"][1], employed["brackets"][0], employed["brackets"][3]],
        [employed["brackets"][3], employed["brackets"][3]],
    ):
        broken = {**CONTENT, "classes": [{**employed, "brackets": brackets}]}
        with pytest.raises(ValidationError):
            DuesContent.model_validate(broken)
    with pytest.raises(ValidationError):
        DuesContent.model_validate({**CONTENT, "classes": [{**employed, "fixed": "1.00"}]})
