"""Safe retries: the key, the effect and the stored response commit together (IETF draft-07)."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Index, LargeBinary, Text, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.errors import Busy, IdempotencyKeyReused, ResponseNotKept
from app.core.work import Work

KEPT_HEADERS = ("etag", "location", "content-type")


class IdempotencyKey(Base):
    """A key that somebody used on an operation, with what came of it; a secret response has no body."""

    __tablename__ = "idempotency_keys"

    subject: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)


class Replay(Exception):  # noqa: N818 (control flow: the stored answer of an earlier request)
    """The same key and payload came before: give the stored response."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(slots=True)
class Claim:
    """A key held by this request until its transaction ends."""

    subject: UUID
    operation: str
    key: str
    response: Response | None = None

    async def store(self, work: Work) -> None:
        """Write the response beside the effect, in the same transaction."""
        if self.response is None:
            return
        await work.execute(
            update(IdempotencyKey)
            .where(
                IdempotencyKey.subject == self.subject,
                IdempotencyKey.operation == self.operation,
                IdempotencyKey.key == self.key,
            )
            .values(
                status=self.response.status_code,
                headers={k: v for k, v in self.response.headers.items() if k in KEPT_HEADERS},
                body=None if work.secret else bytes(self.response.body),
            )
        )


async def claim(work: Work, request: Request, key: str) -> Claim:
    """Claim the key, or raise `Replay` with what it did before. A concurrent use waits; a timeout is 409."""
    operation = f"{request.method} {request.url.path}"
    seal = fingerprint(work, request, await request.body())
    inserted = await work.execute(
        insert(IdempotencyKey)
        .values(subject=work.actor.id, operation=operation, key=key, fingerprint=seal)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if inserted.first() is not None:
        return Claim(work.actor.id, operation, key)
    before = await work.session.scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.subject == work.actor.id,
            IdempotencyKey.operation == operation,
            IdempotencyKey.key == key,
        )
    )
    if before is None:
        raise Busy
    if before.fingerprint != seal:
        raise IdempotencyKeyReused
    if before.body is None or before.status is None:
        raise ResponseNotKept
    headers = {**(before.headers or {}), "Idempotency-Replayed": "true"}
    raise Replay(Response(before.body, before.status, headers))


def fingerprint(work: Work, request: Request, body: bytes) -> bytes:
    """What makes two requests the same: query, If-Match and body; keyed, since a body may be guessable."""
    seal = hmac.new(work.crypto.blind("derived-key", "idempotency"), digestmod=hashlib.sha256)
    for part in (request.url.query.encode(), request.headers.get("if-match", "").encode(), body):
        seal.update(len(part).to_bytes(8, "big") + part)
    return seal.digest()


async def forget_old(work: Work) -> int:
    """Drop keys past their time; returns how many."""
    old = work.since(hours=work.settings.idempotency_hours)
    dropped = await work.execute(
        delete(IdempotencyKey).where(IdempotencyKey.created_at < old).returning(IdempotencyKey.key)
    )
    return len(dropped.all())
