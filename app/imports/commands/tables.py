"""The table of an import: where it lies in its file, and its records from wherever reading stopped."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

from app.core.errors import Refusal
from app.core.work import Work
from app.files import commands as files
from app.files.errors import FileNotFound
from app.files.rules import CHUNK, Encoding, FilePurpose, MediaType
from app.imports import errors, formats, rules
from app.imports.formats import Layout, Record
from app.imports.models import Import, Reconciliation
from app.imports.schemas import FileChoice

Job = Import | Reconciliation


async def survey(work: Work, choice: FileChoice) -> tuple[str, Layout]:
    """The name of a file and the layout of its table.

    Raises `FileUnknown`, `HeaderNotFound`, `MappingNotFound`, `TableTooLarge`, `WorkbookUnreadable`."""
    try:
        card = await files.card(work, choice.file_id)
    except FileNotFound:
        raise errors.FileUnknown from None
    mapping = choice.headings()
    if card.media_type == MediaType.XLSX:
        sheets = await formats.sheets(await _whole(work, card.id))
        tables = [(sheet.name, sheet.first) for sheet in sheets]
        encoding, separator = Encoding.UTF_8.value, ","
    else:
        encoding = card.encoding or Encoding.UTF_8.value
        async with aclosing(files.read(work, card.id)) as pieces:
            separator, first = await formats.first_rows(pieces, encoding)
        tables = [("", first)]
    for sheet, first in tables:
        header = rules.find_header(first, mapping)
        if header is not None:
            if max(header.headings) >= rules.MOST_COLUMNS:
                raise errors.TableTooLarge(rows=rules.MOST_WORKBOOK_ROWS, columns=rules.MOST_COLUMNS)
            columns = {at: (column, header.headings[at]) for at, column in header.columns.items()}
            return card.name, Layout(encoding, separator, header.row, sheet or None, columns, header.ignored)
    refusal: type[Refusal] = errors.HeaderNotFound if mapping is None else errors.MappingNotFound
    raise refusal


async def _whole(work: Work, file_id: UUID) -> bytes:
    return b"".join([piece async for piece in files.read(work, file_id)])


async def lay_out(work: Work, job: Job) -> None:
    """Make the table that is read from: a CSV is read where it lies, a sheet is written out as one first.

    Raises `FileNotFound` when the file was removed meanwhile."""
    if job.file_id is None:
        raise FileNotFound
    layout = Layout.load(job.layout)
    if layout.sheet is None:
        job.table_id = job.file_id
        return
    data = await _whole(work, job.file_id)
    written = formats.as_csv(data, layout.sheet)
    stored = await files.store(work, f"{job.file_name}.csv", MediaType.CSV, FilePurpose.IMPORT, written)
    job.table_id = stored.id


async def records_from(work: Work, job: Job, *, offset: int, number: int) -> AsyncGenerator[Record, None]:
    """The records of a job's table from a place on."""
    if job.table_id is None:
        raise FileNotFound
    layout = Layout.load(job.layout)
    pieces = _from(work, job.table_id, offset)
    async with aclosing(pieces):
        async for record in formats.records(
            pieces, layout.encoding, layout.separator, offset=offset, number=number
        ):
            yield record


async def _from(work: Work, file_id: UUID, offset: int) -> AsyncGenerator[bytes, None]:
    skip = offset % CHUNK
    async with aclosing(files.read(work, file_id, offset // CHUNK)) as pieces:
        async for piece in pieces:
            yield piece[skip:]
            skip = 0


async def count(work: Work, job: Job) -> int:
    """How many rows there are below the header that say anything."""
    layout, found = Layout.load(job.layout), 0
    async for record in records_from(work, job, offset=0, number=1):
        found += record.number > layout.header_row and not record.blank
    return found


async def next_batch(work: Work, job: Job) -> list[Record]:
    """The next rows that say anything; the place to go on from is noted on the job."""
    layout, batch = Layout.load(job.layout), list[Record]()
    async with aclosing(records_from(work, job, offset=job.next_offset, number=job.next_row)) as found:
        async for record in found:
            job.next_offset, job.next_row = record.until, record.number + 1
            if record.number > layout.header_row and not record.blank:
                batch.append(record)
            if len(batch) == rules.BATCH:
                break
    return batch


async def header(work: Work, job: Job) -> list[str]:
    """The header row as it stands in the file."""
    layout = Layout.load(job.layout)
    async with aclosing(records_from(work, job, offset=0, number=1)) as found:
        async for record in found:
            if record.number == layout.header_row:
                return record.cells
    return []


async def one(work: Work, job: Job, *, offset: int, number: int) -> Record:
    """One record by its place. Raises `FileNotFound`."""
    async with aclosing(records_from(work, job, offset=offset, number=number)) as found:
        async for record in found:
            return record
    raise FileNotFound
