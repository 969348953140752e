"""Who may apply, and what may be shown: every reason at once, and no file that is two things."""

import io
import struct
import zipfile
import zlib
from datetime import timedelta

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.work import Shell, begin
from app.files.rules import UPLOADS_WAITING
from tests.make import rounds as make
from tests.make.organizations import organization

Headers = dict[str, str]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*extra: bytes, width: int = 1) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + pixels + chunk(b"IEND", b"")


def jpeg(comment: bytes = b"photo") -> bytes:
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34"
    told = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return b"\xff\xd8" + told + frame + scan + b"\xff\xd9"


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + body + b"\nstartxref\n9\n%%EOF\n"


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 40_000_000)
    return held.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    ("照片.png", b""): (422, "file_empty", None),
    ("照片.svg", SVG): (415, "file_type_not_taken", None),
    ("照片.png", SVG): (422, "file_type_differs", None),
    ("照片.jpg", png()): (422, "file_type_differs", None),
    ("照片.png", png() + b"PK\x03\x04"): (422, "paper_refused", "paper_polyglot"),
    ("照片.png", png(chunk(b"tEXt", b"c\x00<script>"))): (422, "paper_refused", "paper_polyglot"),
    ("照片.png", png()[:-5]): (422, "paper_refused", "paper_damaged"),
    ("照片.png", png(width=2**31 - 1)): (422, "paper_refused", "picture_too_large"),
    ("照片.jpg", jpeg() + b"<html>"): (422, "paper_refused", "paper_polyglot"),
    ("照片.jpg", jpeg(b"<?php system()")): (422, "paper_refused", "paper_polyglot"),
    ("照片.jpg", jpeg()[:-2]): (422, "paper_refused", "paper_damaged"),
    ("材料.pdf", pdf(b"<</S/JavaScript/JS(app.alert)>>")): (422, "paper_refused", "paper_active"),
    ("材料.pdf", pdf() + b"<html>"): (422, "paper_refused", "paper_polyglot"),
    ("材料.pdf", pdf(b"<script>")): (422, "paper_refused", "paper_polyglot"),
    ("材料.pdf", b"%PDF-1.7\n"): (422, "paper_refused", "paper_damaged"),
    ("台账.xlsx", bomb()): (422, "workbook_refused", "workbook_inflates"),
}


async def test_what_is_no_evidence_is_refused_and_leaves_nothing(
    api: httpx.AsyncClient, shell: Shell, clerk: Headers
) -> None:
    async def upload(name: str, content: bytes) -> httpx.Response:
        return await api.post("/files", params={"name": name}, content=content, headers=clerk)

    for (name, content), (status, code, reason) in REFUSED.items():
        answer = await upload(name, content)
        told = answer.json()
        assert (answer.status_code, told["code"]) == (status, code), (name, content[:40], told)
        assert reason is None or told["errors"][0]["code"] == reason, (name, told)
    async with begin(shell, SYSTEM) as work:
        assert await work.scalar(text("SELECT count(*) FROM files")) == 0
    for name, content in (("照片.png", png()), ("照片.jpeg", jpeg()), ("材料.pdf", pdf())):
        made = await upload(name, content)
        assert made.status_code == 201, made.text
        got = await api.get(f"/files/{made.json()['id']}/content", headers=clerk)
        assert got.headers["content-disposition"].startswith("attachment"), "never shown by a browser"
        assert (got.headers["x-content-type-options"], got.content) == ("nosniff", content)
    async with begin(shell, SYSTEM) as work:
        await work.execute(
            text(
                "INSERT INTO files (id, version, name, media_type, purpose, state, size, sha256, created_by,"
                " created_by_name, expires_at) SELECT gen_random_uuid(), 1, name, media_type, purpose, state,"
                " size, sha256, created_by, created_by_name, expires_at FROM files, generate_series(1, :n)"
            ),
            {"n": UPLOADS_WAITING // 3},
        )
    many = await upload("照片二.png", png())
    assert (many.status_code, many.json()["code"]) == (409, "too_many_uploads")


async def test_every_reason_against_an_application_and_a_sheet_is_said_at_once(
    api: httpx.AsyncClient, shell: Shell, chair: Headers, clerk: Headers
) -> None:
    async with begin(shell, SYSTEM) as work:
        young = str(work.today - timedelta(days=30))
    fresh = await organization(api, clerk, established_on=young)
    strict = await make.opened(api, shell, chair, minimum_star=3)
    body = {"subject_kind": "organization", "subject_id": fresh["id"]}
    address = f"/rounds/{strict['id']}/applications"
    refused = (await api.post(address, json=body, headers=clerk)).json()
    assert refused["code"] == "round_not_eligible"
    assert {reason["code"] for reason in refused["reasons"]} == {"years_registered", "minimum_star"}
    (site,) = await make.sites(api, clerk, 1)
    held = await make.opened(api, shell, chair, cultivation=True)
    growing = await make.applied(api, clerk, held["id"], site)
    assert growing["state"] == "cultivating"
    twice = await api.post(
        f"/rounds/{held['id']}/applications", json={**body, "subject_id": site}, headers=clerk
    )
    assert twice.json()["code"] == "round_applied_already"
    own = f"/round-applications/{growing['id']}"
    ready = {"outcome": "ready", "note": "培育一年"}
    draft = await make.act(api, chair, f"{own}/end-cultivation", growing["etag"], ready)
    bare = await api.post(f"{own}/submit", headers={**clerk, "If-Match": draft["etag"]})
    assert (bare.json()["code"], len(bare.json()["reasons"])) == ("round_sheet_incomplete", 3)
    foreign = {"lines": [{"indicator": "roster", "files": [{"file_id": site}]}]}
    missing = await api.put(f"{own}/self-scores", json=foreign, headers={**clerk, "If-Match": draft["etag"]})
    assert missing.json()["code"] == "file_not_found"
    crowd = [{"file_id": str(uuid7())} for _ in range(20)]
    lines = [{"indicator": f"x{number}", "files": crowd} for number in range(10)]
    many = await api.put(
        f"{own}/self-scores", json={"lines": lines}, headers={**clerk, "If-Match": draft["etag"]}
    )
    assert (many.status_code, many.json()["code"]) == (409, "round_too_many_files")
    stale = await api.put(f"{own}/self-scores", json={"lines": []}, headers={**clerk, "If-Match": '"0"'})
    assert stale.status_code == 412
    site_visit = {"kind": "hosted", "held_on": "2026-03-02", "visitors": 30, "unit": "阳泉市考察团"}
    seen = await api.post(f"{own}/visits", json=site_visit, headers=clerk)
    assert [visit["kind"] for visit in seen.json()["visits"]] == ["hosted"]
    early = await api.post(f"/rounds/{held['id']}/draw", json={}, headers={**chair, "If-Match": held["etag"]})
    assert early.json()["errors"][0]["pointer"] == "/early_reason"
