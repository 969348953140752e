"""What may be stored: kinds of files, how large each may be, and how long it is kept."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

MIB: Final = 1024 * 1024
CHUNK: Final = MIB
"""Bytes of one stored chunk: a row that is encrypted, written and read as a whole."""

QUOTA: Final = 1024 * MIB
"""Bytes that one person's unexpired files may take together (OWASP ASVS 5.0, 5.2.4)."""

RECEIVING_FOR: Final = timedelta(hours=2)
"""An upload that was not finished by then is forgotten."""


class MediaType(StrEnum):
    """The kinds of files that travel."""

    CSV = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


class Encoding(StrEnum):
    """How a text is written, in the order in which it is tried."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"


class FilePurpose(StrEnum):
    """What a file is for."""

    IMPORT = "import"
    EXPORT = "export"
    EVIDENCE = "evidence"


class FileState(StrEnum):
    """Whether all of it is there."""

    RECEIVING = "receiving"
    STORED = "stored"


KEPT: Final = {
    FilePurpose.IMPORT: timedelta(days=30),
    FilePurpose.EXPORT: timedelta(days=7),
    FilePurpose.EVIDENCE: timedelta(days=36_500),
}
"""Evidence stands behind results that are defended years later: it stays until its owner may remove it."""

UPLOAD_LIMITS: Final = {
    MediaType.CSV: 100 * MIB,
    MediaType.XLSX: 10 * MIB,
    MediaType.PDF: 20 * MIB,
    MediaType.PNG: 10 * MIB,
    MediaType.JPEG: 10 * MIB,
}
"""A workbook, paper or picture is looked at as a whole, so it is small; a bigger ledger comes as a CSV, which
is streamed."""

EXTENSIONS: Final = {
    ".csv": MediaType.CSV,
    ".txt": MediaType.CSV,
    ".xlsx": MediaType.XLSX,
    ".pdf": MediaType.PDF,
    ".png": MediaType.PNG,
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
}
UPLOADS_WAITING: Final = 150
"""So many unexpired uploads that nothing refers to yet may one person have."""

_ZIP: Final = b"PK\x03\x04"
_SIGNATURES: Final = {
    _ZIP: MediaType.XLSX,
    b"%PDF-": MediaType.PDF,
    b"\x89PNG\r\n\x1a\n": MediaType.PNG,
    b"\xff\xd8\xff": MediaType.JPEG,
}
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TEXT: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
"""Bytes that no text has, neither in UTF-8 nor in GB18030 (whose later bytes are 30–39 and 40–FE)."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose file it is."""

    id: UUID
    name: str


def sniffed(start: bytes) -> MediaType | None:
    """The kind of a file by its first bytes; None for what is none of those that are taken."""
    for signature, kind in _SIGNATURES.items():
        if start.startswith(signature):
            return kind
    return None if _NOT_TEXT.search(start) else MediaType.CSV


def is_old_excel(start: bytes) -> bool:
    """An Excel 97 workbook, or one under a password: both are OLE containers ([MS-CFB] §2.2)."""
    return start.startswith(_OLE)


def extension(name: str) -> str:
    """The extension of a file's name, in lower case, with its dot."""
    _, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot else ""


def base_name(name: str) -> str:
    """The last part of a name that a browser may have sent with its folders."""
    return re.split(r"[/\\]", name)[-1].strip() or "file"


async def pieces(stream: AsyncIterator[bytes], size: int = CHUNK) -> AsyncIterator[bytes]:
    """The same bytes in pieces of exactly `size`, the last one shorter."""
    waiting = bytearray()
    async for part in stream:
        waiting += part
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    if waiting:
        yield bytes(waiting)
