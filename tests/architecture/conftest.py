"""One world for all tests of a process that walk over the operations."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import URL

from app.main import create_app
from app.settings import Settings
from tests.architecture.calls import World, operations
from tests.conftest import Server

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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def owner(server: Server) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection to the world's database."""
    name = f"test_{os.getpid()}_{uuid4().hex}"
    await server.create(name, server.template)
    url: URL = server.owner.set(drivername="postgresql", database=name)
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    await connection.execute(FAILING_COMMITS)
    yield connection
    await connection.close()
    await server.drop(name)


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
    )
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
        document = app.openapi()
        yield World(app, client, document, operations(document))
