"""Reads: one statement that PostgreSQL answers in finished JSON, sent as bytes."""

import functools
import hashlib
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Label,
    LargeBinary,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by, array

from app.core import pages
from app.core.access import Permission, Scope
from app.core.errors import NotFound
from app.core.pages import Filters
from app.core.prepared import Reading, Replay
from app.core.work import Work

JSON_TYPE = "application/json"
ONLY_FOR_EDITING = frozenset({"etag", "allowed_actions"})
"""Fields of an item that say how this caller may edit it; they are no part of what is known."""


def etag(version: Any) -> Label[str]:
    """The strong ETag of a row, from its version."""
    return func.concat('"', version, '"').label("etag")


def ref(identifier: Any, name: Any) -> ColumnElement[Any]:
    """`{id, name}` of a referenced row, or null where there is none."""
    return case(
        (identifier.is_not(None), func.json_build_object("id", identifier, "name", name)),
        else_=cast(null(), JSON),
    )


def code_ref(code: Any, name: Any) -> ColumnElement[Any]:
    """`{code, name}` of a referenced division, or null."""
    return case(
        (code.is_not(None), func.json_build_object("code", code, "name", name)), else_=cast(null(), JSON)
    )


def instant(column: Any) -> ColumnElement[str]:
    """A timestamp as RFC 3339 in UTC with `Z`, microseconds kept."""
    return func.to_char(func.timezone("UTC", column), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')


def array_of(statement: Select[Any], *order: Any) -> ColumnElement[Any]:
    """The rows of a correlated select as a JSON array of objects, never null."""
    rows = wire(statement).subquery()
    arranged: Any = func.row_to_json(rows.table_valued())
    if order:
        arranged = aggregate_order_by(arranged, *(rows.c[name] for name in order))
    return func.coalesce(select(func.json_agg(arranged)).scalar_subquery(), cast(literal("[]"), JSON))


def object_of(statement: Select[Any]) -> ColumnElement[Any]:
    """The single row of a correlated select as a JSON object, or null."""
    rows = wire(statement).limit(1).subquery()
    return select(func.row_to_json(rows.table_valued())).scalar_subquery()


Action = Permission | tuple[Permission, ColumnElement[bool] | None]


def actions(
    work: Work,
    table: Mapping[str, Action],
    *,
    read: Permission | None = None,
    visible: Callable[[Scope], ColumnElement[bool]] | None = None,
) -> Label[Any]:
    """What this caller may do with each row: names of verbs, as a JSON array labelled `allowed_actions`.

    With `visible` the scope of each permission is checked row by row where it differs from that of `read`."""
    reading = work.actor.scope(read) if read is not None else None
    parts: list[Any] = []
    for name, entry in table.items():
        permission, condition = entry if isinstance(entry, tuple) else (entry, None)
        if not work.actor.may(permission):
            continue
        conditions = [] if condition is None else [condition]
        scope = work.actor.scope(permission)
        if visible is not None and scope != reading:
            conditions.append(visible(scope))
        parts.append(case((and_(*conditions), literal(name))) if conditions else literal(name))
    if not parts:
        return cast(literal("[]"), JSON).label("allowed_actions")
    return func.array_to_json(func.array_remove(array(parts, type_=Text()), null())).label("allowed_actions")


def wire(statement: Select[Any], shape: type[BaseModel] | None = None) -> Select[Any]:
    """The same select with instants as `…Z` strings and decimals as strings.

    What the shape says is an instant is one, also where the type of an expression does not tell."""
    columns: list[Any] = []
    told = _instants(shape) if shape else frozenset()
    for column in statement.selected_columns:
        kind, name = column.type, column.key
        plain: Any = column.element if isinstance(column, Label) else column
        if name in told or (isinstance(kind, DateTime) and kind.timezone):
            columns.append(instant(plain).label(name))
        elif isinstance(kind, Numeric) and not isinstance(kind, LargeBinary) and kind.asdecimal:
            columns.append(cast(plain, Text).label(name))
        else:
            columns.append(column)
    return statement.with_only_columns(*columns, maintain_column_froms=True)


@functools.cache
def _instants(shape: type[BaseModel]) -> frozenset[str]:
    return frozenset(n for n, field in shape.model_fields.items() if _holds(field.annotation, datetime))


def _holds(annotation: Any, kind: type) -> bool:
    """Whether a field is of this type, perhaps with constraints, perhaps or null."""
    return annotation is kind or any(
        _holds(part, kind) for part in typing.get_args(annotation) if typing.get_origin(part) is not list
    )


def check(statement: Select[Any], shape: type[BaseModel]) -> None:
    """The labels of a read must be the fields of its schema: one shape, written once."""
    labels, fields = {c.key for c in statement.selected_columns}, set(shape.model_fields)
    if labels != fields:
        raise AssertionError(f"{shape.__name__}: missing {fields - labels}, not in schema {labels - fields}")


async def one(
    work: Work,
    statement: Select[Any],
    *,
    shape: type[BaseModel],
    missing: type[NotFound] = NotFound,
    status: int = 200,
) -> Response:
    """One resource with its ETag (304 when the caller has it), or the slice's not-found."""
    check(statement, shape)
    row = wire(statement, shape).subquery()
    tag: Any = row.c["etag"] if "etag" in row.c else null()
    found = select(cast(func.row_to_json(row.table_valued()), Text), tag)

    def finish(work: Work, rows: Sequence[Any], _: Any) -> Response:
        if not rows:
            raise missing
        (row,) = rows
        return answer(work, row[0].encode(), row[1], status=status)

    if isinstance(work, Reading):
        rows, text, arguments, _ = await work.sent(found)
        work.replay = Replay(text, arguments, finish)
        return finish(work, rows, None)
    return finish(work, (await work.execute(found)).all(), None)


async def page(
    work: Work,
    statement: Select[Any],
    *,
    shape: type[BaseModel],
    filters: Filters,
    sort: Sequence[Any],
    descending: bool = False,
) -> Response:
    """One keyset page. `sort` ends in a unique column; every list pages the same way, whatever its depth.

    Where the work has a sink, that takes the whole list instead, each item as one JSON text."""
    check(statement, shape)
    order = [c.desc() for c in sort] if descending else list(sort)
    if work.sink is not None:
        await work.sink(_whole(wire(statement, shape), order))
        return Response(status_code=204)
    secret = cursor_secret(work)
    fingerprint = filters.fingerprint(" ".join([shape.__name__, *(str(c) for c in order)]))
    counted = (
        select(func.count()).select_from(statement.order_by(None).subquery())
        if filters.include_total
        else None
    )
    types = [c.type for c in sort]

    def revive(cursor: str) -> list[Any]:
        keys = zip(pages.decode(secret, fingerprint, cursor), types, strict=True)
        return [pages.revive(key, kind.python_type) for key, kind in keys]

    if filters.cursor:
        values = [
            bindparam(f"_after_{i}", value, kind)
            for i, (value, kind) in enumerate(zip(revive(filters.cursor), types, strict=True))
        ]
        after = tuple_(*sort) < tuple_(*values) if descending else tuple_(*sort) > tuple_(*values)
        statement = statement.where(after)
    wired = wire(statement, shape)
    names = [str(c.key) for c in wired.selected_columns]
    inner = (
        wired.add_columns(*(c.label(f"_{i}") for i, c in enumerate(sort)))
        .order_by(*order)
        .limit(bindparam("_limit", filters.limit + 1, Integer(), literal_execute=True))
        .subquery("q")
    )
    item = select(*(inner.c[n] for n in names)).correlate(inner).subquery("i")
    row = select(cast(func.row_to_json(item.table_valued()), Text)).correlate(inner).scalar_subquery()
    found = select(row, *(inner.c[f"_{i}"] for i in range(len(sort)))).select_from(inner)

    def finish(_: Work, rows: Sequence[Any], asked: Any, total: int | None = None) -> Response:
        more, shown = len(rows) > asked.limit, rows[: asked.limit]
        cursor = pages.encode(secret, fingerprint, [_plain(v) for v in shown[-1][1:]]) if more else None
        body = b'{"items":[%b],"next_cursor":%b,"has_more":%b,"total":%b}' % (
            ",".join([r[0] for r in shown]).encode(),
            orjson.dumps(cursor),
            b"true" if more else b"false",
            orjson.dumps(total),
        )
        return Response(body, media_type=JSON_TYPE)

    if isinstance(work, Reading) and counted is None:
        rows, text, arguments, sent = await work.sent(found)
        places = tuple(sent.index(f"_after_{i}") for i in range(len(sort))) if filters.cursor else ()
        work.replay = Replay(text, arguments, finish, places, revive)
        return finish(work, rows, filters)
    rows = (await work.execute(found)).all()
    return finish(work, rows, filters, await work.scalar(counted) if counted is not None else None)


def _whole(wired: Select[Any], order: list[Any]) -> Select[Any]:
    """Every item in the order of the list, but for what is of use to a front end only."""
    kept = [c for c in wired.selected_columns if c.key not in ONLY_FOR_EDITING]
    inner = wired.with_only_columns(*kept, maintain_column_froms=True).order_by(*order).subquery("q")
    return select(cast(func.row_to_json(inner.table_valued()), Text)).select_from(inner)


async def derived(
    work: Work, value: Any, *, shape: type[BaseModel] | None = None, status: int = 200
) -> Response:
    """A derived sub-resource from Python values; its ETag is the hash of its bytes."""
    if shape is not None and not isinstance(value, BaseModel):
        value = shape.model_validate(value)
    body = value.model_dump_json().encode() if isinstance(value, BaseModel) else orjson.dumps(value)
    return answer(work, body, hash_tag(body), status=status)


def hash_tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def answer(work: Work, body: bytes, tag: str | None, *, status: int = 200) -> Response:
    headers = {"ETag": tag} if tag else {}
    if tag and not work.if_none_match.isdisjoint({tag, "*"}):
        return Response(status_code=304, headers=headers)
    return Response(body, status_code=status, media_type=JSON_TYPE, headers=headers)


def cursor_secret(work: Work) -> bytes:
    configured = work.settings.cursor_secret
    return (
        configured.get_secret_value().encode() if configured else work.crypto.blind("derived-key", "cursor")
    )


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
