"""The server's transaction counter, by which events are ordered.

Events are told in the order of their transactions, and only those below the oldest that runs. A new server
counts from the beginning: after a dump is read into it, the old events would not be seen for years, and what
happens now would be sorted before them. So the counter is brought past them first."""

import asyncpg

import app.tables  # noqa: F401 (fills the metadata)
from app.core.db import XID8, Base

AT_ONCE = 20_000


async def newest_on_rows(connection: asyncpg.Connection) -> int:
    """The highest transaction that any row names."""
    newest = 0
    for table in Base.metadata.sorted_tables:
        for column in (column.name for column in table.columns if isinstance(column.type, XID8)):
            query = f"SELECT {column}::text FROM {table.name} ORDER BY {column} DESC LIMIT 1"  # noqa: S608
            newest = max(newest, int(await connection.fetchval(query) or 0))
    return newest


async def next_one(connection: asyncpg.Connection) -> int:
    """The number that no transaction has had yet."""
    return int(await connection.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))


async def catch_up(connection: asyncpg.Connection, newest: int) -> int:
    """Spend numbers, some ten thousand a second, until the counter is past `newest`; how many."""
    spend = "DO $$ BEGIN FOR i IN 1..%d LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
    began = here = await next_one(connection)
    await connection.execute("SET synchronous_commit = off")
    while here <= newest:
        await connection.execute(spend % min(newest - here + 1, AT_ONCE))
        here = await next_one(connection)
    await connection.execute("RESET synchronous_commit")
    return here - began
