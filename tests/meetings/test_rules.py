"""What is owed and missing, beside a brute force that walks over days; grades and steps."""

import calendar
import json
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.meetings import rules
from app.meetings.rules import (
    AppraisalState,
    Body,
    Grade,
    Life,
    MeetingKind,
    Post,
    Requirement,
    Rhythm,
    Share,
    SpanState,
    Term,
)
from app.meetings.schemas import OrganizationLifeContent

PACK = Path(__file__).parents[2] / "app/meetings/data/rule_packs/organization-life-national.json"
NATIONAL = OrganizationLifeContent.model_validate(json.loads(PACK.read_text("utf-8"))["content"]).plain(
    None, "organization-life-national", "2019.1"
)
YEAR = 2026
DAYS = st.dates(date(YEAR - 1, 6, 1), date(YEAR + 1, 6, 1))
A, B, C = (UUID(int=n) for n in (1, 2, 3))


def posts(*members: UUID, since: date = date(2020, 1, 1)) -> tuple[Post, ...]:
    return tuple(Post(member, since, None) for member in members)


def report(body: Body, held: list[tuple[MeetingKind, date]], as_of: date) -> dict[str, tuple[int, int]]:
    """(owed, held) of every activity by the national pack."""
    found = rules.review(body, held, lambda _: NATIONAL, YEAR, as_of)
    return {activity.term.kind.value: activity.tally(as_of) for activity in found}


def test_structure_decides_what_is_owed() -> None:
    without = Body("branch", date(2016, 7, 1), None, posts(A))
    whole = date(2027, 1, 1)
    assert report(without, [], whole) == {
        "members_meeting": (4, 0),
        "committee_meeting": (0, 0),
        "party_class": (4, 0),
        "theme_day": (12, 0),
        "organization_life_meeting": (1, 0),
        "appraisal_meeting": (1, 0),
        "talk": (1, 0),
    }
    assert report(Body("branch", date(2016, 7, 1), None, posts(A, B, C)), [], whole)["committee_meeting"] == (
        12,
        0,
    )
    assert report(Body("group", date(2016, 7, 1), None), [], whole) == {"group_meeting": (12, 0)}
    assert report(Body("committee", date(2016, 7, 1), None, posts(A, B, C)), [], whole) == {}


def test_a_committee_elected_in_may_owes_from_june() -> None:
    body = Body("branch", date(2016, 7, 1), None, posts(A, B, C, since=date(YEAR, 5, 12)))
    assert report(body, [], date(YEAR, 11, 22))["committee_meeting"] == (5, 0)


def test_what_runs_is_pending_and_what_is_over_is_missing() -> None:
    body = Body("branch", date(2016, 7, 1), None)
    held = [(MeetingKind.THEME_DAY, date(YEAR, month, 5)) for month in (1, 2, 3)]
    (theme,) = (
        a for a in rules.review(body, held, lambda _: NATIONAL, YEAR, date(YEAR, 5, 10))
        if a.term.kind is MeetingKind.THEME_DAY
    )  # fmt: skip
    held_, missing, pending = SpanState.HELD, SpanState.MISSING, SpanState.PENDING
    assert [r.state for r in theme.results] == [held_] * 3 + [missing, pending]
    assert theme.tally(date(YEAR, 5, 10)) == (4, 3)


_LENGTH = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF_YEAR: 6, Rhythm.YEAR: 12}
KINDS = st.sampled_from([MeetingKind.THEME_DAY, MeetingKind.COMMITTEE_MEETING])
TERMS = st.builds(
    Term,
    kind=KINDS,
    body_kinds=st.just(frozenset({"branch"})),
    requires=st.sampled_from([None, Requirement.COMMITTEE]),
    rhythm=st.sampled_from(Rhythm),
    times=st.integers(1, 3),
    source=st.just("条例"),
    verified=st.just(False),
)
POSTS = st.lists(
    st.builds(Post, st.sampled_from([A, B, C]), DAYS, st.none() | DAYS).filter(
        lambda post: post.until_on is None or post.until_on > post.from_on
    ),
    max_size=4,
)


def brute_force(term: Term, body: Body, posts_needed: int, held: list[date], as_of: date) -> tuple[int, int]:
    """(owed, held): every stretch, walked day by day."""
    owed = done = 0
    length = _LENGTH[term.rhythm]
    for first_month in range(1, 13, length):
        last_month = first_month + length - 1
        last = date(YEAR, last_month, calendar.monthrange(YEAR, last_month)[1])
        days, day = [], date(YEAR, first_month, 1)
        while day <= last:
            days.append(day)
            day += timedelta(days=1)
        if last >= as_of:
            continue
        if not all(
            d >= body.founded_on and (body.dissolved_on is None or d < body.dissolved_on) for d in days
        ):
            continue
        if term.requires is not None:
            first = days[0]
            holding = {
                p.member_id for p in body.posts
                if p.from_on <= first and not (p.until_on is not None and p.until_on <= first)
            }  # fmt: skip
            if len(holding) < posts_needed:
                continue
        owed += 1
        done += sum(h in days for h in held) >= term.times
    return owed, done


@settings(max_examples=60, deadline=None)
@given(
    term=TERMS,
    body=st.builds(Body, st.just("branch"), DAYS, st.none() | DAYS, POSTS.map(tuple)),
    meetings=st.lists(st.tuples(KINDS, DAYS), max_size=12),
    as_of=DAYS,
)
def test_the_checker_agrees_with_a_walk_over_days(
    term: Term,
    body: Body,
    meetings: list[tuple[MeetingKind, date]],
    as_of: date,
) -> None:
    life = Life(None, "x", "1", (term,), 2, 32, 56, (1, 3))
    found = rules.review(body, meetings, lambda _: life, YEAR, as_of)
    tally = found[0].tally(as_of) if found else (0, 0)
    held = [day for kind, day in meetings if kind is term.kind and day <= as_of]
    assert tally == brute_force(term, body, 2, held, as_of)


def test_the_pack_of_a_stretchs_first_day_rules_it() -> None:
    twice = Term(MeetingKind.TALK, frozenset({"branch"}), None, Rhythm.HALF_YEAR, 2, "省", verified=True)
    stricter = Life(None, "province", "2026.1", (twice,), 3, 32, 56, (1, 3))
    body = Body("branch", date(2016, 7, 1), None)
    found = rules.review(
        body, [], lambda day: stricter if day >= date(YEAR, 7, 1) else NATIONAL, YEAR, date(2027, 1, 1)
    )
    talks = [
        (a.life.pack_code, a.term.times, a.tally(date(2027, 1, 1))) for a in found if a.term.kind == "talk"
    ]
    assert talks == [("province", 2, (1, 0)), ("organization-life-national", 1, (1, 0))]


@pytest.mark.parametrize(
    ("excellent", "others", "codes"),
    [(4, 8, []), (5, 7, ["too_many_excellent"]), (0, 2, []), (1, 1, ["too_many_excellent"])],
)
def test_at_most_a_third_is_excellent(excellent: int, others: int, codes: list[str]) -> None:
    grades = [Grade.EXCELLENT] * excellent + [Grade.QUALIFIED] * others
    assert [w.code for w in rules.wrong_with_grades(grades, Share(1, 3))] == codes
    assert "grades_missing" in [w.code for w in rules.wrong_with_grades([*grades, None], Share(1, 3))]


def test_the_steps_of_an_appraisal() -> None:
    step: AppraisalState | None = AppraisalState.SELF_REVIEW
    seen = []
    while step is not None:
        seen.append(step.value)
        step = rules.following(step)
    assert seen == ["self_review", "mutual_review", "member_test", "verdict", "closed"]
