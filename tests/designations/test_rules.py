"""What a designation needs: pure, at the edges of the rule."""

from datetime import date

from app.designations import rules
from app.designations.rules import Asked, Decided, DesignationKind, KindRule

XIAN = KindRule(
    DesignationKind.STAR, {"county": 3, "prefecture": 4, "province": 5}, 3, 1, 3, cultivation=True
)
RESULT = Decided("star", "city", "star_4", selected=True, frozen=True, cultivated=True)


def asked(
    grade: int, level: str = "prefecture", *, present: int | None = 3, result: Decided | None = RESULT
) -> Asked:
    held = present is not None
    return Asked(DesignationKind.STAR, grade, level, present, held, paired=True, alive=True, result=result)


def test_every_reason_at_once() -> None:
    assert rules.reasons(asked(4), XIAN) == []
    bad = Decided("grade", "province", "3a", selected=False, frozen=False, cultivated=False)
    wrong = Asked(DesignationKind.STAR, 5, "prefecture", 3, held=True, paired=False, alive=False, result=bad)
    assert set(rules.reasons(wrong, XIAN)) == set(rules.WORDS) - {"lower_than_present"}


def test_steps_hold_for_promotions_by_a_round_only() -> None:
    five = Decided("star", "province", "star_5", selected=True, frozen=True, cultivated=True)
    assert rules.reasons(asked(5, "province", result=five), XIAN) == ["step_too_high"]
    assert rules.reasons(asked(5, "province", present=4, result=five), XIAN) == []
    assert rules.reasons(asked(5, "province", present=None, result=five), XIAN) == []
    assert rules.reasons(asked(5, "province", result=None), XIAN) == []
    assert rules.reasons(asked(2, result=None), XIAN) == ["lower_than_present"]


def test_bands_days_and_shares() -> None:
    assert [rules.grade_of(band) for band in ("star_3", "3a", "excellent", None)] == [3, 3, None, None]
    day = date(2024, 2, 29)
    assert (rules.years_later(day, 4), rules.years_later(day, 5)) == (
        date(2028, 2, 29),
        date(2029, 3, 1),
    )
    assert (rules.percent(17, 59), rules.percent(12, 29), rules.percent(1, 0)) == ("28.8", "41.4", None)
