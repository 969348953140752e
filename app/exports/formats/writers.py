"""The file itself, row by row: what is written is never held in memory whole."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

import orjson
import xlsxwriter

from app.exports import rules
from app.exports.errors import TooManyRows
from app.exports.formats.flat import Cell, Column, Kind
from app.exports.rules import ExportFormat, ExportLanguage, neutral

BOM: Final = "\ufeff"
SHEETS: Final = {ExportLanguage.ZH: ("数据", "说明"), ExportLanguage.EN: ("Data", "Notes")}
WIDTHS: Final = {
    Kind.TEXT: 24,
    Kind.CODE: 20,
    Kind.NUMBER: 12,
    Kind.AMOUNT: 14,
    Kind.DAY: 12,
    Kind.INSTANT: 27,
    Kind.ID: 38,
}

Note = Sequence[tuple[str, str]]


class Writer(Protocol):
    """A file being written. `cut` counts the texts that were longer than a cell of this form holds."""

    cut: int

    def write(self, items: Iterable[str]) -> None:
        """Add items, each a JSON text."""

    def close(self, note: Note, *, author: str, title: str, made_at: datetime) -> None:
        """Finish the file; one that has room for it says what it is."""


def writer(form: ExportFormat, path: Path, columns: Sequence[Column], language: ExportLanguage) -> Writer:
    """The writer of a form, its header written."""
    if form is ExportFormat.CSV:
        return _Csv(path, columns)
    return _Xlsx(path, columns, language)


class _Csv:
    """RFC 4180 in UTF-8 with a byte-order mark, by which Excel knows the encoding."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self.cut, self._columns = 0, columns
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(BOM)
        self._csv = csv.writer(self._file)
        self._csv.writerow([neutral(column.header) for column in columns])

    def write(self, items: Iterable[str]) -> None:
        self._csv.writerows(
            [_plain(column.take(item)) for column in self._columns] for item in map(orjson.loads, items)
        )

    def close(self, note: Note, *, author: str, title: str, made_at: datetime) -> None:  # noqa: ARG002
        self._file.close()


class _Xlsx:
    """A workbook of two sheets, the rows and what they are; each row goes to disk as it comes."""

    def __init__(self, path: Path, columns: Sequence[Column], language: ExportLanguage) -> None:
        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self.cut, self._columns, self._row = 0, columns, 0
        self._book = xlsxwriter.Workbook(str(path), options)
        rows, self._about = SHEETS[language]
        self._sheet = self._book.add_worksheet(rows)
        self._bold = self._book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._amount = self._book.add_format({"num_format": "0.00"})
        for number, column in enumerate(columns):
            width = max(WIDTHS[column.kind], 2 * len(column.header) if not column.header.isascii() else 0)
            self._sheet.set_column(number, number, width)
            self._sheet.write_string(0, number, neutral(column.header), self._bold)
        self._sheet.freeze_panes(1, 1)

    def write(self, items: Iterable[str]) -> None:
        for item in map(orjson.loads, items):
            self._row += 1
            if self._row >= rules.SHEET_ROWS:
                raise TooManyRows
            for number, column in enumerate(self._columns):
                self._cell(number, column.take(item))

    def _cell(self, number: int, cell: Cell) -> None:
        row = self._row
        if isinstance(cell, str):
            self._sheet.write_string(row, number, self._short(neutral(cell)))
        elif cell is None:
            return
        elif isinstance(cell, date):
            self._sheet.write_datetime(row, number, cell, self._day)
        elif isinstance(cell, int) and abs(cell) >= rules.EXACT_DIGITS:
            self._sheet.write_string(row, number, str(cell))
        else:
            self._sheet.write_number(row, number, cell, self._amount if isinstance(cell, Decimal) else None)

    def _short(self, text: str) -> str:
        if len(text) <= rules.CELL_CHARACTERS:
            return text
        self.cut += 1
        return text[: rules.CELL_CHARACTERS - 1] + "…"

    def close(self, note: Note, *, author: str, title: str, made_at: datetime) -> None:
        self._sheet.autofilter(0, 0, max(self._row, 1), len(self._columns) - 1)
        about = self._book.add_worksheet(self._about)
        about.set_column(0, 0, 22)
        about.set_column(1, 1, 90, self._book.add_format({"text_wrap": True}))
        for number, (name, value) in enumerate(note):
            about.write_string(number, 0, name, self._bold)
            about.write_string(number, 1, self._short(neutral(value)))
        self._book.set_properties(
            {"title": title, "author": author, "created": made_at.replace(tzinfo=None), "comments": "Jiceng"}
        )
        self._book.close()


def note_file(note: Note) -> bytes:
    """The note beside a CSV, itself a CSV of two columns: the data stays a plain table for every parser."""
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows((neutral(name), neutral(value)) for name, value in note)
    return (BOM + lines.getvalue()).encode()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutral(cell)
    return cell.isoformat() if isinstance(cell, date) else format(cell, "")
