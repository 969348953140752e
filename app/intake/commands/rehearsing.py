"""A dry run: everything that a push does, in a savepoint that is rolled back."""

from dataclasses import replace
from typing import Any

from app.core.errors import Refusal
from app.core.work import Work
from app.intake import formats, queries
from app.intake.commands.applying import Applied, carry_out
from app.intake.commands.receiving import actor_of, receive, same, understood, verified
from app.intake.errors import DryRunsSpent
from app.intake.models import RegistrySource
from app.intake.rules import Delivery, Outcome
from app.intake.schemas import DeliveryRead, DryRun, DryRunRead


async def push(work: Work, code: str, delivery: Delivery, *, dry_run: bool) -> DeliveryRead | DryRunRead:
    """Take a message, or only say what would become of it."""
    return await (rehearse if dry_run else receive)(work, code, delivery)


async def rehearse(work: Work, code: str, delivery: Delivery) -> DryRunRead:
    """Say what would become of a signed message, and keep nothing.

    It is counted and on record like any other question: what would become of a message says something of
    the ledger. Raises `SignatureNotAccepted`, `BadJson`, `UnsupportedMedia`, `WebhookIdReused`, as a push
    does, and `DryRunsSpent`."""
    source, webhook_id = await verified(work, code, delivery)
    payload = formats.parse(delivery, work.settings)
    await queries.sources.lock(work, source.id)
    if await queries.sources.dry_runs_today(work, source.id) >= work.settings.dry_runs_per_day:
        raise DryRunsSpent(limit=work.settings.dry_runs_per_day)
    found = await _outcome(work, source, webhook_id, payload, delivery.body)
    replace(work, actor=actor_of(source)).announce(
        DryRun(
            subject=source.id,
            division_code=source.division_code,
            message_type=found.type,
            outcome=found.outcome,
        )
    )
    return found


async def _outcome(
    work: Work, source: RegistrySource, webhook_id: str, payload: Any, body: bytes
) -> DryRunRead:
    """What would become of the message, found in a savepoint that is rolled back."""
    if await same(work, source, webhook_id, body) is not None:
        return _found(webhook_id, payload, Outcome.DUPLICATE)
    savepoint = await work.session.begin_nested()
    try:
        message = await understood(work, payload)
        result = await carry_out(work, source, message, None)
        await work.session.flush()
        if not isinstance(result, Applied):
            return _found(webhook_id, payload, Outcome.PARK)
        named = await queries.ledger.reference(work, result.organization_id)
        return _found(webhook_id, payload, Outcome.APPLY, organization=named)
    except Refusal as refusal:
        return _found(webhook_id, payload, Outcome.QUARANTINE, problem=formats.problem_of(refusal))
    finally:
        await savepoint.rollback()


def _found(webhook_id: str, payload: Any, outcome: Outcome, **found: Any) -> DryRunRead:
    return DryRunRead.model_validate(
        {
            "organization": None,
            "problem": None,
            **found,
            "outcome": outcome,
            "webhook_id": webhook_id,
            "type": formats.stated_type(payload),
        }
    )
