"""The service on a real database: it lives, it is ready, and it shows its documents without a network."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import asyncpg
import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from app.cli.draining import Draining, Server
from app.core import health
from app.core.work import Shell
from tests.make.horizon import told


@pytest.fixture
async def root(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_alive_and_ready(root: httpx.AsyncClient) -> None:
    assert (await root.get("/livez")).json() == {"status": "alive"}
    ready = await root.get("/readyz")
    assert ready.status_code == 200, ready.text
    checks = ready.json()["checks"]
    assert {"process", "disk", "database", "migrations", "worker", "events"} == checks.keys()
    assert all(check["ok"] for check in checks.values())
    assert "jiceng_ready 1.0" in (await root.get("/metrics")).text


async def test_what_is_wrong_is_named(
    root: httpx.AsyncClient, app: FastAPI, shell: Shell, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(status: int) -> dict[str, Any]:
        answer = await root.get("/readyz")
        assert answer.status_code == status, answer.text
        body: dict[str, Any] = answer.json()
        return body

    address = owner_url.replace("+asyncpg", "", 1)
    owner, holder = await asyncpg.connect(address), await asyncpg.connect(address)
    await owner.execute(
        "INSERT INTO events (id, type, subject_type, subject_id, data, public, actor_id, occurred_at) SELECT "
        "u, 'x', 'x', u, '{}', true, u, now() - interval '1 h' FROM gen_random_uuid() AS u"
    )
    await told(owner_url)
    late = await read(200)
    assert (late["status"], late["failing"]) == ("degraded", ["worker"])
    assert late["checks"]["worker"]["lag_seconds"] > 3000

    monkeypatch.setattr(health, "HELD_SECONDS", 0.2)
    async with holder.transaction():
        await holder.execute("SELECT pg_current_xact_id()")
        await owner.execute(
            "UPDATE events SET reacted_at = now(), xid = pg_current_xact_id(), "
            "occurred_at = now() - interval '1 s'"
        )
        assert "events" in (await read(200))["failing"]
        metrics = (await root.get("/metrics")).text
        assert 'jiceng_check_ok{check="events"} 0.0' in metrics
        assert 'check="events",value="untold_seconds"' in metrics
    await owner.execute("UPDATE events SET xid = '9000000000'")
    assert (await read(200))["checks"]["events"]["counter_behind"] is True
    await owner.execute("DELETE FROM events")

    monkeypatch.setattr(
        health.shutil, "disk_usage", lambda _: SimpleNamespace(total=10**12, used=0, free=10**6)
    )
    assert "disk" in (await read(503))["failing"]
    monkeypatch.undo()
    await owner.execute("UPDATE alembic_version SET version_num = '0001'")
    assert (await read(503))["failing"] == ["migrations"]
    await owner.execute("UPDATE alembic_version SET version_num = $1", shell.migration_head)
    app.state.draining = True
    assert (await read(503))["failing"] == ["process"]
    for connection in (owner, holder):
        await connection.close()


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js", "/openapi.json", "/static/swagger-ui-bundle.js"])
async def test_documents_come_from_here(root: httpx.AsyncClient, path: str) -> None:
    assert (await root.get(path)).status_code == 200


async def test_it_ends_by_degrees(app: FastAPI) -> None:
    """Not ready first; then no new connections; what is answered is finished, and streams are closed."""
    released = asyncio.Event()

    async def slow(_: object) -> httpx.Response:
        await released.wait()
        return StreamingResponse(iter([b"whole"]))  # type: ignore[return-value]

    async def endless() -> AsyncIterator[bytes]:
        yield b": here\n\n"
        await asyncio.Event().wait()

    async def stream(_: object) -> StreamingResponse:
        return StreamingResponse(endless(), media_type="text/event-stream")

    app.add_route("/slow", slow)  # type: ignore[arg-type]
    app.add_route("/stream", stream)
    draining = Draining(app)
    config = uvicorn.Config(draining, log_config=None, access_log=False, timeout_graceful_shutdown=10)
    server = Server(config, draining, seconds=0.5)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        # `serve` would take the signals of the test's own process
        serving = asyncio.create_task(server._serve(sockets=[listener]))
        async with (
            httpx.AsyncClient(base_url=base, timeout=10) as client,
            client.stream("GET", "/stream") as open_,
        ):
            lines = open_.aiter_lines()
            assert await anext(lines) == ": here"
            answering = asyncio.create_task(client.get("/slow"))
            await asyncio.sleep(0.1)
            server.handle_exit(signal.SIGTERM, None)
            assert (await client.get("/readyz")).status_code == 503
            assert (await client.get("/livez")).status_code == 200, "served until the balancers have noticed"
            rest = [line async for line in lines]
            assert not any(rest), "the stream ended as a whole response"
            with pytest.raises(httpx.ConnectError):
                await httpx.AsyncClient(base_url=base).get("/livez")
            released.set()
            assert (await answering).text == "whole"
        await asyncio.wait_for(serving, 5)
