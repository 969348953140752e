"""Whether a paper or picture is what it says, from its first byte to its last, and nothing else besides.

A polyglot is two formats in one file: what lies after the end of the first, or in front of it, is the second.
So a PNG is walked chunk by chunk to IEND (ISO/IEC 15948 §5) and a JPEG marker by marker to EOI (ITU-T T.81
B.1), and neither may have a byte more; a PDF begins at its first byte, ends with its %%EOF and runs nothing
(ISO 32000-1 §12.6.4). Whatever passes is still only ever sent as an attachment, under `nosniff`."""

import re
import struct
import zlib
from typing import Final

from app.core.errors import Fault, Words
from app.files.errors import PaperRefused

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PIXELS: Final = 100_000_000
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_ACTIVE: Final = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_FOREIGN: Final = re.compile(rb"<\s*(?:script|html|svg|!doctype)|<\?php|PK\x03\x04", re.IGNORECASE)
_TAIL: Final = 1024

WORDS: Final[dict[str, Words]] = {
    "paper_damaged": ("文件不完整或已损坏", "The file is damaged or not whole"),
    "paper_polyglot": (
        "文件内藏有另一种内容",
        "The file holds something else besides",
    ),
    "paper_active": (
        "PDF 含有脚本、启动动作或内嵌文件, 请打印为普通 PDF 后上传",
        "The PDF holds scripts, launch actions or embedded files: print it to a plain PDF",
    ),
    "picture_too_large": ("图片像素过多", "The picture has too many pixels"),
}


def _refuse(code: str) -> PaperRefused:
    return PaperRefused(errors=[Fault("", code, WORDS[code])])


def check_png(data: bytes) -> None:
    """Walk the chunks of a PNG, each with its checksum. Raises `PaperRefused`."""
    at, seen = len(_PNG), 0
    while True:
        if at + 12 > len(data):
            raise _refuse("paper_damaged")
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(
            data[end - 4 : end], "big"
        ):
            raise _refuse("paper_damaged")
        if seen == 0:
            if kind != b"IHDR" or length != 13:
                raise _refuse("paper_damaged")
            width, height = struct.unpack_from(">II", data, at + 8)
            if not 0 < width * height <= _PIXELS:
                raise _refuse("picture_too_large")
        elif kind not in {b"IDAT", b"IEND"} and _FOREIGN.search(data, at, end):
            raise _refuse("paper_polyglot")
        seen, at = seen + 1, end
        if kind == b"IEND":
            break
    if at != len(data):
        raise _refuse("paper_polyglot")


def check_jpeg(data: bytes) -> None:
    """Walk the markers of a JPEG to its end. Raises `PaperRefused`."""
    at, framed = 2, False
    while True:
        if at + 4 > len(data) or data[at] != 0xFF:
            raise _refuse("paper_damaged")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + length
        if marker in _ALONE or length < 2 or end > len(data):
            raise _refuse("paper_damaged")
        framed = _framed(data, at, marker, length) or framed
        if _FOREIGN.search(data, at, end):
            raise _refuse("paper_polyglot")
        at = end
        if marker == 0xDA:
            at = _scanned(data, at)
            if data[at + 1] == 0xD9:
                break
    if not framed:
        raise _refuse("paper_damaged")
    if at + 2 != len(data):
        raise _refuse("paper_polyglot")


def _framed(data: bytes, at: int, marker: int, length: int) -> bool:
    """Whether a segment is the frame of the picture, which says how large it is."""
    if not 0xC0 <= marker <= 0xCF or marker in {0xC4, 0xC8, 0xCC}:
        return False
    height, width = struct.unpack_from(">HH", data, at + 5) if length >= 8 else (0, 0)
    if width * height > _PIXELS:
        raise _refuse("picture_too_large")
    return True


def _scanned(data: bytes, at: int) -> int:
    """The next marker after entropy-coded data, where FF is followed by 00 or by a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise _refuse("paper_damaged")
        following = data[at + 1]
        if following == 0x00 or 0xD0 <= following <= 0xD7:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at


def check_pdf(data: bytes) -> None:
    """Look at the frame of a PDF, and for what would run. Raises `PaperRefused`."""
    tail = data[-_TAIL:]
    end = tail.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in data:
        raise _refuse("paper_damaged")
    if tail[end + len(b"%%EOF") :].strip(b"\r\n\t \x00"):
        raise _refuse("paper_polyglot")
    if _ACTIVE.search(data):
        raise _refuse("paper_active")
    if _FOREIGN.search(_outside_streams(data)):
        raise _refuse("paper_polyglot")


def _outside_streams(data: bytes) -> bytes:
    """The bytes between the streams, where a second format would have to show itself."""
    return re.sub(rb"\bstream\r?\n.*?\bendstream\b", b"", data, flags=re.DOTALL)
