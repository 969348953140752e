"""ONE table: event -> the commands it causes. Read it to know every side effect.

Each reaction is idempotent: an event may be reacted to again after a crash. What must be true together with
its event (a responsible body, duties of a registration) is no reaction but a call in the same transaction.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from uuid import UUID

from app.core import idempotency
from app.core.events import EventRow
from app.core.work import Work
from app.identity import commands as identity
from app.intake import commands as intake

Reaction = Callable[[Work, EventRow], Awaitable[object]]
Chunk = Callable[[Work, UUID], Awaitable[object]]
Daily = Callable[[Work], Awaitable[object]]


async def _apply_what_waited(work: Work, _: EventRow) -> None:
    await intake.unpark(work)


async def _requeue_certificates(work: Work, event: EventRow) -> None:
    await intake.requeue_certificates(work, event.data["credit_code"])


REACTIONS: Final[Mapping[str, tuple[Reaction, ...]]] = {
    "organization.registered": (_apply_what_waited,),
    "credit_code_exception.approved": (_requeue_certificates,),
}
"""What follows an event, in the worker, after its transaction."""

OPERATIONS: Final[Mapping[str, Chunk]] = {}
"""Long work by its kind: one call does one chunk, notes the progress, and finishes the work at the end."""

DAILY: Final[Mapping[str, Daily]] = {
    "forget_idempotency_keys": idempotency.forget_old,
    "forget_registry_event_bodies": intake.forget_bodies,
    "tidy_sign_ins": identity.tidy,
}
"""What is done once a day, Shanghai time."""
