"""The file: its columns from the shape of a list, its cells, the file itself, and what it says of itself."""

from app.exports.formats.flat import Column, Dictionaries, columns
from app.exports.formats.labels import LABELS
from app.exports.formats.notes import Account, told
from app.exports.formats.question import Asked, asked, listing_of
from app.exports.formats.writers import Note, Writer, note_file, writer

__all__ = [
    "LABELS",
    "Account",
    "Asked",
    "Column",
    "Dictionaries",
    "Note",
    "Writer",
    "asked",
    "columns",
    "listing_of",
    "note_file",
    "told",
    "writer",
]
