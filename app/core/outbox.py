"""The outbox as the worker takes it: each event's reactions run once, in the order of commits."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select, text, update

from app.core.events import EventRow
from app.core.work import Work

MOST_ATTEMPTS = 5
"""After so many failed attempts an event is left alone, with its failure, for a person to look at."""


async def settle_quiet(work: Work, loud: Collection[str], most: int = 5000) -> int:
    """Mark events that cause nothing as done; returns how many."""
    quiet = (
        select(EventRow.id)
        .where(EventRow.reacted_at.is_(None), EventRow.type.not_in(list(loud)))
        .order_by(EventRow.xid, EventRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    settled = await work.execute(
        update(EventRow)
        .where(EventRow.id == func.any(func.array(quiet.scalar_subquery())))
        .values(reacted_at=func.clock_timestamp())
        .returning(EventRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(settled.all())


async def waiting(work: Work, loud: Collection[str], most: int, *, but: Collection[UUID]) -> Sequence[UUID]:
    """Events whose reactions are still to run, oldest commit first, except `but`."""
    found = await work.scalars(
        select(EventRow.id)
        .where(
            EventRow.reacted_at.is_(None),
            EventRow.type.in_(list(loud)),
            EventRow.attempts < MOST_ATTEMPTS,
            EventRow.id.not_in(list(but)),
        )
        .order_by(EventRow.xid, EventRow.id)
        .limit(most)
    )
    return found.all()


async def count_attempt(work: Work, event_id: UUID) -> bool:
    """Note, before it is made, that an attempt is made; False when another worker is at it or it is done."""
    await work.execute(text("SET LOCAL synchronous_commit = off"))
    free = (
        select(EventRow.id)
        .where(EventRow.id == event_id, EventRow.reacted_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    counted = await work.execute(
        update(EventRow)
        .where(EventRow.id == func.any(func.array(free.scalar_subquery())))
        .values(attempts=EventRow.attempts + 1)
        .returning(EventRow.id)
        .execution_options(synchronize_session=False)
    )
    return counted.first() is not None


async def take(work: Work, event_id: UUID) -> EventRow | None:
    """An event to react to, locked until its reactions are committed; None when another has it."""
    found: EventRow | None = await work.scalar(
        select(EventRow)
        .where(EventRow.id == event_id, EventRow.reacted_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    if found is not None:
        found.reacted_at = func.clock_timestamp()
        found.failure = None
    return found


async def failed(work: Work, event_id: UUID, failure: str) -> None:
    """Keep why the reactions of an event failed: a kind of error and its place, never a value."""
    await work.execute(
        update(EventRow)
        .where(EventRow.id == event_id, EventRow.reacted_at.is_(None))
        .values(failure=failure[:500])
        .execution_options(synchronize_session=False)
    )
