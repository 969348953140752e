"""A standard as a workbook of four sheets; lists within a cell are lines of fields between `|`.

Every cell is text: nothing in it is computed. A fault names its sheet and cell."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import xlsxwriter

from app.core.errors import Fault
from app.scoring.formats.contents import Unreadable, standard_of
from app.scoring.rules import Standard

STANDARD, INDICATORS, BANDS, ADJUSTMENTS, PAPERS = "standard", "indicators", "bands", "adjustments", "papers"
SHEETS: Final = (STANDARD, INDICATORS, BANDS, ADJUSTMENTS, PAPERS)
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    STANDARD: ("field", "value"),
    INDICATORS: (
        *("dimension", "dimension_label", "dimension_weight", "dimension_weight_min", "dimension_weight_max"),
        *("code", "label", "kind", "points", "weight", "weight_min", "weight_max", "scored_by", "evidence"),
        *("deductions", "levels", "each", "source", "steps", "citation", "verified"),
    ),
    BANDS: ("code", "label", "at_least", "inclusive", "requires", "decided_by", "verified"),
    ADJUSTMENTS: ("code", "label", "indicator", "relief", "deductions"),
    PAPERS: ("code", "label", "items"),
}
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "evidence": ("code", "label", "required"),
    "deductions": ("code", "label", "points"),
    "levels": ("code", "label", "points"),
    "steps": ("at_least", "points"),
}
"""The fields of each line of a list in a cell."""
PLAIN: Final = ("scored_by", "requires", "items")
OF_DIMENSION: Final = ("label", "weight", "weight_min", "weight_max")
NESTED: Final = frozenset({"dimensions", "bands", "adjustments", "papers", "rounding"})
TRUE: Final = {"true": True, "false": False, "是": True, "否": False}

Cells = dict[str, str]
"""The cell, `sheet!C5`, in which what a pointer names is written."""


def write_workbook(content: Mapping[str, Any]) -> bytes:
    """The workbook of a standard's JSON."""
    rows: dict[str, list[Mapping[str, Any]]] = {
        STANDARD: [{"field": key, "value": value} for key, value in content.items() if key not in NESTED],
        INDICATORS: [
            {
                **line,
                "dimension": dimension["code"],
                **{f"dimension_{name}": dimension.get(name) for name in OF_DIMENSION},
            }
            for dimension in content["dimensions"]
            for line in dimension["indicators"]
        ],
        **{name: content.get(name, []) for name in (BANDS, ADJUSTMENTS, PAPERS)},
    }
    if "rounding" in content:
        rows[STANDARD].append({"field": "rounding", "value": content["rounding"]["places"]})
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
        for name in SHEETS:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(COLUMNS[name]) - 1, 20, text)
            for place, column in enumerate(COLUMNS[name]):
                sheet.write_string(0, place, column, head)
                for number, row in enumerate(rows[name], start=1):
                    sheet.write_string(number, place, _cell(name, column, row.get(column)), text)
    return out.getvalue()


