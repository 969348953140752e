"""How fast rows are registered in bulk, beside COPY of the very rows that this writes into the same tables."""

import asyncio
import io
import time
from collections.abc import Iterator
from itertools import islice

import asyncpg

from app.cli import startup
from app.core.access import SYSTEM
from app.core.work import begin
from app.organizations import commands
from app.organizations.rules import IMPORT, IMPORT_RANK, Origin, Row, RowResult
from app.organizations.schemas import OrganizationCreate
from app.postgres import migrations
from bench.generate import settings_of
from bench.invented import COLUMNS, organizations
from bench.invented import Place as Division
from bench.lines import Line, at_least
from bench.place import Home, Place, plain

ROWS, AT_ONCE = 20_000, 1_000
WRITTEN = (
    "organizations", "organization_facts", "organization_periods", "organization_names",
    "organization_identifiers", "organization_phones", "organization_findings", "organization_search",
    "responsibilities", "responsibility_determinations", "duties", "audit_entries", "events",
)  # fmt: skip
"""Every table that a registration writes."""


def line(home: Home, count: int = ROWS) -> Iterator[Line]:
    """Register `count` validated rows set by set, then COPY what that wrote into a database that was equal."""
    mine, twin = asyncio.run(_twins(home))
    bulk, copied, rows = asyncio.run(_measure(home, mine, twin, count))
    detail = (
        f"{count / bulk:.0f} organizations/s against {count / copied:.0f}; {rows / count:.1f} rows for each"
    )
    yield at_least(
        f"bulk import of {count:,} validated rows",
        "COPY of what it wrote, indexed",
        copied / bulk,
        0.3,
        detail,
    )


async def _twins(home: Home) -> tuple[Place, Place]:
    """Two new databases with reference data and nothing else."""
    admin = await asyncpg.connect(plain(home.place("postgres").superuser))
    try:
        for name in ("bench_import", "bench_twin"):
            await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.execute("CREATE DATABASE bench_import OWNER jiceng_owner")
        mine = home.place("bench_import")
        await asyncio.to_thread(migrations.upgrade, mine.owner)
        async with startup.shell_of(settings_of(mine, home.directory)) as shell:
            await startup.load_reference_data(shell)
        await admin.execute("CREATE DATABASE bench_twin TEMPLATE bench_import OWNER jiceng_owner")
    finally:
        await admin.close()
    return mine, home.place("bench_twin")


async def _rows(connection: asyncpg.Connection, count: int) -> list[Row]:
    found = await connection.fetch(
        "SELECT code, name, level FROM divisions WHERE upper_inf(valid)"
        " AND level IN ('province', 'prefecture', 'county')"
    )
    places, at = [Division(*row) for row in found], {name: n for n, name in enumerate(COLUMNS)}
    code, name, place = at["credit_code"], at["name"], at["division_code"]
    filled = (row for row in organizations(places, count * 2) if row[code] is not None)
    return [
        commands.row_of(
            OrganizationCreate.model_validate(
                {
                    "credit_code": row[code],
                    "name": row[name],
                    "kind": "association",
                    "registration_mode": "direct",
                    "division_code": row[place],
                    "established_on": row[at["established_on"]],
                    "staff_count": row[at["staff"]],
                    "full_member_count": row[at["full_members"]],
                    "legal_representative": row[at["representative"]],
                }
            )
        )
        for row in islice(filled, count)
    ]


async def _measure(home: Home, mine: Place, twin: Place, count: int) -> tuple[float, float, int]:
    """Seconds of both, and how many rows were written."""
    source, target = (
        await asyncpg.connect(plain(mine.superuser)),
        await asyncpg.connect(plain(twin.superuser)),
    )
    try:
        rows = await _rows(source, count)
        known = await source.fetchval("SELECT pg_current_xact_id()::text::bigint")
        async with startup.shell_of(settings_of(mine, home.directory)) as shell:
            started = time.perf_counter()
            for first in range(0, len(rows), AT_ONCE):
                async with begin(shell, SYSTEM) as work:
                    origin = Origin(IMPORT, IMPORT_RANK, None, None, work.today)
                    outcomes = await commands.register_many(work, rows[first : first + AT_ONCE], origin)
                    assert {outcome.result for outcome in outcomes} == {RowResult.REGISTERED}  # noqa: S101
            bulk = time.perf_counter() - started
        kept = [(table, *await _written(source, table, known)) for table in WRITTEN]
        started = time.perf_counter()
        async with target.transaction():
            for table, content, _ in kept:
                await target.copy_to_table(table, source=content, format="binary")
        return bulk, time.perf_counter() - started, sum(number for *_, number in kept)
    finally:
        await source.close()
        await target.close()


async def _written(connection: asyncpg.Connection, table: str, known: int) -> tuple[io.BytesIO, int]:
    """What transactions after this one wrote into a table."""
    content = io.BytesIO()
    query = f"SELECT * FROM {table} WHERE xmin::text::bigint > {known}"
    done = await connection.copy_from_query(query, output=content, format="binary")
    content.seek(0)
    return content, int(done.split()[-1])
