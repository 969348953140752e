"""CSV, read as it streams: each record with the place where the next begins, from which reading can go on.

RFC 4180, with the separators that spreadsheets write. Records are cut on bytes: no line feed and no quote is
ever the later byte of a character, in UTF-8 or in GB18030.
"""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.imports import rules
from app.imports.errors import RecordTooLong

LONGEST: Final = 256 * 1024
"""Bytes of one record: longer ones mean a quote that is never closed."""

BOM: Final = b"\xef\xbb\xbf"
SEPARATORS: Final = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its number in the file from 1, where it begins, where the next one does, and its cells."""

    number: int
    offset: int
    until: int
    cells: list[str]

    @property
    def blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


async def records(
    pieces: AsyncIterator[bytes], encoding: str, separator: str, *, offset: int = 0, number: int = 1
) -> AsyncIterator[Record]:
    """The records from a place on; `pieces` begin there. Raises `RecordTooLong`."""
    async for raw in _cut(pieces, number):
        until = offset + len(raw)
        said = raw.removeprefix(BOM) if offset == 0 else raw
        yield Record(number, offset, until, cells_of(said.decode(encoding, "replace"), separator))
        number, offset = number + 1, until


async def _cut(pieces: AsyncIterator[bytes], number: int) -> AsyncIterator[bytes]:
    """The bytes of each record with its end of line: it ends where as many quotes were closed as opened."""
    waiting, record, quotes = b"", bytearray(), 0
    async for piece in pieces:
        lines = (waiting + piece).split(b"\n")
        waiting = lines.pop()
        if len(record) + len(waiting) > LONGEST:
            raise RecordTooLong(row=number)
        for line in lines:
            record += line
            record += b"\n"
            quotes += line.count(b'"')
            if quotes % 2 == 0:
                yield bytes(record)
                record, quotes, number = bytearray(), 0, number + 1
            elif len(record) > LONGEST:
                raise RecordTooLong(row=number)
    if record or waiting:
        yield bytes(record) + waiting


def cells_of(text: str, separator: str) -> list[str]:
    """The cells of one record."""
    if '"' not in text:
        stripped = text.rstrip("\r\n")
        return stripped.split(separator) if stripped else []
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])


async def first_rows(pieces: AsyncIterator[bytes], encoding: str) -> tuple[str, list[list[str]]]:
    """The separator and the first rows of a table: that separator under which most columns are recognised."""
    start = await anext(pieces, b"")
    tried = [(separator, await _head(start, encoding, separator)) for separator in SEPARATORS]
    return max(tried, key=lambda pair: _known(pair[1]))


async def _head(start: bytes, encoding: str, separator: str) -> list[list[str]]:
    async def once() -> AsyncIterator[bytes]:
        yield start

    rows = []
    async for record in records(once(), encoding, separator):
        rows.append(record.cells)
        if len(rows) == rules.HEADER_WITHIN:
            break
    return rows


def _known(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    known = max((sum(rules.recognised(cell) is not None for cell in row) for row in rows), default=0)
    return known, max((len(row) for row in rows), default=0)
