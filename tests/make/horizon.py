"""Waiting for what other tests do in the same cluster."""

import asyncio

import asyncpg


async def told(owner_url: str) -> None:
    """Wait until every transaction of the cluster that began before now has ended.

    Events are told and audit rows are sealed in the order of commits, so that whoever still writes, in any
    database of the cluster, holds back all that is newer (`pg_snapshot_xmin`). In production there is one
    database; here other tests have theirs. Once this returns, nothing older than now is held back."""
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", "", 1))
    try:
        mark = await connection.fetchval("SELECT pg_current_xact_id()::text::int8")
        while await connection.fetchval(HELD, mark):  # noqa: ASYNC110 (another session ends it)
            await asyncio.sleep(0.02)
    finally:
        await connection.close()


HELD = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::int8 <= $1"
