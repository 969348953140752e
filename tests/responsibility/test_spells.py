"""The timeline: one lead on any day, overrides that stay to their end, and a past that never moves."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.responsibility import rules
from app.responsibility.rules import FOREVER, Ground, Relation, Spell

A, B, C = (UUID(int=n) for n in (1, 2, 3))
D0 = date(2026, 1, 1)


def day(number: int) -> date:
    return D0 + timedelta(days=number)


def spell(body: UUID, since: int, until: int | None = None, rule: str = "r") -> Spell:
    return Spell(Relation.LEAD, body, Ground(rule, "s"), day(since), FOREVER if until is None else day(until))


def asked(body: UUID, today: int) -> tuple[Spell, ...]:
    return (spell(body, today),)


def leads(timeline: tuple[Spell, ...]) -> list[tuple[UUID, int, int | None]]:
    return [
        (s.body_id, (s.since - D0).days, None if s.until == FOREVER else (s.until - D0).days)
        for s in timeline
        if s.relation is Relation.LEAD
    ]


def test_the_same_answer_changes_nothing() -> None:
    timeline = rules.revise((), asked(A, 0), day(0))
    assert rules.revise(timeline, asked(A, 9), day(9)) == timeline


def test_another_body_takes_over_today() -> None:
    timeline = rules.revise(asked(A, 0), asked(B, 5), day(5))
    assert leads(timeline) == [(A, 0, 5), (B, 5, None)]


def test_a_change_and_its_return_on_one_day_leave_no_trace() -> None:
    changed = rules.revise(asked(A, 0), asked(B, 5), day(5))
    assert rules.revise(changed, asked(A, 5), day(5)) == asked(A, 0)


def test_a_same_day_answer_is_replaced() -> None:
    assert leads(rules.revise(asked(A, 5), asked(B, 5), day(5))) == [(B, 5, None)]


def test_nothing_fits_any_more() -> None:
    assert leads(rules.revise(asked(A, 0), (), day(5))) == [(A, 0, 5)]


def test_an_override_stands_to_its_end_and_the_rules_return() -> None:
    timeline = rules.override(asked(A, 0), B, "why", day(10), day(5))
    assert leads(timeline) == [(A, 0, 5), (B, 5, 10), (A, 10, None)]
    again = rules.revise(timeline, asked(C, 7), day(7))
    assert leads(again) == [(A, 0, 5), (B, 5, 10), (C, 10, None)]
    ended = rules.revise(rules.end_override(again, day(8)), asked(C, 8), day(8))
    assert leads(ended) == [(A, 0, 5), (B, 5, 8), (C, 8, None)]


def test_an_override_cancelled_on_its_first_day_was_never_there() -> None:
    timeline = rules.override(asked(A, 0), B, "why", day(10), day(5))
    assert leads(rules.revise(rules.end_override(timeline, day(5)), asked(A, 5), day(5))) == [(A, 0, None)]


def test_a_new_version_of_the_pack_begins_no_new_spell() -> None:
    first = Spell(Relation.LEAD, A, Ground("r", "s", pack_id=B), D0)
    second = Spell(Relation.LEAD, A, Ground("r", "s", pack_id=C), day(4))
    assert rules.revise((first,), (second,), day(4)) == (first,)


def test_an_end_ends_everything() -> None:
    timeline = rules.override(asked(A, 0), B, "why", day(10), day(5))
    assert leads(rules.closed(timeline, day(7))) == [(A, 0, 5), (B, 5, 7)]
    assert rules.closed(timeline, day(0)) == ()


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("facts"), st.sampled_from([None, A, B, C]), st.integers(0, 6)),
        st.tuples(st.just("override"), st.sampled_from([A, B, C]), st.integers(1, 6)),
        st.tuples(st.just("end"), st.none(), st.integers(0, 6)),
    ),
    max_size=25,
)


@given(_STEPS)
def test_one_lead_on_any_day_and_the_past_never_moves(steps: list[tuple[str, UUID | None, int]]) -> None:
    timeline: tuple[Spell, ...] = ()
    today, wanted = D0, None
    for step, body, number in steps:
        if step in ("facts", "end"):
            today += timedelta(days=number)
        before = timeline
        if step == "facts":
            wanted = body
        if step == "override" and body is not None:
            if rules.live_override(timeline, today) is not None:
                continue
            timeline = rules.override(timeline, body, "why", today + timedelta(days=number), today)
        if step == "end":
            timeline = rules.end_override(timeline, today)
        ask = () if wanted is None else (Spell(Relation.LEAD, wanted, Ground("r", "s"), today),)
        timeline = rules.revise(timeline, ask, today)
        live = rules.live_override(timeline, today)
        lead = rules.lead_on(timeline, today)
        assert (lead and lead.body_id) == (live.body_id if live else wanted)
        span = [D0 + timedelta(days=n) for n in range((today - D0).days + 20)]
        assert all(sum(s.on(each) for s in timeline) <= 1 for each in span)
        past = [each for each in span if each < today]
        assert [_who(before, each) for each in past] == [_who(timeline, each) for each in past]
        assert all(s.since < s.until for s in timeline)


def _who(timeline: tuple[Spell, ...], on: date) -> UUID | None:
    lead = rules.lead_on(timeline, on)
    return lead and lead.body_id
