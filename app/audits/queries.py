"""The audit, and the events in the order in which they became visible."""

from typing import Any
from uuid import UUID

import orjson
from fastapi import Response
from sqlalchemy import ColumnElement, and_, cast, func, literal, or_, select, true, tuple_
from sqlalchemy.types import Text, Uuid

from app.audits import errors
from app.audits.schemas import AuditEntryRead, AuditFilters, EventFilters, EventRead
from app.core import access, pages, reads
from app.core.access import Permission, Scope
from app.core.audit import AuditEntry
from app.core.db import XID8
from app.core.errors import BadCursor
from app.core.events import EventRow
from app.core.work import Work


def visible(scope: Scope, row: type[AuditEntry | EventRow]) -> ColumnElement[bool]:
    """Rows of the divisions in scope, and those about Party organizations in scope; the nation sees all."""
    if scope.national:
        return true()
    bodies = access.within_bodies(row.subject_id, scope.bodies)
    about_bodies = and_(row.subject_type == "party_organization", bodies)
    return or_(access.within_divisions(row.division_code, scope.divisions), about_bodies)


async def audit_entry(work: Work, entry_id: UUID) -> Response:
    """One entry."""
    statement = _entries(work).where(AuditEntry.id == entry_id)
    return await reads.one(work, statement, shape=AuditEntryRead, missing=errors.AuditEntryNotFound)


async def audit_entries(work: Work, filters: AuditFilters) -> Response:
    """Entries in scope, newest first."""
    statement = _entries(work).where(
        *_equal(
            (AuditEntry.actor_id, filters.actor_id),
            (AuditEntry.action, filters.action),
            (AuditEntry.subject_type, filters.subject_type),
            (AuditEntry.subject_id, filters.subject_id),
        ),
        *_inside(AuditEntry.division_code, filters.division),
        *([AuditEntry.at >= filters.since] if filters.since else []),
        *([AuditEntry.at < filters.until] if filters.until else []),
    )
    sort = (AuditEntry.at, AuditEntry.id)
    return await reads.page(
        work, statement, shape=AuditEntryRead, filters=filters, sort=sort, descending=True
    )


def _entries(work: Work) -> Any:
    actor = func.json_build_object(
        "id", AuditEntry.actor_id, "kind", AuditEntry.actor_kind, "name", AuditEntry.actor_name
    )
    return select(
        AuditEntry.id,
        AuditEntry.at.label("occurred_at"),
        actor.label("actor"),
        AuditEntry.action,
        AuditEntry.subject_type,
        AuditEntry.subject_id,
        AuditEntry.division_code,
        AuditEntry.data,
        AuditEntry.request_id,
        AuditEntry.address,
        reads.etag(literal(1)),
    ).where(visible(work.actor.scope(Permission.AUDIT_READ), AuditEntry))


async def events(work: Work, filters: EventFilters) -> Response:
    """Public events in scope, after the cursor.

    Order is (transaction, id), and only below the oldest transaction still running: a list by id or by
    time would skip what commits late. A long transaction holds the feed back, but nothing is ever lost."""
    secret, fingerprint = reads.cursor_secret(work), filters.fingerprint(EventRead.__name__)
    found = (
        select(
            EventRow.id,
            EventRow.type,
            EventRow.subject_type,
            EventRow.subject_id,
            EventRow.division_code,
            EventRow.occurred_at,
            EventRow.data,
        )
        .where(
            EventRow.xid < func.pg_snapshot_xmin(func.pg_current_snapshot()),
            EventRow.public,
            visible(work.actor.scope(Permission.EVENT_READ), EventRow),
            *_equal(
                (EventRow.type, filters.type),
                (EventRow.subject_type, filters.subject_type),
                (EventRow.subject_id, filters.subject_id),
            ),
            *_inside(EventRow.division_code, filters.division),
        )
        .order_by(EventRow.xid, EventRow.id)
    )
    reads.check(found, EventRead)
    counted = select(func.count()).select_from(found.order_by(None).subquery())
    total = await work.scalar(counted) if filters.include_total else None
    if filters.cursor:
        after = _position(secret, fingerprint, filters.cursor)
        found = found.where(tuple_(EventRow.xid, EventRow.id) > after)
    wired = reads.wire(found).add_columns(cast(EventRow.xid, Text).label("_xid"))
    rows = wired.limit(filters.limit + 1).subquery()
    shown = select(*(rows.c[name] for name in EventRead.model_fields)).correlate(rows).subquery("shown")
    item = select(cast(func.row_to_json(shown.table_valued()), Text)).correlate(rows).scalar_subquery()
    got: Any = (await work.execute(select(item, rows.c["_xid"], rows.c.id).select_from(rows))).all()
    more, page = len(got) > filters.limit, got[: filters.limit]
    cursor = filters.cursor
    if page:
        cursor = pages.encode(secret, fingerprint, [page[-1][1], str(page[-1][2])])
    body = b'{"items":[%b],"next_cursor":%b,"has_more":%b,"total":%b}' % (
        b",".join(r[0].encode() for r in page),
        orjson.dumps(cursor),
        orjson.dumps(more),
        orjson.dumps(total),
    )
    return Response(body, media_type=reads.JSON_TYPE)


def _position(secret: bytes, fingerprint: bytes, cursor: str) -> Any:
    keys = pages.decode(secret, fingerprint, cursor)
    if len(keys) != len(("xid", "id")):
        raise BadCursor
    return tuple_(cast(cast(literal(keys[0]), Text), XID8()), literal(UUID(keys[1]), Uuid()))


def _equal(*pairs: tuple[Any, Any]) -> list[ColumnElement[bool]]:
    return [col == value for col, value in pairs if value is not None]


def _inside(code: Any, division: str | None) -> list[ColumnElement[bool]]:
    return [access.within_divisions(code, [division])] if division else []
