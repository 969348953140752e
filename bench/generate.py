"""Fills a database with a nation's ledger: rows by the set, answers by the service's own rules.

Everything that can be said by a statement over all organizations is one; who answers is determined by the
service itself for one organization of each shape in each division, and is the same for its likes."""

import asyncio
import os
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import asyncpg
from pydantic import SecretStr
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import text

from app.cli import startup
from app.core.access import NATION, SYSTEM
from app.core.work import Shell, begin
from app.coverage import commands as coverage
from app.main import make_shell
from app.organizations import commands as organizations_commands
from app.postgres import migrations
from app.reference import queries as reference
from app.reference.rules import Calendar, add_working_days
from app.responsibility.commands import determinations
from app.settings import Settings
from bench.bare import bare
from bench.invented import COLUMNS, FIRST, SHAPES, Place, organizations
from bench.place import Home, plain
from bench.place import Place as Database

SQL = Path(__file__).parent / "sql"
BATCH = 20_000
TABLES = (
    "organizations organization_facts organization_names organization_periods charter_clauses"
    " organization_identifiers party_organizations party_organization_parents party_organization_closure"
    " party_organization_covers party_organization_functions no_party_organization_reasons authorities"
    " authority_roles audit_entries events"
).split()
ANSWERS = "responsibilities responsibility_determinations duties".split()


def settings_of(database: Database, directory: Path, **more: object) -> Settings:
    """Settings of a service on a database of the bench."""
    return Settings.model_validate(
        {
            "database_url": SecretStr(database.app),
            "database_owner_url": SecretStr(database.owner),
            "data_dir": directory,
            "requests_per_minute": 0,
            **more,
        }
    )


def ready(home: Home, count: int) -> Database:
    """The database of this size: the one that is there, else a new one."""
    name = f"bench_{count}"
    database = home.place(name)
    if asyncio.run(_there(home, name)):
        migrations.upgrade(database.owner)
        asyncio.run(_roll_up(settings_of(database, home.directory)))
        return database
    asyncio.run(_administer(home, f"DROP DATABASE IF EXISTS {name}_draft WITH (FORCE)"))
    asyncio.run(_administer(home, f"CREATE DATABASE {name}_draft OWNER jiceng_owner"))
    draft = home.place(f"{name}_draft")
    migrations.upgrade(draft.owner)
    asyncio.run(fill(draft, settings_of(draft, home.directory), count))
    asyncio.run(_administer(home, f"ALTER DATABASE {name}_draft RENAME TO {name}"))
    return database


