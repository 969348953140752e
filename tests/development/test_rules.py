"""Every step of the shipped packs: its dates, and what stands against it. Pure, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.development import rules
from app.development.rules import Attempt, Facts, Force, Node, Pack
from app.development.schemas import DevelopmentContent
from app.reference.rules import Calendar
from tests.development import timeline
from tests.development.timeline import DAYS, codes

D = date
PAPER = {"paper_missing"}
TABLE: dict[str, tuple[date | None, date | None, set[str]]] = {
    "1": (None, None, {"age_unknown"} | PAPER),
    "2": (None, D(2022, 2, 28), PAPER),
    "3": (None, D(2022, 7, 31), PAPER),
    "4": (None, None, PAPER),
    "5": (None, D(2022, 6, 20), {"contacts"}),
    "6": (D(2023, 5, 10), None, {"appraisals_missing"} | PAPER),
    "7": (D(2023, 5, 10), None, PAPER),
    "8": (None, None, PAPER),
    "9": (None, None, {"introducers"}),
    "10": (None, None, {"review_missing"} | PAPER),
    "11": (None, None, {"training_short"} | PAPER),
    "12": (None, None, {"review_missing"} | PAPER),
    "13": (None, None, {"no_approving_body"} | PAPER),
    "14": (None, None, {"form_number_missing"} | PAPER),
    "15": (None, D(2023, 7, 20), {"vote_missing"} | PAPER),
    "16": (None, None, PAPER),
    "17": (None, D(2023, 11, 30), {"no_approving_body"} | PAPER),
    "18": (None, None, PAPER),
    "19": (None, None, set()),
    "20": (None, None, set()),
    "21": (D(2024, 7, 31), None, {"appraisals_missing"}),
    "22": (D(2024, 7, 31), D(2024, 8, 31), PAPER),
    "23": (D(2024, 8, 31), D(2024, 9, 30), {"vote_missing"} | PAPER),
    "24": (None, D(2024, 11, 30), {"no_approving_body"} | PAPER),
    "25": (None, None, PAPER),
}
"""Of each step: the earliest and the latest day, and every reason at once when nothing is there."""


@pytest.mark.parametrize("code", [str(n) for n in range(1, 26)])
def test_each_of_the_25_steps(code: str) -> None:
    pack = timeline.pack()
    node, earliest, latest, missing = pack.by_code[code], *TABLE[code]
    known = timeline.before(code)
    on = DAYS[code]
    window = rules.window(pack, node, known)
    assert (window.earliest_on, window.latest_on) == (earliest, latest)

    taken = Attempt(on, age=18)
    assert codes(rules.reasons(pack, node, known, taken)) == set()
    assert node in rules.following(pack, known)

    empty = Facts(today=known.today, done=known.done)
    assert codes(rules.reasons(pack, node, empty, Attempt(on))) == missing

    if earliest is not None:
        early = rules.reasons(pack, node, known, replace(taken, on=earliest - timedelta(days=1)))
        assert "too_early" in codes(early)
        assert next(r for r in early if r.code == "too_early").since == earliest
    for before in node.after:
        left = {c: d for c, d in known.done.items() if c != before}
        found = rules.reasons(pack, node, replace(known, done=left), taken)
        assert ("step_missing", before) in {(r.code, r.about) for r in found}
    assert "in_future" in codes(
        rules.reasons(pack, node, known, replace(taken, on=known.today + timedelta(days=1), exception="x"))
    )
    assert "step_done" in codes(
        rules.reasons(pack, node, replace(known, done={**known.done, code: on}), taken)
    )
    assert all(r.rule.article and r.rule.source for r in rules.reasons(pack, node, empty, Attempt(on)))


def test_a_term_clamps_to_the_end_of_its_month() -> None:
    assert rules.add_months(D(2023, 1, 31), 1) == D(2023, 2, 28)
    assert rules.add_months(D(2024, 1, 31), 1) == D(2024, 2, 29)
    assert rules.add_months(D(2023, 8, 31), 6) == D(2024, 2, 29)
    assert rules.add_months(D(2024, 2, 29), 12) == D(2025, 2, 28)
    assert rules.add_months(D(2024, 3, 31), -1) == D(2024, 2, 29)


@given(st.dates(D(1950, 1, 1), D(2150, 1, 1)), st.integers(-60, 60))
def test_months_are_counted_never_days(day: date, months: int) -> None:
    moved = rules.add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


def test_statute_asks_for_the_reason_and_practice_warns() -> None:
    pack, known = timeline.pack(), timeline.before("17")
    node = pack.by_code["17"]
    late = Attempt(D(2023, 12, 1))
    assert codes(rules.reasons(pack, node, known, late)) == {"late_without_reason"}
    excused = rules.reasons(pack, node, known, replace(late, exception="防疫期间无法集中"))
    assert codes(excused) == set()
    assert "late" in {r.code for r in excused}
    too_late = rules.reasons(pack, node, known, Attempt(D(2024, 3, 1), exception="特殊情况"))
    assert codes(too_late) == {"too_late"}
    meeting = rules.reasons(pack, pack.by_code["15"], timeline.before("15"), Attempt(D(2023, 8, 31)))
    assert [r.force for r in meeting if r.code == "late"] == [Force.WARN]


@pytest.mark.parametrize(
    ("today", "back_to"),
    [(D(2023, 11, 30), None), (D(2023, 12, 1), "15"), (D(2024, 2, 29), "15"), (D(2024, 3, 1), "12")],
)
def test_what_was_decided_too_late_goes_back(today: date, back_to: str | None) -> None:
    found = rules.lapsed(timeline.pack(), replace(timeline.before("17"), today=today))
    assert (found and found[1].back_to) == back_to


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"due": 16}, "no_quorum"),
        ({"due": 10, "present": 5}, "no_quorum"),
        ({"in_favour": 5}, "not_carried"),
        ({"in_favour": 6}, None),
        ({"present": 6, "written": 2, "in_favour": 6}, None),
        ({"anonymous": False}, "not_anonymous"),
        ({"on": D(2023, 9, 1)}, "vote_later"),
    ],
)
def test_votes_are_more_than_half_of_those_due(change: dict[str, Any], code: str | None) -> None:
    """Quorum: more than half of those due are present; carried by more than half of those due, not of those
    present (细则第19、20条)."""
    pack, known = timeline.pack(), timeline.before("15")
    known = replace(known, ballots={"15": replace(timeline.BALLOT, **change)})
    found = codes(rules.reasons(pack, pack.by_code["15"], known, Attempt(DAYS["15"])))
    assert found == ({code} if code else set()) or (code == "no_quorum" and code in found)


def test_helpers_are_so_many_full_members() -> None:
    pack, known = timeline.pack(), timeline.before("9")
    one = rules.Helper(rules.HelperRole.INTRODUCER, full=True, restricted=False)
    for helpers, expected in (
        ([one], {"introducers"}),
        ([one] * 3, {"introducers"}),
        ([one, replace(one, full=False)], {"helper_not_full"}),
        ([one, replace(one, restricted=True)], {"helper_restricted"}),
        ([one, one], set()),
    ):
        found = rules.reasons(pack, pack.by_code["9"], replace(known, helpers=helpers), Attempt(DAYS["9"]))
        assert codes(found) == expected


def test_training_is_three_days_or_24_hours_since_the_step_before() -> None:
    pack, known = timeline.pack(), timeline.before("11")
    node, on = pack.by_code["11"], DAYS["11"]
    for trainings, enough in (
        ([(D(2023, 6, 1), 3, 0)], True),
        ([(D(2023, 6, 1), 0, 24)], True),
        ([(D(2023, 6, 1), 2, 23)], False),
        ([(D(2023, 6, 1), 0, 12), (D(2023, 6, 2), 0, 12)], True),
        ([(D(2023, 5, 1), 5, 40)], False),
    ):
        held = [rules.Training(*each) for each in trainings]
        found = codes(rules.reasons(pack, node, replace(known, trainings=held), Attempt(on)))
        assert (found == set()) is enough


def test_reviews_expire_and_fail() -> None:
    pack, known = timeline.pack(), timeline.before("12")
    node = pack.by_code["12"]
    review = rules.PoliticalReview(D(2022, 6, 9), rules.ReviewConclusion.PASSED)
    assert codes(rules.reasons(pack, node, replace(known, review=review), Attempt(DAYS["12"]))) == {
        "review_expired"
    }
    failed = replace(review, on=D(2023, 6, 1), conclusion=rules.ReviewConclusion.FAILED)
    assert codes(rules.reasons(pack, node, replace(known, review=failed), Attempt(DAYS["12"]))) == {
        "review_failed"
    }


def test_who_may_approve() -> None:
    pack, known, on = timeline.pack(), timeline.before("17"), Attempt(DAYS["17"])
    node = pack.by_code["17"]
    words = ("党总支不能审批党员", "a general branch cannot approve members")
    for change, expected in (
        ({"approver": rules.Approver(above=False)}, {"not_above_the_branch"}),
        ({"approver": rules.Approver(above=True, refused=words)}, {"body_without_power"}),
        ({"general_branch_between": True}, {"not_deliberated"}),
    ):
        assert codes(rules.reasons(pack, node, replace(known, **change), on)) == expected
    between = replace(known, general_branch_between=True)
    deliberated = replace(on, deliberated_on=D(2023, 9, 10))
    assert codes(rules.reasons(pack, node, between, deliberated)) == set()
    later = replace(on, deliberated_on=D(2023, 9, 21))
    assert codes(rules.reasons(pack, node, between, later)) == {"deliberated_later"}


def test_quotas_block_or_warn() -> None:
    pack, known, on = timeline.pack(), timeline.before("15"), Attempt(DAYS["15"])
    node = pack.by_code["15"]

    def told(**changes: Any) -> set[tuple[str, Force]]:
        found = rules.reasons(pack, node, replace(known, **changes), on)
        return {(r.code, r.force) for r in found if "quota" in r.code}

    assert told(places=None) == {("no_quota", Force.WARN)}
    assert told(places=rules.Places(0, enforced=True)) == {("quota_used", Force.BLOCK)}
    assert told(places=rules.Places(0, enforced=False)) == {("quota_used", Force.WARN)}
    assert told(places=rules.Places(0, enforced=True), counted_in=2023) == set()


def test_a_publicity_is_counted_in_working_days_and_provisional() -> None:
    """2026: five working days before a development target is named; a year without its notice is
    provisional."""
    pack = timeline.pack(timeline.REVISED)
    node, known = pack.by_code["7"], timeline.before("7", pack)
    assert "publicity_missing" in codes(rules.reasons(pack, node, known, Attempt(DAYS["7"])))
    shown = rules.Publicity(D(2023, 5, 4), 5, D(2023, 5, 9), rules.ObjectionResult.NONE)
    holidays = {D(2023, 5, 1): False, D(2023, 5, 2): False, D(2023, 5, 3): False}
    known = replace(
        known,
        publicities={"7": shown},
        calendar=Calendar({**holidays, D(2023, 5, 6): True}, frozenset({2023})),
    )
    window = rules.window(pack, node, known)
    assert (window.earliest_on, window.provisional) == (D(2023, 5, 10), False)
    assert codes(rules.reasons(pack, node, known, Attempt(DAYS["7"]))) == {"publicity_running"}
    closed = replace(shown, closed_on=D(2023, 5, 10))
    known = replace(known, publicities={"7": closed})
    assert codes(rules.reasons(pack, node, known, Attempt(DAYS["7"]))) == set()
    unknown = replace(known, calendar=Calendar())
    assert rules.window(pack, node, unknown).provisional
    upheld = replace(closed, result=rules.ObjectionResult.UPHELD)
    found = rules.reasons(pack, node, replace(known, publicities={"7": upheld}), Attempt(DAYS["7"]))
    assert codes(found) == {"objection_upheld"}
    still = replace(closed, closed_on=None, result=None)
    found = rules.reasons(pack, node, replace(known, publicities={"7": still}), Attempt(DAYS["7"]))
    assert codes(found) == {"publicity_open"}


def test_what_is_second_hand_is_marked() -> None:
    assert not any(node.rule.verified for node in timeline.pack(timeline.REVISED).nodes)
    assert {n.code for n in timeline.pack().nodes if n.rule.verified} == {"2", "11", "17", "24"}
    stages = [len([n for n in timeline.pack().nodes if n.stage == s]) for s in timeline.pack().stages]
    assert stages == [2, 4, 5, 7, 7]


def test_an_extension_moves_every_date_of_the_probation() -> None:
    pack, known = timeline.pack(), replace(timeline.before("22"), extended_months=6)
    assert rules.probation_end(pack, known) == D(2025, 2, 28)
    assert rules.window(pack, pack.by_code["22"], known).earliest_on == D(2025, 1, 28)


SEVEN: dict[str, Any] = {
    **timeline.content(),
    "stages": [{"code": "all", "title": {"zh": "发展", "en": "development"}}],
    "steps": [
        {
            "code": code,
            "stage": "all",
            "title": {"zh": code, "en": code},
            "doer": "committee",
            "article": "本市做法",
            "source": "测试",
            "verified": False,
            "after": after,
            **more,
        }
        for code, after, more in (
            ("apply", [], {}),
            ("activist", ["apply"], {"becomes": {"status": "activist"}}),
            ("target", ["activist"], {"becomes": {"status": "development_target"}}),
            ("meeting", ["target"], {}),
            (
                "approved",
                ["meeting"],
                {"approval": True, "becomes": {"status": "probationary", "since": "meeting"}},
            ),
            ("asked", ["approved"], {}),
            (
                "full",
                ["asked"],
                {"approval": True, "becomes": {"status": "full", "since": "probation_end"}},
            ),
        )
    ],
    "probation": {
        **timeline.content()["probation"],
        "since": "meeting",
        "extended_at": "full",
        "asked_again_at": "asked",
    },
    "quota_counts_at": "meeting",
}


def test_another_slicing_is_data() -> None:
    pack = DevelopmentContent.model_validate(SEVEN).plain(None)
    assert [n.code for n in rules.following(pack, Facts(today=D(2026, 1, 1)))] == ["apply"]
    assert len(pack.nodes) == 7


@pytest.mark.parametrize(
    ("step", "change", "code", "pointer"),
    [
        (2, {"after": ["nowhere"]}, "unknown_step", ("steps", 2, "after")),
        (2, {"after": ["full"]}, "never_reached", ("steps", 2, "after")),
        (1, {"code": "target"}, "step_twice", ("steps", 2, "code")),
        (3, {"papers": ["nothing"]}, "unknown_paper", ("steps", 3, "papers")),
        (3, {"stage": "none"}, "unknown_stage", ("steps", 3, "stage")),
        (4, {"approval": False}, "approval_needed", ("steps", 4, "approval")),
        (6, {"becomes": None}, "one_step_makes", ("steps",)),
        (1, {"not_before": [{"since": "full", "months": 1, "force": "block"}]}, "anchor_not_before",
         ("steps", 1, "not_before")),
        (5, {"lapses": [{"since": "meeting", "months": 3, "back_to": "full"}]}, "not_backwards",
         ("steps", 5, "lapses")),
        (3, {"helpers": {"role": "contact", "at_least": 3, "at_most": 2}}, "empty_range",
         ("steps", 3, "helpers")),
    ],
)  # fmt: skip
def test_a_pack_that_cannot_be_worked_with_names_the_step(
    step: int, change: dict[str, Any], code: str, pointer: tuple[str | int, ...]
) -> None:
    steps = [{**each, **(change if n == step else {})} for n, each in enumerate(SEVEN["steps"])]
    with pytest.raises(ValidationError) as caught:
        DevelopmentContent.model_validate({**SEVEN, "steps": steps})
    assert (code, pointer) in {(e["type"], e["loc"]) for e in caught.value.errors()}


@st.composite
def attempts(draw: st.DrawFn) -> list[tuple[str, int, bool]]:
    """Steps in any order, some days after the last, some of them with what they ask for."""
    steps = st.sampled_from([n.code for n in timeline.pack().nodes])
    return draw(st.lists(st.tuples(steps, st.integers(-40, 400), st.booleans()), min_size=20, max_size=120))


@settings(max_examples=60, deadline=None)
@given(attempts(), st.booleans())
def test_a_case_that_advanced_never_violates_its_pack(
    tried: list[tuple[str, int, bool]], in_order: bool
) -> None:
    """Whatever is tried: the steps that were taken keep the order and every blocking term of the pack."""
    pack, whole = timeline.pack(), timeline.complete()
    done: dict[str, date] = {}
    day = D(2020, 1, 31)
    order = iter([n.code for n in pack.nodes])
    for asked, days, prepared in tried:
        code = next(order, asked) if in_order and prepared else asked
        on = day + timedelta(days=days)
        known = _prepared(whole, on, done) if prepared else Facts(today=whole.today, done=dict(done))
        node = pack.by_code[code]
        if not codes(rules.reasons(pack, node, known, Attempt(on, age=20))):
            done[code] = on
            day = max(day, on)
    for code in done:
        _holds(pack, pack.by_code[code], Facts(today=whole.today, done=done))


def _prepared(whole: Facts, on: date, done: dict[str, date]) -> Facts:
    spread = [on - timedelta(days=n) for n in (0, 30, 60)]
    return replace(
        whole,
        done=dict(done),
        appraisals=spread,
        trainings=[rules.Training(on, 3, 0)],
        ballots={code: replace(timeline.BALLOT, on=on) for code in ("15", "23")},
        review=rules.PoliticalReview(on, rules.ReviewConclusion.PASSED),
    )


def _holds(pack: Pack, node: Node, known: Facts) -> None:
    on = known.done[node.code]
    for code in node.after:
        assert known.done[code] <= on
    for term in node.not_before:
        if term.force is not Force.WARN:
            assert on >= rules.add_months(rules.anchor(pack, term.since, known) or D.max, term.months)
    for term in node.not_after:
        if term.force is Force.BLOCK:
            assert on <= rules.add_months(rules.anchor(pack, term.since, known) or D.min, term.months)
