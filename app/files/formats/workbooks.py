"""Whether a workbook may be opened at all: what really comes out of its container, counted, not declared.

Sizes in a ZIP header cannot be trusted (CPython #83522), and a small container can hold gigabytes; the limits
follow Apache POI's `ZipSecureFile` (ratio 100 beyond 100 KiB). An .xlsx is an Open Packaging container of XML
parts (ECMA-376); what runs code, reaches out or declares entities is refused, wherever it stands.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from app.core.errors import Fault, Words
from app.files.errors import WorkbookRefused

INFLATED: Final = 100 * 1024 * 1024
ENTRIES: Final = 1_000
RATIO: Final = 100
RATIO_FROM: Final = 100 * 1024
_PIECE: Final = 256 * 1024
_OVERLAP: Final = 16
_LOCAL: Final = struct.Struct("<4s22xHH")
_DOCTYPE: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ARCHIVES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!")
_PARTS: Final = ("[Content_Types].xml", "xl/workbook.xml")

WORDS: Final[dict[str, Words]] = {
    "workbook_damaged": ("不是完好的 .xlsx 工作簿", "This is not a sound .xlsx workbook"),
    "workbook_encrypted": (
        "工作簿已加密, 请去掉密码后另存",
        "The workbook is encrypted: save it without a password",
    ),
    "workbook_too_many_parts": (
        f"工作簿内部文件超过{ENTRIES}个",
        f"The workbook holds more than {ENTRIES} parts",
    ),
    "workbook_inflates": (
        "工作簿解压后过大 (上限 100 MiB, 压缩比 100), 请另存为 CSV",
        "The workbook inflates beyond 100 MiB or a ratio of 100: save it as CSV",
    ),
    "workbook_nested": (
        "工作簿内嵌有压缩包或其他文件, 请删去嵌入对象",
        "The workbook embeds an archive or another document: remove it",
    ),
    "workbook_macros": (
        "工作簿含有宏, 请另存为不含宏的 .xlsx",
        "The workbook holds macros: save it without them",
    ),
    "workbook_external_links": (
        "工作簿引用了其他文件, 请断开外部链接后另存",
        "The workbook links to other files: break the links and save it",
    ),
    "workbook_doctype": (
        "工作簿的 XML 含有 DOCTYPE 或实体声明",
        "A part of the workbook declares a DOCTYPE or entities",
    ),
    "workbook_unsafe_path": (
        "工作簿内部文件的路径不安全",
        "A part of the workbook has an unsafe path",
    ),
}


def refuse(code: str) -> WorkbookRefused:
    """The refusal of a workbook for one reason."""
    return WorkbookRefused(errors=[Fault("", code, WORDS[code])])


def check_workbook(data: bytes) -> None:
    """Look through every part of a container once. Raises `WorkbookRefused`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            entries = container.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
        raise refuse("workbook_damaged") from None
    if len(entries) > ENTRIES:
        raise refuse("workbook_too_many_parts")
    names = {entry.filename for entry in entries}
    if len(names) != len(entries) or not names.issuperset(_PARTS):
        raise refuse("workbook_damaged")
    left = INFLATED
    for entry in entries:
        _check_name(entry)
        left -= _check_part(data, entry, left)


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.lower()
    if entry.flag_bits & 0x1:
        raise refuse("workbook_encrypted")
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
        raise refuse("workbook_unsafe_path")
    if "vbaproject" in name or name.startswith("xl/macrosheets/"):
        raise refuse("workbook_macros")
    if name.startswith("xl/externallinks/"):
        raise refuse("workbook_external_links")
    if name.startswith("xl/embeddings/") or name.endswith((".zip", ".xlsx", ".xlsm", ".docx", ".bin.zip")):
        raise refuse("workbook_nested")


def _check_part(data: bytes, entry: zipfile.ZipInfo, left: int) -> int:
    """The real size of one part, whose bytes are looked at as they come out."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail = 0, b""
    for piece in _inflated(data, entry):
        if size == 0 and piece.startswith(_ARCHIVES):
            raise refuse("workbook_nested")
        if size == 0 and is_xml and piece.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
            raise refuse("workbook_doctype")  # UTF-16, in which a declaration could hide
        size += len(piece)
        if size > left or (size > RATIO_FROM and size > RATIO * max(entry.compress_size, 1)):
            raise refuse("workbook_inflates")
        if is_xml and _DOCTYPE.search(tail + piece):
            raise refuse("workbook_doctype")
        if entry.filename == _PARTS[0] and b"macroEnabled" in piece:
            raise refuse("workbook_macros")
        tail = piece[-_OVERLAP:]
    return size


def _inflated(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part as they really are, whatever size its headers declare."""
    start = entry.header_offset
    head = data[start : start + 30]
    if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
        raise refuse("workbook_damaged")
    _, name_length, extra_length = _LOCAL.unpack(head)
    start += 30 + name_length + extra_length
    raw = data[start : start + entry.compress_size]
    if len(raw) != entry.compress_size:
        raise refuse("workbook_damaged")
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from (raw[i : i + _PIECE] for i in range(0, len(raw), _PIECE))
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        yield from _deflated(raw)
    else:
        raise refuse("workbook_damaged")


def _deflated(raw: bytes) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while raw and not inflater.eof:
            piece = inflater.decompress(raw, _PIECE)
            if piece:
                yield piece
            elif not inflater.unconsumed_tail:
                break
            raw = inflater.unconsumed_tail
        if rest := inflater.flush():
            yield rest
    except zlib.error:
        raise refuse("workbook_damaged") from None
    if not inflater.eof:
        raise refuse("workbook_damaged")
