"""Connections of the driver itself, for statements that are known: reads, and writes of one statement."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import make_url

from app.core.db import LIMITS

STATEMENTS = 400
"""Prepared statements that each connection keeps."""


_PLAIN = re.compile("[0-9A-Za-z,-]*")


class Reader:
    """The driver's own connections, for statements that are remembered: opened when first needed.

    Planning a page of the ledger takes several times as long as reading it, and PostgreSQL plans anew for
    every set of arguments whose estimate looks better: `planned` connections plan each statement once."""

    def __init__(self, url: str, *, size: int, timeout: float) -> None:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._pools = {planned: _Pool(plain, size, timeout, planned=planned) for planned in (True, False)}

    @asynccontextmanager
    async def connection(self, *, planned: bool = True) -> AsyncIterator[Any]:
        """A connection in autocommit, with the limits that every connection has."""
        pool = self._pools[planned]
        connection = await pool.take()
        try:
            yield connection
        except asyncpg.PostgresError:
            pool.give_back(connection)
            raise
        except BaseException:  # it may be in the middle of something
            connection.terminate()
            pool.give_back(connection)
            raise
        else:
            pool.give_back(connection)

    @asynccontextmanager
    async def admitted(self, told: Mapping[str, str], *, planned: bool = True) -> AsyncIterator[Any]:
        """A connection in a transaction that reads only, for tables of people: row-level security is told
        whose rows it may see, in the same breath as the transaction is begun."""
        if not all(_PLAIN.fullmatch(value) for value in told.values()):
            raise ValueError("a setting holds more than codes and ids")
        settings = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in told.items())
        async with self.connection(planned=planned) as connection:
            await connection.execute(f"BEGIN READ ONLY; SELECT {settings}")
            try:
                yield connection
            finally:
                await connection.execute("ROLLBACK")

    async def close(self) -> None:
        """Give the connections back to the server."""
        for pool in self._pools.values():
            pool.close()


class _Pool:
    """At most `size` connections, the one that was used last given first.

    Every statement on them is whole, so that there is nothing to reset between two of them: what the
    driver's own pool does then costs more than the statement."""

    def __init__(self, url: str, size: int, timeout: float, *, planned: bool) -> None:
        self._url, self._timeout = url, timeout
        self._settings = {
            "TimeZone": "UTC",
            "application_name": "jiceng",
            "plan_cache_mode": "force_generic_plan" if planned else "auto",
            **LIMITS,
        }
        self._free = asyncio.Semaphore(size)
        self._idle: list[Any] = []
        self._closed = False

    async def take(self) -> Any:
        """A connection that is open. Raises TimeoutError when all are in use for too long."""
        if self._closed:
            raise ConnectionError
        if self._free.locked():
            async with asyncio.timeout(self._timeout):
                await self._free.acquire()
        else:
            await self._free.acquire()
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:
            return await asyncpg.connect(
                self._url,
                timeout=self._timeout,
                statement_cache_size=STATEMENTS,
                server_settings=self._settings,
            )
        except BaseException:
            self._free.release()
            raise

    def give_back(self, connection: Any) -> None:
        """Keep a connection for the next one who asks, unless it is closed."""
        if self._closed:
            connection.terminate()
        if not connection.is_closed():
            self._idle.append(connection)
        self._free.release()

    def close(self) -> None:
        """Close what is idle now, and the rest when it is given back."""
        self._closed = True
        while self._idle:
            self._idle.pop().terminate()