async def fill(database: Database, settings: Settings, count: int, *, within: str = NATION) -> None:
    """Fill a migrated, empty database with `count` organizations in the subtree of a division (and above)."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    connection = await asyncpg.connect(plain(database.owner), command_timeout=3600)
    try:
        with Progress(*columns) as progress:
            async with startup.shell_of(settings) as shell:
                await startup.load_reference_data(shell)
            await connection.execute("SET statement_timeout = 0; SET synchronous_commit = off")
            await connection.execute("SET work_mem = '512MB'")
            await _invent(connection, settings, count, within, progress)
            async with bare(connection, TABLES, progress):
                await _run(connection, "bodies", progress)
                await _run(connection, "ledger", progress, shapes=_shapes())
            await _run(connection, "firsts", progress)
            await connection.execute("ANALYZE")
            await _determine(connection, settings, progress)
            async with bare(connection, ANSWERS, progress):
                await _run(connection, "answers", progress)
            await _index(connection, settings, progress)
            await _roll_up(settings)
            await _run(connection, "clear", progress)
            task = progress.add_task("vacuum", total=1)
            await connection.execute("VACUUM (ANALYZE)")
            progress.advance(task)
    finally:
        await connection.close()


async def _run(connection: asyncpg.Connection, step: str, progress: Progress, **values: str) -> None:
    """The statements of a file, one after the other, with what is filled in."""
    script = (SQL / f"{step}.sql").read_text()
    if values:
        script = script.format(**values)
    statements = [script] if step == "stage" else [part for part in script.split(";\n") if part.strip()]
    task = progress.add_task(step, total=len(statements))
    for statement in statements:
        await connection.execute(statement)
        progress.advance(task)


async def _invent(
    connection: asyncpg.Connection, settings: Settings, count: int, within: str, progress: Progress
) -> None:
    """Lay down the invented rows and the working days that their duties count."""
    await _run(connection, "stage", progress, within=within)
    places = [
        Place(*row)
        for row in await connection.fetch("SELECT code, name, level FROM bench_places ORDER BY code")
    ]
    task = progress.add_task("invented", total=count)
    rows = organizations(places, count)
    while batch := list(islice(rows, BATCH)):
        await connection.copy_records_to_table("bench_rows", records=batch, columns=COLUMNS)
        progress.advance(task, len(batch))
    async with startup.shell_of(settings) as shell, begin(shell, SYSTEM) as work:
        calendar = await reference.calendar(work)
    await connection.copy_records_to_table("bench_days", records=_days(calendar))
    await connection.execute("ANALYZE bench_rows; ANALYZE bench_days; ANALYZE bench_places")


def _shapes() -> str:
    """The shapes as rows of VALUES."""
    return ", ".join(
        f"({n}, '{kind}', '{mode}', {supervised})" for n, (kind, mode, supervised, _) in enumerate(SHAPES)
    )


def _days(calendar: Calendar) -> list[tuple[date, int, date, bool]]:
    found = []
    for number in range((date(2026, 12, 31) - FIRST).days):
        day = FIRST + timedelta(days=number)
        for working_days in (0, 5):
            deadline = add_working_days(day, working_days, calendar)
            found.append((day, working_days, deadline.due_on, deadline.provisional))
    return found


async def _determine(connection: asyncpg.Connection, settings: Settings, progress: Progress) -> None:
    """Who answers for the first of each shape in each division, by the service's own command."""
    ids = [row["id"] for row in await connection.fetch("SELECT id FROM bench_firsts ORDER BY id")]
    task = progress.add_task("determined", total=len(ids))
    shell: Shell = make_shell(settings)
    try:
        for start in range(0, len(ids), 250):
            batch = ids[start : start + 250]
            async with begin(shell, SYSTEM) as work:
                await work.execute(text("SET LOCAL statement_timeout = 0"))
                await determinations.determine_many(work, batch)
            progress.advance(task, len(batch))
    finally:
        await shell.dispose()


async def _index(connection: asyncpg.Connection, settings: Settings, progress: Progress) -> None:
    """What each organization is found by, by the service's own command."""
    ids = [row["id"] for row in await connection.fetch("SELECT id FROM organizations ORDER BY id")]
    task = progress.add_task("search", total=len(ids))
    async with startup.shell_of(settings) as shell:
        for start in range(0, len(ids), 5_000):
            batch = ids[start : start + 5_000]
            async with begin(shell, SYSTEM) as work:
                await work.execute(text("SET LOCAL statement_timeout = 0"))
                await organizations_commands.index(work, batch)
            progress.advance(task, len(batch))


async def _roll_up(settings: Settings) -> None:
    """The roll-ups of coverage, by the service's own command; nothing when they are there."""
    async with startup.shell_of(settings) as shell:
        while await coverage.run(shell):
            pass


async def _there(home: Home, name: str) -> bool:
    connection = await asyncpg.connect(plain(home.place("postgres").superuser))
    try:
        return bool(await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name))
    finally:
        await connection.close()


async def _administer(home: Home, statement: str) -> None:
    connection = await asyncpg.connect(plain(home.place("postgres").superuser))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def size() -> int:
    """How many organizations are asked for."""
    return int(os.environ.get("ORGANIZATIONS", "900000"))
