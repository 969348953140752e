"""The timeline of an organization's responsibility: spells in half-open periods, one lead on any day.

A spell that would begin and end on the same day is not kept (it is cancelled, not ended).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.responsibility.rules.resolver import Determination
from app.responsibility.rules.vocabulary import Relation, Words

FOREVER = date.max


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a body answers: a rule and its source, or an override with its reason. The pack, the title and what
    was tried are kept for the reader; a new version of a pack with the same rule and source begins no new
    spell."""

    rule: str | None = None
    source: str | None = None
    override: bool = False
    override_reason: str | None = None
    override_until: date | None = None
    pack_id: UUID | None = field(default=None, compare=False)
    title: Words | None = field(default=None, compare=False)
    tried: tuple[dict[str, Any], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Spell:
    """A body answers in a relation from `since` until the day before `until`."""

    relation: Relation
    body_id: UUID
    ground: Ground
    since: date
    until: date = FOREVER

    def on(self, day: date) -> bool:
        return self.since <= day < self.until

    @property
    def key(self) -> tuple[Relation, UUID, Ground]:
        return self.relation, self.body_id, self.ground


def wanted(determination: Determination, tried: Sequence[dict[str, Any]], today: date) -> tuple[Spell, ...]:
    """The spells that a determination asks for from today on."""
    rule = determination.rule
    if determination.lead is None or rule is None:
        return ()
    ground = Ground(rule.code, rule.source, pack_id=rule.pack_id, title=rule.title)
    return (
        Spell(Relation.LEAD, determination.lead.body.id, replace(ground, tried=tuple(tried)), today),
        *(Spell(Relation.JOINT, each.body.id, ground, today) for each in determination.joint),
        *(Spell(Relation.GUIDANCE, each.body.id, ground, today) for each in determination.guidance),
    )


def revise(timeline: Iterable[Spell], asked: Iterable[Spell], today: date) -> tuple[Spell, ...]:
    """The timeline after a determination of today: the past stays, an override stays to its end, and the
    rules apply from today on, for the lead only where no override stands."""
    timeline = tuple(timeline)
    overrides = [spell for spell in timeline if spell.ground.override]
    past = [
        replace(spell, until=min(spell.until, today))
        for spell in timeline
        if not spell.ground.override and spell.since < today
    ]
    coming: list[Spell] = []
    for spell in asked:
        coming.extend(_outside(spell, overrides) if spell.relation is Relation.LEAD else (spell,))
    return _joined([*past, *overrides, *coming])


def override(
    timeline: Iterable[Spell], body_id: UUID, reason: str, until: date, today: date
) -> tuple[Spell, ...]:
    """The timeline with this body as the lead from today until the given day; then the rule's lead
    returns."""
    new = Spell(Relation.LEAD, body_id, Ground(None, None, True, reason, until), today, until)
    kept: list[Spell] = []
    for spell in timeline:
        kept.extend(_outside(spell, [new]) if spell.relation is Relation.LEAD else (spell,))
    return _joined([*kept, new])


def end_override(timeline: Iterable[Spell], today: date) -> tuple[Spell, ...]:
    """The timeline without what is left of today's override (the rules' lead is asked for again by
    `revise`)."""
    return _joined(
        replace(spell, until=today) if spell.ground.override and spell.on(today) else spell
        for spell in timeline
    )


def closed(timeline: Iterable[Spell], on: date) -> tuple[Spell, ...]:
    """The timeline of an organization that ended on a day: nobody answers from then on, by rule or
    override."""
    return _joined(replace(spell, until=min(spell.until, on)) for spell in timeline)


def live_override(timeline: Iterable[Spell], today: date) -> Spell | None:
    """The override that stands today."""
    return next((spell for spell in timeline if spell.ground.override and spell.on(today)), None)


def lead_on(timeline: Iterable[Spell], day: date) -> Spell | None:
    """The lead of a day."""
    return next((spell for spell in timeline if spell.relation is Relation.LEAD and spell.on(day)), None)


def _outside(spell: Spell, overrides: Sequence[Spell]) -> list[Spell]:
    """The parts of a spell that no override covers."""
    parts, start = [], spell.since
    for each in sorted(overrides, key=lambda o: o.since):
        if each.until <= start or each.since >= spell.until:
            continue
        if each.since > start:
            parts.append(replace(spell, since=start, until=each.since))
        start = max(start, each.until)
    if start < spell.until:
        parts.append(replace(spell, since=start))
    return parts


def _joined(spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """In order, without empty spells, and with neighbours of one key as one spell."""
    by_key: dict[tuple[Relation, UUID, Ground], list[Spell]] = {}
    for spell in sorted(spells, key=lambda each: each.since):
        if spell.since >= spell.until:
            continue
        same = by_key.setdefault(spell.key, [])
        if same and same[-1].until >= spell.since:
            same[-1] = replace(same[-1], until=max(same[-1].until, spell.until))
        else:
            same.append(spell)
    joined = (spell for same in by_key.values() for spell in same)
    return tuple(sorted(joined, key=lambda each: (each.since, each.relation, each.body_id.int)))
