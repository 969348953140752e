"""Workbooks that would harm: each refused for its reason, by what really comes out of it."""

import io
import zipfile
import zlib

import httpx
import pytest

from app.files.errors import WorkbookRefused
from app.files.formats import check_workbook
from tests.conftest import Actors
from tests.make.tables import as_xlsx

SOUND = as_xlsx([["社会组织名称", "住所"], ["读书会", "一路"]])


def changed(parts: dict[str, bytes], *, without: tuple[str, ...] = ()) -> bytes:
    """A sound workbook with parts put in or replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SOUND)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in parts and name not in without:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def lying() -> bytes:
    """A container whose headers say that a part of 200 MiB has 100 bytes."""
    name, deflater = b"xl/worksheets/sheet9.xml", zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = b"".join(deflater.compress(b" " * 2**20) for _ in range(200)) + deflater.flush()
    data = changed({name.decode(): b"x" * 100})
    at = data.rindex(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name:
        at = data.rindex(b"PK\x01\x02", 0, at)
    local = int.from_bytes(data[at + 42 : at + 46], "little")
    size = int.from_bytes(data[at + 20 : at + 24], "little")
    start = local + 30 + len(name)
    grown = len(raw) - size
    data = data[:start] + raw + data[start + size :]
    at += grown
    data = data[: at + 20] + len(raw).to_bytes(4, "little") + data[at + 24 :]
    end = data.rindex(b"PK\x05\x06")
    offset = int.from_bytes(data[end + 16 : end + 20], "little") + grown
    return data[: end + 16] + offset.to_bytes(4, "little") + data[end + 20 :]


TYPES = zipfile.ZipFile(io.BytesIO(SOUND)).read("[Content_Types].xml")
WITH_MACROS = TYPES.replace(b"main+xml", b"macroEnabled.main+xml")
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
HARMFUL = {
    "workbook_inflates": changed({"xl/worksheets/sheet9.xml": b" " * (120 * 2**20)}),
    "workbook_nested": changed({"xl/media/image1.png": SOUND}),
    "workbook_macros": changed({"xl/vbaProject.bin": b"x"}),
    "workbook_external_links": changed({"xl/externalLinks/externalLink1.xml": b"<a/>"}),
    "workbook_doctype": changed({"xl/worksheets/sheet9.xml": DOCTYPE}),
    "workbook_unsafe_path": changed({"../../etc/cron.d/x": b"x"}),
    "workbook_too_many_parts": changed({f"xl/media/{n}.xml": b"" for n in range(1_001)}),
    "workbook_damaged": SOUND[: len(SOUND) // 2],
}


@pytest.mark.parametrize("code", HARMFUL)
def test_a_harmful_workbook_is_refused_for_its_reason(code: str) -> None:
    with pytest.raises(WorkbookRefused) as refused:
        check_workbook(HARMFUL[code])
    assert [fault.code for fault in refused.value.errors] == [code]


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("workbook_inflates", lying()),
        ("workbook_doctype", changed({"xl/worksheets/sheet9.xml": DOCTYPE.decode().encode("utf-16")})),
        ("workbook_macros", changed({"[Content_Types].xml": WITH_MACROS})),
        ("workbook_nested", changed({"xl/embeddings/a.bin": b"x"})),
        ("workbook_damaged", changed({}, without=("xl/workbook.xml",))),
    ],
)  # fmt: skip
def test_disguises_help_nothing(code: str, data: bytes) -> None:
    with pytest.raises(WorkbookRefused) as refused:
        check_workbook(data)
    assert [fault.code for fault in refused.value.errors] == [code]


async def test_a_bomb_is_a_clear_problem(api: httpx.AsyncClient, actors: Actors) -> None:
    clerk = await actors("clerk", division="440000")
    for code in ("workbook_inflates", "workbook_macros"):
        sent = await api.post("/files", params={"name": "a.xlsx"}, content=HARMFUL[code], headers=clerk)
        assert (sent.status_code, sent.json()["code"]) == (422, "workbook_refused")
        assert [fault["code"] for fault in sent.json()["errors"]] == [code]
    sound = await api.post("/files", params={"name": "a.xlsx"}, content=SOUND, headers=clerk)
    assert sound.status_code == 201
