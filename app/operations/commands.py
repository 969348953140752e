"""The verbs of long work. A request starts it; the worker takes it, reports as it goes, and finishes it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.operations import errors, queries, rules
from app.operations.models import Operation
from app.operations.rules import OperationState
from app.operations.schemas import OperationFinished, OperationStarted


async def start(
    work: Work,
    kind: str,
    parameters: Mapping[str, Any],
    *,
    total: int | None = None,
    division_code: str | None = None,
) -> Operation:
    """Ask for long work. `parameters` is JSON and holds no secret; `division_code` says who may watch."""
    operation = Operation(
        id=uuid7(),
        kind=kind,
        state=OperationState.QUEUED,
        parameters=dict(parameters),
        total=total,
        division_code=division_code,
        requested_by=work.actor.id,
        requested_by_name=work.actor.name,
    )
    work.session.add(operation)
    await work.session.flush()
    work.announce(OperationStarted(subject=operation.id, division_code=division_code, kind=kind))
    return operation


async def take(work: Work, kinds: Collection[str]) -> Operation | None:
    """The oldest waiting work of these kinds, now running in the caller's hands; None when nothing waits."""
    waiting = select(Operation).where(Operation.state == OperationState.QUEUED, Operation.kind.in_(kinds))
    operation: Operation | None = await work.scalar(
        waiting.order_by(Operation.id).limit(1).with_for_update(skip_locked=True)
    )
    if operation is not None:
        _become(operation, OperationState.RUNNING)
        operation.started_at = work.now
        await work.session.flush()
    return operation


async def take_over(work: Work, kinds: Collection[str], silence: timedelta) -> Operation | None:
    """Running work of these kinds whose worker has been silent that long: it begins anew, in the caller's
    hands. `report.attempts` counts how often."""
    operation: Operation | None = await work.scalar(
        select(Operation)
        .where(
            Operation.state == OperationState.RUNNING,
            Operation.kind.in_(kinds),
            Operation.updated_at < work.now - silence,
        )
        .order_by(Operation.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if operation is not None:
        operation.done = 0
        operation.report = {**operation.report, "attempts": operation.report.get("attempts", 1) + 1}
        await work.session.flush()
    return operation


async def still_at(work: Work, operation_id: UUID, done: int) -> bool:
    """Say that work which holds no lock goes on, and how far it is. False: it was cancelled, stop."""
    operation = await queries.get_for_update(work, operation_id)
    if operation.state != OperationState.RUNNING:
        return False
    operation.done = done
    work.touch(operation)
    await work.session.flush()
    return True


async def progress(
    work: Work,
    operation_id: UUID,
    *,
    done: int = 0,
    failed: Sequence[tuple[int, Fault]] = (),
    total: int | None = None,
) -> bool:
    """Add to the count and to the rows that failed (number from 1). False: it was cancelled, stop."""
    operation = await queries.get_for_update(work, operation_id)
    if operation.state != OperationState.RUNNING:
        return False
    operation.done += done
    operation.failed += len(failed)
    if total is not None:
        operation.total = total
    room = max(0, rules.ERRORS_KEPT - len(operation.errors))
    operation.errors = [*operation.errors, *(_row(row, fault) for row, fault in failed[:room])]
    await work.session.flush()
    return True


def _row(row: int, fault: Fault) -> dict[str, Any]:
    zh, en = fault.message
    return {"row": row, "pointer": fault.pointer, "code": fault.code, "message_zh": zh, "message_en": en}


async def finish(work: Work, operation_id: UUID, report: Mapping[str, Any] | None = None) -> Operation:
    """The work is done; some of its rows may have failed."""
    operation = await queries.get_for_update(work, operation_id)
    operation.report = dict(report or {})
    return await _end(work, operation, OperationState.SUCCEEDED)


async def fail(work: Work, operation_id: UUID, reason: str) -> Operation:
    """The work as a whole came to nothing; `reason` is for people and holds no personal data."""
    operation = await queries.get_for_update(work, operation_id)
    operation.failure = reason
    return await _end(work, operation, OperationState.FAILED)


async def cancel(work: Work, operation_id: UUID) -> Operation:
    """Its requester calls it off. What is done stays done; the worker stops at its next report."""
    operation = await queries.get_for_update(work, operation_id)
    work.expect(operation)
    if operation.requested_by != work.actor.id:
        raise errors.OperationNotFound
    return await _end(work, operation, OperationState.CANCELLED)


async def _end(work: Work, operation: Operation, state: OperationState) -> Operation:
    moment = await work.instant()
    _become(operation, state)
    operation.finished_at = moment
    await work.session.flush()
    work.announce(
        OperationFinished(
            subject=operation.id,
            division_code=operation.division_code,
            kind=operation.kind,
            state=state,
            done=operation.done,
            failed=operation.failed,
        )
    )
    return operation


def _become(operation: Operation, state: OperationState) -> None:
    if not rules.may_become(OperationState(operation.state), state):
        raise errors.OperationEnded
    operation.state = state
