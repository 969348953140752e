"""What people do with messages that could not be applied: replay, mend, dismiss, and look into them."""

from uuid import UUID

import orjson
from sqlalchemy import func, select, update

from app.core.access import Permission
from app.core.work import Work
from app.identity import commands as identity
from app.intake import queries
from app.intake.commands.queue import PENDING
from app.intake.commands.receiving import TABLE, body_of, placed, wake
from app.intake.errors import BodyForgotten, EventStateUnfit
from app.intake.models import RegistryEvent, RegistrySource
from app.intake.rules import MOST_REPLAYED, REPLAYABLE, EventState
from app.intake.schemas import (
    Dismissal,
    EventContent,
    Mending,
    RegistryEventDismissed,
    RegistryEventMended,
    RegistryEventReplayed,
    RegistryEventRevealed,
    Replayed,
    ReplayMany,
    Reveal,
)


async def replay(work: Work, event_id: UUID) -> None:
    """Try a message again, after what kept it from being applied was mended.

    Raises `RegistryEventNotFound`, `EventStateUnfit`."""
    event = await _open(work, event_id)
    requeue(event)
    await work.session.flush()
    work.announce(
        RegistryEventReplayed(subject=event.id, division_code=event.division_code, source_id=event.source_id)
    )
    await wake(work)


async def replay_many(work: Work, chosen: ReplayMany) -> Replayed:
    """Try every quarantined message of a filter again, up to a bound; the worker takes them in its order."""
    which = (
        select(RegistryEvent.id)
        .where(*queries.inbox.replayable(work, chosen))
        .order_by(RegistryEvent.id)
        .limit(MOST_REPLAYED)
        .with_for_update(skip_locked=True)
    )
    found = await work.execute(
        update(RegistryEvent)
        .where(RegistryEvent.id == func.any(func.array(which.scalar_subquery())))
        .values(PENDING)
        .returning(RegistryEvent.id, RegistryEvent.division_code, RegistryEvent.source_id)
        .execution_options(synchronize_session=False)
    )
    rows = found.all()
    for row in rows:
        work.announce(
            RegistryEventReplayed(subject=row.id, division_code=row.division_code, source_id=row.source_id)
        )
    await wake(work)
    return Replayed(replayed=len(rows), more=len(rows) == MOST_REPLAYED)


async def mend(work: Work, event_id: UUID, given: Mending) -> None:
    """Apply another message in place of one that cannot be; the original stays beside it.

    It speaks with the source's rank, within the source's divisions, and under the name of who mended it.
    Raises `RegistryEventNotFound`, `EventStateUnfit`."""
    event = await _open(work, event_id)
    source = await work.session.get_one(RegistrySource, event.source_id)
    text = orjson.dumps(given.message.model_dump(mode="json", exclude_unset=True))
    event.mended_cipher = work.crypto.encrypt(text, table=TABLE, column="mended_cipher", row=event.id)
    event.mended_at, event.mended_by = work.now, work.actor.id
    event.type = given.message.type
    for column, value in (await placed(work, source, given.message)).items():
        setattr(event, column, value)
    requeue(event)
    await work.session.flush()
    work.announce(
        RegistryEventMended(
            subject=event.id,
            division_code=event.division_code,
            source_id=event.source_id,
            reason=given.reason,
        )
    )
    await wake(work)


async def dismiss(work: Work, event_id: UUID, given: Dismissal) -> None:
    """Settle that a message is not to be applied. Raises `RegistryEventNotFound`, `EventStateUnfit`."""
    event = await _open(work, event_id)
    event.state, event.waiting_for, event.dismissed_reason = EventState.DISMISSED, None, given.reason
    await work.session.flush()
    work.announce(
        RegistryEventDismissed(
            subject=event.id,
            division_code=event.division_code,
            source_id=event.source_id,
            reason=given.reason,
        )
    )


async def reveal(work: Work, event_id: UUID, given: Reveal) -> EventContent:
    """Show what a message says, phone numbers and all: audited before it is shown, and counted.

    Raises `RegistryEventNotFound`, `FreshSignInNeeded`, `RevealsSpent`, `BodyForgotten`."""
    event = await queries.inbox.get_for_update(work, event_id, Permission.PERSON_REVEAL)
    await identity.permit_reveal(work)
    body, mended = body_of(work, event), body_of(work, event, "mended_cipher")
    if body is None:
        raise BodyForgotten
    work.announce(
        RegistryEventRevealed(
            subject=event.id,
            division_code=event.division_code,
            source_id=event.source_id,
            reason=given.reason,
        )
    )
    work.keep_secret()
    await work.session.flush()
    return EventContent(
        id=event.id, body=body.decode(), mended_body=None if mended is None else mended.decode()
    )


def requeue(event: RegistryEvent) -> None:
    """Make a message pending again."""
    event.state, event.waiting_for = EventState.PENDING, None
    event.problem, event.problem_code = None, None
    event.attempts, event.due_at = 0, func.clock_timestamp()


async def _open(work: Work, event_id: UUID) -> RegistryEvent:
    event = await queries.inbox.get_for_update(work, event_id, Permission.REGISTRY_EVENT_MEND)
    work.expect(event)
    if event.state not in REPLAYABLE:
        raise EventStateUnfit(state=event.state)
    return event
