"""Rosters in files: templates with drop-downs, rows as they are read, lists with a watermark."""

from app.rosters.formats.lists import Watermark, members_xlsx
from app.rosters.formats.rows import Draft, Layout, blame, draft_of, first_rows, refuse
from app.rosters.formats.templates import Choices, template_file

__all__ = [
    "Choices",
    "Draft",
    "Layout",
    "Watermark",
    "blame",
    "draft_of",
    "first_rows",
    "members_xlsx",
    "refuse",
    "template_file",
]
