"""The inbox as the worker takes it: claim, count, put off, set aside, unpark, forget."""

from typing import Any
from uuid import UUID

from sqlalchemy import Result, func, select, text, update

from app.core.errors import Refusal
from app.core.work import Work
from app.intake import formats, queries, rules
from app.intake.commands.receiving import wake
from app.intake.errors import AttemptsExhausted
from app.intake.models import RegistryEvent
from app.intake.rules import EventState, Place
from app.intake.schemas import RegistryEventQuarantined

CHECK_DIGIT = "credit_code_check_digit"
PENDING: dict[str, Any] = {
    "state": EventState.PENDING,
    "waiting_for": None,
    "problem": None,
    "problem_code": None,
    "attempts": 0,
    "due_at": func.clock_timestamp(),
    "version": RegistryEvent.version + 1,
}
"""What makes a message pending again."""


async def claim(work: Work, most: int) -> list[UUID]:
    """Take due messages for a while, in the order in which to apply them; another worker takes others.

    `= ANY(ARRAY(…))`: as `IN (…)` the sub-select may be planned to run again and claim more than `most`."""
    due = (
        select(RegistryEvent.id)
        .where(RegistryEvent.state == EventState.PENDING, RegistryEvent.due_at <= func.clock_timestamp())
        .order_by(RegistryEvent.due_at, RegistryEvent.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = await work.execute(
        update(RegistryEvent)
        .where(RegistryEvent.id == func.any(func.array(due.scalar_subquery())))
        .values(due_at=func.clock_timestamp() + rules.LEASE)
        .returning(
            RegistryEvent.organization_key,
            RegistryEvent.effective_on,
            RegistryEvent.sequence,
            RegistryEvent.occurred_at,
            RegistryEvent.id,
        )
        .execution_options(synchronize_session=False)
    )
    places = [
        Place(row.organization_key, row.effective_on, row.sequence, row.occurred_at, str(row.id))
        for row in taken
    ]
    return [UUID(place.id) for place in rules.in_order(places)]


async def count_attempt(work: Work, event_id: UUID) -> int | None:
    """Note, before it is made, that an attempt is made: a message that kills its worker is counted too.

    Returns the number of this attempt, or None when the message is not pending any more."""
    await work.execute(text("SET LOCAL synchronous_commit = off"))
    attempt: int | None = await work.scalar(
        update(RegistryEvent)
        .where(RegistryEvent.id == event_id, RegistryEvent.state == EventState.PENDING)
        .values(attempts=RegistryEvent.attempts + 1, due_at=func.clock_timestamp() + rules.LEASE)
        .returning(RegistryEvent.attempts)
        .execution_options(synchronize_session=False)
    )
    return attempt


async def put_off(work: Work, event_id: UUID, attempt: int) -> None:
    """Try again later, after a failure that may pass."""
    await work.execute(
        update(RegistryEvent)
        .where(RegistryEvent.id == event_id, RegistryEvent.state == EventState.PENDING)
        .values(due_at=func.clock_timestamp() + rules.backoff(attempt))
        .execution_options(synchronize_session=False)
    )


async def quarantine(work: Work, event_id: UUID, refusal: Refusal) -> None:
    """Set a message aside with the reason why it cannot be applied, for a person to settle."""
    event = await queries.inbox.pending(work, event_id)
    if event is None:
        return
    event.state = EventState.QUARANTINED
    event.problem, event.problem_code = formats.problem_of(refusal), formats.problem_code(refusal)
    await work.session.flush()
    work.announce(
        RegistryEventQuarantined(
            subject=event.id,
            division_code=event.division_code,
            source_id=event.source_id,
            code=event.problem_code,
        )
    )


async def give_up(work: Work, event_id: UUID) -> None:
    """Set a message aside that failed too often for a reason inside the service."""
    await quarantine(work, event_id, AttemptsExhausted())


async def unpark(work: Work) -> int:
    """Make parked messages pending whose organization has come; returns how many.

    Runs at every pass of the worker: a message that was being parked while its organization was being
    registered sees neither, and this is what finds it."""
    waiting = (
        select(RegistryEvent.id)
        .where(RegistryEvent.state == EventState.PARKED, queries.ledger.arrived())
        .with_for_update(skip_locked=True)
    )
    found = await work.execute(
        update(RegistryEvent)
        .where(RegistryEvent.id == func.any(func.array(waiting.scalar_subquery())))
        .values(PENDING)
        .returning(RegistryEvent.id)
        .execution_options(synchronize_session=False)
    )
    return await _woken(work, found)


async def requeue_certificates(work: Work, credit_code: str) -> int:
    """Make messages pending that were quarantined for a check digit which is accepted by now."""
    found = await work.execute(
        update(RegistryEvent)
        .where(
            RegistryEvent.state == EventState.QUARANTINED,
            RegistryEvent.problem_code == CHECK_DIGIT,
            RegistryEvent.organization_key == rules.credit_code_key(credit_code),
        )
        .values(PENDING)
        .returning(RegistryEvent.id)
        .execution_options(synchronize_session=False)
    )
    return await _woken(work, found)


async def forget_bodies(work: Work, most: int = 1000) -> int:
    """Drop the bytes of settled messages past their time; their ids and what came of them stay."""
    old = (
        select(RegistryEvent.id)
        .where(
            RegistryEvent.received_at < work.since(days=work.settings.inbox_retention_days),
            RegistryEvent.body_cipher.is_not(None),
            RegistryEvent.state.in_([EventState.APPLIED, EventState.DISMISSED]),
        )
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    gone = await work.execute(
        update(RegistryEvent)
        .where(RegistryEvent.id == func.any(func.array(old.scalar_subquery())))
        .values(body_cipher=None, mended_cipher=None, version=RegistryEvent.version + 1)
        .returning(RegistryEvent.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


async def _woken(work: Work, found: Result[Any]) -> int:
    """How many were made pending; the worker is woken if any was."""
    number = len(found.all())
    if number:
        await wake(work)
    return number
