"""The service: the database made ready, the API and the worker in processes of their own."""

import asyncio
import gc
import http.client
import socket
import threading
import time
from contextlib import suppress
from http import HTTPStatus

import uvicorn
from fastapi import FastAPI

from app import worker as background
from app.cli import console, embedded, startup, world
from app.cli.draining import Draining, Server
from app.cli.embedded import database
from app.cli.processes import BACKLOG, PATIENCE, Crew, Job, listening, stopping
from app.cli.running import Processes
from app.cli.startup import StartupError
from app.core import logs
from app.identity import demo
from app.intake.errors import SourceCodeTaken
from app.main import BASE, create_app
from app.postgres import Supervisor
from app.settings import Settings

READY_WITHIN = 60.0
"""Seconds from the first child to a ready service, on a slow machine."""
CALM = 5
"""After so many looks, a second in all, without a death the children are trusted again."""
TOKENS = "tokens.json"
REGISTRY = "registry.json"
"""The demonstration's registry source and its secret."""


def run(
    settings: Settings,
    supervisor: Supervisor | None,
    listener: socket.socket,
    stop: threading.Event,
    *,
    processes: int,
    began: float,
) -> None:
    """The service until `stop`, on a database server that runs. See `app.cli.running`."""
    prepare(settings, embedded=supervisor is not None)
    parts = jobs(settings, listener, processes) | {"worker": lambda: work_forever(settings)}
    crew = Crew(parts, PATIENCE + settings.drain_seconds)
    try:
        crew.mend()
        wait_until_ready(settings, crew, stop)
        if not stop.is_set():
            welcome(settings, embedded=supervisor is not None, seconds=time.monotonic() - began)
        calm = 0
        while not stop.wait(0.2):
            messages = crew.mend()
            calm = 0 if messages else calm + 1
            if calm == CALM:
                crew.forgive()
            for message in messages:
                console.warn(f"{message}; started again")
            if supervisor is not None and not supervisor.alive():
                console.warn("PostgreSQL ended; starting it again")
                supervisor.start()
    finally:
        console.say("Stopping …")
        crew.stop()


def serve(processes: Processes = 1) -> None:
    """Run the API alone.

    On DATABASE_URL, or on the embedded server, joined or started."""
    given = embedded.settings()
    with (
        stopping() as stop,
        listening(given.host, given.port) as listener,
        database(given) as (settings, _),
    ):
        crew = Crew(jobs(settings, listener, processes), PATIENCE + settings.drain_seconds)
        try:
            while not stop.is_set():
                for message in crew.mend():
                    console.warn(f"{message}; started again")
                stop.wait(0.2)
        finally:
            crew.stop()


def worker() -> None:
    """Run the background worker alone.

    On DATABASE_URL, or on the embedded server, joined or started. Any number may run."""
    with database(embedded.settings()) as (settings, _):
        work_forever(settings)


def jobs(settings: Settings, listener: socket.socket, processes: int) -> dict[str, Job]:
    """The API's processes by name. The application is built once, before they are forked: one that was
    killed is replaced in a moment. It has opened no connection yet."""
    application = create_app(settings)
    return {
        f"api-{number}": lambda: serve_forever(application, listener, settings.drain_seconds)
        for number in range(1, processes + 1)
    }


def serve_forever(application: FastAPI, listener: socket.socket, drain_seconds: float = 0.0) -> None:
    """The API in this process, until SIGTERM; what is being answered is finished."""
    logs.configure()
    gc.freeze()  # what was loaded before the fork stays: no collection walks it, no page of it is copied
    draining = Draining(application)
    config = uvicorn.Config(
        draining,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        backlog=BACKLOG,
    )
    Server(config, draining, drain_seconds).run(sockets=[listener])


def work_forever(settings: Settings) -> None:
    """The worker in this process, until SIGTERM."""
    logs.configure()
    background.run(settings)


def prepare(settings: Settings, *, embedded: bool) -> None:
    """Bring the database to this release: tables, reference data, on our own new server a demonstration."""
    wanted = settings.data_dir / "demo.wanted"
    try:
        revision = startup.revision(settings)
        if revision is None and embedded and not settings.production:
            wanted.touch()  # stays until the tokens are written, through any crash
        if startup.upgrade(settings, revision):
            console.say("The tables are at this release's revision.")
    except StartupError as error:
        console.fail(str(error))
    asyncio.run(_fill(settings, demonstration=wanted.exists()))
    wanted.unlink(missing_ok=True)


async def _fill(settings: Settings, *, demonstration: bool) -> None:
    async with startup.shell_of(settings) as shell:
        await startup.load_reference_data(shell)
        if demonstration:
            tokens = await demo.seed(shell)
            with suppress(SourceCodeTaken):  # made already, before the crash that this start follows
                startup.write_private(settings.data_dir / REGISTRY, await world.seed(shell))
            startup.write_private(settings.data_dir / TOKENS, tokens)


def wait_until_ready(settings: Settings, crew: Crew, stop: threading.Event) -> None:
    """Until `/readyz` answers 200. Ends the service when it does not come."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    deadline = time.monotonic() + READY_WITHIN
    status, said = 0, "no answer"
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(host, settings.port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/readyz")
            response = connection.getresponse()
            status, said = response.status, response.read().decode(errors="replace")
        connection.close()
        if status == HTTPStatus.OK or stop.is_set():
            return
        for message in crew.mend():
            console.warn(message)
        stop.wait(0.03)
    console.fail(f"The service did not become ready: {said}")


def welcome(settings: Settings, *, embedded: bool, seconds: float) -> None:
    """Where everything is."""
    address = f"http://{'localhost' if settings.host == '127.0.0.1' else settings.host}:{settings.port}"
    console.say(f"Jiceng 基层 is running, ready after {seconds:.1f} s.")
    console.say(f"  API     {address}{BASE}")
    if settings.public_docs:
        console.say(f"  Docs    {address}/docs")
    tokens = settings.data_dir.resolve() / TOKENS
    if tokens.exists():
        console.say(f"  Tokens  {tokens} (a demonstration: not for production)")
    if embedded:
        console.say(f"  Data    {settings.data_dir.resolve()}")
    console.say("Ctrl-C stops it. 按 Ctrl-C 停止。")
