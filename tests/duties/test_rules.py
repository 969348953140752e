"""The survey's meaning under the shipped thresholds, its consistency, and what keeps papers from being handed
over."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.duties import rules
from app.duties.rules import Basis, DutyKind, DutyState, Form, Standing, SurveyAnswers
from app.duties.schemas.packs import EstablishmentContent, RegistrationDutiesContent

PACKS = Path(rules.__file__).parent / "data" / "rule_packs"
DAY = date(2026, 3, 5)


def content(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((PACKS / f"{name}.json").read_text())["content"]
    return found


NATIONAL = EstablishmentContent.model_validate(content("establishment-national")).plain(None)
NINGBO = EstablishmentContent.model_validate(content("establishment-330200")).plain(None)
DUTIES = RegistrationDutiesContent.model_validate(content("registration-duties-national")).plain(None)


def answers(full: int = 0, full_time_full: int = 0, staff: int = 10, full_time: int = 8) -> SurveyAnswers:
    return SurveyAnswers(staff, full_time, full, 1, full_time_full)


@pytest.mark.parametrize(
    ("full", "full_time_full", "national", "ningbo"),
    [
        (0, 0, (False, Form.INSTRUCTOR), (False, Form.INSTRUCTOR)),
        (1, 0, (False, Form.JOINT), (False, Form.JOINT)),
        (2, 2, (False, Form.JOINT), (False, Form.JOINT)),
        (3, 2, (True, Form.SINGLE), (False, Form.JOINT)),
        (3, 3, (True, Form.SINGLE), (True, Form.SINGLE)),
        (9, 0, (True, Form.SINGLE), (False, Form.JOINT)),
    ],
)
def test_three_full_members_must_establish(
    full: int, full_time_full: int, national: tuple[bool, Form], ningbo: tuple[bool, Form]
) -> None:
    """The national basis counts all full members, Ningbo's those among the full-time staff."""
    for pack, expected in ((NATIONAL, national), (NINGBO, ningbo)):
        verdict = rules.verdict(answers(full, full_time_full), pack)
        assert (verdict.must_establish, verdict.form) == expected


def test_the_reason_counts() -> None:
    verdict = rules.verdict(answers(4, 2), NATIONAL)
    assert verdict.reason == (
        "正式党员4名, 达到3名的标准: 有3名以上正式党员的应当建立党支部",
        "4 full members, which reaches 3: three full members and more establish a branch",
    )
    assert verdict.threshold.basis is Basis.FULL_MEMBERS


@given(st.integers(0, 50), st.integers(0, 50))
def test_more_members_never_owe_less(full: int, more: int) -> None:
    fewer, greater = (rules.verdict(answers(n), NATIONAL).must_establish for n in (full, full + more))
    assert greater >= fewer


def test_who_owes_what() -> None:
    terms = {term.kind: (term.owed_by.value, term.working_days) for term in DUTIES.owed("direct")}
    assert terms == {
        DutyKind.COMMITMENT_LETTER: ("organization", 0),
        DutyKind.MEMBER_SURVEY: ("organization", 0),
        DutyKind.HAND_OVER: ("registration_authority", 5),
        DutyKind.SETUP_CONTACT: ("responsible_body", 5),
    }
    assert DUTIES.owed("filed") == ()


@pytest.mark.parametrize(
    ("given_answers", "codes"),
    [
        (answers(3, 3), []),
        (answers(30, 3), []),
        (answers(staff=5, full_time=6), ["exceeds_staff"]),
        (answers(2, 3), ["exceeds_full_members"]),
        (answers(12, 9, full_time=8), ["exceeds_full_time_staff"]),
    ],
)
def test_counts_that_contradict(given_answers: SurveyAnswers, codes: list[str]) -> None:
    assert [each.code for each in rules.inconsistencies(given_answers)] == codes


def standing(kind: DutyKind, state: DutyState, done_on: date | None = None) -> Standing:
    return Standing(kind, state, done_on)


def test_papers_come_before_the_hand_over() -> None:
    letter, survey = DutyKind.COMMITMENT_LETTER, DutyKind.MEMBER_SURVEY
    missing = rules.hand_over_obstacles(
        [standing(letter, DutyState.OPEN), standing(survey, DutyState.DONE, date(2026, 3, 6))], DAY
    )
    assert [(each["code"], each["duty"]) for each in missing] == [
        ("paper_missing", "commitment_letter"),
        ("paper_received_later", "member_survey"),
    ]
    settled = [standing(letter, DutyState.WAIVED), standing(survey, DutyState.DONE, DAY)]
    assert rules.hand_over_obstacles(settled, DAY) == ()


THRESHOLD = {
    "code": "a",
    "basis": "full_members",
    "at_least": 0,
    "must_establish": False,
    "form": "instructor",
    "title": {"zh": "甲", "en": "A"},
    "source": "s",
}


@pytest.mark.parametrize(
    "thresholds",
    [
        [],
        [{**THRESHOLD, "at_least": 1}],
        [THRESHOLD, THRESHOLD],
        [{**THRESHOLD, "basis": "everybody"}],
        [THRESHOLD, {**THRESHOLD, "code": "b", "at_least": -1}],
    ],
)
def test_every_survey_reaches_a_threshold(thresholds: list[object]) -> None:
    with pytest.raises(ValidationError):
        EstablishmentContent.model_validate({"thresholds": thresholds})


def test_one_line_for_each_duty() -> None:
    line = {
        "kind": "hand_over",
        "title": {"zh": "甲", "en": "A"},
        "owed_by": "organization",
        "working_days": 1,
    }
    with pytest.raises(ValidationError):
        RegistrationDutiesContent.model_validate(
            {"registration_modes": ["direct"], "duties": [{**line, "source": "s"}, {**line, "source": "t"}]}
        )
