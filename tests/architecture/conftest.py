"""One world for all tests of a process that walk over the operations."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import URL

from app.settings import Settings
from tests.architecture.calls import World
from tests.architecture.document import DOCUMENT, OPERATIONS
from tests.conftest import Server, application

FAILING_COMMITS = """
CREATE TABLE failing (commits boolean NOT NULL);
INSERT INTO failing VALUES (false);
GRANT SELECT ON failing TO PUBLIC;
CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT commits FROM failing) THEN
        RAISE EXCEPTION 'this commit must fail' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END $$;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
        AND tablename NOT IN ('failing', 'sessions', 'api_keys') LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER failing AFTER INSERT OR UPDATE OR DELETE ON %I '
            'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_at_commit()', name);
    END LOOP;
END $$;
"""
"""With `failing.commits` on, every transaction that wrote a row to any table fails at its COMMIT. Sessions
and keys are left out: a read, too, notes when they were last seen."""
Failing = Callable[[], AbstractAsyncContextManager[None]]
SPENDING = (
    "test_it_answers_as_documented",
    "test_a_retry_has_no_second_effect",
    "test_an_answer_passes_all_checks",
)
"""Tests that make a call for good: they come last for their operation, so that all need only one."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After the shuffle: all tests of one operation side by side, where its first one is."""
    places: dict[str, int] = {}
    for number, item in enumerate(items):
        places.setdefault(operation_of(item) or item.nodeid, number)
    items.sort(key=lambda item: (places[operation_of(item) or item.nodeid], item.name.startswith(SPENDING)))


def operation_of(item: pytest.Item) -> str | None:
    """The operation that a test is about."""
    asked = item.callspec.id if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
    return asked if asked in OPERATIONS and item.path.parent == Path(__file__).parent else None


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def owner(server: Server) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection to the world's database."""
    name = f"test_{os.getpid()}_{uuid4().hex}"
    await server.create(name, server.template)
    url: URL = server.owner.set(drivername="postgresql", database=name)
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    await connection.execute(FAILING_COMMITS)
    await connection.execute("SET jiceng.nation = 'on'")  # row-level security holds the owner, too
    yield connection
    await connection.close()
    await server.drop(name)


@pytest.fixture
def failing(owner: asyncpg.Connection) -> Failing:
    """While this is entered, every COMMIT of a transaction that wrote anything fails."""

    @asynccontextmanager
    async def armed() -> AsyncIterator[None]:
        await owner.execute("UPDATE failing SET commits = true")
        try:
            yield
        finally:
            await owner.execute("UPDATE failing SET commits = false")

    return armed


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(
    server: Server, owner: asyncpg.Connection, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """The service on a database of its own, and those who call it."""
    name = await owner.fetchval("SELECT current_database()")
    settings = Settings(
        database_url=SecretStr(server.app.set(database=name).render_as_string(hide_password=False)),
        data_dir=Path(tmp_path_factory.mktemp("world")),
        requests_per_minute=0,
        exports_per_day=1000,
    )
    app = application(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
        yield World(app, client, DOCUMENT, OPERATIONS)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much of the authorization matrix was tested."""
    found = [
        value
        for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed"))
        for name, value in report.user_properties
        if name == "cells"
    ]
    if found:
        asked, empty, whole, wrong = (sum(column) for column in zip(*found, strict=True))
        terminalreporter.write_line(
            f"authorization matrix: {asked} of {whole} cells asked of {len(found)} operations; "
            f"{empty} of them mean nothing (no row is named, or no division lies there); {wrong} wrong"
        )
