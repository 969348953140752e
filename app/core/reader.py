"""Connections of the driver itself, for reads whose statement is known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import make_url

from app.core.db import LIMITS

STATEMENTS = 400
"""Prepared statements that each connection keeps."""


class Reader:
    """The driver's own connections, for statements that are remembered: opened when first needed.

    Planning a page of the ledger takes several times as long as reading it, and PostgreSQL plans anew for
    every set of arguments whose estimate looks better: `planned` connections plan each statement once."""

    def __init__(self, url: str, *, size: int, timeout: float) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._size, self._timeout = size, timeout
        self._pools: dict[bool, Any] = {}

    @asynccontextmanager
    async def connection(self, *, planned: bool = True) -> AsyncIterator[Any]:
        """A connection in autocommit, with the limits that every connection has."""
        pool = self._pools.get(planned)
        if pool is None:
            pool = self._pools[planned] = asyncpg.create_pool(
                self._url,
                min_size=0,
                max_size=self._size,
                statement_cache_size=STATEMENTS,
                connection_class=_Plain,
                server_settings={
                    "TimeZone": "UTC",
                    "application_name": "jiceng",
                    "plan_cache_mode": "force_generic_plan" if planned else "auto",
                    **LIMITS,
                },
            )
        await pool
        connection = await pool.acquire(timeout=self._timeout)
        try:
            yield connection
        finally:
            await pool.release(connection)

    async def close(self) -> None:
        """Give the connections back."""
        while self._pools:
            self._pools.popitem()[1].terminate()


class _Plain(asyncpg.Connection):  # type: ignore[misc]
    """A connection on which nothing but reads is ever done: there is nothing to reset between them."""

    def get_reset_query(self) -> str:
        return ""
