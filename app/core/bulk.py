"""Many rows with few statements, inside the work's transaction."""

import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
from asyncpg.pgproto import pgproto
from sqlalchemy import JSON, Table
from sqlalchemy import insert as insert_few
from sqlalchemy.dialects.postgresql.ranges import AbstractRange, Range
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.audit import AuditEntry
from app.core.db import Base
from app.core.events import EventRow
from app.core.work import Work

FEW: Final = 20
"""Up to so many rows go by a plain INSERT: a COPY begins with a statement that asks for the types."""

Encoder = Callable[[Any], Any]


async def insert(work: Work, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all give the same columns; what they leave out has its default in the database, and
    an `id` that they leave out is made here, in their order.

    Raises `IntegrityError` and `DBAPIError` as a statement of the session does."""
    if not rows:
        return
    await work.session.flush()
    table: Any = model.__table__
    numbers = [] if "id" in rows[0] or "id" not in table.c else ids(len(rows))
    if len(rows) > FEW:
        await _copy(work, table, rows, numbers)
    elif numbers:
        await work.execute(
            insert_few(table), [{"id": n, **row} for n, row in zip(numbers, rows, strict=True)]
        )
    else:
        await work.execute(insert_few(table), [dict(row) for row in rows])


async def _copy(work: Work, table: Table, rows: Sequence[Mapping[str, Any]], numbers: Sequence[UUID]) -> None:
    """COPY … FROM STDIN (FORMAT binary) on the session's own connection."""
    driver: Any = (await (await work.session.connection()).get_raw_connection()).driver_connection
    if not driver.is_in_transaction():
        await work.instant()  # the session begins its transaction with its first statement
    columns = list(rows[0])
    encoders = {name: _encoder(table.c[name].type) for name in columns}
    values = [
        [row[name] for row in rows] if encode is None else [encode(row[name]) for row in rows]
        for name, encode in encoders.items()
    ]
    if numbers:
        columns.append("id")
        values.append(list(numbers))
    try:
        await driver.copy_records_to_table(
            table.name, records=zip(*values, strict=True), columns=columns, schema_name=table.schema
        )
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(f"COPY {table.name}", None, error, hide_parameters=True) from error
    except asyncpg.PostgresError as error:
        raise DBAPIError(f"COPY {table.name}", None, error, hide_parameters=True) from error


def _encoder(column_type: Any) -> Encoder | None:
    """What makes the driver's value of ours, where they differ."""
    if isinstance(column_type, AbstractRange):
        return _range
    return _Json() if isinstance(column_type, JSON) else None


def _range(value: Range[Any] | None) -> asyncpg.Range | None:
    if value is None:
        return None
    return asyncpg.Range(
        value.lower,
        value.upper,
        lower_inc=value.bounds[0] == "[",
        upper_inc=value.bounds[1] == "]",
        empty=value.empty,
    )


class _Json:
    """JSON as text; what many rows share is written once."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def __call__(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, dict | list | tuple):
            return _dumps(value)
        text = self._known.get(id(value))
        if text is None:
            text = self._known[id(value)] = _dumps(value)
        return text


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def ids(count: int) -> list[UUID]:
    """Identifiers of version 7 (RFC 9562) in the order of what they name, even within one millisecond: the
    twelve bits after the time count up (§6.2, method 1), and with them the time when they are spent."""
    noise, now = os.urandom(8 * count), time.time_ns() // 1_000_000
    made: list[UUID] = []
    for number in range(count):
        time_and_count = (now + (number >> 12)) << 16 | 0x7000 | number & 0xFFF
        last = int.from_bytes(noise[8 * number : 8 * number + 8]) & ~(0x3 << 62) | 0x2 << 62
        made.append(pgproto.UUID((time_and_count << 64 | last).to_bytes(16)))
    return made


@asynccontextmanager
async def announcing(work: Work) -> AsyncIterator[Work]:
    """The same work, whose announcements are written together when the block ends."""
    own = replace(work, gathered=[])
    yield own
    events = own.gathered or []
    pairs = [work.rows_of(event) for event in events]
    await insert(work, AuditEntry, [audit for audit, _ in pairs])
    await insert(work, EventRow, [event for _, event in pairs])
