"""Servers of the bench: one process each, on the loopback, stopped by the one that started them."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.place import Place, parts, plain

HERE = Path(__file__).parent
FASTIFY = HERE / "peers" / "fastify"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it answers, and its process."""

    url: str
    process: subprocess.Popen[bytes]
    seconds: float

    def resident(self) -> int:
        """Bytes of memory that it holds, with its children."""
        me = psutil.Process(self.process.pid)
        return sum(p.memory_info().rss for p in (me, *me.children(recursive=True)))


@contextmanager
def started(command: list[str], environment: Mapping[str, str], probe: str) -> Iterator[Server]:
    """A process that answers on a free port, given as PORT."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    given = os.environ | {**environment, "PORT": str(port)}
    command = [part.replace("{port}", str(port)) for part in command]
    began = time.monotonic()
    process = subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        while True:
            if _answers(port, probe):
                break
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.02)
        yield Server(url, process, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def _uvicorn(application: str) -> list[str]:
    """One process of uvicorn, as every Python peer runs."""
    options = ["--host", "127.0.0.1", "--port", "{port}", "--no-access-log", "--log-level", "warning"]
    return [sys.executable, "-m", "uvicorn", application, *options]


@contextmanager
def service(database: Place, directory: Path) -> Iterator[Server]:
    """The service itself, one process."""
    environment = {
        "DATABASE_URL": database.app,
        "DATA_DIR": str(directory),
        "JICENG_REQUESTS_PER_MINUTE": "0",
    }
    with started([*_uvicorn("bench.serving:build"), "--factory"], environment, "/livez") as server:
        yield server


@contextmanager
def orm(database: Place) -> Iterator[Server]:
    """The textbook peer."""
    with started(_uvicorn("bench.peers.orm:app"), {"PEER_DATABASE_URL": database.app}, "/docs") as server:
        yield server


@contextmanager
def inbox(database: Place) -> Iterator[Server]:
    """The peer that only inserts."""
    environment = {"PEER_DATABASE_URL": plain(database.superuser)}
    with started(_uvicorn("bench.peers.inbox:app"), environment, "/docs") as server:
        yield server


@contextmanager
def fastify(database: Place) -> Iterator[Server]:
    """The Node peer; its packages are installed once, by npm."""
    if not (FASTIFY / "node_modules").exists():
        subprocess.run(["npm", "install", "--no-package-lock", "--no-audit"], cwd=FASTIFY, check=True)  # noqa: S607
    url = parts(database.app)
    environment = {
        "PGHOST": str(url.query.get("host") or url.host),
        "PGPORT": str(url.query.get("port") or url.port),
        "PGUSER": str(url.username),
        "PGPASSWORD": str(url.password),
        "PGDATABASE": str(url.database),
    }
    with started(["node", str(FASTIFY / "server.js")], environment, "/page?division=110101") as server:
        yield server


@contextmanager
def together(*servers: object) -> Iterator[list[Server]]:
    """Several servers for the time of a block."""
    with ExitStack() as stack:
        yield [stack.enter_context(each) for each in servers]  # type: ignore[arg-type]
