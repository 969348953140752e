"""One unit of work of a command, on the database of its settings."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from app.cli import console, embedded, startup
from app.cli.embedded import database
from app.core.access import SYSTEM
from app.core.errors import Refusal, from_database
from app.core.work import Work, begin
from app.settings import Settings
from app.tables import MIGRATION_HEAD

Done = TypeVar("Done")


def once(do: Callable[[Work], Awaitable[Done]], *, snapshot: bool = False) -> Done:
    """One unit of work of a command, as the service itself; a refusal is told in its own words.

    `snapshot` reads one moment of the database, whatever the service does meanwhile."""

    async def perform(settings: Settings) -> Done:
        async with startup.shell_of(settings) as shell, begin(shell, SYSTEM, snapshot=snapshot) as work:
            return await do(work)

    with database(embedded.settings()) as (known, _):
        try:
            return asyncio.run(perform(known))
        except (Refusal, DBAPIError) as error:
            refusal = error if isinstance(error, Refusal) else from_database(error)
            if refusal is not None:
                console.fail(" ".join(refusal.title))
            if (revision := startup.revision(known)) != MIGRATION_HEAD:
                console.fail(
                    f"The database is at revision {revision}, this release at {MIGRATION_HEAD}: "
                    "run `jiceng db upgrade` first."
                )
            raise
