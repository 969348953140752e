"""Making the file: one snapshot of the list, with the grants that its requester holds now, row by row.

It holds no transaction that writes: reading takes minutes, and what changes meanwhile goes on. Its claim is
what it says every few seconds; one that fell silent begins anew in other hands.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select

from app.core.access import SYSTEM, Actor, Permission, Scope
from app.core.errors import Forbidden
from app.core.work import Shell, Work, begin
from app.exports import errors, formats, queries, rules
from app.exports.formats import Asked, Writer
from app.exports.rules import ExportFormat, ExportLanguage
from app.exports.schemas import ExportMade
from app.files import commands as files
from app.files.rules import FilePurpose, MediaType, Owner
from app.operations import commands as operations
from app.operations.models import Operation

BATCH: Final = 1_000
"""Rows fetched and written at a time."""

BEAT_SECONDS: Final = 5.0
SILENCE: Final = timedelta(minutes=1)
"""After so long without a word its worker is taken for dead."""

MOST_ATTEMPTS: Final = 3
PIECE: Final = 1024 * 1024
MEDIA: Final = {ExportFormat.XLSX: MediaType.XLSX, ExportFormat.CSV: MediaType.CSV}


class CalledOffError(Exception):
    """Its requester called it off, or another worker has it."""


@dataclass(slots=True)
class _Job:
    """One export while it is made."""

    id: UUID
    actor: Actor
    asked: Asked
    given: dict[str, Any]
    place: str | None
    folder: Path
    rows: int = 0

    @property
    def form(self) -> ExportFormat:
        return ExportFormat(self.given["format"])

    @property
    def language(self) -> ExportLanguage:
        return ExportLanguage(self.given["language"])

    @property
    def scope(self) -> Scope:
        return self.actor.scope(Permission(self.asked.listing.permission))


@dataclass(frozen=True, slots=True)
class _Made:
    """The file on disk, and what it says of itself."""

    path: Path
    name: str
    snapshot_at: datetime
    note: formats.Note
    note_name: str | None
    cut: int


async def make(shell: Shell, operation: Operation) -> None:
    """Make the file of an export that is in the caller's hands. Raises `RequesterGone`, `Forbidden`,
    `TooManyRows`, and what the list refuses."""
    if operation.report.get("attempts", 1) > MOST_ATTEMPTS:
        raise errors.ExportAbandoned
    async with begin(shell, SYSTEM, reading=True) as work:
        actor = await shell.recall(work.session, operation.requested_by)
    if actor is None:
        raise errors.RequesterGone
    asked = formats.asked(
        formats.listing_of(shell.lists, operation.parameters["list"]), operation.parameters["filters"]
    )
    if not actor.may(Permission(asked.listing.permission)):
        raise Forbidden
    with tempfile.TemporaryDirectory(prefix="jiceng-export-", ignore_cleanup_errors=True) as folder:
        place = operation.division_code
        job = _Job(operation.id, actor, asked, dict(operation.parameters), place, Path(folder))
        with suppress(CalledOffError):
            await _store(shell, job, await _watched(shell, job))


async def _watched(shell: Shell, job: _Job) -> _Made:
    """Write the file while saying that somebody is at it. Raises `CalledOffError`."""
    writing, beating = asyncio.create_task(_write(shell, job)), asyncio.create_task(_beat(shell, job))
    try:
        await asyncio.wait({writing, beating}, return_when=asyncio.FIRST_COMPLETED)
        if beating.done():
            beating.result()
        return await writing
    finally:
        writing.cancel()
        beating.cancel()
        await asyncio.gather(writing, beating, return_exceptions=True)


async def _beat(shell: Shell, job: _Job) -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        async with begin(shell, SYSTEM) as work:
            if not await operations.still_at(work, job.id, job.rows):
                raise CalledOffError


async def _write(shell: Shell, job: _Job) -> _Made:
    title = formats.LABELS.list(job.asked.listing.name).said(job.language)
    async with begin(shell, job.actor, snapshot=True) as work:
        await queries.be_patient(work)
        columns = formats.columns(job.asked.listing.shape, job.language, await queries.dictionaries(work))
        path = job.folder / f"data.{job.form}"
        writer = formats.writer(job.form, path, columns, job.language)
        await _pour(work, job, writer)
    name = rules.file_name(title, work.now, f".{job.form}")
    digest = None
    if job.form is ExportFormat.CSV:
        await asyncio.to_thread(writer.close, [], author=job.actor.name, title=title, made_at=work.now)
        digest = await asyncio.to_thread(_digest, path)
    account = formats.Account(
        export_id=job.id,
        listing=job.asked.listing,
        filters=job.given["filters"],
        rows=job.rows,
        snapshot_at=work.now,
        made_for=job.actor.name,
        made_for_id=job.actor.id,
        scope=job.scope,
        cut=writer.cut,
        data_file=name,
        digest=digest,
    )
    note = formats.told(account, job.form, job.language)
    note_name = None
    if job.form is ExportFormat.CSV:
        ending = "_说明.csv" if job.language is ExportLanguage.ZH else "_notes.csv"
        note_name = rules.file_name(title, work.now, ending)
    else:
        await asyncio.to_thread(writer.close, note, author=job.actor.name, title=title, made_at=work.now)
    return _Made(path, name, work.now, note, note_name, writer.cut)


async def _pour(work: Work, job: _Job, writer: Writer) -> None:
    """Call the list's own code; each batch of its rows goes to the file and is forgotten."""
    poured = False

    async def pour(statement: Select[Any]) -> None:
        nonlocal poured
        poured = True
        rows = await work.session.stream_scalars(statement.execution_options(yield_per=BATCH))
        async for batch in rows.partitions():
            await asyncio.to_thread(writer.write, batch)
            job.rows += len(batch)

    work.sink = pour
    await job.asked.listing.endpoint(work=work, **job.asked.arguments())
    if not poured:
        raise AssertionError(f"{job.asked.listing.name} does not page through reads.page")


async def _store(shell: Shell, job: _Job, made: _Made) -> None:
    """Keep the file as its requester's, and finish, together."""
    owner = Owner(job.actor.id, job.actor.name)
    async with begin(shell, SYSTEM) as work:
        if not await operations.still_at(work, job.id, job.rows):
            raise CalledOffError
        await queries.be_patient(work)
        file = await files.store(
            work, made.name, MEDIA[job.form], FilePurpose.EXPORT, _pieces(made.path), owner=owner
        )
        report: dict[str, Any] = {
            "rows": job.rows,
            "snapshot_at": made.snapshot_at.isoformat(),
            "file_id": str(file.id),
            "cut_cells": made.cut,
        }
        if made.note_name is not None:
            told = _once(formats.note_file(made.note))
            note = await files.store(
                work, made.note_name, MediaType.CSV, FilePurpose.EXPORT, told, owner=owner
            )
            report["note_file_id"] = str(note.id)
        await operations.progress(work, job.id, total=job.rows)
        await operations.finish(work, job.id, report)
        work.announce(
            ExportMade(
                subject=job.id,
                division_code=job.place,
                list=job.asked.listing.name,
                filters=job.given["filters"],
                format=job.form,
                requested_by=job.actor.id,
                rows=job.rows,
                file_id=file.id,
            )
        )


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
