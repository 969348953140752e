"""Standards as JSON, YAML and workbooks: read with every fault at its place, and written back."""

from app.scoring.formats.contents import MOST, Unreadable, overlay_of, reviewed, standard_of
from app.scoring.formats.downloads import DOWNLOAD, MEDIA
from app.scoring.formats.shipped import Shipped, shipped, shipped_version
from app.scoring.formats.workbooks import SHEETS, standard_of_workbook, write_workbook
from app.scoring.formats.yamls import standard_of_yaml, write_yaml

__all__ = [
    "DOWNLOAD",
    "MEDIA",
    "MOST",
    "SHEETS",
    "Shipped",
    "Unreadable",
    "overlay_of",
    "reviewed",
    "shipped",
    "shipped_version",
    "standard_of",
    "standard_of_workbook",
    "standard_of_yaml",
    "write_workbook",
    "write_yaml",
]
