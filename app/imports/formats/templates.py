"""The template: our columns with drop-downs, codes as text, and a sheet that says how to fill it in."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from app.files.rules import MediaType
from app.imports.rules import COLUMNS, MOST_WORKBOOK_ROWS, Column, ValueKind
from app.organizations.rules import OrganizationKind, RegistrationMode, RegistrationStatus

SHEET: Final = "社会组织"
GUIDE: Final = "填写说明 Instructions"
OPTIONS: Final = "选项"
MADE: Final = datetime(2026, 1, 1)  # noqa: DTZ001 (a constant, so that the same template has the same bytes)
INTRODUCTION: Final = (
    (
        "在“社会组织”表中每行填一个组织; 列可以增减、换序, 表头可用下列任一名称。",
        "One organization a row on the first sheet; columns may be left out, moved or renamed as below.",
    ),
    (
        "统一社会信用代码相同的, 视为同一组织: 台账中已有的只更新所填事项, 空白单元格不改变任何内容。",
        "A known credit code means that organization: what is filled in is updated, blanks change nothing.",
    ),
    (
        "代码类的列须为文本格式, 否则末几位会丢失; 日期可写作 2021-03-05、2021/3/5、2021年3月5日。",
        "Code columns are text, or digits are lost; dates may be 2021-03-05, 2021/3/5 or 2021年3月5日.",
    ),
    (
        "先试导入 (dry run) 查看每行结果; 被拒绝的行可下载, 原因列在每行之后, 改正后可直接再导入。",
        "Try a dry run first; refused rows come back with their reasons: mend and import them again.",
    ),
)
_TEXT: Final = {
    ValueKind.CREDIT_CODE,
    ValueKind.DIVISION,
    ValueKind.PHONE,
    ValueKind.NUMBER,
    ValueKind.DAY,
    ValueKind.COUNT,
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the drop-downs offer."""

    divisions: Sequence[str]
    authorities: Sequence[str]
    industries: Sequence[str]

    def of(self, column: Column) -> Sequence[str]:
        """The words for a column; none where anything may be typed."""
        return {
            ValueKind.KIND: [kind.zh for kind in OrganizationKind],
            ValueKind.STATUS: [status.zh for status in RegistrationStatus],
            ValueKind.MODE: [mode.zh for mode in RegistrationMode],
            ValueKind.FLAG: ["是", "否"],
            ValueKind.DIVISION: self.divisions,
            ValueKind.AUTHORITY: self.authorities,
            ValueKind.INDUSTRY: self.industries,
        }.get(column.kind, ())


def template_csv() -> bytes:
    """The headings as CSV in UTF-8, with the mark that Excel looks for."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([column.zh for column in COLUMNS])
    return ("\ufeff" + out.getvalue()).encode()


def template_xlsx(choices: Choices) -> bytes:
    """The workbook, with the choices of the caller."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": "社会组织台账导入模板", "created": MADE})
        sheet, guide, options = (book.add_worksheet(name) for name in (SHEET, GUIDE, OPTIONS))
        options.hide()
        _write_guide(book, guide)
        _write_columns(book, sheet, _write_options(options, choices))
        for shown in (sheet, guide):
            shown.set_landscape()
            shown.set_paper(9)
            shown.fit_to_pages(1, 0)
    return out.getvalue()


def _write_options(options: Any, choices: Choices) -> dict[str, str]:
    """The lists, one column each; where each field's list lies."""
    places: dict[tuple[str, ...], str] = {}
    found: dict[str, str] = {}
    for column in COLUMNS:
        words = tuple(choices.of(column))
        if not words:
            continue
        if words not in places:
            letter = xl_col_to_name(len(places))
            options.write_column(0, len(places), words)
            places[words] = f"={OPTIONS}!${letter}$1:${letter}${len(words)}"
        found[column.field] = places[words]
    return found


def _write_columns(book: Any, sheet: Any, lists: dict[str, str]) -> None:
    text = book.add_format({"num_format": "@"})
    plain = book.add_format()
    shared = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    must = book.add_format({**shared, "bg_color": "#F8CBAD"})
    may = book.add_format({**shared, "bg_color": "#D9E2F3"})
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 32)
    for place, column in enumerate(COLUMNS):
        width = max(12, 2 * len(column.zh) + 4, min(len(column.example) * 2, 30))
        sheet.set_column(place, place, width, text if column.kind in _TEXT else plain)
        sheet.write_string(0, place, column.zh, must if column.required else may)
        said = "\n".join(
            filter(None, (column.note_zh, column.note_en, f"例 {column.example}" if column.example else ""))
        )
        rule: dict[str, Any] = {"validate": "any"}
        if column.field in lists:
            rule = {"validate": "list", "source": lists[column.field]}
            if column.kind in {ValueKind.DIVISION, ValueKind.AUTHORITY}:  # what is not listed may be typed
                rule |= {
                    "error_type": "information",
                    "error_title": column.zh,
                    "error_message": "不在列表中 Not listed",
                }
            else:
                rule |= {"error_title": column.zh, "error_message": "请从下拉列表中选择 Choose from the list"}
        if said:
            rule |= {"input_title": column.zh[:32], "input_message": said[:255]}
        if len(rule) > 1:
            sheet.data_validation(1, place, MOST_WORKBOOK_ROWS, place, rule)


def _write_guide(book: Any, guide: Any) -> None:
    head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
    free = book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate((22, 46, 16, 44, 50, 28, 70)):
        guide.set_column(place, place, width)
    for line, (zh, en) in enumerate(INTRODUCTION):
        guide.merge_range(line, 0, line, 6, f"{line + 1}. {zh}\n{en}", free)
        guide.set_row(line, 34)
    top = len(INTRODUCTION) + 1
    titles = (
        "列名 Column",
        "English",
        "必填 Required",
        "说明",
        "Note",
        "示例 Example",
        "也可写作 Also recognised",
    )
    for place, title in enumerate(titles):
        guide.write_string(top, place, title, head)
    for line, column in enumerate(COLUMNS, start=top + 1):
        guide.set_row(line, 30)
        required = "新组织必填 Yes" if column.required else ""
        told = (
            column.zh,
            f"{column.en} ({column.field})",
            required,
            column.note_zh,
            column.note_en,
            column.example,
        )
        for place, text in enumerate((*told, "、".join(column.synonyms))):
            guide.write_string(line, place, text, cell)
    guide.freeze_panes(top + 1, 0)


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made for an answer."""

    name: str
    media_type: MediaType
    data: bytes


def template_file(form: str, choices: Choices) -> Made:
    """The template in a form."""
    if form == "csv":
        return Made("社会组织台账导入模板.csv", MediaType.CSV, template_csv())
    return Made("社会组织台账导入模板.xlsx", MediaType.XLSX, template_xlsx(choices))


def column_list() -> dict[str, Any]:
    """The columns for `/imports/columns`."""
    return {
        "items": [
            {
                "field": column.field,
                "heading_zh": column.zh,
                "heading_en": column.en,
                "synonyms": list(column.synonyms),
                "value": column.kind,
                "required": column.required,
                "note": {"zh": column.note_zh, "en": column.note_en} if column.note_zh else None,
                "example": column.example or None,
            }
            for column in COLUMNS
        ]
    }
