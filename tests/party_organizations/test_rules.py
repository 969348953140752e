"""The tree's oracle, the sum check and what may be asked, without a database."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path as File
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.party_organizations import rules
from app.party_organizations.rules import (
    BodyFunction,
    BodyKind,
    Formation,
    Link,
    NoBodyReason,
    Path,
    Period,
    Power,
    Superior,
)
from app.party_organizations.schemas import PowersContent

PACK = File(rules.__file__).parents[1] / "data" / "rule_packs" / "party-organization-powers.json"
D = date(2020, 1, 1)
DAYS = st.integers(0, 60).map(lambda n: D + timedelta(days=n))
A, B, C = uuid4(), uuid4(), uuid4()


def test_guangdong_adds_up() -> None:
    parts = {BodyKind.COMMITTEE: 7, BodyKind.GENERAL_BRANCH: 6, BodyKind.BRANCH: 417}
    counts = rules.add_up(430, {**parts, BodyKind.GROUP: 9})
    assert counts.sum_holds
    assert dict(counts.parts) == parts
    assert counts.others[BodyKind.GROUP] == 9
    assert not rules.add_up(431, parts).sum_holds


def test_only_three_kinds_count() -> None:
    assert {kind for kind in BodyKind if rules.counts_as_primary(kind)} == {
        BodyKind.COMMITTEE,
        BodyKind.GENERAL_BRANCH,
        BodyKind.BRANCH,
    }


def test_who_may_what_is_data() -> None:
    """The shipped pack: general branch, temporary branch and leading group approve nobody."""
    shipped = json.loads(PACK.read_text("utf-8"))["content"]
    pack = PowersContent.model_validate(shipped).plain(None)
    assert set(pack.kinds) == set(BodyKind)
    assert pack.of(BodyKind.COMMITTEE, Formation.REGIONAL).may(Power.APPROVE_MEMBERS)
    general = pack.of(BodyKind.GENERAL_BRANCH, Formation.JOINT)
    assert general.may(Power.DELIBERATE_MEMBERS)
    assert "党总支不能审批党员" in str(general.refused(Power.APPROVE_MEMBERS))
    temporary = pack.of(BodyKind.BRANCH, Formation.TEMPORARY)
    assert temporary.granted == frozenset()
    for power in Power:
        assert "a temporary branch cannot" in str(temporary.refused(power))
    assert pack.of(BodyKind.BRANCH, Formation.JOINT).refused(Power.ADMIT_MEMBERS) is None
    assert rules.PowersPack({}, {}).of(BodyKind.BRANCH, None).refused(Power.DISCIPLINE) is not None


def test_a_move_splits_the_paths() -> None:
    links = [Link(B, A, Period(D, D + timedelta(10))), Link(C, B, Period(D))]
    paths = rules.closure({A: D, B: D, C: D}, links)
    assert Path(A, C, 2, Period(D, D + timedelta(10))) in paths
    assert Path(B, C, 1, Period(D)) in paths
    assert len(paths) == 6


def test_a_ring_is_found() -> None:
    with pytest.raises(rules.CyclicError):
        rules.closure({A: D, B: D}, [Link(A, B, Period(D)), Link(B, A, Period(D))])


@given(st.lists(st.tuples(st.sampled_from([A, B, C]), DAYS, st.integers(1, 9)), max_size=12))
def test_joined_keeps_every_day(pieces: list[tuple[UUID, date, int]]) -> None:
    cursor: dict[UUID, date] = {}
    paths = []
    for body, since, length in pieces:
        start = max(since, cursor.get(body, since))
        cursor[body] = start + timedelta(days=length)
        paths.append(Path(body, A, 1, Period(start, cursor[body])))
    joined = rules.joined(paths)
    for body in (A, B, C):
        for day in (D + timedelta(days=n) for n in range(200)):
            before = sum(p.ancestor == body and p.period.holds(day) for p in paths)
            assert before == sum(p.ancestor == body and p.period.holds(day) for p in joined)
    assert not any(
        one.ancestor == other.ancestor and one.period.until == other.period.since
        for one in joined
        for other in joined
    )


@given(DAYS, st.none() | st.integers(1, 30), DAYS)
def test_cutting_keeps_the_days_before(since: date, length: int | None, on: date) -> None:
    period = Period(since, None if length is None else since + timedelta(days=length))
    left = period.cut(on)
    for day in (D + timedelta(days=n) for n in range(100)):
        assert (left is not None and left.holds(day)) == (period.holds(day) and day < on)
    assert period.reaches(on) == any(
        period.holds(day) for day in (on + timedelta(days=n) for n in range(100))
    )


def test_recorded_periods_never_invert() -> None:
    early, late = (datetime(2026, 1, 1, n, tzinfo=UTC) for n in (1, 2))
    assert rules.after(late, early, None) == late
    assert rules.after(early, late) > late
    assert rules.after(early, early) > early


def codes(wrongs: list[rules.Wrong]) -> list[tuple[str, str]]:
    return [(wrong.pointer, wrong.code) for wrong in wrongs]


def test_a_body_that_counts_has_a_formation() -> None:
    assert codes(rules.wrong_with_body(BodyKind.BRANCH, None, D, D)) == [("/formation", "formation_required")]
    assert rules.wrong_with_body(BodyKind.WORKING_COMMITTEE, None, D, D) == []
    assert codes(rules.wrong_with_body(BodyKind.BRANCH, Formation.JOINT, D + timedelta(1), D)) == [
        ("/founded_on", "in_future")
    ]


def test_every_reason_against_a_place_is_named_at_once() -> None:
    superior = Superior(BodyKind.BRANCH, D, active=False)
    day = D - timedelta(1)
    found = rules.wrong_with_place(BodyKind.COMMITTEE, D, superior, day, D, pointer="/on")
    assert codes(found) == [
        ("/parent_id", "parent_dissolved"),
        ("/parent_id", "kind_of_parent"),
        ("/on", "before_foundation"),
    ]


@pytest.mark.parametrize(
    ("kind", "parent", "allowed"),
    [
        (BodyKind.COMMITTEE, BodyKind.WORKING_COMMITTEE, True),
        (BodyKind.BRANCH, BodyKind.COMMITTEE, True),
        (BodyKind.GROUP, BodyKind.BRANCH, True),
        (BodyKind.DISCIPLINE_COMMITTEE, BodyKind.WORKING_COMMITTEE, True),
        (BodyKind.COMMITTEE, BodyKind.BRANCH, False),
        (BodyKind.BRANCH, BodyKind.BRANCH, False),
        (BodyKind.BRANCH, BodyKind.GROUP, False),
        (BodyKind.GROUP, BodyKind.WORKING_COMMITTEE, False),
    ],
)
def test_which_kind_hangs_below_which(kind: BodyKind, parent: BodyKind, allowed: bool) -> None:
    wrongs = rules.wrong_with_place(kind, D, Superior(parent, D, active=True), D, D, pointer="/on")
    assert (not wrongs) is allowed


def test_covers() -> None:
    later = D + timedelta(5)
    assert rules.wrong_with_cover(BodyKind.WORK_TEAM, D, Period(D), D) == []
    assert codes(rules.wrong_with_cover(BodyKind.DISCIPLINE_COMMITTEE, D, Period(D), D)) == [
        ("", "kind_does_not_cover")
    ]
    assert codes(rules.wrong_with_cover(BodyKind.BRANCH, later, Period(D, D), D)) == [
        ("/from_on", "before_foundation"),
        ("/until_on", "empty_period"),
    ]
    assert codes(rules.wrong_with_cover(BodyKind.BRANCH, D, Period(later, later + timedelta(1)), D)) == [
        ("/from_on", "in_future"),
        ("/until_on", "in_future"),
    ]


def test_functions() -> None:
    def wrong(kind: BodyKind, function: BodyFunction, industry: str | None) -> list[tuple[str, str]]:
        return codes(rules.wrong_with_function(kind, function, industry, D, founded_on=D, today=D))

    assert wrong(BodyKind.COMMITTEE, BodyFunction.COMPREHENSIVE_COMMITTEE, None) == []
    assert wrong(BodyKind.COMMITTEE, BodyFunction.INDUSTRY_COMMITTEE, None) == [("/industry", "industry")]
    assert wrong(BodyKind.COMMITTEE, BodyFunction.LOCAL_COMMITTEE, "law") == [("/industry", "industry")]
    assert wrong(BodyKind.GROUP, BodyFunction.LOCAL_COMMITTEE, None) == [
        ("/function", "kind_without_function")
    ]


@given(st.integers(1, 800), st.sampled_from(NoBodyReason), st.none() | st.just("说明"))
def test_a_reason_expires_within_its_maximum(days: int, reason: NoBodyReason, note: str | None) -> None:
    period = Period(D, D + timedelta(days=days))
    found = codes(rules.wrong_with_reason(reason, note, period, D, 366))
    assert (("/until_on", "too_long") in found) == (days > 366)
    assert (("/note", "note_required") in found) == (reason is NoBodyReason.OTHER and note is None)


def test_a_reason_has_an_end_after_its_beginning() -> None:
    assert codes(rules.wrong_with_reason(NoBodyReason.DORMANT, None, Period(D, D), D, 366)) == [
        ("/until_on", "empty_period")
    ]
    assert codes(rules.wrong_with_reason(NoBodyReason.DORMANT, None, Period(D), D, 366)) == [
        ("/until_on", "too_long")
    ]
