"""Files: streamed in, looked at, kept encrypted, read by their owner."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from urllib.parse import unquote

import asyncpg
import httpx

from app.core.access import SYSTEM, Permission
from app.core.work import Shell, begin
from app.files import commands
from app.files.rules import MIB, FilePurpose, MediaType, Owner
from tests.conftest import Actors
from tests.make.organizations import Headers

LEDGER = "社会组织名称,统一社会信用代码\n青年志愿者协会,\n"


async def upload(api: httpx.AsyncClient, headers: Headers, name: str, content: object) -> httpx.Response:
    return await api.post("/files", params={"name": name}, content=content, headers=headers)  # type: ignore[arg-type]


async def test_a_file_comes_back_byte_for_byte_to_its_owner_alone(
    api: httpx.AsyncClient, actors: Actors, owner_url: str
) -> None:
    """Streamed in without a length; stored as nothing that can be read; the same upload again is the same."""
    clerk, other = await actors("clerk", division="440000"), await actors("organizer", division="440000")
    content = (LEDGER + "甲,乙\n" * 200_000).encode("gb18030")

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(content), 70_001):
            yield content[at : at + 70_001]

    made = await upload(api, clerk, "folder/南沙 台账.csv", pieces())
    card = made.json()
    assert (made.status_code, card["encoding"], card["size"]) == (201, "gb18030", len(content))
    assert card["sha256"] == hashlib.sha256(content).hexdigest()
    assert made.headers["location"] == f"/api/v1/files/{card['id']}"
    assert (await upload(api, clerk, "南沙 台账.csv", content)).json()["id"] == card["id"]
    got = await api.get(f"/files/{card['id']}/content", headers=clerk)
    assert got.content == content
    assert unquote(got.headers["content-disposition"]) == "attachment; filename*=UTF-8''南沙 台账.csv"
    assert (got.headers["x-content-type-options"], got.headers["cache-control"]) == ("nosniff", "no-store")
    for address in (f"/files/{card['id']}", f"/files/{card['id']}/content"):
        assert (await api.get(address, headers=other)).status_code == 404
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    stored = await connection.fetch("SELECT number, cipher FROM file_chunks ORDER BY number")
    await connection.close()
    assert [row["number"] for row in stored] == list(range(len(content) // MIB + 1))
    assert "志愿者".encode("gb18030") not in b"".join(row["cipher"] for row in stored)
    removed = await api.delete(f"/files/{card['id']}", headers={**clerk, "If-Match": card["etag"]})
    assert removed.status_code == 412, "another upload of it has moved its expiry"
    now = (await api.get(f"/files/{card['id']}", headers=clerk)).headers["etag"]
    assert (await api.delete(f"/files/{card['id']}", headers={**clerk, "If-Match": now})).status_code == 204
    assert (await api.get(f"/files/{card['id']}", headers=clerk)).status_code == 404


async def test_what_is_no_table_is_refused_and_leaves_nothing(
    api: httpx.AsyncClient, actors: Actors, owner_url: str
) -> None:
    clerk = await actors("clerk", division="440000")
    refused = {
        ("空.csv", b""): (422, "file_empty"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"): (415, "file_type_not_taken"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"): (415, "file_type_not_taken"),
        ("a.docx", b"PK\x03\x04"): (415, "file_type_not_taken"),
        ("a.pdf", b"%PDF-1.7"): (422, "paper_refused"),
        ("a.csv", b"PK\x03\x04xxxx"): (422, "file_type_differs"),
        ("a.csv", b"%PDF-1.7\x00\x01"): (422, "file_type_differs"),
        ("a.xlsx", LEDGER.encode()): (422, "file_type_differs"),
        ("a.csv", LEDGER.encode("utf-16")): (422, "file_type_differs"),
        ("a.csv", b"name\n\xff\xff\xff\n"): (422, "file_encoding_unknown"),
        ("a.csv", b"name\n" + "协".encode()[:1]): (422, "file_encoding_unknown"),
    }
    for (name, content), expected in refused.items():
        answer = await upload(api, clerk, name, content)
        assert (answer.status_code, answer.json()["code"]) == expected, (name, content)
    too_large = await upload(api, clerk, "a.xlsx", b"PK\x03\x04" + b"x" * (10 * MIB))
    assert (too_large.status_code, too_large.json()["code"]) == (413, "file_too_large")
    nobody = await api.post("/files", params={"name": "a.csv"}, content=b"x" * MIB)
    assert nobody.status_code == 401
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    assert await connection.fetchval("SELECT count(*) FROM files") == 0
    assert await connection.fetchval("SELECT count(*) FROM file_chunks") == 0
    await connection.close()


async def test_what_the_service_made_is_read_by_whom_it_was_opened_to(
    api: httpx.AsyncClient, actors: Actors, shell: Shell, owner_url: str
) -> None:
    """A file of a division is read by those who hold its permission there, and goes when its time is over."""

    async def made() -> AsyncIterator[bytes]:
        for text in (b"a" * MIB, b"b"):
            await asyncio.sleep(0)
            yield text

    async with begin(shell, SYSTEM) as work:
        stored = await commands.store(
            work,
            "导出.csv",
            MediaType.CSV,
            FilePurpose.EXPORT,
            made(),
            owner=Owner(SYSTEM.id, "service"),
            division_code="440100",
            open_to=Permission.ORGANIZATION_RECORD,
        )
    async with begin(shell, SYSTEM, reading=True) as work:
        assert b"".join([p async for p in commands.read(work, stored.id, 1)]) == b"b"
    address = f"/files/{stored.id}/content"
    readers = {("clerk", "440000"): 200, ("viewer", "440000"): 404, ("clerk", "440300"): 404}
    for (role, division), status in readers.items():
        headers = await actors(role, division=division)
        assert (await api.get(address, headers=headers)).status_code == status, (role, division)
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    await connection.execute("UPDATE files SET expires_at = now()")
    clerk = await actors("clerk", division="440000")
    assert (await api.get(address, headers=clerk)).status_code == 404
    async with begin(shell, SYSTEM) as work:
        assert await commands.remove_expired(work) == 1
    assert await connection.fetchval("SELECT count(*) FROM file_chunks") == 0
    await connection.close()
