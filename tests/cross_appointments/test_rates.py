"""The two rates, and what is held together."""

from datetime import date
from uuid import UUID

import pytest

from app.cross_appointments import rules
from app.cross_appointments.rules import Covered, Held, Office, Period


@pytest.mark.parametrize(
    ("numerator", "denominator", "share"),
    [(472, 659, "71.62"), (272, 659, "41.27"), (0, 3, "0.00"), (0, 0, None), (1, 800, "0.13")],
)
def test_rates_half_up(numerator: int, denominator: int, share: str | None) -> None:
    """Features 2-21: 472 and 272 of 659."""
    assert rules.percent(numerator, denominator) == share


def test_only_the_days_that_all_share() -> None:
    body, organization, post, member = (UUID(int=n) for n in range(1, 5))
    office = Office(
        organization, b"x", None, (b"x",), "会长", is_principal=True, period=Period(date(2020, 1, 1), None)
    )
    namesake = Office(
        organization, b"y", None, (b"y",), "理事", is_principal=False, period=Period(date(2020, 1, 1), None)
    )
    held = Held(post, body, member, b"x", "secretary", Period(date(2021, 1, 1), date(2023, 1, 1)))
    covers = [Covered(body, organization, Period(date(2022, 1, 1), None))]
    found = rules.together({organization: [office, namesake]}, {body: [held]}, covers)
    assert [(each.office.title, each.period) for each in found] == [
        ("会长", Period(date(2022, 1, 1), date(2023, 1, 1)))
    ]
    late = [Covered(body, organization, Period(date(2023, 1, 1), None))]
    assert rules.together({organization: [office]}, {body: [held]}, late) == []
