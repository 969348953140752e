"""What a designation needs: pure, at the edges of the rule."""

from datetime import date

from app.designations import rules
from app.designations.rules import Asked, DesignationKind, KindRule

STARS = {"county": 3, "prefecture": 4, "province": 5}
XIAN = KindRule(DesignationKind.STAR, STARS, 3, 1, 3, cultivation=True)


def asked(grade: int, level: str = "prefecture", *, paired: bool = True, alive: bool = True) -> Asked:
    return Asked(DesignationKind.STAR, grade, level, 3, held=True, paired=paired, alive=alive)


def test_every_reason_at_once() -> None:
    assert rules.reasons(asked(4), XIAN) == []
    assert rules.reasons(asked(5, "province"), XIAN) == []
    assert rules.reasons(asked(2, paired=False), XIAN) == ["lower_than_present"]
    wrong = rules.reasons(asked(5, paired=False, alive=False), XIAN)
    assert wrong == ["level_may_not", "subject_ended", "pairing_missing"]


def test_days_and_shares() -> None:
    day = date(2024, 2, 29)
    assert (rules.years_later(day, 4), rules.years_later(day, 5)) == (date(2028, 2, 29), date(2029, 3, 1))
    assert (rules.percent(17, 59), rules.percent(12, 29), rules.percent(1, 0)) == ("28.8", "41.4", None)
