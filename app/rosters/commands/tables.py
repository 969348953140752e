"""The table of a roster: where it lies in its file, and its records from wherever reading stopped."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final
from uuid import UUID

from app.core.work import Work
from app.files import commands as files
from app.files.errors import FileNotFound
from app.files.rules import CHUNK, Encoding, FilePurpose, MediaType
from app.imports.formats import Record, as_csv, records, sheets
from app.rosters import errors, formats
from app.rosters.formats import Layout
from app.rosters.models import RosterImport
from app.rosters.rules import RosterKind, find_header

BATCH: Final = {RosterKind.MEMBERS: 100, RosterKind.PARTY_ORGANIZATIONS: 300}
"""Rows of one transaction: each goes by the command of the single route."""


async def survey(work: Work, kind: RosterKind, file_id: UUID) -> tuple[str, Layout]:
    """The name of a file and the layout of its table. Raises `RosterFileUnknown`, `RosterHeaderNotFound`."""
    try:
        card = await files.card(work, file_id)
    except FileNotFound:
        raise errors.RosterFileUnknown from None
    if card.media_type == MediaType.XLSX:
        found = await sheets(await _whole(work, card.id))
        tables = [(sheet.name, sheet.first) for sheet in found]
        encoding, separator = Encoding.UTF_8.value, ","
    else:
        encoding = card.encoding or Encoding.UTF_8.value
        async with aclosing(files.read(work, card.id)) as pieces:
            separator, first = formats.first_rows(await anext(pieces, b""), encoding, kind)
        tables = [("", first)]
    for sheet, first in tables:
        header = find_header(kind, first)
        if header is not None:
            return card.name, Layout(kind, encoding, separator, sheet or None, header)
    raise errors.RosterHeaderNotFound


async def _whole(work: Work, file_id: UUID) -> bytes:
    return b"".join([piece async for piece in files.read(work, file_id)])


async def lay_out(work: Work, job: RosterImport, layout: Layout) -> None:
    """Make the table that is read from: a CSV is read where it lies, a sheet is written out as one first."""
    if job.file_id is None:
        raise FileNotFound
    if layout.sheet is None:
        job.table_id = job.file_id
        return
    written = as_csv(await _whole(work, job.file_id), layout.sheet)
    stored = await files.store(work, f"{job.file_name}.csv", MediaType.CSV, FilePurpose.IMPORT, written)
    job.table_id = stored.id


async def records_from(
    work: Work, job: RosterImport, layout: Layout, *, offset: int, number: int
) -> AsyncGenerator[Record, None]:
    """The records of a job's table from a place on."""
    if job.table_id is None:
        raise FileNotFound
    pieces = _from(work, job.table_id, offset)
    async with aclosing(pieces):
        async for record in records(pieces, layout.encoding, layout.separator, offset=offset, number=number):
            yield record


async def _from(work: Work, file_id: UUID, offset: int) -> AsyncGenerator[bytes, None]:
    skip = offset % CHUNK
    async with aclosing(files.read(work, file_id, offset // CHUNK)) as pieces:
        async for piece in pieces:
            yield piece[skip:]
            skip = 0


async def count(work: Work, job: RosterImport, layout: Layout) -> int:
    """How many rows below the header say anything."""
    found = 0
    async for record in records_from(work, job, layout, offset=0, number=1):
        found += record.number > layout.header.row and not record.blank
    return found


async def next_batch(work: Work, job: RosterImport, layout: Layout) -> list[Record]:
    """The next rows that say anything; the place to go on from is noted on the job."""
    batch = list[Record]()
    walk = records_from(work, job, layout, offset=job.next_offset, number=job.next_row)
    async with aclosing(walk) as found:
        async for record in found:
            job.next_offset, job.next_row = record.until, record.number + 1
            if record.number > layout.header.row and not record.blank:
                batch.append(record)
            if len(batch) == BATCH[layout.kind]:
                break
    return batch


async def some(work: Work, job: RosterImport, layout: Layout, numbers: set[int]) -> list[Record]:
    """Records by their numbers, in order."""
    walk = records_from(work, job, layout, offset=0, number=1)
    return [record async for record in walk if record.number in numbers]
