"""The issued document as a file: .docx to work on, PDF to send, both after GB/T 9704-2012.

    data = await formats.rendered(document, DocumentForm.PDF, work.settings.font_dir)

raises `FontsMissing` (a 503: the machine has no Chinese font, or none for these characters) and
`DocumentTooLong` (a 422), both plain exceptions that the routes translate. Nothing here
reads the database; call it outside a transaction.
"""

from app.notices.formats.fonts import FontReport, FontsMissing, fonts
from app.notices.formats.pdf import pdf_bytes
from app.notices.formats.render import DocumentForm, DocumentTooLong, rendered
from app.notices.formats.word import docx_bytes

__all__ = [
    "DocumentForm",
    "DocumentTooLong",
    "FontReport",
    "FontsMissing",
    "docx_bytes",
    "fonts",
    "pdf_bytes",
    "rendered",
]
