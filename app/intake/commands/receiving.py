"""Taking a signed message: verify, then read, then keep. It is acknowledged when it is committed."""

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.core import signing
from app.core.access import Actor
from app.core.crypto import Crypto
from app.core.db import uuid7
from app.core.signing import Scheme, SignatureRefused
from app.core.work import Work
from app.intake import formats, queries, rules
from app.intake.commands import sources
from app.intake.errors import MessageInvalid, SignatureNotAccepted, WebhookIdReused
from app.intake.models import RegistryEvent, RegistrySource
from app.intake.rules import Delivery, EventState, SourceScheme
from app.intake.schemas import DeliveryRead, Message, RegistryEventReceived

WAKE = "jiceng_work"
"""The channel on which the worker listens."""

TABLE = "registry_events"
STATUS_URL = "/api/v1/registry-events/{id}"
SCHEMES = {
    SourceScheme.EITHER: frozenset(Scheme),
    SourceScheme.SHA256: frozenset({Scheme.SHA256}),
    SourceScheme.SM3: frozenset({Scheme.SM3}),
}
_NOBODY = signing.new_secret()


async def receive(work: Work, code: str, delivery: Delivery) -> DeliveryRead:
    """Keep a signed message. The same message again is taken without effect.

    Raises `SignatureNotAccepted`, `BadJson`, `UnsupportedMedia` (nothing is kept then), `WebhookIdReused`."""
    source, webhook_id = await verified(work, code, delivery)
    payload = formats.parse(delivery, work.settings)
    event_id, stated = uuid7(), formats.stated_type(payload)
    values = await _examined(work, source, payload)
    received_at = await work.scalar(
        insert(RegistryEvent)
        .values(
            id=event_id,
            version=1,
            source_id=source.id,
            webhook_id=webhook_id,
            body_hash=seal(work, delivery.body),
            body_cipher=work.crypto.encrypt(delivery.body, table=TABLE, column="body_cipher", row=event_id),
            type=stated,
            **values,
        )
        .on_conflict_do_nothing(index_elements=["source_id", "webhook_id"])
        .returning(RegistryEvent.received_at)
    )
    if received_at is not None:
        replace(work, actor=actor_of(source)).announce(
            RegistryEventReceived(
                subject=event_id,
                division_code=values["division_code"],
                source_id=source.id,
                webhook_id=webhook_id,
                stated_type=stated,
                state=values["state"],
            )
        )
        await wake(work)
        kept = {"id": event_id, "type": stated, "state": values["state"], "received_at": received_at}
    else:
        before = await same(work, source, webhook_id, delivery.body)
        assert before is not None  # noqa: S101 (the constraint has just met it)
        kept = {name: getattr(before, name) for name in ("id", "type", "state", "received_at")}
    return DeliveryRead(
        source=source.code, webhook_id=webhook_id, status_url=STATUS_URL.format(id=kept["id"]), **kept
    )


async def verified(work: Work, code: str, delivery: Delivery) -> tuple[RegistrySource, str]:
    """The source that signed a message, and the message's id; before a byte of it is read.

    An unknown source fails like a wrong signature, in the same steps."""
    found = await queries.sources.for_signature(work, code)
    source, secrets = found or (None, [])
    opened = [sources.reveal_secret(work, secret) for secret in secrets] or [_NOBODY]
    schemes = SCHEMES[SourceScheme(source.scheme)] if source is not None else frozenset(Scheme)
    try:
        webhook_id = signing.verify(opened, delivery.headers, delivery.body, work.now, schemes=schemes)
    except SignatureRefused as refusal:
        raise SignatureNotAccepted(reason=refusal.code) from None
    if source is None:
        raise SignatureNotAccepted(reason="no_match")
    return source, webhook_id


async def understood(work: Work, payload: Any) -> Message:
    """The message in a payload; accepted codes may have a wrong check digit. Raises `MessageInvalid`."""
    try:
        return formats.read(payload)
    except MessageInvalid as refusal:
        if not formats.only_check_digits(refusal):
            raise
        accepted = await queries.ledger.accepted_codes(work, rules.stated_credit_codes(payload))
        if not accepted:
            raise
        return formats.read(payload, accepted)


async def _examined(work: Work, source: RegistrySource, payload: Any) -> dict[str, Any]:
    """The columns of a new message: pending when it reads well, quarantined with its faults when not."""
    try:
        return {"state": EventState.PENDING, **await placed(work, source, await understood(work, payload))}
    except MessageInvalid as refusal:
        known: dict[str, Any] = {
            "division_code": source.division_code,
            "sequence": formats.stated_sequence(payload),
        }
        if formats.only_check_digits(refusal):
            as_printed = formats.read(payload, rules.stated_credit_codes(payload))
            known = await placed(work, source, as_printed)
        return {
            **known,
            "state": EventState.QUARANTINED,
            "problem": formats.problem_of(refusal),
            "problem_code": formats.problem_code(refusal),
        }


async def placed(work: Work, source: RegistrySource, message: Message) -> dict[str, Any]:
    """The columns that a readable message fills: its division as far as the source may write there."""
    division = getattr(message.data, "division_code", None)  # type: ignore[attr-defined]
    if division is None or not await queries.ledger.inside(work, source, [division], message.effective_on):
        division = source.division_code
    return {
        "division_code": division,
        "effective_on": message.effective_on,
        "occurred_at": message.occurred_at,
        "sequence": message.sequence,
        "organization_key": formats.key_of(message),
    }


async def same(work: Work, source: RegistrySource, webhook_id: str, body: bytes) -> RegistryEvent | None:
    """The message under an id, if it came; `WebhookIdReused` when that was another one."""
    event = await queries.inbox.received(work, source.id, webhook_id)
    if event is not None and event.body_hash != seal(work, body):
        raise WebhookIdReused
    return event


def seal(work: Work, body: bytes) -> bytes:
    """What tells two bodies apart when their bytes are gone; keyed, so that it cannot be guessed back."""
    return body_seal(work.crypto, body)


def body_seal(crypto: Crypto, body: bytes) -> bytes:
    """The seal of a body where there is no work yet."""
    return crypto.blind("registry_events.body", body.decode("latin-1"))


async def wake(work: Work) -> None:
    """Wake the worker when this work is committed."""
    await work.execute(select(func.pg_notify(WAKE, "")))


def actor_of(source: RegistrySource) -> Actor:
    """The source as the actor of what its messages cause; intake has checked its divisions."""
    return Actor(id=source.id, kind="registry", name=source.name, everything=True, source_id=source.id)


def body_of(work: Work, event: RegistryEvent, column: str = "body_cipher") -> bytes | None:
    """The bytes of a message, or None when they are not there (any more)."""
    cipher: bytes | None = getattr(event, column)
    if cipher is None:
        return None
    return work.crypto.decrypt_bytes(cipher, table=TABLE, column=column, row=event.id)
