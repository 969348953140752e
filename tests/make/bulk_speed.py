"""How fast rows are registered in bulk, beside COPY of the very rows that this writes."""

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.organizations import commands
from app.organizations.rules import IMPORT, IMPORT_RANK, Origin, Row, RowResult
from tests.make.bulk import LEFT_BEHIND


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds for the same rows: `register_many` with its commits, and COPY of what it wrote."""

    rows: int
    written: int
    bulk: float
    copy: float

    @property
    def ratio(self) -> float:
        """How much of COPY's speed is left (1.0: as fast)."""
        return self.copy / self.bulk


async def measure(shell: Shell, twin: str, rows: Sequence[Row], batch: int = 1000) -> Speed:
    """Register new rows on `shell`'s database, then COPY what that wrote into `twin` (a `postgresql://` URL
    of a database that was equal before), one COPY for each table in one transaction."""
    url = shell.settings.database_url
    assert url is not None
    source = await asyncpg.connect(url.get_secret_value().replace("+asyncpg", ""))
    target = await asyncpg.connect(twin.replace("+asyncpg", ""))
    try:
        known = await source.fetchval("SELECT pg_current_xact_id()::text::bigint")
        started = time.perf_counter()
        for first in range(0, len(rows), batch):
            async with begin(shell, SYSTEM) as work:
                origin = Origin(IMPORT, IMPORT_RANK, None, None, work.today)
                outcomes = await commands.register_many(work, rows[first : first + batch], origin)
                assert {outcome.result for outcome in outcomes} == {RowResult.REGISTERED}
        bulk = time.perf_counter() - started
        kept = [(table, await _written(source, table, known)) for table in LEFT_BEHIND]
        started = time.perf_counter()
        async with target.transaction():
            for table, (content, _) in kept:
                await target.copy_to_table(table, source=content, format="binary")
        return Speed(len(rows), sum(count for _, (_, count) in kept), bulk, time.perf_counter() - started)
    finally:
        await source.close()
        await target.close()


async def _written(connection: asyncpg.Connection, table: str, known: int) -> tuple[io.BytesIO, int]:
    """What transactions after this one wrote into a table."""
    content = io.BytesIO()
    mine = f"SELECT * FROM {table} WHERE xmin::text::bigint >= $1"  # noqa: S608 (our own tables)
    done = await connection.copy_from_query(mine, known, output=content, format="binary")
    content.seek(0)
    return content, int(done.split()[-1])
