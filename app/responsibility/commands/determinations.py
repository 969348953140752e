"""Determining who answers: load, resolve, write what changed, announce."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, update
from sqlalchemy.dialects.postgresql import Range

from app.core import bulk
from app.core.work import Work
from app.responsibility import queries, rules
from app.responsibility.models import Responsibility, ResponsibilityDetermination
from app.responsibility.queries import Case, Row
from app.responsibility.rules import Spell
from app.responsibility.schemas import (
    ResponsibilityChanged,
    ResponsibilityDetermined,
    ResponsibilityMissing,
)

EXAMPLES = 50


@dataclass(slots=True)
class Tally:
    """What a determination of many organizations came to, with the first changes as examples."""

    outcomes: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One organization: its timeline before and after, and what the rules answered (None once it ended)."""

    case: Case
    rows: Sequence[Row]
    before: tuple[Spell, ...]
    after: tuple[Spell, ...]
    found: rules.Determination | None
    tried: list[dict[str, Any]]
    known: Any
    was_missing: bool

    @property
    def changes(self) -> bool:
        return set(self.before) != set(self.after)


async def determine(work: Work, organization_id: UUID) -> None:
    """Determine who answers for an organization today. Writes and announces only what changed.

    Raises `RulePackInvalid` where a published pack in force there is not well-formed."""
    await determine_many(work, (organization_id,))


async def determine_many(
    work: Work, organization_ids: Sequence[UUID], *, dry_run: bool = False, new: bool = False
) -> Tally:
    """Determine many organizations with a constant number of statements; a dry run only counts.

    `new`: this very transaction made them, so that nobody else sees them and nothing is known of them yet."""
    await work.session.flush()
    cases = await queries.cases(work, organization_ids, lock=not (dry_run or new))
    rows = {} if new else await queries.timelines(work, organization_ids)
    known = {} if new else await queries.determinations(work, organization_ids)
    answers = Answers(work.today)
    outcomes = [
        outcome_of(case, there, known.get(case.id), [row.spell for row in there], answers=answers)
        for case in cases
        if case.id is not None and (there := rows.get(case.id, [])) is not None
    ]
    if not dry_run:
        await settle(work, outcomes)
    return _tally(work, outcomes)


