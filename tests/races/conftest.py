"""Two API processes on one database: what one process could hide by its own order shows here."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.work import Shell
from tests.conftest import Actors

Headers = dict[str, str]
READY_WITHIN = 240.0
ROUNDS = int(os.environ.get("JICENG_RACES", "5"))
"""Rounds of each race: a handful in CI; `JICENG_RACES=500` runs hundreds."""

SERVE = """
import sys
import uvicorn
from app.main import create_app
from app.settings import Settings
uvicorn.run(create_app(Settings()), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""


@dataclass(slots=True)
class Pair:
    """A client for each of the two processes."""

    one: httpx.AsyncClient
    two: httpx.AsyncClient
    statuses: list[int]

    async def race(
        self, *calls: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
    ) -> list[httpx.Response]:
        """Send all at once, by turns to the two processes; no answer may be a fault of the service."""
        clients = (self.one, self.two)
        answers = await asyncio.gather(*(call(clients[n % 2]) for n, call in enumerate(calls)))
        self.statuses += [answer.status_code for answer in answers]
        assert max(answer.status_code for answer in answers) < 500, [a.text for a in answers]
        return list(answers)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _serve(port: int, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port)], env=environment, stdout=out, stderr=subprocess.STDOUT
        )


@pytest.fixture
async def pair(shell: Shell) -> AsyncIterator[Pair]:
    """Two processes of the API, with the keys and on the database of this test."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JICENG", "DATABASE"))}
    url = shell.settings.database_url
    assert url is not None
    place = {
        "DATABASE_URL": url.get_secret_value(),
        "DATA_DIR": str(shell.settings.data_dir),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    ports = [free_port(), free_port()]
    logs = [shell.settings.data_dir / f"api-{port}.log" for port in ports]
    running = [_serve(port, kept | place, log) for port, log in zip(ports, logs, strict=True)]
    clients = [
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False, timeout=30)
        for port in ports
    ]
    try:
        for client, log in zip(clients, logs, strict=True):
            await _ready(client, log)
        yield Pair(*clients, [])
    finally:
        for client in clients:
            await client.aclose()
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)


def _told(log: Path) -> str:
    return log.read_text()[-2000:]


async def _ready(client: httpx.AsyncClient, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            if (await client.get("/divisions")).status_code == 401:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline, _told(log)
        await asyncio.sleep(0.2)


@pytest.fixture
async def organizer(actors: Actors) -> Headers:
    """An organizer of Guangdong."""
    return await actors("organizer", division="440000")


@pytest.fixture
async def neighbour(actors: Actors) -> Headers:
    """An organizer of Zhejiang."""
    return await actors("organizer", division="330000")


def posting(
    headers: Headers, address: str, body: Any, tag: str | None = None
) -> Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]:
    """A POST that is still to be sent."""
    match = {} if tag is None else {"If-Match": tag}
    return lambda client: client.post(address, json=body, headers={**headers, **match})
