"""The verbs of rosters."""

from app.rosters.commands.exporting import EXPORT, decide, make_chunk, request_export
from app.rosters.commands.importing import IMPORT, import_chunk, start_import

__all__ = [
    "EXPORT",
    "IMPORT",
    "decide",
    "import_chunk",
    "make_chunk",
    "request_export",
    "start_import",
]
