"""Many rows with few statements, inside the work's transaction."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import JSON, Table
from sqlalchemy import insert as insert_few
from sqlalchemy.dialects.postgresql.ranges import AbstractRange, Range
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.audit import AuditEntry
from app.core.db import Base, uuid7
from app.core.events import EventRow
from app.core.work import Work

FEW: Final = 20
"""Up to so many rows go by a plain INSERT: a COPY begins with a statement that asks for the types."""

Encoder = Callable[[Any], Any]


async def insert(work: Work, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all give the same columns; what they leave out has its default in the database.

    Raises `IntegrityError` and `DBAPIError` as a statement of the session does."""
    if not rows:
        return
    await work.session.flush()
    table: Any = model.__table__
    if len(rows) <= FEW:
        await work.execute(insert_few(table), [dict(row) for row in rows])
    else:
        await _copy(work, table, rows)


async def _copy(work: Work, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
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
        if isinstance(value, dict | list | tuple):
            text = self._known.get(id(value))
            if text is None:
                text = self._known[id(value)] = _dumps(value)
            return text
        return _dumps(value)


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def ids(count: int) -> list[UUID]:
    """Identifiers in the order of what they name, even within one millisecond."""
    return sorted(uuid7() for _ in range(count))


@asynccontextmanager
async def announcing(work: Work) -> AsyncIterator[Work]:
    """The same work, whose announcements are written together when the block ends."""
    own = replace(work, gathered=[])
    yield own
    events = own.gathered or []
    numbers = ids(2 * len(events))
    pairs = [work.rows_of(event) for event in events]
    await insert(
        work, AuditEntry, [{"id": n, **audit} for n, (audit, _) in zip(numbers[::2], pairs, strict=True)]
    )
    await insert(
        work, EventRow, [{"id": n, **event} for n, (_, event) in zip(numbers[1::2], pairs, strict=True)]
    )
