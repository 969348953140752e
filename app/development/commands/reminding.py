"""Reminders before a date is missed, and what follows when a membership ends elsewhere."""

from datetime import date, timedelta

from sqlalchemy import select

from app.core.access import NATIONAL
from app.core.events import EventRow
from app.core.work import Work
from app.development.commands.standing import next_reminder, stand
from app.development.commands.steps import close
from app.development.models import DevelopmentCase
from app.development.rules import CaseState
from app.development.schemas import CaseReminded

AT_ONCE = 500
"""Cases that one pass reminds of; the rest is left to the next pass of the day after, oldest first."""


async def remind(work: Work) -> int:
    """Say once for each threshold of the pack what is due soon; to the branch, or to the approving body."""
    await work.admit(NATIONAL)
    c = DevelopmentCase
    rows = await work.scalars(
        select(c.id)
        .where(c.remind_on <= work.today, c.state == CaseState.OPEN)
        .order_by(c.remind_on, c.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    told = 0
    for case_id in list(rows):
        standing = await stand(work, case_id)
        case = standing.case
        if case.due_step is None or case.due_on is None:
            continue
        work.announce(
            CaseReminded(
                subject=case.id,
                division_code=standing.loaded.division_code,
                step=case.due_step,
                due_on=case.due_on,
                days_left=(case.due_on - work.today).days,
                above=case.due_above,
                party_organization_id=standing.loaded.branch_id,
            )
        )
        tomorrow = work.today + timedelta(days=1)
        case.remind_on = next_reminder(case.due_on, standing.pack.remind_days, tomorrow)
        told += 1
    await work.session.flush()
    return told


async def follow(work: Work, event: EventRow) -> None:
    """A membership or application that ended ends its open case; one that the case itself ended is closed."""
    if event.data["kind"] is None:
        return
    await work.admit(NATIONAL)
    c = DevelopmentCase
    case_id = await work.scalar(
        select(c.id).where(c.member_id == event.subject_id, c.state == CaseState.OPEN).with_for_update()
    )
    if case_id is None:
        return
    standing = await stand(work, case_id)
    close(work, standing, CaseState.ENDED, date.fromisoformat(event.data["on"]), event.data["kind"])
    work.touch(standing.case)
    await work.session.flush()
