"""The program that opens workbooks, in a process of its own with little memory and little time.

It is run by its path, knows nothing of the service, reads the workbook from standard input and writes JSON
lines: with `survey` one line for each visible sheet (name, height, width, its first rows), with `rows NAME`
one line for each row of that sheet. A workbook that is too much for it ends it, and nothing else.
"""

import datetime as dt
import io
import json
import resource
import sys
from typing import Any

MEMORY = 1024 * 1024 * 1024
SECONDS = 20
FIRST = 20


def limit() -> None:
    """Bound what this process may take (setrlimit(2)); it may write no file."""
    for kind, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def text(value: Any) -> str:
    """A cell as text: whole numbers without a fraction, days as ISO dates."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)


def main() -> None:
    """Answer one question about one workbook."""
    limit()
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 (under the limits)

    out = sys.stdout
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    if sys.argv[1] == "rows":
        for row in workbook.get_sheet_by_name(sys.argv[2]).to_python(skip_empty_area=False):
            out.write(json.dumps([text(cell) for cell in row], ensure_ascii=False) + "\n")
        return
    for found in workbook.sheets_metadata:
        if found.visible != SheetVisibleEnum.Visible or found.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(found.name)
        last = sheet.end or (-1, -1)
        rows = sheet.to_python(skip_empty_area=False, nrows=FIRST) if last[1] < 10_000 else []
        told = {"name": found.name, "height": last[0] + 1, "width": last[1] + 1}
        told["first"] = [[text(cell) for cell in row] for row in rows]
        out.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
