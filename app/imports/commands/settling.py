"""Settling differences: accept what the file says, explain, or have somebody look. Absence is no end."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from app.core.access import SYSTEM
from app.core.errors import Fault, Refusal, from_database
from app.core.work import Work
from app.imports import errors, queries
from app.imports.commands import drafting, tables
from app.imports.commands.running import requester
from app.imports.formats import Draft, Layout
from app.imports.models import Reconciliation, ReconciliationDifference
from app.imports.rules import DifferenceKind, DifferenceState, UnknownAuthorities
from app.imports.schemas import AcceptAll, DifferenceSettledEvent
from app.operations import commands as operations
from app.operations.models import Operation
from app.organizations import commands as organizations
from app.organizations.rules import IMPORT, IMPORT_RANK, Origin

KIND = "reconciliation_acceptance"
AT_ONCE = 100


async def accept(work: Work, reconciliation_id: UUID, difference_id: UUID) -> None:
    """Record what the file says, with the import as its origin.

    Raises `DifferenceSettled`, `NotAcceptable`, `RowRefused` and what the single route raises."""
    found = await _open(work, reconciliation_id, difference_id)
    job, _ = await queries.find(work, reconciliation_id)
    await _accept(work, job, found)


async def accept_all(work: Work, reconciliation_id: UUID, asked: AcceptAll) -> Operation:
    """Ask for all open differences of a kind to be accepted, one by one. Raises `NotAcceptable`."""
    job, tag = await queries.find(work, reconciliation_id)
    work.expect_tag(tag)
    if asked.kind is DifferenceKind.ONLY_HERE:
        raise errors.NotAcceptable
    parameters = {
        "reconciliation_id": str(job.id),
        "kind": asked.kind.value,
        "fact": asked.fact.value if asked.fact else None,
    }
    return await operations.start(work, KIND, parameters, division_code=job.division_code)


async def chunk(work: Work, operation: Operation) -> bool:
    """Accept the next differences, each for itself; those that are refused stay open, with their reasons."""
    told, report = operation.parameters, dict(operation.report)
    asker = await requester_of(work, operation, UUID(told["reconciliation_id"]))
    job, _ = await queries.find(asker, UUID(told["reconciliation_id"]))
    last = UUID(report.get("after") or str(queries.NOBODY))
    found = await queries.open_after(asker, job.id, told["kind"], told["fact"], after=last, limit=AT_ONCE)
    failed: list[tuple[int, Fault]] = []
    for difference in found:
        difference_id, row = difference.id, difference.row or 0
        refusal = await _tried(asker, job, difference)
        if refusal is not None:
            failed.append((row, _first(refusal)))
            await work.session.refresh(difference)
        report["after"] = str(difference_id)
    if not await operations.progress(work, operation.id, done=len(found), failed=failed):
        return True
    if len(found) < AT_ONCE:
        accepted = operation.done - operation.failed
        await operations.finish(work, operation.id, {"reconciliation_id": str(job.id), "accepted": accepted})
        return True
    operation.report = report
    return False


async def requester_of(work: Work, operation: Operation, reconciliation_id: UUID) -> Work:
    """The same transaction in the name of who asked. Raises `RequesterMayNot`."""
    job, _ = await queries.find(work, reconciliation_id)
    return await requester(work, job, operation.requested_by)


async def _tried(work: Work, job: Reconciliation, difference: ReconciliationDifference) -> Refusal | None:
    try:
        async with work.session.begin_nested():
            await _accept(work, job, difference)
    except Refusal as refusal:
        return refusal
    except DBAPIError as error:
        known = from_database(error)
        if known is None:
            raise
        return known
    return None


def _first(refusal: Refusal) -> Fault:
    if refusal.errors:
        return refusal.errors[0]
    return Fault("", refusal.code, refusal.title)


async def _accept(work: Work, job: Reconciliation, difference: ReconciliationDifference) -> None:
    if difference.kind == DifferenceKind.ONLY_HERE or difference.row is None:
        raise errors.NotAcceptable
    is_new = difference.kind == DifferenceKind.ONLY_IN_FILE
    draft = await _draft(work, job, difference.row, difference.row_offset or 0, is_new=is_new)
    unmatched = replace(work, if_match=None)  # the version that was named is the difference's
    origin = Origin(IMPORT, IMPORT_RANK, None, None, work.today, reason=f"reconciliation {job.id}")
    if draft.refused or draft.row is None:
        raise errors.RowRefused(reasons=draft.reasons)
    if is_new:
        [outcome] = await organizations.register_many(unmatched, [draft.row], origin)
        if outcome.refusal is not None:
            raise outcome.refusal
        difference.organization_id = outcome.organization_id
    elif difference.organization_id is not None and difference.fact is not None:
        if draft.row.effective_on is not None:
            origin = replace(origin, effective_on=draft.row.effective_on)
        stated: Mapping[str, Any] = {difference.fact: draft.row.facts[difference.fact]}
        await organizations.record_facts(unmatched, difference.organization_id, stated, origin)
    await _settle(work, job, difference, DifferenceState.ACCEPTED, None)


async def _draft(work: Work, job: Reconciliation, row: int, offset: int, *, is_new: bool) -> Draft:
    """The row of the file again. The caller may see the reconciliation; the file is its requester's."""
    layout = Layout.load(job.layout)
    record = await tables.one(replace(work, actor=SYSTEM), job, offset=offset, number=row)
    found = await drafting.drafts(
        work, [record], layout, division_code=job.division_code, unknown=UnknownAuthorities.LEAVE_OUT
    )
    if is_new:
        await drafting.complete(work, found, layout, division_code=job.division_code, mode=None)
    return found[0]


