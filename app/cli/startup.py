"""What a database needs before the service runs on it: a fit server, the tables, the reference data."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from app.cli import lazy
from app.cli.embedded import owner_url
from app.core import work
from app.core.access import SYSTEM
from app.core.work import Shell
from app.divisions import commands as divisions
from app.main import make_shell
from app.reference import commands as reference
from app.scoring import commands as scoring
from app.settings import Settings
from app.tables import MIGRATION_HEAD

NEEDED = 180_000
NEEDED_NAME = "PostgreSQL 18"
LOSSY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class StartupError(RuntimeError):
    """The service cannot run on this database; the message says what to do."""


async def _look(address: str) -> str | None:
    url = make_url(address).set(drivername="postgresql")
    try:
        connection = await asyncpg.connect(url.render_as_string(hide_password=False), timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StartupError(f"The database {url.render_as_string()} does not answer: {error}") from error
    try:
        version = int(await connection.fetchval("SHOW server_version_num"))
        if version < NEEDED:
            runs = await connection.fetchval("SHOW server_version")
            raise StartupError(f"{NEEDED_NAME} or newer is needed; {url.render_as_string()} runs {runs}.")
        for name, bad in LOSSY.items():
            if await connection.fetchval("SELECT current_setting($1)", name) == bad:
                raise StartupError(f"The server has {name} = {bad}: acknowledged records could be lost.")
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return found
    finally:
        await connection.close()


def revision(settings: Settings) -> str | None:
    """The database's revision, None when it is new. Raises `StartupError` when the server is not fit."""
    return asyncio.run(_look(owner_url(settings)))


def upgrade(settings: Settings, revision: str | None) -> bool:
    """Run the migrations that follow `revision`; whether there were any. Raises `StartupError`."""
    if revision == MIGRATION_HEAD:
        return False
    migrations = lazy.module("app.postgres.migrations")  # a fifth of a second, seldom needed
    if revision is not None and revision not in migrations.revisions():
        raise StartupError(f"The database is at revision {revision}, which this release does not know.")
    migrations.upgrade(owner_url(settings))
    return True


@asynccontextmanager
async def shell_of(settings: Settings) -> AsyncIterator[Shell]:
    """A shell for one command, its connections closed at the end."""
    shell = make_shell(settings)
    try:
        yield shell
    finally:
        await shell.dispose()


async def load_reference_data(shell: Shell) -> None:
    """Calendar, dictionaries, rule packs, divisions, standards: each where its version is not there yet."""
    for load in (reference.load_defaults, divisions.load_defaults, scoring.load_defaults):
        async with work.begin(shell, SYSTEM) as unit:
            await load(unit)


def write_private(path: Path, content: object) -> None:
    """Write a JSON file that only this user may read, whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
