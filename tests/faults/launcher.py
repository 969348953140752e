"""`jiceng run` with a slower commit; and, for the test of the tests, with the commit after the response.

Started by the fault tests only (`launcher.py sound|sabotaged run`); nothing in `app/` knows of it."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

from app.core import http, work
from app.intake.commands.at_once import Waiting

SLOWLY = 0.05
"""Seconds before each commit of the API: the window in which a kill hurts, widened alike for both builds."""

sound_finish, sound_depends, sound_alone = work.finish, http.Depends, work.alone
sound_keep = Waiting.keep
writes: set[asyncio.Task[Any]] = set()


async def slow_finish(unit: work.Work) -> None:
    if unit.request_id is not None:
        await asyncio.sleep(SLOWLY)
    await sound_finish(unit)


async def slow_alone(shell: work.Shell, statement: str, *arguments: Any) -> Any:
    await asyncio.sleep(SLOWLY)
    return await sound_alone(shell, statement, *arguments)


async def late_keep(self: Waiting, *message: Any) -> datetime:
    writes.add(asyncio.create_task(sound_keep(self, *message)))
    return datetime.now(UTC)


def late_depends(dependency: Any, *, scope: str) -> Any:
    del scope
    return sound_depends(dependency, scope="request")


work.finish, work.alone = slow_finish, slow_alone
if sys.argv.pop(1) == "sabotaged":
    http.Depends = late_depends  # type: ignore[assignment]
    Waiting.keep = late_keep  # type: ignore[method-assign]

from app.cli import app  # noqa: E402 (the routes must be made after the change)

app()
