"""The fold, without a database: any order, any repetition, one state; corrections; endings; boards."""

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.organizations import rules
from app.organizations.rules import Fact, FindingKind, Origin, RegistrationStatus

CIVIL_AFFAIRS = "gd_civil_affairs"
APPROVAL_BUREAU = "gz_approval_bureau"
DAY = date(2020, 3, 1)
LATER = date(2022, 6, 1)
LATEST = date(2024, 9, 1)
REGISTRATION = {
    "name": "广州市甲协会",
    "kind": "association",
    "registration_mode": "direct",
    "registration_status": "normal",
    "division_code": "440115",
    "credit_code": "51440115MJL123456E",
}


def said(
    fact: str, value: Any, on: date, *, source: str = CIVIL_AFFAIRS, rank: int = 50,
    sequence: int | None = None, key: str = "", correction: bool = False, occurred_at: datetime | None = None,
) -> Fact:  # fmt: skip
    origin = Origin(source, rank, sequence, None, on, correction=correction, occurred_at=occurred_at)
    return rules.stated(fact, key, value, origin)


def corrected(fact: str, value: Any, on: date, sequence: int = 1) -> Fact:
    return said(fact, value, on, source=rules.HUMAN, rank=100, sequence=sequence, correction=True)


def registered(on: date = DAY, **more: Any) -> list[Fact]:
    return [said(fact, value, on, sequence=1) for fact, value in {**REGISTRATION, **more}.items()]


def found(facts: list[Fact]) -> set[tuple[str, str]]:
    return {(f.kind.value, f.fact) for f in rules.findings(rules.fold(facts))}


def value_on(state: rules.Fold, fact: str, day: date) -> Any:
    return next(
        p.values[fact] for p in state.periods if p.since <= day and (p.until is None or day < p.until)
    )


# --- any order, any repetition ------------------------------------------------------------------------------

_days = st.integers(0, 400).map(lambda n: date(2021, 1, 1) + timedelta(days=n))
_instants = st.none() | st.integers(0, 5).map(lambda n: datetime(2023, 1, 1, n, tzinfo=UTC))
_values = {
    "name": st.sampled_from(["广州市甲协会", "广州市乙协会", "广州市丙协会"]),
    "registration_status": st.sampled_from([s.value for s in RegistrationStatus]),
    "division_code": st.sampled_from(["440115", "440106", "330200"]),
    "supervisory_unit_id": st.none() | st.sampled_from(["0190a000-0000-7000-8000-000000000001"]),
    "decoupled": st.booleans(),
    "staff_count": st.none() | st.integers(0, 3),
    "established_on": st.none() | _days.map(date.isoformat),
    "credit_code": st.sampled_from(["51440115MJL123456E", "52440115MJL123456E"]),
}
_board = st.lists(
    st.sampled_from([("李一", "会长", True), ("王二", "会长", True), ("陈三", "秘书长", False)]), unique=True
).map(
    lambda seats: [
        {"name": n, "post": p, "is_principal": i, "since": None, "phone_mask": None} for n, p, i in seats
    ]
)


@st.composite
def _statements(draw: st.DrawFn) -> Fact:
    name = draw(st.sampled_from([*_values, "officers", "credit_listing"]))
    key, value = "", None
    if name == "officers":
        value = draw(_board)
    elif name == "credit_listing":
        key, value = (
            "abnormal/2021-05-01",
            draw(st.none() | st.fixed_dictionaries({"removed_on": _days.map(str)})),
        )
    else:
        value = draw(_values[name])
    by_person = draw(st.booleans())
    correction = draw(st.booleans())
    return said(
        name, value, draw(_days), key=key, correction=correction,
        source=rules.HUMAN if by_person else draw(st.sampled_from([CIVIL_AFFAIRS, APPROVAL_BUREAU])),
        rank=(100 if correction else 40) if by_person else draw(st.sampled_from([45, 50])),
        sequence=draw(st.none() | st.integers(1, 4)), occurred_at=draw(_instants),
    )  # fmt: skip


_histories = st.lists(_statements(), max_size=30).map(lambda more: [*registered(), *more])


