"""`jiceng run` with a slower commit; and, for the test of the tests, with the commit after the response.

Started by the fault tests only (`launcher.py sound|sabotaged run`); nothing in `app/` knows of it."""

import asyncio
import sys
from typing import Any

from app.core import http, work

SLOWLY = 0.05
"""Seconds before each commit of the API: the window in which a kill hurts, widened alike for both builds."""

sound_finish, sound_depends = work.finish, http.Depends


async def slow_finish(unit: work.Work) -> None:
    if unit.request_id is not None:
        await asyncio.sleep(SLOWLY)
    await sound_finish(unit)


def late_depends(dependency: Any, *, scope: str) -> Any:
    del scope
    return sound_depends(dependency, scope="request")


work.finish = slow_finish
if sys.argv.pop(1) == "sabotaged":
    http.Depends = late_depends  # type: ignore[assignment]

from app.cli import app  # noqa: E402 (the routes must be made after the change)

app()
