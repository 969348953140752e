"""Reports that ask the rule packs: what bodies owed and held, the ranking, hours. They write nothing."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from fastapi import Response

from app.core import reads
from app.core.access import Permission
from app.core.fields import Bilingual, CodeRef, Ref
from app.core.work import Work
from app.meetings import queries, rules
from app.meetings.commands import packs
from app.meetings.queries import Total
from app.meetings.rules import KIND_WORDS, Activity, MeetingKind
from app.meetings.schemas import (
    LifeActivity,
    LifeQuery,
    LifeRankingFilters,
    LifeRule,
    LifeSpan,
    LifeTotal,
    LifeTotalsLine,
    LifeTotalsQuery,
    LifeTotalsRead,
    OrganizationLifeRead,
    TrainingHoursFilters,
)
from app.meetings.schemas.life import percent

_READ = Permission.MEMBER_READ
DEFINITION = Bilingual(
    zh="已按次数召开的周期数 ÷ 应召开且已结束的周期数 (党组织全周期存续; 无支委会的支部不计支委会)",
    en="Stretches in which it was held often enough, of those that were owed and are over (the body existed"
    " all through; branches without a committee owe no committee meeting)",
)


async def organization_life(work: Work, body_id: UUID, query: LifeQuery) -> Response:
    """What one body owed and held in a year, as seen on a day. Raises `LifeBodyNotFound`."""
    day = _seen(work, query.as_of)
    place = await queries.body(work, body_id, _READ)
    life_on = await packs.lives_of(work, place.division_code, day)
    body = await queries.built(work, place)
    activities = rules.review(
        body, await queries.held_by(work, place.id, query.year), life_on, query.year, day
    )
    life = life_on(day)
    return await reads.derived(
        work,
        OrganizationLifeRead(
            party_organization=Ref(id=place.id, name=place.name),
            body_kind=place.kind,
            has_committee=life is not None and rules.has_committee(body, day, life.committee_posts),
            group_count=place.groups,
            year=query.year,
            as_of=day,
            activities=[_activity(activity, day) for activity in activities],
        ),
    )


def _seen(work: Work, as_of: date | None) -> date:
    return min(as_of or work.today, work.today)


def _label(kind: MeetingKind) -> Bilingual:
    zh, en = KIND_WORDS[kind]
    return Bilingual(zh=zh, en=en)


def _activity(activity: Activity, as_of: date) -> LifeActivity:
    term, life = activity.term, activity.life
    owed, held = activity.tally(as_of)
    return LifeActivity(
        kind=term.kind,
        label=_label(term.kind),
        rule=LifeRule(
            rhythm=term.rhythm,
            times=term.times,
            requires=term.requires,
            rule_pack=f"{life.pack_code} {life.pack_version}",
            source=term.source,
            verified=term.verified,
        ),
        owed=owed,
        held=held,
        missing=owed - held,
        spans=[
            LifeSpan(from_on=r.span.from_on, until_on=r.span.until_on, state=r.state, held=r.held)
            for r in activity.results
        ],
    )


async def sum_up(work: Work, query: LifeTotalsQuery) -> Response:
    """What all bodies of a scope owed and held, by the division one level below."""
    day = _seen(work, query.as_of)
    found = await packs.packs(work, day)
    totals = await queries.totals(
        work, query, day, packs.owed_terms(found, query.year, day), packs.numbered(found)
    )
    lines: dict[str | None, list[Total]] = {}
    for total in totals:
        lines.setdefault(total.division_code, []).append(total)
    return await reads.derived(
        work,
        LifeTotalsRead(
            year=query.year,
            as_of=day,
            definition=DEFINITION,
            totals=_totals(totals),
            lines=[
                LifeTotalsLine(
                    division=CodeRef(code=code, name=own[0].division_name or code) if code else None,
                    totals=_totals(own),
                )
                for code, own in lines.items()
            ],
        ),
    )


def _totals(found: Iterable[Total]) -> list[LifeTotal]:
    sums: dict[MeetingKind, tuple[int, int, int]] = {}
    for each in found:
        bodies, owed, held = sums.get(each.kind, (0, 0, 0))
        sums[each.kind] = (bodies + each.bodies, owed + each.owed, held + each.held)
    return [
        LifeTotal(
            kind=kind,
            label=_label(kind),
            bodies=sums[kind][0],
            numerator=sums[kind][2],
            denominator=sums[kind][1],
            percent=percent(sums[kind][2], sums[kind][1]),
        )
        for kind in MeetingKind
        if kind in sums
    ]


async def rank(work: Work, filters: LifeRankingFilters) -> Response:
    """Bodies by how often they held an activity in a year."""
    return await queries.ranking(work, filters, _seen(work, filters.as_of))


async def training_hours(work: Work, filters: TrainingHoursFilters) -> Response:
    """The hours of members in a year."""
    day = min(date(filters.year, 12, 31), work.today)
    found = await packs.packs(work, day)
    return await queries.training_hours(work, filters, packs.hours(found, day))
