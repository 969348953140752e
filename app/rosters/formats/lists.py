"""A list of members as a workbook that says on every page, and in every row, who took it and who let them."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter

from app.rosters.rules import ExportColumn, heading

SHEET: Final = "党员名册"
MARK: Final = "水印"


@dataclass(frozen=True, slots=True)
class Watermark:
    """Who asked, who approved, when, and under which request."""

    request: str
    asked_by: str
    approved_by: str
    made_at: str
    purpose: str

    @property
    def line(self) -> str:
        return (
            f"内部资料 严禁外传 | 申请 {self.asked_by} | 批准 {self.approved_by} | {self.made_at}"
            f" | 用途 {self.purpose} | 编号 {self.request}"
        )

    def of_row(self, number: int) -> str:
        """What traces a copied row: the request and the number of the row."""
        return f"{self.request[-12:]}-{number:06d}"


def members_xlsx(columns: Sequence[ExportColumn], rows: Iterable[Sequence[str]], mark: Watermark) -> bytes:
    """The workbook; every cell is text, so that nothing in it is computed (OWASP: CSV injection)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": SHEET, "author": mark.asked_by, "comments": mark.line})
        text = book.add_format({"num_format": "@"})
        grey = book.add_format({"num_format": "@", "font_color": "#A6A6A6"})
        head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
        banner = book.add_format({"bold": True, "font_color": "#C00000", "bg_color": "#FCE4D6"})
        sheet = book.add_worksheet(SHEET)
        _page(sheet, mark)
        sheet.freeze_panes(2, 0)
        sheet.merge_range(0, 0, 0, len(columns), "", banner)
        sheet.write_string(0, 0, mark.line, banner)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 18, text)
            sheet.write_string(1, place, heading(column), head)
        sheet.set_column(len(columns), len(columns), 24, grey)
        sheet.write_string(1, len(columns), MARK, head)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(number + 1, place, cell[:32_000], text)
            sheet.write_string(number + 1, len(columns), mark.of_row(number), grey)
    return out.getvalue()


def _page(sheet: Any, mark: Watermark) -> None:
    """On paper too: header and footer of each page; an ampersand would be a code of theirs."""
    asked, approved = (name.replace("&", "&&") for name in (mark.asked_by, mark.approved_by))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_header(f'&L&"宋体,Bold"内部资料 严禁外传&C申请 {asked[:40]}&R批准 {approved[:40]}')
    sheet.set_footer(f"&L{mark.made_at}&C{mark.request}&R&P/&N")
