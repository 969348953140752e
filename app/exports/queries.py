"""What is asked of exports: each sees their own. An export is an operation and the file that came of it."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import DateTime, Uuid, case, cast, column, func, literal, select, table
from sqlalchemy.dialects.postgresql import JSONB

from app.core import reads
from app.core.access import Permission
from app.core.work import Work
from app.exports.errors import ExportNotFound
from app.exports.formats import Dictionaries
from app.exports.rules import KIND
from app.exports.schemas import ExportFilters, ExportRead
from app.operations.models import Operation
from app.operations.rules import ENDED

PATIENCE = {"statement_timeout": "600s", "idle_in_transaction_session_timeout": "120s"}
"""A whole list may be sorted before its first row comes, and its rows are written while it waits."""

_users = table("users", column("id", Uuid()))
_files = table("files", column("id", Uuid()), column("name"), column("expires_at", DateTime(timezone=True)))
_items = table(
    "dictionary_items", column("dictionary_code"), column("code"), column("label_zh"), column("label_en")
)


def _of(json: Any, name: str) -> Any:
    return json[name].astext


def _exports(work: Work) -> Any:
    data, note = _files.alias("data"), _files.alias("note")
    asked, came = Operation.parameters, Operation.report
    address = func.concat(literal("/api/v1/files/"), data.c.id, literal("/content"))
    return (
        select(
            Operation.id,
            _of(asked, "list").label("list"),
            cast(asked["filters"], JSONB).label("filters"),
            _of(asked, "format").label("format"),
            _of(asked, "language").label("language"),
            Operation.state,
            case((Operation.state == "succeeded", Operation.done)).label("rows"),
            cast(_of(came, "snapshot_at"), DateTime(timezone=True)).label("snapshot_at"),
            reads.ref(data.c.id, data.c.name).label("file"),
            reads.ref(note.c.id, note.c.name).label("note_file"),
            case((data.c.id.is_not(None), address)).label("content_url"),
            data.c.expires_at.label("available_until_at"),
            Operation.failure,
            Operation.created_at,
            Operation.finished_at,
            reads.etag(Operation.version),
            reads.actions(work, {"cancel": (Permission.OPERATION_READ, Operation.state.not_in(ENDED))}),
        )
        .outerjoin(data, data.c.id == cast(_of(came, "file_id"), Uuid()))
        .outerjoin(note, note.c.id == cast(_of(came, "note_file_id"), Uuid()))
        .where(Operation.kind == KIND, Operation.requested_by == work.actor.id)
    )


async def page(work: Work, filters: ExportFilters) -> Response:
    """My exports, the latest first."""
    statement = _exports(work)
    if filters.state is not None:
        statement = statement.where(Operation.state == filters.state)
    return await reads.page(
        work, statement, shape=ExportRead, filters=filters, sort=(Operation.id,), descending=True
    )


async def read(work: Work, export_id: UUID) -> Response:
    """One export of mine."""
    statement = _exports(work).where(Operation.id == export_id)
    return await reads.one(work, statement, shape=ExportRead, missing=ExportNotFound)


async def asked_since(work: Work, moment: datetime) -> int:
    """How many exports I asked for since then; who asks twice at once is counted one after the other."""
    await work.execute(select(_users.c.id).where(_users.c.id == work.actor.id).with_for_update())
    counted = select(func.count()).where(
        Operation.kind == KIND, Operation.requested_by == work.actor.id, Operation.created_at > moment
    )
    return int(await work.scalar(counted))


async def dictionaries(work: Work) -> Dictionaries:
    """The words of every value of every dictionary."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in (await work.execute(select(_items))).all():
        found[row.dictionary_code][row.code] = (row.label_zh, row.label_en)
    return found


async def be_patient(work: Work) -> None:
    """Let this transaction take the time that a whole list needs."""
    await work.execute(select(*(func.set_config(name, limit, True) for name, limit in PATIENCE.items())))
