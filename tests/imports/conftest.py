"""A clerk of Guangdong, and ledgers sent as files."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from app import worker
from app.core.work import Shell
from tests.conftest import Actors
from tests.make.organizations import Headers

Send = Callable[..., Awaitable[dict[str, Any]]]
Take = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def clerk(actors: Actors) -> Headers:
    return await actors("clerk", division="440000")


@pytest.fixture
def send(api: httpx.AsyncClient, clerk: Headers) -> Send:
    """Uploads a file: its card."""

    async def upload(name: str, content: bytes) -> dict[str, Any]:
        sent = await api.post("/files", params={"name": name}, content=content, headers=clerk)
        assert sent.status_code == 201, sent.text
        return dict(sent.json())

    return upload


@pytest.fixture
def take(api: httpx.AsyncClient, clerk: Headers, shell: Shell, send: Send) -> Take:
    """Uploads a ledger, imports it, and lets the worker do it: the import at its end."""

    async def run(name: str, content: bytes, **asked: Any) -> dict[str, Any]:
        file = await send(name, content)
        body = {"file_id": file["id"], "division_code": "440115", **asked}
        started = await api.post("/imports", json=body, headers=clerk)
        assert started.status_code == 202, started.text
        assert started.headers["location"] == f"/api/v1/operations/{started.json()['operation_id']}"
        while await worker._operations(shell, lambda: False):
            pass
        return dict((await api.get(f"/imports/{started.json()['id']}", headers=clerk)).json())

    return run
