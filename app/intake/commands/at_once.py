"""A push that is plain is kept by one statement, which is a transaction of its own.

A source and its opened secrets are remembered so that a message can be verified before PostgreSQL is asked.
They are believed only by the statement itself: it keeps the message if the source is still as it is
remembered and active, the secret that signed still in force, and the stamp within its tolerance, all by the
clock of the database. A source or secret that was revoked therefore signs nothing from that moment on. Every
other case keeps nothing and is left to `receive`: a repetition, a refusal, what goes to quarantine.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog
from fastapi import Response
from starlette.requests import Request

from app.core import signing, work
from app.core.db import uuid7
from app.core.errors import Refusal
from app.core.signing import Scheme, SignatureRefused, Signed
from app.core.work import Shell
from app.intake import formats
from app.intake.commands.receiving import SCHEMES, STATUS_URL, TABLE, WAKE, body_seal
from app.intake.commands.sources import SECRETS
from app.intake.rules import Delivery, EventState, SourceScheme
from app.intake.schemas import DeliveryRead, RegistryEventReceived

log = structlog.get_logger("jiceng.intake")
KEPT = 1000
"""Sources that a process remembers."""
TOGETHER = 100
"""Messages of one statement at the most."""
PLACE = 4
"""Where a message has its id."""
PAUSE = 0.05
"""The worker is woken at most this often (seconds): a notification in the statement itself would make every
push wait for the commit of the one before."""

_SOURCE = """
SELECT s.id, s.version, s.name, s.scheme, k.id AS secret_id, k.secret_cipher
  FROM registry_sources s JOIN registry_source_secrets k ON k.source_id = s.id
 WHERE s.code = $1 AND s.state = 'active' AND k.revoked_at IS NULL AND k.valid @> clock_timestamp()
 ORDER BY k.id DESC
