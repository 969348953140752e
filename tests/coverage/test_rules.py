"""Shares, months, places and thresholds, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.coverage import rules
from app.coverage.rules import Counting, CoverageBasis, ExceptionsMode, Pack, RateCode, Rulebook, rolling

COUNTING = Counting(
    code="coverage-national",
    version="1",
    source="x",
    active_statuses=("normal",),
    kinds=("association", "foundation"),
    work_covering_kinds=("work_team",),
    instructors_cover=True,
    joint_counts_as_established=True,
    complete_wordings=("2019",),
)


@pytest.mark.parametrize(
    ("above", "below", "share"),
    [
        (472, 659, "71.62"),
        (272, 659, "41.27"),
        (660, 803, "82.19"),
        (9538, 63235, "15.08"),
        (1272, 3866, "32.90"),
        (17, 59, "28.81"),
        (1, 8, "12.50"),
        (1, 800, "0.13"),
        (0, 5, "0.00"),
        (5, 5, "100.00"),
        (3, 0, None),
    ],
)
def test_shares_round_half_up_as_the_documents_do(above: int, below: int, share: str | None) -> None:
    assert rules.percent(above, below) == share


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_off_by_half_a_hundredth_at_most(above: int, below: int) -> None:
    share = rules.percent(above, below)
    assert share is not None
    hundredths = int(share.replace(".", ""))
    assert abs(hundredths * below - above * 10_000) * 2 <= below


def test_months_end_on_their_last_day_and_today() -> None:
    days = rules.month_ends(date(2023, 12, 15), date(2026, 1, 1), date(2024, 3, 10))
    assert days == (date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 10))
    assert rules.month_ends(date(2024, 4, 1), date(2024, 5, 1), date(2024, 3, 10)) == ()
    assert (
        len(rules.month_ends(date(1900, 1, 1), date(2026, 1, 1), date(2026, 1, 1))) == rules.MONTHS_MOST + 1
    )


def test_equals_share_a_place() -> None:
    assert rules.ranks([(1, 2), (9, 10), (5, 10), (0, 0), (0, 3)]) == [2, 1, 2, None, 4]


def entry(basis: str, at_least: int, *, must: bool = True) -> dict[str, object]:
    return {"basis": basis, "at_least": at_least, "must_establish": must}


def test_the_nearest_jurisdiction_judges_and_versions_follow_each_other() -> None:
    packs = [
        Pack(
            None,
            0,
            date(2015, 9, 28),
            "1",
            {"thresholds": [entry("full_members", 3), entry("x", 1, must=False)]},
        ),
        Pack(None, 0, date(2020, 1, 1), "2", {"thresholds": [entry("full_members", 5)]}),
        Pack("330200", 2, date(2018, 1, 1), "1", {"thresholds": [entry("full_time_full_members", 3)]}),
        Pack("330200", 2, date(2018, 1, 1), "2", {"thresholds": [entry("full_time_full_members", 4)]}),
    ]
    found = [(t.jurisdiction, t.since, t.until, t.basis, t.at_least) for t in rules.thresholds(packs)]
    assert found == [
        ("330200", date(2018, 1, 1), None, "full_time_full_members", 4),
        (None, date(2015, 9, 28), date(2020, 1, 1), "full_members", 3),
        (None, date(2020, 1, 1), None, "full_members", 5),
    ]


@pytest.mark.parametrize("rate", RateCode)
@pytest.mark.parametrize("basis", CoverageBasis)
def test_every_rate_says_what_it_counts(rate: RateCode, basis: CoverageBasis) -> None:
    zh, en = rules.definition(rate, COUNTING, basis, ExceptionsMode.COUNTED)
    assert zh.startswith("分子: ")
    assert "。分母: " in zh
    assert "正常" in zh
    assert "national" in en.lower()
    assert en.startswith("Numerator: ")
    assert ". Denominator: " in en
    assert "associations, foundations" in en


def test_definitions_follow_the_pack() -> None:
    counted = rules.definition(
        RateCode.ORGANIZATION_COVERAGE, COUNTING, CoverageBasis.REGISTRATION, ExceptionsMode.COUNTED
    )
    excluded = rules.definition(
        RateCode.ORGANIZATION_COVERAGE, COUNTING, CoverageBasis.REGISTRATION, ExceptionsMode.EXCLUDED
    )
    assert "仍计入分母" in counted[0]
    assert "不计入分母" in excluded[0]
    assert (
        "2019"
        in rules.definition(RateCode.CHARTER, COUNTING, CoverageBasis.DOMICILE, ExceptionsMode.COUNTED)[0]
    )


def test_checkpoints_lie_where_reading_on_would_cost_as_much_as_they_do() -> None:
    today, number = date(2020, 1, 31), rolling.LEAST // 2
    histogram = [(date(2020, 1, day), number) for day in range(1, 31)]
    assert rules.next_checkpoint(histogram, {}, today) == date(2020, 1, 2)
    known = {date(2020, 1, 2): 3 * number}
    assert rules.next_checkpoint(histogram, known, today) == date(2020, 1, 5)
    known[date(2020, 1, 5)] = 100 * number
    assert rules.next_checkpoint(histogram, known, today) is None
    assert rules.next_checkpoint(histogram, {}, date(2020, 1, 1)) is None


def test_eras_follow_each_other_and_every_rule_is_in_the_fingerprint() -> None:
    content = {
        "active_statuses": ["normal"],
        "kinds": ["association"],
        "work_covering_kinds": ["work_team"],
        "joint_counts_as_established": True,
        "complete_wordings": ["2019"],
    }
    packs = [
        (date(2020, 1, 1), "2", "c", "x", content),
        (date(1900, 1, 1), "1", "c", "x", content),
        (date(2020, 1, 1), "3", "c", "x", {**content, "kinds": ["foundation"]}),
    ]
    found = rules.eras(packs)
    assert [(e.since, e.until, e.counting.version) for e in found] == [
        (date(1900, 1, 1), date(2020, 1, 1), "1"),
        (date(2020, 1, 1), None, "3"),
    ]
    book = Rulebook(found, (), "")
    assert book.days == (date(1900, 1, 1), date(2020, 1, 1))
    others = (Rulebook(found[:1], (), ""), Rulebook(found, (), "330200 abc"))
    assert len({book.fingerprint, *(other.fingerprint for other in others)}) == 3
