"""Determining who answers: load, resolve, write what changed, announce."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import Range

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
    known: ResponsibilityDetermination | None
    was_missing: bool

    @property
    def changes(self) -> bool:
        return set(self.before) != set(self.after)


async def determine(work: Work, organization_id: UUID) -> None:
    """Determine who answers for an organization today. Writes and announces only what changed.

    Raises `RulePackInvalid` where a published pack in force there is not well-formed."""
    await determine_many(work, (organization_id,))


async def determine_many(work: Work, organization_ids: Sequence[UUID], *, dry_run: bool = False) -> Tally:
    """Determine many organizations with a constant number of reads; a dry run only counts."""
    await work.session.flush()
    cases = await queries.cases(work, organization_ids, lock=not dry_run)
    rows = await queries.timelines(work, organization_ids)
    known = await queries.determinations(work, organization_ids)
    outcomes = [
        _outcome(work, case, rows[case.id], known.get(case.id)) for case in cases if case.id is not None
    ]
    if not dry_run:
        await settle(work, outcomes)
    return _tally(work, outcomes)


async def settle(work: Work, outcomes: Sequence[Outcome]) -> None:
    """Write the timelines that changed and the determinations, and announce what is different today."""
    await _write(work, outcomes)
    for outcome in outcomes:
        if outcome.found is not None:
            _remember(work, outcome, outcome.found)
            announce(work, outcome)


def outcome_of(
    work: Work,
    case: Case,
    rows: Sequence[Row],
    known: ResponsibilityDetermination | None,
    start: Iterable[Spell],
) -> Outcome:
    """What the rules make of a timeline (the stored one, or one that a decision has just changed)."""
    before, was_missing = tuple(row.spell for row in rows), known is not None and known.outcome == "missing"
    if case.ended_on is not None:
        return Outcome(case, rows, before, rules.closed(start, case.ended_on), None, known, was_missing)
    found = rules.resolve(case.facts, case.world, case.pack)
    tried = [queries.tried(attempt) for attempt in found.tried]
    after = rules.revise(start, rules.wanted(found, tried, work.today), work.today)
    return Outcome(case, rows, before, after, found, known, was_missing)


def _outcome(
    work: Work, case: Case, rows: Sequence[Row], known: ResponsibilityDetermination | None
) -> Outcome:
    return outcome_of(work, case, rows, known, [row.spell for row in rows])


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
    work.session.add_all(_row(organization_id, spell, moment) for organization_id, spell in new)
    await work.session.flush()


def _row(organization_id: UUID, spell: Spell, moment: datetime) -> Responsibility:
    ground = spell.ground
    return Responsibility(
        organization_id=organization_id,
        party_organization_id=spell.body_id,
        relation=spell.relation.value,
        rule_code=ground.rule,
        rule_title=_words(ground.title),
        rule_source=ground.source,
        rule_pack_id=ground.pack_id,
        tried=list(ground.tried),
        valid=Range(spell.since, None if spell.until == rules.FOREVER else spell.until),
        recorded=Range(moment, None),
        override=ground.override,
        override_reason=ground.override_reason,
        override_until=ground.override_until,
    )


def _words(title: rules.Words | None) -> dict[str, Any] | None:
    return None if title is None else {"zh": title[0], "en": title[1]}


def _remember(work: Work, outcome: Outcome, found: rules.Determination) -> None:
    """Keep what the rules answered, with every rule that was tried, where it differs from what is kept."""
    rule = found.rule
    values: dict[str, Any] = {
        "outcome": "missing" if rule is None else "assigned",
        "rule_code": rule and rule.code,
        "rule_title": rule and _words(rule.title),
        "rule_source": rule and rule.source,
        "rule_pack_id": rule and rule.pack_id,
        "tried": [queries.tried(attempt) for attempt in found.tried],
        "facts": dict(found.facts),
    }
    known = outcome.known
    if known is not None and all(getattr(known, name) == value for name, value in values.items()):
        return
    values |= {"determined_on": work.today, "determined_at": work.now}
    if known is None:
        work.session.add(ResponsibilityDetermination(organization_id=outcome.case.id, **values))
        return
    for name, value in values.items():
        setattr(known, name, value)


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