async def settle(work: Work, outcomes: Sequence[Outcome]) -> None:
    """Write the timelines that changed and the determinations, and announce what is different today."""
    await _write(work, outcomes)
    await _remember(work, outcomes)
    for outcome in outcomes:
        if outcome.found is not None:
            announce(work, outcome)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rules answered, the rules that were tried as they are stored, and the spells asked for."""

    found: rules.Determination
    tried: list[dict[str, Any]]
    asked: tuple[Spell, ...]


@dataclass(slots=True)
class Answers:
    """What the rules answered so far today: organizations alike in all that the rules look at share it."""

    today: date
    _known: dict[Any, Answer] = field(default_factory=dict)

    def of(self, case: Case) -> Answer:
        """The answer of a case."""
        alike = (case.facts, id(case.world), id(case.pack))
        answer = self._known.get(alike)
        if answer is None:
            found = rules.resolve(case.facts, case.world, case.pack)
            tried = [queries.tried(attempt) for attempt in found.tried]
            answer = self._known[alike] = Answer(found, tried, rules.wanted(found, tried, self.today))
        return answer


def outcome_of(
    case: Case,
    rows: Sequence[Row],
    known: Any,
    start: Iterable[Spell],
    *,
    answers: Answers,
) -> Outcome:
    """What the rules make of a timeline (the stored one, or one that a decision has just changed)."""
    before, was_missing = tuple(row.spell for row in rows), known is not None and known.outcome == "missing"
    if case.ended_on is not None:
        after = rules.closed(start, case.ended_on)
        return Outcome(case, rows, before, after, None, [], known, was_missing)
    answer = answers.of(case)
    after = rules.revise(start, answer.asked, answers.today)
    return Outcome(case, rows, before, after, answer.found, answer.tried, known, was_missing)


async def _write(work: Work, outcomes: Sequence[Outcome]) -> None:
    """Close what is no longer so and write what is: rows of this very transaction are replaced."""
    gone: list[Row] = []
    new: list[tuple[UUID, Spell]] = []
    for outcome in outcomes:
        organization_id, kept = outcome.case.id, set(outcome.after)
        gone += [row for row in outcome.rows if row.spell not in kept]
        if organization_id is not None:
            new += [(organization_id, spell) for spell in outcome.after if spell not in set(outcome.before)]
    if not gone and not new:
        return
    work.mark(outcome.case.id for outcome in outcomes if outcome.case.id is not None and outcome.changes)
    moment = max([await work.instant(), *(row.recorded_at + timedelta(microseconds=1) for row in gone)])
    if fresh := [row.id for row in gone if row.fresh]:
        await work.execute(delete(Responsibility).where(Responsibility.id == func.any(fresh)))
    if old := [row.id for row in gone if not row.fresh]:
        await work.execute(
            update(Responsibility)
            .where(Responsibility.id == func.any(old))
            .values(recorded=func.tstzrange(func.lower(Responsibility.recorded), moment))
            .execution_options(synchronize_session=False)
        )
    await bulk.insert(work, Responsibility, [_row(each, spell, moment) for each, spell in new])


def _row(organization_id: UUID, spell: Spell, moment: datetime) -> dict[str, Any]:
    ground = spell.ground
    return {
        "organization_id": organization_id,
        "party_organization_id": spell.body_id,
        "relation": spell.relation.value,
        "rule_code": ground.rule,
        "rule_title": _words(ground.title),
        "rule_source": ground.source,
        "rule_pack_id": ground.pack_id,
        "tried": ground.tried,
        "valid": Range(spell.since, None if spell.until == rules.FOREVER else spell.until),
        "recorded": Range(moment, None),
        "override": ground.override,
        "override_reason": ground.override_reason,
        "override_until": ground.override_until,
    }


def _words(title: rules.Words | None) -> dict[str, Any] | None:
    return None if title is None else {"zh": title[0], "en": title[1]}


async def _remember(work: Work, outcomes: Sequence[Outcome]) -> None:
    """Keep what the rules answered, with every rule that was tried, where it differs from what is kept."""
    new: list[dict[str, Any]] = []
    other: list[dict[str, Any]] = []
    for outcome in outcomes:
        if outcome.found is None:
            continue
        values, known = _answer(outcome, outcome.found), outcome.known
        if known is None:
            new.append({"organization_id": outcome.case.id, **values, **_now(work)})
        elif any(getattr(known, name) != value for name, value in values.items()):
            other.append({"organization": outcome.case.id, **values, **_now(work)})
    await bulk.insert(work, ResponsibilityDetermination, new)
    if other:
        await work.execute(_ANSWER_OTHERWISE, other)


_D: Any = ResponsibilityDetermination.__table__
_ANSWER_OTHERWISE = update(_D).where(_D.c.organization_id == bindparam("organization"))


def _now(work: Work) -> dict[str, Any]:
    return {"determined_on": work.today, "determined_at": work.now}


def _answer(outcome: Outcome, found: rules.Determination) -> dict[str, Any]:
    rule = found.rule
    return {
        "outcome": "missing" if rule is None else "assigned",
        "rule_code": rule and rule.code,
        "rule_title": rule and _words(rule.title),
        "rule_source": rule and rule.source,
        "rule_pack_id": rule and rule.pack_id,
        "tried": outcome.tried,
        "facts": found.facts,
    }


def announce(work: Work, outcome: Outcome) -> None:
    """Say what is different today: first determined, changed, or nobody."""
    if outcome.case.id is None:
        return
    today = work.today
    before, after = rules.lead_on(outcome.before, today), rules.lead_on(outcome.after, today)
    place = {"subject": outcome.case.id, "division_code": outcome.case.division_code}
    previous = before and before.body_id
    if after is None:
        if before is not None or not outcome.was_missing:
            tried = [] if outcome.found is None else [attempt.rule for attempt in outcome.found.tried]
            work.announce(ResponsibilityMissing(**place, previous_lead_id=previous, tried=tried))
    elif before is None:
        work.announce(
            ResponsibilityDetermined(
                **place, lead_id=after.body_id, rule=after.ground.rule, since=after.since
            )
        )
    elif {s.key for s in outcome.before if s.on(today)} != {s.key for s in outcome.after if s.on(today)}:
        work.announce(
            ResponsibilityChanged(
                **place,
                lead_id=after.body_id,
                previous_lead_id=previous,
                rule=after.ground.rule,
                since=after.since,
            )
        )


def _tally(work: Work, outcomes: Iterable[Outcome]) -> Tally:
    tally = Tally()
    for outcome in outcomes:
        before = rules.lead_on(outcome.before, work.today)
        after = rules.lead_on(outcome.after, work.today)
        if outcome.found is None:
            what = "ended"
        elif after is None:
            what = "missing"
        else:
            what = "changed" if outcome.changes else "unchanged"
        tally.outcomes[what] += 1
        if outcome.changes and len(tally.examples) < EXAMPLES:
            tally.examples.append(
                {
                    "organization_id": str(outcome.case.id),
                    "from": before and str(before.body_id),
                    "to": after and str(after.body_id),
                    "rule": after and after.ground.rule,
                }
            )
    return tally
