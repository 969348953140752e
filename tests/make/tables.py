"""Ledgers as files: CSV and workbooks; invented data only."""

import csv
import io
from collections.abc import Sequence

import openpyxl

HEADING = (
    "社会组织名称",
    "统一社会信用代码",
    "社会组织类型",
    "法定代表人",
    "成立登记日期",
    "登记状态",
    "住所",
)


def as_csv(rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """Rows as a CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[object]], title: str = "Sheet1") -> bytes:
    """Rows as a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
