"""The caller's file back: the refused rows as they were sent, each with its reasons beside it."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import xlsxwriter

BESIDE: Final = ("行号 Row", "未导入原因", "Reason")
NEUTRALISED: Final = ("=", "+", "-", "@", "\t")
Refused = tuple[int, list[str], list[dict[str, Any]]]
"""A row: its number in the caller's file, its cells, and its reasons."""


def returned_name(name: str) -> str:
    """The name of the file that goes back."""
    stem, dot, extension = name.rpartition(".")
    return f"{stem}-未导入.{extension}" if dot else f"{name}-未导入"


def beside(number: int, reasons: Sequence[dict[str, Any]]) -> list[str]:
    """What stands beside a refused row: its number, and why, in both languages."""
    said = [
        "; ".join(
            f"{reason['heading']}: {reason['message'][language]}"
            if reason["heading"]
            else reason["message"][language]
            for reason in reasons
        )
        for language in ("zh", "en")
    ]
    return [str(number), *said]


def safe(cell: str) -> str:
    """A cell that a spreadsheet takes for text, never for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(NEUTRALISED) else cell


def refused_csv(heading: Sequence[str], rows: Iterable[Refused], *, begin: bool) -> bytes:
    """Rows as CSV in UTF-8; where it begins, with its heading and the mark that Excel looks for."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if begin:
        out.write("\ufeff")
        writer.writerow([*map(safe, heading), *BESIDE])
    for number, cells, reasons in rows:
        writer.writerow([*map(safe, _filled(cells, heading)), *beside(number, reasons)])
    return out.getvalue().encode("utf-8", "replace")


def refused_xlsx(heading: Sequence[str], rows: Iterable[Refused]) -> bytes:
    """Rows as a workbook; every cell is text, so that codes keep their digits and nothing is computed."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1, "text_wrap": True})
        why = book.add_format({"num_format": "@", "font_color": "#C00000", "text_wrap": True})
        sheet = book.add_worksheet("未导入的行")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(heading) - 1, 0), 18, text)
        sheet.set_column(len(heading), len(heading), 10)
        sheet.set_column(len(heading) + 1, len(heading) + 2, 50)
        for place, cell in enumerate([*heading, *BESIDE]):
            sheet.write_string(0, place, cell, head)
        for line, (number, cells, reasons) in enumerate(rows, start=1):
            for place, cell in enumerate(_filled(cells, heading)):
                sheet.write_string(line, place, cell[:32_000], text)
            for place, cell in enumerate(beside(number, reasons), start=len(heading)):
                sheet.write_string(line, place, cell[:32_000], why)
    return out.getvalue()


def _filled(cells: Sequence[str], heading: Sequence[str]) -> list[str]:
    """A row as wide as its heading, so that the reasons stand in their own columns."""
    width = len(heading)
    return [*cells[:width], *[""] * (width - len(cells))]
