"""Those who bring and take rosters, and the worker that carries it out."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from app import worker
from app.core.work import Shell
from tests.conftest import Actors

Headers = dict[str, str]
Bring = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def organizer(actors: Actors) -> Headers:
    """An organizer of Guangdong."""
    return await actors("organizer", division="440000")


@pytest.fixture
async def neighbour(actors: Actors) -> Headers:
    """An organizer of Zhejiang."""
    return await actors("organizer", division="330000")


@pytest.fixture
def bring(api: httpx.AsyncClient, shell: Shell) -> Bring:
    """Upload a roster, have it taken in, and tell what became of it."""

    async def brought(
        headers: Headers, content: bytes, kind: str = "members", name: str = "roster.csv", **fields: Any
    ) -> dict[str, Any]:
        sent = {**headers, "Content-Type": "application/octet-stream"}
        stored = await api.post("/files", params={"name": name}, content=content, headers=sent)
        assert stored.status_code == 201, stored.text
        order = {"kind": kind, "file_id": stored.json()["id"], "division_code": "440000", **fields}
        made = await api.post("/roster-imports", json=order, headers=headers)
        assert made.status_code == 202, made.text
        while await worker._operations(shell, lambda: False):
            pass
        read = await api.get(f"/roster-imports/{made.json()['id']}", headers=headers)
        assert read.json()["state"] == "succeeded", read.text
        rows = await api.get(f"/roster-imports/{made.json()['id']}/rows", headers=headers)
        return {**read.json(), "items": rows.json()["items"]}

    return brought
