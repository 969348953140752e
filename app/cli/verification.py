"""`jiceng verify`: recomputes what no constraint can say, and names every difference."""

from collections.abc import Awaitable, Callable

import typer
from sqlalchemy import text

from app.cli import console, recomputing
from app.cli.once import once
from app.core import sealing
from app.core.work import Work
from app.coverage import queries as coverage
from app.designations import queries as designations
from app.divisions import queries as divisions
from app.rounds import commands as rounds

CHECKS: dict[str, Callable[[Work], Awaitable[list[str]]]] = {
    "audit": sealing.verify,
    "divisions": divisions.verify,
    "Party organizations": recomputing.party_organizations,
    "organizations": recomputing.folds,
    "search": recomputing.searches,
    "responsibilities": recomputing.responsibilities,
    "coverage": coverage.verify,
    "rounds": rounds.verify,
    "designations": designations.verify,
}
"""What each slice recomputes: the name, and what is wrong in words."""


def verify() -> None:
    """Recompute the trees, the folds and the answers, and compare them with what is stored.

    Ends with 1 when anything differs. Nothing is changed."""

    async def recompute(work: Work) -> dict[str, list[str]]:
        await work.execute(text("SET LOCAL statement_timeout = 0"))
        return {name: await check(work) for name, check in CHECKS.items()}

    found = once(recompute, snapshot=True)
    for name, faults in found.items():
        console.say(f"{name}: {'as recomputed' if not faults else f'{len(faults)} differences'}")
        for fault in faults:
            console.warn(f"  {fault}")
    if any(found.values()):
        raise typer.Exit(1)
