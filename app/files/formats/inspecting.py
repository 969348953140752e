"""What is looked at while a file comes in: the encoding of a text, the container of a workbook, the structure
of a paper or picture."""

import asyncio
import codecs
from collections.abc import Callable
from typing import Protocol

from app.files.errors import EncodingUnknown
from app.files.formats.papers import check_jpeg, check_pdf, check_png
from app.files.formats.workbooks import check_workbook
from app.files.rules import Encoding, MediaType


class Inspection(Protocol):
    """Sees every piece of a file once; at the end it refuses, or tells the encoding of a text."""

    def add(self, piece: bytes) -> None: ...

    async def end(self) -> Encoding | None: ...


class TextInspection:
    """Finds the encoding strictly: UTF-8 if all of it is, else GB18030 if all of it is (GB 18030-2022).

    Text of Chinese in GB18030 is practically never valid UTF-8, so the order decides nothing by chance."""

    def __init__(self) -> None:
        self._decoders = {
            encoding: codecs.getincrementaldecoder(encoding.value)("strict") for encoding in Encoding
        }

    def add(self, piece: bytes) -> None:
        for encoding in list(self._decoders):
            self._decode(encoding, piece)
        if not self._decoders:
            raise EncodingUnknown

    async def end(self) -> Encoding:
        for encoding in list(self._decoders):
            self._decode(encoding, b"", final=True)
        if not self._decoders:
            raise EncodingUnknown
        return next(iter(self._decoders))

    def _decode(self, encoding: Encoding, piece: bytes, *, final: bool = False) -> None:
        try:
            text = self._decoders[encoding].decode(piece, final)
        except UnicodeDecodeError:
            del self._decoders[encoding]
        else:
            if "\x00" in text:
                del self._decoders[encoding]


class WholeInspection:
    """Holds a small file until it is whole, then looks through it beside the event loop."""

    def __init__(self, check: Callable[[bytes], None]) -> None:
        self._data = bytearray()
        self._check = check

    def add(self, piece: bytes) -> None:
        self._data += piece

    async def end(self) -> None:
        await asyncio.to_thread(self._check, bytes(self._data))


CHECKS: dict[MediaType, Callable[[bytes], None]] = {
    MediaType.XLSX: check_workbook,
    MediaType.PDF: check_pdf,
    MediaType.PNG: check_png,
    MediaType.JPEG: check_jpeg,
}


def inspection_of(media_type: MediaType) -> Inspection:
    """What looks at an upload of this kind."""
    check = CHECKS.get(media_type)
    return TextInspection() if check is None else WholeInspection(check)
