"""The service with the sample slice."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import make_url

from app.settings import Settings
from tests.core import sample


@pytest.fixture
async def served(settings: Settings, owner_url: str) -> AsyncIterator[FastAPI]:
    """The service with the sample slice and its tables."""
    await sample.create_tables(owner_url)
    app = sample.serve(settings)
    yield app
    await app.state.shell.dispose()


@pytest.fixture
async def clerk(served: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A clerk of the nation."""
    async with sample.client(served) as caller:
        yield caller


@pytest.fixture
async def sql(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of one's own, to see what was committed."""
    plain = make_url(database_url).set(drivername="postgresql")
    connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
    yield connection
    await connection.close()
