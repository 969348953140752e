"""The service at an address of this machine, with a world behind it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import structlog
import uvicorn
from pydantic import SecretStr

from app.settings import Settings
from tests.architecture.calls import World, operations
from tests.conftest import Database, application


@asynccontextmanager
async def served(database: Database, directory: Path) -> AsyncIterator[tuple[World, str]]:
    """A world and the address where its service answers, in this process."""
    settings = Settings(database_url=SecretStr(database.app_url), data_dir=directory, requests_per_minute=0)
    app = application(settings)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    running = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110 (the server has no event to wait for)
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
            document = app.openapi()
            yield World(app, client, document, operations(document)), f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running
        structlog.reset_defaults()
