"""Tables in files: read within bounds, made row by row into what the ledger takes, and written back."""

from app.imports.formats.answers import template
from app.imports.formats.rows import Draft, Layout, blame, check, read, refuse
from app.imports.formats.templates import Choices, column_list, template_file
from app.imports.formats.texts import Record, first_rows, records
from app.imports.formats.workbooks import Sheet, as_csv, sheets
from app.imports.formats.written import refused_csv, refused_xlsx, returned_name

__all__ = [
    "Choices",
    "Draft",
    "Layout",
    "Record",
    "Sheet",
    "as_csv",
    "blame",
    "check",
    "column_list",
    "first_rows",
    "read",
    "records",
    "refuse",
    "refused_csv",
    "refused_xlsx",
    "returned_name",
    "sheets",
    "template",
    "template_file",
]
