"""The templates: our columns with drop-downs, codes as text, and what may be entered beside each."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from app.files.rules import MediaType
from app.imports.formats.templates import Made
from app.imports.rules import MOST_WORKBOOK_ROWS
from app.rosters.rules import BY_KIND, Column, RosterKind, Value

NAMES: Final = {RosterKind.MEMBERS: "党员名册", RosterKind.PARTY_ORGANIZATIONS: "党组织名册"}
OPTIONS: Final = "选项"
GUIDE: Final = "填写说明 Instructions"
MADE: Final = datetime(2026, 1, 1)  # noqa: DTZ001 (a constant, so that the same template has the same bytes)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the drop-downs offer, of the caller's scope."""

    branches: Sequence[str]
    bodies: Sequence[str]
    divisions: Sequence[str]

    def of(self, column: Column) -> Sequence[str]:
        """The words for a column; none where anything may be typed."""
        if column.words is not None:
            return list(column.words)
        return {
            Value.FLAG: ["是", "否"],
            Value.BRANCH: self.branches,
            Value.BODY: self.bodies,
            Value.DIVISION: self.divisions,
        }.get(column.value, ())


def template_file(kind: RosterKind, form: str, choices: Choices) -> Made:
    """The template of a roster in a form."""
    name = f"{NAMES[kind]}导入模板"
    if form == "csv":
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerow([column.zh for column in BY_KIND[kind]])
        return Made(f"{name}.csv", MediaType.CSV, ("\ufeff" + out.getvalue()).encode())
    return Made(f"{name}.xlsx", MediaType.XLSX, _workbook(kind, choices))


def _workbook(kind: RosterKind, choices: Choices) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": f"{NAMES[kind]}导入模板", "created": MADE})
        sheet, guide, options = (book.add_worksheet(name) for name in (NAMES[kind], GUIDE, OPTIONS))
        options.hide()
        text = book.add_format({"num_format": "@"})
        shared = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        must = book.add_format({**shared, "bg_color": "#F8CBAD"})
        may = book.add_format({**shared, "bg_color": "#D9E2F3"})
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(BY_KIND[kind]):
            sheet.set_column(place, place, max(14, 2 * len(column.zh) + 4), text)
            sheet.write_string(0, place, column.zh, must if column.required else may)
            _drop_down(sheet, options, place, column, choices.of(column))
        _guide(book, guide, kind)
    return out.getvalue()


def _drop_down(sheet: Any, options: Any, place: int, column: Column, words: Sequence[str]) -> None:
    rule: dict[str, Any] = {"validate": "any"}
    if words:
        options.write_column(0, place, words)
        letter = xl_col_to_name(place)
        rule = {"validate": "list", "source": f"={OPTIONS}!${letter}$1:${letter}${len(words)}"}
        if column.words is None and column.value is not Value.FLAG:  # what is not listed may be typed
            rule |= {"error_type": "information"}
        rule |= {"error_title": column.zh, "error_message": "请从下拉列表中选择 Choose from the list"}
    said = "\n".join(filter(None, (column.note, f"例 {column.example}" if column.example else "")))
    if said:
        rule |= {"input_title": column.zh[:32], "input_message": said[:255]}
    if len(rule) > 1:
        sheet.data_validation(1, place, MOST_WORKBOOK_ROWS, place, rule)


def _guide(book: Any, guide: Any, kind: RosterKind) -> None:
    head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
    titles = (
        "列名 Column",
        "English",
        "必填 Required",
        "说明 Note",
        "示例 Example",
        "也可写作 Also recognised",
    )
    for place, (title, width) in enumerate(zip(titles, (20, 24, 14, 44, 26, 40), strict=True)):
        guide.set_column(place, place, width)
        guide.write_string(0, place, title, head)
    for line, column in enumerate(BY_KIND[kind], start=1):
        told = (
            column.zh,
            f"{column.en} ({column.field})",
            "必填 Yes" if column.required else "",
            column.note,
            column.example,
            "、".join(column.synonyms),
        )
        for place, text in enumerate(told):
            guide.write_string(line, place, text, cell)
    guide.freeze_panes(1, 0)
