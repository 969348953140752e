"""The way to a file that never holds up the service: two threads, documents of a bounded size."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.notices.formats.fonts import fonts
from app.notices.formats.pdf import pdf_bytes
from app.notices.formats.word import docx_bytes
from app.notices.rules.document import OfficialDocument

_THREADS: Final = ThreadPoolExecutor(2, thread_name_prefix="documents")


class DocumentForm(StrEnum):
    """The files that a document can be had as, and their media types."""

    DOCX = "docx"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """The type of the file, for `Content-Type`."""
        if self is DocumentForm.PDF:
            return "application/pdf"
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class DocumentTooLong(Exception):  # noqa: N818 - the house names what is wrong
    """More than `rules.document` lets one document hold: a 422."""


async def rendered(
    document: OfficialDocument, form: DocumentForm, font_directory: Path | None = None
) -> bytes:
    """The document as a file, made beside the event loop; the same document always gives the same bytes.

    `font_directory` is `settings.font_dir`. Raises `DocumentTooLong`, and for PDF `FontsMissing`."""
    if document.too_long:
        raise DocumentTooLong
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _made, document, form, font_directory)


def _made(document: OfficialDocument, form: DocumentForm, font_directory: Path | None) -> bytes:
    if form is DocumentForm.DOCX:
        return docx_bytes(document)
    return pdf_bytes(document, fonts(font_directory))