"""

_KEEP = f"""
WITH source AS (
    SELECT id, name, division_code, divisions FROM registry_sources
     WHERE id = $1 AND version = $2 AND state = 'active'
), sent AS (
    SELECT m.*, s.id AS source_id, s.name AS source_name,
           CASE WHEN m.stated_division IS NOT NULL AND EXISTS (
               SELECT FROM division_closure c
                WHERE c.descendant_code = m.stated_division AND c.ancestor_code = ANY(s.divisions)
                  AND (c.valid @> timezone('Asia/Shanghai', now())::date OR c.valid @> m.effective_on)
           ) THEN m.stated_division ELSE s.division_code END AS division_code
      FROM unnest($3::uuid[], $4::bigint[], $5::text[], $6::date[], $7::uuid[], $8::text[], $9::bytea[],
                  $10::bytea[], $11::text[], $12::timestamptz[], $13::bigint[], $14::text[], $15::uuid[],
                  $16::uuid[], $17::jsonb[], $18::text[], $19::text[])
           AS m (secret_id, stamp, stated_division, effective_on, id, webhook_id, body_hash, body_cipher,
                 type, occurred_at, sequence, organization_key, audit_id, event_id, data, request_id,
                 address)
      JOIN source s ON true
      JOIN registry_source_secrets k ON k.id = m.secret_id AND k.source_id = s.id
     WHERE k.revoked_at IS NULL AND k.valid @> clock_timestamp()
       AND abs(extract(epoch FROM clock_timestamp()) - m.stamp) <= {signing.TOLERANCE.total_seconds()}
), kept AS (
    INSERT INTO registry_events (
        id, version, source_id, division_code, effective_on, webhook_id, body_hash, body_cipher, type, state,
        occurred_at, sequence, organization_key)
    SELECT id, 1, source_id, division_code, effective_on, webhook_id, body_hash, body_cipher, type,
           '{EventState.PENDING}', occurred_at, sequence, organization_key
      FROM sent ORDER BY webhook_id
        ON CONFLICT (source_id, webhook_id) DO NOTHING
    RETURNING id, received_at
), audited AS (
    INSERT INTO audit_entries (
        id, actor_id, actor_kind, actor_name, action, subject_type, subject_id, division_code, data,
        request_id, address)
    SELECT audit_id, source_id, 'registry', source_name, '{RegistryEventReceived.type}',
           '{RegistryEventReceived.subject_type}', id, division_code, data, request_id, address
      FROM kept JOIN sent USING (id)
), told AS (
    INSERT INTO events (id, type, subject_type, subject_id, division_code, data, public, actor_id)
    SELECT event_id, '{RegistryEventReceived.type}', '{RegistryEventReceived.subject_type}', id,
           division_code, data, {RegistryEventReceived.public}, source_id
      FROM kept JOIN sent USING (id)
)
SELECT id, received_at FROM kept
"""  # noqa: S608 (constants only)


@dataclass(frozen=True, slots=True, repr=False)
class Remembered:
    """A source as it was last seen, with the secrets that were in force."""

    id: UUID
    version: int
    schemes: frozenset[Scheme]
    secrets: tuple[tuple[UUID, str], ...]
    waiting: "Waiting"


class Waiting:
    """The messages of one source that come while others of it are being written: they are written together.

    One statement at a time for each source: what waits behind a source that is being changed is its own."""

    def __init__(self) -> None:
        self._queue: list[tuple[tuple[Any, ...], asyncio.Future[datetime | None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, shell: Shell, source: Remembered, message: tuple[Any, ...]) -> datetime | None:
        """When the message was received, once it is committed; None when it was not kept."""
        done: asyncio.Future[datetime | None] = asyncio.get_running_loop().create_future()
        self._queue.append((message, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(shell, source))
        return await done

    async def _write(self, shell: Shell, source: Remembered) -> None:
        while self._queue:
            now, self._queue = self._queue[:TOGETHER], self._queue[TOGETHER:]
            kept: dict[UUID, datetime] = {}
            try:
                columns = zip(*(message for message, _ in now), strict=True)
                rows = await work.alone(shell, _KEEP, source.id, source.version, *map(list, columns))
                kept = {row["id"]: row["received_at"] for row in rows}
            except Exception as error:  # noqa: BLE001 (each is looked at again)
                log.warning("pushes_not_kept_at_once", kind=type(error).__name__, count=len(now))
            finally:
                for message, done in now:
                    if not done.done():
                        done.set_result(kept.get(message[PLACE]))


class AtOnce:
    """Keeps plain pushes for one service."""

    def __init__(self) -> None:
        self._sources: OrderedDict[str, Remembered] = OrderedDict()
        self._waking: asyncio.Task[None] | None = None

    async def __call__(
        self, shell: Shell, request: Request, body: bytes, path: Mapping[str, str]
    ) -> Response | None:
        """202 for a message that was kept, None for all that is to be looked at by `receive`."""
        code, delivery = path["source"], formats.delivery(request.headers.raw, body)
        found = await self._signed(shell, code, delivery)
        if found is None:
            return None
        source, secret_id, signed = found
        try:
            payload = formats.parse(delivery, shell.settings)
            message: Any = formats.read(payload)
        except Refusal:
            return None
        event_id = uuid7()
        event = RegistryEventReceived(
            subject=event_id,
            source_id=source.id,
            webhook_id=signed.id,
            stated_type=formats.stated_type(payload),
            state=EventState.PENDING,
        )
        message_row = (
            secret_id,
            signed.timestamp,
            getattr(message.data, "division_code", None),
            message.effective_on,
            event_id,
            signed.id,
            body_seal(shell.crypto, body),
            shell.crypto.encrypt(body, table=TABLE, column="body_cipher", row=event_id),
            event.stated_type,
            message.occurred_at,
            message.sequence,
            formats.key_of(message),
            uuid7(),
            uuid7(),
            orjson.dumps(event.data()).decode(),
            request.scope.get("request_id"),
            request.scope.get("client_address"),
        )
        received_at = await source.waiting.keep(shell, source, message_row)
        if received_at is None:  # a repetition, or the source is no longer as it is remembered
            self._sources.pop(code, None)
            return None
        self._wake(shell)
        return formats.taken(
            DeliveryRead(
                id=event_id,
                source=code,
                webhook_id=signed.id,
                type=event.stated_type,
                state=EventState.PENDING,
                status_url=STATUS_URL.format(id=event_id),
                received_at=received_at.astimezone(UTC),
            )
        )

    async def _signed(
        self, shell: Shell, code: str, delivery: Delivery
    ) -> tuple[Remembered, UUID, Signed] | None:
        """The source, the secret that signed, and what it signed; before the body is read."""
        known = self._sources.get(code)
        found = None if known is None else _verified(known, delivery)
        if found is None:
            known = await self._look(shell, code)
            found = None if known is None else _verified(known, delivery)
        return None if known is None or found is None else (known, *found)

    async def _look(self, shell: Shell, code: str) -> Remembered | None:
        """What a source is now; remembered while it is one."""
        rows = await work.alone(shell, _SOURCE, code)
        self._sources.pop(code, None)
        if not rows:
            return None
        opened = tuple(
            (
                row["secret_id"],
                shell.crypto.decrypt(
                    row["secret_cipher"], table=SECRETS, column="secret_cipher", row=row["secret_id"]
                ),
            )
            for row in rows
        )
        schemes = SCHEMES[SourceScheme(rows[0]["scheme"])]
        known = Remembered(rows[0]["id"], rows[0]["version"], schemes, opened, Waiting())
        self._sources[code] = known
        while len(self._sources) > KEPT:
            self._sources.popitem(last=False)
        return known

    def _wake(self, shell: Shell) -> None:
        """Wake the worker soon, once for all that is kept meanwhile; it also looks by itself."""
        if self._waking is None or self._waking.done():
            self._waking = asyncio.create_task(_wake_soon(shell))


def _verified(source: Remembered, delivery: Delivery) -> tuple[UUID, Signed] | None:
    """The secret that signed a message, and what was signed beside the body; None when none did."""
    try:
        signed = signing.read(delivery.headers, datetime.now(UTC))
    except SignatureRefused:
        return None
    for secret_id, secret in source.secrets:
        if signing.matches(secret, signed, delivery.body, source.schemes):
            return secret_id, signed
    return None


async def _wake_soon(shell: Shell) -> None:
    await asyncio.sleep(PAUSE)
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        await work.alone(shell, "SELECT pg_notify($1, '')", WAKE)