async def explain(work: Work, reconciliation_id: UUID, difference_id: UUID, reason: str) -> None:
    """Say why a difference needs nothing more. Raises `DifferenceSettled`."""
    found = await _open(work, reconciliation_id, difference_id)
    job, _ = await queries.find(work, reconciliation_id)
    await _settle(work, job, found, DifferenceState.EXPLAINED, reason)


async def open_finding(work: Work, reconciliation_id: UUID, difference_id: UUID, reason: str) -> None:
    """Have somebody look at an organization that the file does not list. Raises `OnlyHereNeeded`."""
    found = await _open(work, reconciliation_id, difference_id)
    job, _ = await queries.find(work, reconciliation_id)
    if found.kind != DifferenceKind.ONLY_HERE or found.organization_id is None:
        raise errors.OnlyHereNeeded
    evidence = {"reconciliation_id": str(job.id), "file_name": job.file_name, "reason": reason}
    await organizations.note_absence(replace(work, if_match=None), found.organization_id, evidence)
    await _settle(work, job, found, DifferenceState.FINDING_OPENED, reason)


async def _open(work: Work, reconciliation_id: UUID, difference_id: UUID) -> ReconciliationDifference:
    found = await queries.difference_for_update(work, reconciliation_id, difference_id)
    work.expect(found)
    if found.state != DifferenceState.OPEN:
        raise errors.DifferenceSettled
    return found


async def _settle(
    work: Work,
    job: Reconciliation,
    difference: ReconciliationDifference,
    state: DifferenceState,
    reason: str | None,
) -> None:
    difference.state, difference.reason = state, reason
    difference.settled_by, difference.settled_by_name = work.actor.id, work.actor.name
    difference.settled_at = work.now
    await work.session.flush()
    work.announce(
        DifferenceSettledEvent(
            subject=job.id,
            division_code=job.division_code,
            difference_id=difference.id,
            kind=DifferenceKind(difference.kind),
            state=state,
            organization_id=difference.organization_id,
            fact=difference.fact,
            settled_on=work.today,
        )
    )