def _cell(sheet: str, column: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if column in FIELDS and sheet == INDICATORS:
        names = FIELDS[column]
        return "\n".join("|".join(_cell("", "", item.get(name)) for name in names) for item in value)
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(slots=True)
class _Reading:
    """What was read, where each part of it stood, and what could not be."""

    content: dict[str, Any] = field(default_factory=dict)
    cells: Cells = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def blame(self, cell: str, code: str, zh: str, en: str) -> None:
        """A fault at a cell."""
        self.faults.append(Fault(f"/{cell}", code, (f"{cell}: {zh}", f"{cell}: {en}")))


def read_workbook(tables: Mapping[str, str]) -> tuple[dict[str, Any], Cells]:
    """The content of a workbook, each sheet as CSV, and the cell of each part. Raises `Unreadable`."""
    reading = _Reading()
    for name in (STANDARD, INDICATORS):
        if name not in tables:
            reading.blame(name, "sheet", "缺少该工作表", "this sheet is missing")
    if reading.faults:
        raise Unreadable(reading.faults)
    readers: dict[str, Callable[[_Reading, int, dict[str, str]], None]] = {
        STANDARD: _field,
        INDICATORS: _indicator,
    }
    for name in SHEETS:
        for number, row in _rows(reading, name, tables.get(name, "")):
            readers.get(name, _listed(name))(reading, number, row)
    if reading.faults:
        raise Unreadable(reading.faults)
    return reading.content, reading.cells


def _rows(reading: _Reading, name: str, text: str) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows below the heading, by column, the empty ones left out; numbers are the sheet's own."""
    rows = csv.reader(io.StringIO(text))
    heading = [cell.strip() for cell in next(rows, [])]
    for place, column in enumerate(heading):
        if column and column not in COLUMNS[name]:
            reading.blame(f"{name}!{_letter(place)}1", "column", "没有这一列", "there is no such column")
    for number, row in enumerate(rows, start=2):
        found = {column: cell.strip() for column, cell in zip(heading, row, strict=False) if cell.strip()}
        if found:
            for column in found:
                where = f"{name}!{_letter(heading.index(column))}{number}"
                reading.cells[f"{name}:{number}:{column}"] = where
            yield number, found


def _field(reading: _Reading, number: int, row: dict[str, str]) -> None:
    key, value = row.get("field", ""), row.get("value", "")
    if not key or key in reading.content or key in NESTED - {"rounding"}:
        reading.blame(f"{STANDARD}!A{number}", "field", "字段为空、重复或不可用", "no such field, or twice")
        return
    reading.cells[f"/{key}"] = f"{STANDARD}!B{number}"
    reading.content[key] = {"places": value} if key == "rounding" else TRUE.get(value, value)


def _indicator(reading: _Reading, number: int, row: dict[str, str]) -> None:
    dimensions = reading.content.setdefault("dimensions", [])
    code = row.pop("dimension", "")
    given = {name: row.pop(f"dimension_{name}", None) for name in OF_DIMENSION}
    place = next((n for n, found in enumerate(dimensions) if found["code"] == code), len(dimensions))
    if place == len(dimensions):
        told = {name: value for name, value in given.items() if value is not None}
        dimensions.append({"code": code, **told, "indicators": []})
        reading.cells[f"/dimensions/{place}"] = f"{INDICATORS}!A{number}"
    lines = dimensions[place]["indicators"]
    at = f"/dimensions/{place}/indicators/{len(lines)}"
    lines.append(_line(reading, INDICATORS, number, row, at))


def _listed(name: str) -> Callable[[_Reading, int, dict[str, str]], None]:
    def read(reading: _Reading, number: int, row: dict[str, str]) -> None:
        found = reading.content.setdefault(name, [])
        found.append(_line(reading, name, number, row, f"/{name}/{len(found)}"))

    return read


def _line(reading: _Reading, sheet: str, number: int, row: dict[str, str], at: str) -> dict[str, Any]:
    reading.cells[at] = f"{sheet}!A{number}"
    made: dict[str, Any] = {}
    for column, cell in row.items():
        where = reading.cells.get(f"{sheet}:{number}:{column}", f"{sheet}!A{number}")
        reading.cells[f"{at}/{column}"] = where
        lines = [line.strip() for line in cell.splitlines() if line.strip()]
        if sheet == INDICATORS and column in FIELDS:
            made[column] = [_item(reading, where, FIELDS[column], line) for line in lines]
        elif column in PLAIN or (sheet == ADJUSTMENTS and column == "deductions"):
            made[column] = lines
        else:
            made[column] = TRUE.get(cell, cell)
    return made


def _item(reading: _Reading, where: str, names: Sequence[str], line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > len(names):
        reading.blame(where, "fields", f"每行至多{len(names)}段", f"at most {len(names)} fields in a line")
    return {name: TRUE.get(part, part) for name, part in zip(names, parts, strict=False) if part}


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else f"A{chr(ord('A') + place - 26)}"


def standard_of_workbook(tables: Mapping[str, str]) -> Standard:
    """The standard of a workbook, each sheet as CSV. Raises `Unreadable`, by cell."""
    content, cells = read_workbook(tables)
    try:
        return standard_of(content)
    except Unreadable as error:
        raise Unreadable(by_cell(error.faults, cells)) from None


def by_cell(faults: Sequence[Fault], cells: Cells) -> list[Fault]:
    """The same faults at their cells: of what is missing, the row that it is missing from."""
    placed = []
    for fault in faults:
        at = fault.pointer
        while at and at not in cells:
            at = at.rpartition("/")[0]
        cell, (zh, en) = cells.get(at, f"{STANDARD}!A1"), fault.message
        name = fault.pointer.rpartition("/")[2]
        placed.append(Fault(f"/{cell}", fault.code, (f"{cell} ({name}): {zh}", f"{cell} ({name}): {en}")))
    return placed
