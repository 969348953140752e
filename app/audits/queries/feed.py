"""The events in the order in which they became visible."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from fastapi import Response
from sqlalchemy import Select, cast, func, literal, select, tuple_
from sqlalchemy.types import Text, Uuid

from app.audits.queries.sight import equal, inside, visible
from app.audits.schemas import EventFilters, EventRead
from app.core import pages, reads
from app.core.access import Permission
from app.core.db import XID8
from app.core.errors import BadCursor
from app.core.events import EventRow
from app.core.work import Work

Position = tuple[str, UUID]
"""The transaction and the id of the last event seen."""

Rows = Sequence[tuple[str, str, UUID]]
"""Events as JSON, each with its position."""

SHOWN = EventRow.xid < func.pg_snapshot_xmin(func.pg_current_snapshot())
FIRST = UUID(int=0)


async def events(work: Work, filters: EventFilters) -> Response:
    """Public events in scope, after the cursor.

    Order is (transaction, id), and only below the oldest transaction still running: a list by id or by
    time would skip what commits late. A long transaction holds the feed back, but nothing is ever lost."""
    found = _found(work, filters)
    counted = select(func.count()).select_from(found.subquery())
    total = await work.scalar(counted) if filters.include_total else None
    after = position(work, filters, filters.cursor) if filters.cursor else None
    got = await following(work, filters, after, filters.limit + 1)
    more, page = len(got) > filters.limit, got[: filters.limit]
    token = cursor(work, filters, (page[-1][1], page[-1][2])) if page else filters.cursor
    body = b'{"items":[%b],"next_cursor":%b,"has_more":%b,"total":%b}' % (
        b",".join(r[0].encode() for r in page),
        orjson.dumps(token),
        orjson.dumps(more),
        orjson.dumps(total),
    )
    return Response(body, media_type=reads.JSON_TYPE)


async def following(work: Work, filters: EventFilters, after: Position | None, most: int) -> Rows:
    """The next events, as JSON."""
    found = _found(work, filters)
    reads.check(found, EventRead)
    if after is not None:
        last = tuple_(cast(cast(literal(after[0]), Text), XID8()), literal(after[1], Uuid()))
        found = found.where(tuple_(EventRow.xid, EventRow.id) > last)
    wired = reads.wire(found).add_columns(cast(EventRow.xid, Text).label("_xid"))
    rows = wired.order_by(EventRow.xid, EventRow.id).limit(most).subquery()
    shown = select(*(rows.c[name] for name in EventRead.model_fields)).correlate(rows).subquery("shown")
    item = select(cast(func.row_to_json(shown.table_valued()), Text)).correlate(rows).scalar_subquery()
    got: Any = await work.execute(select(item, rows.c["_xid"], rows.c.id).select_from(rows))
    return [(text, xid, identifier) for text, xid, identifier in got]


async def end(work: Work) -> Position:
    """Where the feed ends now: what became visible lies before it, what will become visible after it."""
    xid = await work.scalar(select(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text)))
    return str(xid), FIRST


def cursor(work: Work, filters: EventFilters, last: Position) -> str:
    """A position as callers keep it, signed and bound to the filters."""
    return pages.encode(reads.cursor_secret(work), _fingerprint(filters), [last[0], str(last[1])])


def position(work: Work, filters: EventFilters, token: str) -> Position:
    """A position that a caller kept. Raises `BadCursor`."""
    keys = pages.decode(reads.cursor_secret(work), _fingerprint(filters), token)
    if len(keys) != len(("xid", "id")):
        raise BadCursor
    return keys[0], UUID(keys[1])


def _fingerprint(filters: EventFilters) -> bytes:
    return filters.fingerprint(EventRead.__name__)


def _found(work: Work, filters: EventFilters) -> Select[Any]:
    return select(
        EventRow.id,
        EventRow.type,
        EventRow.subject_type,
        EventRow.subject_id,
        EventRow.division_code,
        EventRow.occurred_at,
        EventRow.data,
    ).where(
        SHOWN,
        EventRow.public,
        visible(work.actor.scope(Permission.EVENT_READ), EventRow),
        *equal(
            (EventRow.type, filters.type),
            (EventRow.subject_type, filters.subject_type),
            (EventRow.subject_id, filters.subject_id),
        ),
        *inside(EventRow.division_code, filters.division),
    )
