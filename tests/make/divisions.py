"""Divisions for tests: the national table, and own divisions made over HTTP."""

from typing import Any

import httpx

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.divisions import commands, queries

SOURCE = "测试用, 非真实文件"


async def country(shell: Shell) -> None:
    """The national table, unless this database has it."""
    async with begin(shell, SYSTEM) as work:
        await commands.load_defaults(work)


async def wrongs(shell: Shell) -> list[str]:
    """What the verifier finds."""
    async with begin(shell, SYSTEM) as work:
        return await queries.verify(work)


async def division(
    api: httpx.AsyncClient, headers: dict[str, str], code: str, **fields: Any
) -> dict[str, Any]:
    """A development zone below Nansha unless said otherwise."""
    body = {
        "code": code,
        "name": "明珠湾开发区",
        "kind": "development_zone",
        "level": "zone",
        "parent_code": "440115",
        "from_on": "2020-01-01",
        "source": SOURCE,
        **fields,
    }
    made = await api.post("/divisions", json=body, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def read(api: httpx.AsyncClient, headers: dict[str, str], code: str, **query: str) -> dict[str, Any]:
    """One division."""
    found = await api.get(f"/divisions/{code}", params=query, headers=headers)
    assert found.status_code == 200, found.text
    return dict(found.json())


async def change(
    api: httpx.AsyncClient, headers: dict[str, str], code: str, verb: str, **body: Any
) -> httpx.Response:
    """A dated change of what was just read."""
    now = await read(api, headers, code)
    return await api.post(
        f"/divisions/{code}/{verb}",
        json={"source": SOURCE, **body},
        headers={**headers, "If-Match": now["etag"]},
    )
