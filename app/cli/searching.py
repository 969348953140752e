"""`jiceng reindex`: brings what every organization is found by into line, some thousands at a time."""

import asyncio
from uuid import UUID

from rich.progress import Progress
from sqlalchemy import func, select

from app.cli import console, embedded, startup
from app.cli.embedded import database
from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.organizations import commands
from app.organizations.models import Organization
from app.settings import Settings

BATCH = 2000


def reindex() -> None:
    """Recompute what organizations are found by, and write what differs: once after an upgrade from a release
    without search, or when `jiceng verify` names differences. The service may run meanwhile."""
    with database(embedded.settings()) as (known, _):
        changed = asyncio.run(_reindex(known))
    console.say(f"{changed} organizations are found by new terms.")


async def _reindex(settings: Settings) -> int:
    async with startup.shell_of(settings) as shell:
        async with begin(shell, SYSTEM, reading=True) as work:
            total = await work.scalar(select(func.count()).select_from(Organization))
        changed, last = 0, UUID(int=0)
        with Progress(console=console.err, transient=True) as progress:
            task = progress.add_task("Organizations", total=total)
            while batch := await _following(shell, last):
                async with begin(shell, SYSTEM) as work:
                    changed += await commands.index(work, batch)
                progress.advance(task, len(batch))
                last = batch[-1]
        return changed


async def _following(shell: Shell, last: UUID) -> list[UUID]:
    """The next organizations by id."""
    async with begin(shell, SYSTEM, reading=True) as work:
        ids = select(Organization.id).where(Organization.id > last).order_by(Organization.id).limit(BATCH)
        return list(await work.scalars(ids))
