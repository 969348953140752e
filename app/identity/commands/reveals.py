"""What is hidden otherwise, shown to one person: one rule and one count, whatever it is."""

from sqlalchemy import func, select

from app.core.audit import AuditEntry
from app.core.events import EVENTS
from app.core.work import Work
from app.identity import errors
from app.identity.models import User


async def permit_reveal(work: Work) -> None:
    """Let the caller be shown one more thing in plain text today.

    Asks for a person who proved lately who sits there (ASVS 5.0, 7.5.3). Every event marked `reveals` counts,
    of whatever slice, and the caller's row is locked until this work ends: two requests at once cannot both
    be the last one. Raises `FreshSignInNeeded`, `RevealsSpent`."""
    settings, proved_at = work.settings, work.actor.reauthenticated_at
    if proved_at is None or proved_at < work.since(minutes=settings.reveal_reauthentication_minutes):
        raise errors.FreshSignInNeeded
    await work.execute(select(User.id).where(User.id == work.actor.id).with_for_update(key_share=True))
    kinds = [name for name, event in EVENTS.items() if event.reveals]
    shown = select(func.count()).where(
        AuditEntry.actor_id == work.actor.id,
        AuditEntry.action.in_(kinds),
        AuditEntry.at > work.since(days=1),
    )
    if await work.scalar(shown) >= settings.reveals_per_day:
        raise errors.RevealsSpent(limit=settings.reveals_per_day)
