"""The law on members, without a database."""

from datetime import date
from uuid import UUID

import pytest

from app.members import rules
from app.members.rules import (
    EndKind,
    Holder,
    MembershipPack,
    MemberStatus,
    Precision,
    TransferRange,
    TransferState,
)

PACK = MembershipPack(6, 24, 6, 90)
TODAY = date(2026, 11, 22)
DAY, YEAR = Precision.DAY, Precision.YEAR


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 12, 15), 12, date(2026, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_month_ends_clamp(day: date, months: int, expected: date) -> None:
    assert rules.add_months(day, months) == expected


def test_every_wrong_date_is_named_at_once() -> None:
    wrongs = rules.wrong_with_dates(MemberStatus.FULL, None, (date(2027, 1, 1), DAY), TODAY)
    assert [(w.pointer, w.code) for w in wrongs] == [("/joined", "joined_required"), ("/full", "in_future")]
    wrongs = rules.wrong_with_dates(MemberStatus.APPLICANT, (date(2020, 1, 1), DAY), None, TODAY)
    assert [w.code for w in wrongs] == ["not_joined"]


def test_of_an_old_record_only_the_year_is_known() -> None:
    """Joined some day of 1999, full member on 1 March 1999: the year alone contradicts nothing."""
    assert (
        rules.wrong_with_dates(MemberStatus.FULL, (date(1999, 12, 31), YEAR), (date(1999, 3, 1), DAY), TODAY)
        == []
    )
    before = rules.wrong_with_dates(
        MemberStatus.FULL, (date(1999, 7, 1), DAY), (date(1999, 3, 1), DAY), TODAY
    )
    assert [w.code for w in before] == ["before_joining"]


def test_lost_contact_suspends_after_the_months_of_the_pack() -> None:
    lost = date(2026, 2, 28)
    assert rules.wrong_with_suspension(None, TODAY, PACK, abroad=False)[0].code == "contact_not_lost"
    early = rules.wrong_with_suspension(lost, date(2026, 8, 27), PACK, abroad=False)
    assert early[0].code == "too_early"
    assert "2026-08-28" in early[0].words[0]
    assert rules.wrong_with_suspension(lost, date(2026, 8, 28), PACK, abroad=False) == []
    assert rules.wrong_with_suspension(None, TODAY, PACK, abroad=True) == []


def test_a_probationary_member_is_not_expelled() -> None:
    assert not rules.may_end(MemberStatus.PROBATIONARY, EndKind.EXPELLED)
    assert rules.may_end(MemberStatus.PROBATIONARY, EndKind.PROBATION_REVOKED)
    assert not rules.may_end(MemberStatus.APPLICANT, EndKind.RESIGNED)
    assert not any(rules.may_end(MemberStatus.ENDED, kind) for kind in EndKind)


def test_a_transfer_ends_once() -> None:
    allowed = {(a, b) for a in TransferState for b in TransferState if rules.may_become(a, b)}
    assert allowed == {
        (TransferState.REQUESTED, TransferState.SENT),
        (TransferState.REQUESTED, TransferState.CANCELLED),
        (TransferState.SENT, TransferState.ACCEPTED),
        (TransferState.SENT, TransferState.RETURNED),
        (TransferState.SENT, TransferState.CANCELLED),
    }


def holder(**changes: object) -> Holder:
    given = {
        "kind": "branch",
        "formation": "single",
        "active": True,
        "committee": UUID(int=7),
        "province": "440000",
    }
    return Holder(UUID(int=1), **(given | changes))  # type: ignore[arg-type]


def test_how_far_a_transfer_goes() -> None:
    here = holder()
    assert rules.range_of(here, holder()) is TransferRange.WITHIN_COMMITTEE
    assert rules.range_of(here, holder(committee=UUID(int=8))) is TransferRange.WITHIN_PROVINCE
    assert rules.range_of(here, holder(committee=None, province="330000")) is TransferRange.NATIONAL
    assert rules.range_of(holder(committee=None), holder(committee=None)) is TransferRange.WITHIN_PROVINCE
