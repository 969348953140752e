"""Cells and files, without a database: nothing that a spreadsheet would run, nothing that breaks a parser."""

import csv
import html
import io
import json
import re
import typing
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from app.core.pages import Listing
from app.exports import formats
from app.exports.errors import TooManyRows
from app.exports.formats.flat import plain
from app.exports.rules import CELL_CHARACTERS, LIVE, ExportFormat, ExportLanguage, neutral
from app.main import LISTS
from tests.exports.conftest import sheets

PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '+HYPERLINK("http://x.invalid","x")',
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\x00=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    " =1+1",
    "\u3000=1+1",
    '",=1+1,"',
    "a\r\n=1+1",
)
READ_WHOLE = ("list_organizations", "list_duties", "list_registry_events")
TEXT = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
SAFE = ("普通名称", "1.5", "a=b", "（－）", "'", "")
AT = "2026-03-02T16:30:00.123456Z"


def item(shape: type[BaseModel], text: str) -> dict[str, Any]:
    """An item of a list with this text wherever a text may stand."""
    return {name: value(field.annotation, text) for name, field in shape.model_fields.items()}


def value(annotation: Any, text: str) -> Any:
    kind = plain(annotation)
    if typing.get_origin(kind) is list:
        return [value(typing.get_args(kind)[0], text)] * 2
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return item(kind, text)
    known = {
        bool: True,
        int: -7,
        Decimal: "-12.50",
        date: "2026-03-02",
        datetime: AT,
        UUID: "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11",
    }
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return text
    return known.get(kind, text)


def written(
    listing: Listing, form: ExportFormat, path: Path, texts: typing.Iterable[str]
) -> tuple[list[formats.Column], bytes]:
    columns = list(formats.columns(listing.shape, ExportLanguage.ZH, {}))
    file = formats.writer(form, path, columns, ExportLanguage.ZH)
    file.write([json.dumps(item(listing.shape, text)) for text in texts])
    note = [("筛选条件", text) for text in texts]
    file.close(note, author="=1+1", title="=1+1", made_at=datetime(2026, 3, 2, tzinfo=UTC))
    return columns, path.read_bytes()


def parts_of(content: bytes) -> list[list[str]]:
    """The texts of the sheets as they lie in the file; a formula would be an `f` (ECMA-376 §18.3.1.40)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = [archive.read(name).decode() for name in archive.namelist() if "/worksheets/sheet" in name]
    assert len(found) == 2
    assert not any("<f>" in part or "<f " in part for part in found)
    return [[html.unescape(text) for text in TEXT.findall(part)] for part in found]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_is_a_formula(payload: str) -> None:
    """What a program would run has an apostrophe before it (OWASP ASVS 5.0, 1.2.10), the rest has none."""
    begins = payload.lstrip(" \u3000\n")[:1] in LIVE
    assert neutral(payload) == (f"'{payload}" if begins else payload)


def test_what_is_safe_stays_as_it_is() -> None:
    assert [neutral(text) for text in SAFE] == list(SAFE)


@pytest.mark.parametrize("form", ExportFormat)
def test_no_text_of_any_list_is_live(form: ExportFormat, tmp_path: Path) -> None:
    """Every list with every payload in all its text fields, read back: no live formula."""
    by_shape = {listing.shape: listing for listing in LISTS.values()}
    for name, listing in ((one.name, one) for one in by_shape.values()):
        path = tmp_path / f"{name}.{form}"
        columns, content = written(listing, form, path, PAYLOADS)
        if form is ExportFormat.XLSX and name in READ_WHOLE:
            book = sheets(content)
            cells = [row for sheet in book.values() for row in sheet]
            assert len(book["数据"]) == len(PAYLOADS) + 1
        elif form is ExportFormat.XLSX:
            cells = parts_of(content)
        else:
            text = content.decode("utf-8-sig")
            cells = list(csv.reader(io.StringIO(text, newline=""), strict=True))
            assert [len(row) for row in cells] == [len(columns)] * (len(PAYLOADS) + 1)
        for row in cells:
            for cell in row:
                live = isinstance(cell, str) and cell[:1] in LIVE and cell not in {"-7", "-12.50"}
                assert not live, (name, cell)


def test_numbers_days_and_instants(tmp_path: Path) -> None:
    """Numbers are numbers, days are days, instants carry their zone; a long digit string stays text."""
    listing = LISTS["list_organization_penalties"]
    columns, content = written(listing, ExportFormat.XLSX, tmp_path / "a.xlsx", ["x"])
    row = dict(zip([c.header for c in columns], sheets(content)["数据"][1], strict=True))
    assert (row["金额（元）"], row["决定日期"], row["已撤回"]) == (-12.5, datetime(2026, 3, 2), "是")  # noqa: DTZ001
    facts = LISTS["list_organization_facts"]
    columns, content = written(facts, ExportFormat.CSV, tmp_path / "a.csv", ["x"])
    header, line = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert line[header.index("记录时间")] == "2026-03-03 00:30:00+08:00"
    sequence = {**item(facts.shape, "x"), "sequence": 2**53 - 1}
    file = formats.writer(ExportFormat.XLSX, tmp_path / "b.xlsx", columns, ExportLanguage.ZH)
    file.write([json.dumps(sequence)])
    file.close([], author="x", title="x", made_at=datetime(2026, 3, 2, tzinfo=UTC))
    cells = sheets((tmp_path / "b.xlsx").read_bytes())["数据"][1]
    assert cells[header.index("序号")] == "9007199254740991"


def test_a_workbook_has_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text longer than a cell is cut and counted; more rows than a sheet holds are refused, not lost."""
    listing = LISTS["list_dictionaries"]
    columns = formats.columns(listing.shape, ExportLanguage.EN, {})
    file = formats.writer(ExportFormat.XLSX, tmp_path / "a.xlsx", columns, ExportLanguage.EN)
    long = json.dumps({**item(listing.shape, "x"), "label_zh": "字" * 40_000})
    file.write([long])
    assert file.cut == 1
    monkeypatch.setattr("app.exports.rules.SHEET_ROWS", 3)
    with pytest.raises(TooManyRows):
        file.write([long, long])
    file.close([], author="x", title="x", made_at=datetime(2026, 3, 2, tzinfo=UTC))
    cell = sheets((tmp_path / "a.xlsx").read_bytes())["Data"][1][1]
    assert len(cell) == CELL_CHARACTERS
    assert cell.endswith("…")
