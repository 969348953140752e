"""How a file travels, and what is looked at before one is believed."""

from app.files.formats.headers import DOWNLOAD, UPLOAD, attachment
from app.files.formats.inspecting import Inspection, TextInspection, WholeInspection, inspection_of
from app.files.formats.workbooks import check_workbook

__all__ = [
    "DOWNLOAD",
    "UPLOAD",
    "Inspection",
    "TextInspection",
    "WholeInspection",
    "attachment",
    "check_workbook",
    "inspection_of",
]