@settings(max_examples=300, deadline=None)
@given(_histories, st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_one_state(facts: list[Fact], chance: random.Random) -> None:
    again = [*facts, *chance.choices(facts, k=len(facts) // 2)]
    chance.shuffle(again)
    state, other = rules.fold(facts), rules.fold(again)
    assert rules.same_state(state, other)
    assert state == other
    assert rules.findings(state) == rules.findings(other)
    assert rules.tenures(state) == rules.tenures(other)


@settings(max_examples=150, deadline=None)
@given(_histories)
def test_periods_cover_every_day_since_the_start_without_gap_or_overlap(facts: list[Fact]) -> None:
    state = rules.fold(facts)
    assert state.periods[0].since == state.starts_on
    assert state.periods[-1].until is None
    for one, following in itertools.pairwise(state.periods):
        assert one.until == following.since
        assert one.since < one.until
        assert one.values != following.values


@settings(max_examples=150, deadline=None)
@given(_histories, _days)
def test_a_day_of_the_timeline_equals_the_fold_of_what_was_effective_by_then(
    facts: list[Fact], day: date
) -> None:
    state = rules.fold(facts)
    if day < max(state.starts_on, DAY):
        return
    then = rules.fold([f for f in facts if f.effective_on <= day]).values()
    for fact in rules.COUNTABLE:
        assert value_on(state, fact, day) == then[fact], fact


@settings(max_examples=150, deadline=None)
@given(_histories)
def test_the_ruler_of_every_fact_is_the_greatest_in_the_stated_order(facts: list[Fact]) -> None:
    state = rules.fold(facts)
    for name, ruler in state.ruling.items():
        greatest = max((f for f in facts if f.fact == name and not f.key), key=rules.order)
        assert rules.order(ruler) == rules.order(greatest)


@settings(max_examples=100, deadline=None)
@given(_histories)
def test_digests_are_equal_exactly_for_equal_statements(facts: list[Fact]) -> None:
    places = {(f.fact, f.key, *rules.order(f)) for f in facts}
    assert len({rules.digest(f) for f in facts}) == len(places)


@settings(max_examples=100, deadline=None)
@given(_histories)
def test_tenures_of_one_person_in_one_post_never_overlap(facts: list[Fact]) -> None:
    by_seat: dict[str, list[rules.Tenure]] = {}
    for tenure in rules.tenures(rules.fold(facts)):
        assert tenure.until is None or tenure.since < tenure.until
        by_seat.setdefault(tenure.seat, []).append(tenure)
    for tenures in by_seat.values():
        for one, following in itertools.pairwise(tenures):
            assert one.until is not None
            assert one.until <= following.since


# --- the order, case by case --------------------------------------------------------------------------------


def test_a_later_effective_date_rules_whatever_came_first() -> None:
    facts = [*registered(), said("name", "新名", LATER, sequence=3), said("name", "旧名", DAY, sequence=9)]
    assert rules.fold(facts).values()["name"] == "新名"


def test_on_the_same_day_rank_decides_before_sequence() -> None:
    weak = said("staff_count", 9, LATER, source=APPROVAL_BUREAU, rank=45, sequence=99)
    strong = said("staff_count", 3, LATER, rank=50, sequence=1)
    assert rules.fold([*registered(), weak, strong]).values()["staff_count"] == 3


def test_on_the_same_day_from_one_source_the_sequence_decides() -> None:
    facts = [said("staff_count", 9, LATER, sequence=4), said("staff_count", 3, LATER, sequence=7)]
    assert rules.fold([*registered(), *facts]).values()["staff_count"] == 3


def test_without_a_sequence_the_sources_own_clock_decides() -> None:
    early = said("staff_count", 9, LATER, occurred_at=datetime(2022, 6, 1, 1, tzinfo=UTC))
    late = said("staff_count", 3, LATER, occurred_at=datetime(2022, 6, 1, 2, tzinfo=UTC))
    for order in itertools.permutations([early, late]):
        assert rules.fold([*registered(), *order]).values()["staff_count"] == 3


def test_a_registry_correction_comes_after_what_it_corrects_even_without_sequence() -> None:
    wrong = said("name", "珠江错字协会", DAY)
    right = said("name", "丁协会", DAY, correction=True)
    facts = [f for f in registered() if f.fact != "name"]
    assert rules.fold([*facts, right, wrong]).values()["name"] == "丁协会"
    assert ("registry_contradicts_correction", "name") not in found([*facts, right, wrong])


def test_ties_between_sources_and_unordered_words_are_findings() -> None:
    base = registered()
    two_sources = [
        said("staff_count", 5, LATER, sequence=2),
        said("staff_count", 6, LATER, source=APPROVAL_BUREAU, sequence=2),
    ]
    assert ("sources_disagree", "staff_count") in found([*base, *two_sources])
    unordered = [said("staff_count", 5, LATER), said("staff_count", 6, LATER)]
    assert ("order_not_stated", "staff_count") in found([*base, *unordered])
    settled = [*unordered, said("staff_count", 7, LATEST)]
    assert not found([*base, *settled])


# --- corrections --------------------------------------------------------------------------------------------


def test_a_correction_stands_against_the_word_it_corrects_and_is_a_finding_until_confirmed() -> None:
    facts = [*registered(name="珠江错字协会"), corrected("name", "珠江协会", DAY)]
    assert rules.fold(facts).values()["name"] == "珠江协会"
    assert ("registry_contradicts_correction", "name") in found(facts)
    confirmed = [*facts, said("name", "珠江协会", DAY, sequence=8)]
    assert rules.fold(confirmed).values()["name"] == "珠江协会"
    assert not found(confirmed)


def test_a_repeated_old_word_does_not_undo_a_correction() -> None:
    facts = [*registered(), corrected("staff_count", 5, LATER), said("staff_count", 4, LATER, sequence=20)]
    facts.append(said("staff_count", 4, DAY, sequence=21))
    assert rules.fold(facts).values()["staff_count"] == 5
    assert ("registry_contradicts_correction", "staff_count") in found(facts)


def test_a_later_differing_word_rules_from_its_day_and_is_a_finding() -> None:
    facts = [*registered(), corrected("division_code", "440106", LATER)]
    facts.append(said("division_code", "330200", LATEST, sequence=9))
    state = rules.fold(facts)
    assert state.values()["division_code"] == "330200"
    assert value_on(state, "division_code", LATEST - timedelta(days=1)) == "440106"
    assert ("registry_overrides_correction", "division_code") in found(facts)


def test_a_later_equal_word_confirms() -> None:
    facts = [*registered(), corrected("division_code", "440106", LATER)]
    facts.append(said("division_code", "440106", LATEST, sequence=9))
    assert not found(facts)


def test_a_confirmed_correction_leaves_later_changes_alone() -> None:
    facts = [*registered(name="错"), corrected("name", "对", DAY), said("name", "对", DAY, sequence=5)]
    facts.append(said("name", "新名", LATEST, sequence=9))
    assert rules.fold(facts).values()["name"] == "新名"
    assert not found(facts)


def test_a_correction_of_an_unstated_fact_is_no_finding() -> None:
    assert not found([*registered(), corrected("industry", "law", DAY)])


# --- endings ------------------------------------------------------------------------------------------------


def test_an_end_and_a_restoration_are_periods() -> None:
    facts = [
        *registered(),
        said("registration_status", "deregistered", LATER, sequence=5),
        said("registration_status", "normal", LATEST, sequence=6),
    ]
    state = rules.fold(facts)
    assert [(p.since, p.until, p.values["registration_status"]) for p in state.periods] == [
        (DAY, LATER, "normal"),
        (LATER, LATEST, "deregistered"),
        (LATEST, None, "normal"),
    ]
    assert state.ended_on is None


def test_a_licence_revoked_and_then_deregistered_ended_with_the_first() -> None:
    facts = [
        *registered(),
        said("registration_status", "license_revoked", LATER, sequence=5),
        said("registration_status", "deregistered", LATEST, sequence=6),
    ]
    assert rules.fold(facts).ended_on == LATER


def test_a_registration_effective_after_a_change_keeps_the_registrations_word_and_its_start() -> None:
    facts = [said("name", "早先的名", date(2019, 1, 1), sequence=2), *registered()]
    state = rules.fold(facts)
    assert state.values()["name"] == REGISTRATION["name"]
    assert state.starts_on == DAY


def test_establishment_before_the_first_statement_carries_the_first_word_back() -> None:
    state = rules.fold(registered(established_on="2010-05-01", supervisory_unit_id="x", decoupled=True))
    assert state.starts_on == date(2010, 5, 1)
    first = state.periods[0]
    assert (first.until, first.values["division_code"], first.values["registration_status"]) == (
        DAY, "440115", "normal",
    )  # fmt: skip
    assert (first.values["supervisory_unit_id"], first.values["decoupled"]) == (None, False)


def test_an_organization_first_heard_of_at_its_end_was_normal_before() -> None:
    facts = registered(established_on="2010-05-01", registration_status="deregistered")
    state = rules.fold(facts)
    assert [p.values["registration_status"] for p in state.periods] == ["normal", "deregistered"]


def test_a_change_effective_after_the_end_is_a_finding() -> None:
    facts = [*registered(), said("registration_status", "deregistered", LATER, sequence=5)]
    assert not found([*facts, said("staff_count", 2, LATER, sequence=6)])
    assert ("changed_after_end", "registration_status") in found(
        [*facts, said("name", "x", LATEST, sequence=7)]
    )


def test_an_end_before_the_beginning_is_a_finding() -> None:
    facts = registered(established_on="2021-01-01")
    facts.append(said("registration_status", "revoked", date(2020, 6, 1), sequence=3))
    assert (FindingKind.ENDED_BEFORE_ESTABLISHED.value, "registration_status") in found(facts)


def test_a_credit_code_is_for_life_and_of_the_kinds_class() -> None:
    changed = [*registered(), said("credit_code", "51440115MJL999999X", LATER, sequence=4)]
    assert ("credit_code_changed", "credit_code") in found(changed)
    assert ("credit_code_class_differs", "credit_code") in found(registered(kind="foundation"))


# --- boards -------------------------------------------------------------------------------------------------


def seat(name: str, post: str, *, principal: bool = True, since: str | None = None) -> dict[str, Any]:
    return {"name": name, "post": post, "is_principal": principal, "since": since, "phone_mask": None}


def test_a_new_board_ends_who_is_not_on_it_and_keeps_who_is() -> None:
    facts = [
        *registered(),
        said("officers", [seat("李一", "会长", since="2019-01-01"), seat("陈三", "秘书长")], DAY, sequence=2),
        said("officers", [seat("王二", "会长"), seat("陈三", "秘书长")], LATER, sequence=3),
    ]
    tenures = [(t.name, t.post, t.since, t.until) for t in rules.tenures(rules.fold(facts))]
    assert tenures == [
        ("李一", "会长", date(2019, 1, 1), LATER),
        ("陈三", "秘书长", DAY, None),
        ("王二", "会长", LATER, None),
    ]


# --- values -------------------------------------------------------------------------------------------------


def test_values_that_a_fact_cannot_hold_are_named() -> None:
    wrong = {
        "colour": "red", "name": None, "kind": "club", "decoupled": "yes", "staff_count": -1,
        "supervisory_unit_id": "me", "established_on": "2020-13-01", "domicile_address": "\x00",
    }  # fmt: skip
    for fact, value in wrong.items():
        with pytest.raises(rules.NotAValue) as refused:
            rules.checked({fact: value})
        assert refused.value.fact == fact


def test_absent_and_null_differ() -> None:
    assert rules.checked({"industry": None, "staff_count": 3}) == {"industry": None, "staff_count": 3}


def test_a_grade_given_on_29_february_ends_on_28_february() -> None:
    assert rules.grade_ends_on(date(2024, 2, 29)) == date(2029, 2, 28)
    assert rules.grade_ends_on(date(2024, 3, 1)) == date(2029, 3, 1)


def test_keys_of_records_cannot_be_confused() -> None:
    one = rules.Award(name="a/b", awarded_on=DAY)
    other = rules.Award(name="a", awarded_on=DAY)
    assert one.key != other.key
    assert "%2F" in one.key
