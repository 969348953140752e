"""`jiceng reindex`: makes again what is made from the rows, some thousands at a time: what organizations are
found by, and the roll-ups of coverage."""

import asyncio
from uuid import UUID

from rich.progress import Progress
from sqlalchemy import func, select

from app.cli import console, embedded, startup
from app.cli.embedded import database
from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.coverage import commands as coverage
from app.coverage import queries as coverage_queries
from app.organizations import commands
from app.organizations.models import Organization
from app.settings import Settings

BATCH = 2000


def reindex() -> None:
    """Recompute what organizations are found by, and write what differs, and make the roll-ups of coverage
    again: once after an upgrade from a release without them, or when `jiceng verify` names differences.

    The service may run meanwhile; until the roll-ups are ready coverage is counted from the rows."""
    with database(embedded.settings()) as (known, _):
        changed = asyncio.run(_reindex(known))
        rolled = asyncio.run(_roll_up(known))
    console.say(f"{changed} organizations are found by new terms.")
    console.say(f"{rolled} organizations are rolled up for coverage.")


async def _reindex(settings: Settings) -> int:
    async with startup.shell_of(settings) as shell:
        total = await _total(shell)
        changed, last = 0, UUID(int=0)
        with Progress(console=console.err, transient=True) as progress:
            task = progress.add_task("Organizations", total=total)
            while batch := await _following(shell, last):
                async with begin(shell, SYSTEM) as work:
                    changed += await commands.index(work, batch)
                progress.advance(task, len(batch))
                last = batch[-1]
        return changed


async def _roll_up(settings: Settings) -> int:
    """Discard the roll-ups and make them again; a worker that runs takes its turns at it too."""
    async with startup.shell_of(settings) as shell:
        total = await _total(shell)
        async with begin(shell, SYSTEM) as work:
            await coverage.start_again(work)
        with Progress(console=console.err, transient=True) as progress:
            task = progress.add_task("Coverage", total=total)
            while not await _ready(shell):
                done = await coverage.run(shell, turns=1)
                progress.advance(task, done)
                if not done:
                    await asyncio.sleep(1)
        return total


async def _ready(shell: Shell) -> bool:
    async with begin(shell, SYSTEM, reading=True) as work:
        return await coverage_queries.is_ready(work)


async def _total(shell: Shell) -> int:
    async with begin(shell, SYSTEM, reading=True) as work:
        return int(await work.scalar(select(func.count()).select_from(Organization)))


async def _following(shell: Shell, last: UUID) -> list[UUID]:
    """The next organizations by id."""
    async with begin(shell, SYSTEM, reading=True) as work:
        ids = select(Organization.id).where(Organization.id > last).order_by(Organization.id).limit(BATCH)
        return list(await work.scalars(ids))
