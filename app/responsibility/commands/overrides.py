"""Decisions that put another body in the lead for a time, and their end."""

from uuid import UUID

from app.core.access import Permission
from app.core.errors import Fault
from app.core.work import Work
from app.responsibility import queries, rules
from app.responsibility.commands import determinations
from app.responsibility.errors import (
    NoOverride,
    NotOverridable,
    OverrideStands,
    OverrideTooShort,
    UnknownReference,
)
from app.responsibility.queries import Subject
from app.responsibility.rules import Spell
from app.responsibility.schemas import (
    OverrideEnd,
    ResponsibilityOverridden,
    ResponsibilityOverride,
    ResponsibilityOverrideEnded,
)


async def override(work: Work, organization_id: UUID, decision: ResponsibilityOverride) -> None:
    """Put another body in the lead from today until a day, for a reason; then the rules apply again.

    Raises `NotFound`, `PreconditionFailed`, `NotOverridable`, `OverrideTooShort`, `UnknownReference`,
    `OverrideStands`."""
    subject, timeline = await _begin(work, organization_id)
    if subject.registration_status in queries.ENDED:
        raise NotOverridable
    if decision.until <= work.today:
        pointer = Fault("/until", "not_future", ("须晚于今天", "must be later than today"))
        raise OverrideTooShort(errors=[pointer])
    if not await queries.standing_body(
        work, decision.party_organization_id, Permission.RESPONSIBILITY_OVERRIDE
    ):
        unknown = Fault(
            "/party_organization_id",
            "unknown",
            ("没有这个党组织, 或已撤销", "no such body, or it is dissolved"),
        )
        raise UnknownReference(errors=[unknown])
    if rules.live_override(timeline, work.today) is not None:
        raise OverrideStands
    previous = rules.lead_on(timeline, work.today)
    await _change(
        work,
        subject,
        rules.override(timeline, decision.party_organization_id, decision.reason, decision.until, work.today),
    )
    work.announce(
        ResponsibilityOverridden(
            subject=subject.id,
            division_code=subject.division_code,
            lead_id=decision.party_organization_id,
            previous_lead_id=previous and previous.body_id,
            reason=decision.reason,
            until=decision.until,
        )
    )


async def end_override(work: Work, organization_id: UUID, decision: OverrideEnd) -> None:
    """End the override that stands, and let the rules of today answer.

    Raises `NotFound`, `PreconditionFailed`, `NoOverride`."""
    subject, timeline = await _begin(work, organization_id)
    live = rules.live_override(timeline, work.today)
    if live is None:
        raise NoOverride
    await _change(work, subject, rules.end_override(timeline, work.today))
    work.announce(
        ResponsibilityOverrideEnded(
            subject=subject.id,
            division_code=subject.division_code,
            lead_id=live.body_id,
            until=work.today,
            reason=decision.reason,
        )
    )


async def close_overrides(work: Work) -> int:
    """Once a day: announce each override whose day came, and determine again. Again on the same day it does
    nothing. Returns how many there were."""
    over = await queries.overrides_over(work)
    for each in over:
        work.announce(
            ResponsibilityOverrideEnded(
                subject=each.organization_id,
                division_code=each.division_code,
                lead_id=each.body_id,
                until=each.until,
                reason=None,
            )
        )
    if over:
        await determinations.determine_many(work, sorted({each.organization_id for each in over}))
    return len(over)


async def _begin(work: Work, organization_id: UUID) -> tuple[Subject, tuple[Spell, ...]]:
    """The organization, locked, and its timeline, if the caller has seen today's answer."""
    subject = await queries.subject(work, organization_id, Permission.RESPONSIBILITY_OVERRIDE)
    work.expect_tag(queries.tag(await queries.answer(work, organization_id)))
    rows = await queries.timelines(work, (organization_id,))
    return subject, tuple(row.spell for row in rows[organization_id])


async def _change(work: Work, subject: Subject, timeline: tuple[Spell, ...]) -> None:
    """Write a timeline that a decision has changed, with what the rules say around it."""
    (case,) = await queries.cases(work, (subject.id,))
    rows = (await queries.timelines(work, (subject.id,)))[subject.id]
    known = (await queries.determinations(work, (subject.id,))).get(subject.id)
    answers = determinations.Answers(work.today)
    outcome = determinations.outcome_of(case, rows, known, timeline, answers=answers)
    await determinations.settle(work, [outcome])
