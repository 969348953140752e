"""The verbs of files: upload, store, read, remove, and forget what is past its time."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Refusal
from app.core.work import Work
from app.files import errors, formats, queries, rules
from app.files.models import File, FileChunk
from app.files.rules import Encoding, FilePurpose, FileState, MediaType, Owner
from app.files.schemas import FileRemoved, FileStored

FORGOTTEN_AT_ONCE = 1_000


async def store(
    work: Work,
    name: str,
    media_type: MediaType,
    purpose: FilePurpose,
    chunks: AsyncIterator[bytes],
    *,
    owner: Owner | None = None,
    division_code: str | None = None,
    open_to: Permission | None = None,
) -> File:
    """Keep bytes that the service made, in the caller's transaction.

    The owner is the actor unless another is named (a worker acts for whoever asked). With a division and a
    permission, those who hold it there may read the file too."""
    file = await _begin(work, name, media_type, purpose, owner)
    file.division_code, file.open_to = division_code, open_to
    file.encoding = Encoding.UTF_8 if media_type is MediaType.CSV else None
    await _write(work, file, chunks)
    await _finish(work, file)
    return file


async def upload(work: Work, name: str, stream: AsyncIterator[bytes]) -> File:
    """Take a file as it comes, chunk by chunk, each committed: no transaction waits for a slow sender.

    The same bytes under the same name again are the same file. Raises `FileEmpty`, `FileTypeNotTaken`,
    `FileTypeDiffers`, `FileTooLarge`, `FileQuotaReached`, `TooManyUploads`."""
    name = rules.base_name(name)
    promised = rules.EXTENSIONS.get(rules.extension(name))
    if promised is None:
        raise errors.FileTypeNotTaken
    if await queries.waiting(work, work.actor.id) >= rules.UPLOADS_WAITING:
        raise errors.TooManyUploads
    room = rules.QUOTA - await queries.used(work, work.actor.id)
    await work.keep()
    chunks = rules.pieces(stream)
    first = await anext(chunks, b"")
    media_type = _kind(first, promised)
    file = await _begin(work, name, media_type, FilePurpose.IMPORT, None)
    await work.keep()
    seen = formats.inspection_of(media_type)
    try:
        await _write(work, file, _all(first, chunks), room=room, seen=seen)
    except Refusal:
        await _drop(work, file.id)
        await work.keep()
        raise
    before = await queries.same(work, file)
    if before is not None:
        await _drop(work, file.id)
        before.expires_at = work.now + rules.KEPT[FilePurpose(before.purpose)]
        await work.session.flush()
        return before
    await _finish(work, file)
    return file


def _kind(start: bytes, promised: MediaType) -> MediaType:
    if not start:
        raise errors.FileEmpty
    found = rules.sniffed(start)
    if found is None:
        raise errors.FileTypeNotTaken if rules.is_old_excel(start) else errors.FileTypeDiffers
    if found is not promised:
        raise errors.FileTypeDiffers
    return found


async def _all(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


async def _begin(
    work: Work, name: str, media_type: MediaType, purpose: FilePurpose, owner: Owner | None
) -> File:
    file = File(
        id=uuid7(),
        name=name,
        media_type=media_type,
        purpose=purpose,
        state=FileState.RECEIVING,
        size=0,
        created_by=owner.id if owner else work.actor.id,
        created_by_name=owner.name if owner else work.actor.name,
        expires_at=work.now + rules.RECEIVING_FOR,
    )
    work.session.add(file)
    await work.session.flush()
    return file


async def _write(
    work: Work,
    file: File,
    chunks: AsyncIterator[bytes],
    *,
    room: int = 0,
    seen: formats.Inspection | None = None,
) -> None:
    """Seal and write the chunks; those of an upload are looked at, bounded, and committed one by one."""
    seal, size, number = hashlib.sha256(), 0, 0
    limit = rules.UPLOAD_LIMITS[MediaType(file.media_type)]
    async for piece in rules.pieces(chunks):
        size += len(piece)
        if seen is not None:
            if size > limit:
                raise errors.FileTooLarge(megabytes=limit // rules.MIB)
            if size > room:
                raise errors.FileQuotaReached
            seen.add(piece)
        seal.update(piece)
        cipher = await asyncio.to_thread(
            work.crypto.encrypt, piece, table=queries.TABLE, column=queries.place(number), row=file.id
        )
        await work.execute(insert(FileChunk).values(file_id=file.id, number=number, cipher=cipher))
        number += 1
        if seen is not None:
            await work.keep()
    if seen is not None:
        file.encoding = await seen.end()
    file.state, file.size, file.sha256 = FileState.STORED, size, seal.hexdigest()


async def _finish(work: Work, file: File) -> None:
    file.expires_at = work.now + rules.KEPT[FilePurpose(file.purpose)]
    await work.session.flush()
    work.announce(FileStored(**_told(file)))


def _told(file: File) -> dict[str, Any]:
    return {
        "subject": file.id,
        "division_code": file.division_code,
        "purpose": file.purpose,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
    }


async def keep_as_evidence(
    work: Work, ids: Collection[UUID], *, division_code: str, open_to: Permission
) -> dict[UUID, File]:
    """Keep files of the caller's for good, where those may read them who hold the permission there: commands
    of other slices refer to them from now on. Raises `FileNotFound`."""
    found = await queries.several_for_update(work, ids)
    for file in found:
        if file.purpose == FilePurpose.EVIDENCE:
            continue
        file.purpose, file.division_code, file.open_to = FilePurpose.EVIDENCE, division_code, open_to
        file.expires_at = work.now + rules.KEPT[FilePurpose.EVIDENCE]
        await work.session.flush()
        work.announce(FileStored(**_told(file)))
    return {file.id: file for file in found}


async def read(work: Work, file_id: UUID, start: int = 0) -> AsyncGenerator[bytes, None]:
    """The bytes of a file that the actor may read, from a chunk of 1 MiB on, for jobs of other slices.

    Raises `FileNotFound`."""
    card = await queries.card(work, file_id)
    async for piece in queries.content(work, card.id, start):
        yield piece


async def card(work: Work, file_id: UUID) -> queries.Card:
    """What a file is, for commands of other slices. Raises `FileNotFound`."""
    return await queries.card(work, file_id)


async def remove(work: Work, file_id: UUID) -> None:
    """Its owner removes a file. Raises `FileNotFound`."""
    file = await queries.get_for_update(work, file_id)
    work.expect(file)
    work.announce(FileRemoved(**_told(file)))
    await _drop(work, file.id)


async def _drop(work: Work, file_id: UUID) -> None:
    await work.execute(delete(File).where(File.id == file_id))


async def remove_expired(work: Work) -> int:
    """Forget files past their time, and uploads that were never finished; returns how many."""
    expired = list(
        await work.scalars(
            select(File.id)
            .where(File.expires_at <= work.now)
            .order_by(File.expires_at)
            .limit(FORGOTTEN_AT_ONCE)
        )
    )
    for file_id in expired:
        await _drop(work, file_id)
    return len(expired)
