"""Determining again in bulk: after a change of rules, roles or bodies, or because somebody asks."""

from collections import Counter
from typing import Any
from uuid import UUID

from app.core.access import Permission
from app.core.work import Work
from app.operations import commands as operations
from app.operations.models import Operation
from app.responsibility import queries
from app.responsibility.commands import determinations
from app.responsibility.commands.determinations import EXAMPLES, Tally
from app.responsibility.queries import Reach
from app.responsibility.schemas import ResponsibilityRunStart

KIND = "responsibility_run"
CHUNK = 200


async def start_run(work: Work, asked: ResponsibilityRunStart) -> Operation:
    """Determine again everything registered below a division of the caller's scope. Raises `NotFound`."""
    await queries.require_division(work, asked.division, Permission.RESPONSIBILITY_OVERRIDE)
    parameters = {"division": asked.division, "dry_run": asked.dry_run}
    return await operations.start(work, KIND, parameters, division_code=asked.division)


async def redetermine_division(work: Work, division_code: str | None) -> Operation:
    """Determine again everything registered below a division (None: the nation), after a rule pack was
    published, a role or function began or ended there, or the division moved. A run that still waits for the
    same is enough."""
    return await _start_once(work, {"division": division_code, "dry_run": False}, division_code)


async def redetermine_body(work: Work, party_organization_id: UUID) -> Operation:
    """Determine again the organizations that a Party body answers for, covers below it, or stands beside,
    after it was founded, moved or dissolved."""
    return await _start_once(
        work, {"party_organization_id": str(party_organization_id), "dry_run": False}, None
    )


async def redetermine_chunk(work: Work, operation: Operation) -> bool:
    """Do the next part of a run and keep how far it is, all in one transaction; True when the run is over."""
    reach, report = _reach(operation), dict(operation.report)
    total = await queries.count(work, reach) if operation.total is None else None
    last = UUID(report["after"]) if report.get("after") else None
    ids = await queries.after(work, reach, last, CHUNK)
    tally = await determinations.determine_many(work, ids, dry_run=bool(operation.parameters["dry_run"]))
    if not await operations.progress(work, operation.id, done=len(ids), total=total):
        return True
    report = _added(report, tally)
    if len(ids) < CHUNK:
        report.pop("after", None)
        await operations.finish(work, operation.id, report)
        return True
    operation.report = {**report, "after": str(ids[-1])}
    return False


async def _start_once(work: Work, parameters: dict[str, Any], division_code: str | None) -> Operation:
    waiting = await queries.waiting_run(work, KIND, parameters)
    if waiting is not None:
        return waiting
    return await operations.start(work, KIND, parameters, division_code=division_code)


def _reach(operation: Operation) -> Reach:
    body = operation.parameters.get("party_organization_id")
    return Reach(operation.parameters.get("division"), None if body is None else UUID(body))


def _added(report: dict[str, Any], tally: Tally) -> dict[str, Any]:
    """The report of a run so far: how many of each outcome, and the first changes."""
    outcomes = Counter(report.get("outcomes", {})) + tally.outcomes
    examples = [*report.get("examples", []), *tally.examples][:EXAMPLES]
    return {**report, "outcomes": dict(outcomes), "examples": examples}
