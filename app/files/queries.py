"""What is asked of files: seen by their owner, and by whom they were opened to in their division."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse
from sqlalchemy import ColumnElement, and_, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.files import formats
from app.files.errors import FileNotFound
from app.files.models import File, FileChunk
from app.files.rules import FilePurpose, FileState
from app.files.schemas import FileRead

TABLE = "file_chunks"


@dataclass(frozen=True, slots=True)
class Card:
    """What is needed to send a file's bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    encoding: str | None


def visible(work: Work) -> ColumnElement[bool]:
    """The caller's own, and those opened to a permission that the caller holds over their division."""
    if work.actor.everything:
        return true()
    by_scope: dict[Scope, list[str]] = defaultdict(list)
    for permission in work.actor.permissions():
        scope = work.actor.scope(permission)
        if scope.national or scope.divisions:
            by_scope[scope].append(permission.value)
    opened = [
        and_(
            File.open_to.in_(permissions),
            true() if scope.national else access.within_divisions(File.division_code, scope.divisions),
        )
        for scope, permissions in by_scope.items()
    ]
    return or_(File.created_by == work.actor.id, *opened)


def _whole(work: Work) -> ColumnElement[bool]:
    return and_(File.state == FileState.STORED, File.expires_at > work.now, visible(work))


async def read(work: Work, file_id: UUID, *, status: int = 200) -> Response:
    """One file's card."""
    mine = File.created_by == work.actor.id
    statement = select(
        File.id,
        File.name,
        File.media_type,
        File.purpose,
        File.size,
        File.sha256,
        File.encoding,
        File.division_code,
        func.json_build_object("id", File.created_by, "name", File.created_by_name).label("created_by"),
        File.created_at,
        File.expires_at,
        func.concat(literal("/api/v1/files/"), File.id, literal("/content")).label("content_url"),
        reads.etag(File.version),
        reads.actions(work, {"remove": (Permission.FILE_UPLOAD, mine)}),
    ).where(File.id == file_id, _whole(work))
    return await reads.one(work, statement, shape=FileRead, missing=FileNotFound, status=status)


async def card(work: Work, file_id: UUID) -> Card:
    """A file that the caller may read. Raises `FileNotFound`."""
    found = (
        await work.execute(
            select(File.id, File.name, File.media_type, File.size, File.sha256, File.encoding).where(
                File.id == file_id, _whole(work)
            )
        )
    ).one_or_none()
    if found is None:
        raise FileNotFound
    return Card(found.id, found.name, found.media_type, found.size, found.sha256, found.encoding)


async def get_for_update(work: Work, file_id: UUID) -> File:
    """A file of the caller's own, held until the end. Raises `FileNotFound`."""
    found: File | None = await work.scalar(
        select(File)
        .where(File.id == file_id, _whole(work), File.created_by == work.actor.id)
        .with_for_update()
    )
    if found is None:
        raise FileNotFound
    return found


async def download(work: Work, file_id: UUID) -> Response:
    """The bytes of a file as an attachment; their digest is the ETag."""
    found = await card(work, file_id)
    tag = f'"{found.sha256}"'
    if not work.if_none_match.isdisjoint({tag, "*"}):
        return Response(status_code=304, headers={"ETag": tag})
    headers = formats.attachment(found.name, size=found.size, tag=tag)
    return StreamingResponse(content(work, found.id), media_type=found.media_type, headers=headers)


async def content(work: Work, file_id: UUID, start: int = 0) -> AsyncIterator[bytes]:
    """The bytes of a file that was found before, piece by piece, from a chunk on.

    Each piece is read on a connection of its own, so that whoever reads slowly holds none meanwhile."""
    engine, number = work.session.bind, start
    while True:
        async with AsyncSession(engine) as session:
            cipher = await session.scalar(
                select(FileChunk.cipher).where(FileChunk.file_id == file_id, FileChunk.number == number)
            )
        if cipher is None:
            return
        yield work.crypto.decrypt_bytes(cipher, table=TABLE, column=place(number), row=file_id)
        number += 1


def place(number: int) -> str:
    """The name under which a chunk is sealed: it cannot be put elsewhere in its file, nor in another."""
    return f"cipher/{number}"


async def used(work: Work, owner_id: UUID) -> int:
    """Bytes that the unexpired files of one person take; what has become evidence is counted where it is."""
    total: int = await work.scalar(
        select(func.coalesce(func.sum(File.size), 0)).where(*_waiting(work, owner_id))
    )
    return int(total)


async def waiting(work: Work, owner_id: UUID) -> int:
    """How many unexpired uploads of one person nothing uses."""
    count = select(func.count()).where(*_waiting(work, owner_id), File.purpose == FilePurpose.IMPORT)
    return int(await work.scalar(count))


def _waiting(work: Work, owner_id: UUID) -> list[ColumnElement[bool]]:
    return [
        File.created_by == owner_id,
        File.expires_at > work.now,
        File.purpose != FilePurpose.EVIDENCE,
    ]


async def several_for_update(work: Work, ids: Collection[UUID]) -> list[File]:
    """Whole files that the caller may read, held until the end, in the order of their ids. Raises
    `FileNotFound` if one is missing."""
    rows = await work.scalars(
        select(File).where(File.id.in_(ids), _whole(work)).order_by(File.id).with_for_update()
    )
    found = list(rows)
    if len(found) < len(ids):
        raise FileNotFound
    return found


async def same(work: Work, file: File) -> File | None:
    """The file that its owner has already stored with the same bytes under the same name."""
    found: File | None = await work.scalar(
        select(File)
        .where(
            File.created_by == file.created_by,
            File.sha256 == file.sha256,
            File.name == file.name,
            File.purpose == file.purpose,
            File.id != file.id,
            File.expires_at > work.now,
        )
        .limit(1)
        .with_for_update()
    )
    return found
