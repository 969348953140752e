"""The other entry point: applies the inbox, runs reactions and operations, and does what each day brings.

Everything is claimed in the database, so any number of workers may run. A claim is a lease: what a killed
worker held is taken up again when it ends. One transaction does one thing: an effect and the mark that it was
done are committed together.
"""

import asyncio
import contextlib
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import column, select, table
from sqlalchemy.exc import DBAPIError, InterfaceError

from app import reactions
from app.core import errors, outbox, sealing
from app.core.access import SYSTEM
from app.core.errors import Busy, Refusal, Unavailable
from app.core.work import Shell, Work, begin
from app.coverage import commands as coverage
from app.exports.commands import SILENCE
from app.intake import commands as intake
from app.intake.errors import AttemptsExhausted
from app.intake.rules import MOST_ATTEMPTS
from app.main import make_shell
from app.notices import commands as notices
from app.operations import commands as operations
from app.operations.models import Operation
from app.operations.rules import OperationState
from app.reference import commands as reference
from app.settings import Settings

log = structlog.get_logger("jiceng.worker")

NAME = "jiceng-worker"
BATCH = 20
PAUSES = (1.0, 2.0, 5.0, 10.0)
"""Seconds to wait, again and again, while the database does not answer."""

DAILY = "daily:"
RETRY_SECONDS = 600.0
_paused: dict[str, float] = {}
versions = table("data_versions", column("name"), column("version"))

Counts = Counter[str]
Stopping = Callable[[], bool]


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is being done then is finished first."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    shell = make_shell(settings)
    aside = asyncio.create_task(work_aside_until(stop, shell))
    try:
        await work_until(stop, shell)
    finally:
        aside.cancel()
        await asyncio.wait({aside})
        await shell.dispose()


async def work_until(stop: asyncio.Event, shell: Shell) -> None:
    """Drain, sleep until woken or until the next poll, drain again."""
    failures = 0
    while not stop.is_set():
        try:
            async with _listening(shell) as woken:
                failures = 0
                while not stop.is_set():
                    woken.clear()  # before the drain: what comes during it wakes the next one
                    await drain(shell, stop.is_set, aside=False)
                    await sealing.run(shell)
                    await coverage.run(shell)
                    await _first_of(stop, woken, seconds=shell.settings.worker_poll_seconds)
                    woken.check()
        except (DBAPIError, InterfaceError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            failures += 1
            log.warning("worker_without_database", kind=type(error).__name__, seconds=pause)
            await _first_of(stop, seconds=pause)


class _Bell(asyncio.Event):
    """Rings when a notification comes, and when the connection that would bring it is lost."""

    def __init__(self) -> None:
        super().__init__()
        self._lost = False

    def lose(self, *_: object) -> None:
        self._lost = True
        self.set()

    def ring(self, *_: object) -> None:
        self.set()

    def check(self) -> None:
        if self._lost:
            raise ConnectionResetError("the connection that listens was lost")


@contextlib.asynccontextmanager
async def _listening(shell: Shell) -> AsyncIterator[_Bell]:
    """A connection of its own that listens; it is closed, not given back with its listener."""
    async with shell.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver: asyncpg.Connection = raw.driver_connection
        bell = _Bell()
        try:
            await driver.execute(f"SET application_name = '{NAME}'")
            driver.add_termination_listener(bell.lose)
            await driver.add_listener(intake.WAKE, bell.ring)
            yield bell
        finally:
            driver.remove_termination_listener(bell.lose)
            await connection.invalidate()


async def _first_of(*events: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def drain(shell: Shell, stopping: Stopping = lambda: False, *, aside: bool = True) -> Counts:
    """Do everything that is due now; what was done, by name. Tests and the command line call it too.

    What goes on aside for minutes is done here as well, unless somebody else is at it."""
    total: Counts = Counter()
    tried: set[UUID] = set()
    while not stopping():
        done: Counts = Counter()
        for step in (_inbox, _operations, _deadlines, _daily):
            done += await step(shell, stopping)
        if aside:
            done += await _aside(shell, stopping)
        done += await _relay(shell, stopping, tried)
        if not done:
            break
        total += done
    return total


# ------------------------------------------------------------------------------------------------- the inbox


async def _inbox(shell: Shell, stopping: Stopping) -> Counts:
    """Wake what waited for its registration, then apply a batch of due messages."""
    done: Counts = Counter()
    async with begin(shell, SYSTEM) as work:
        done["unparked"] += await intake.unpark(work)
    async with begin(shell, SYSTEM) as work:
        claimed = await intake.claim(work, BATCH)
    for event_id in claimed:
        if stopping():
            break
        done[await _apply(shell, event_id)] += 1
    return +done


async def _apply(shell: Shell, event_id: UUID) -> str:
    """Apply one message; what became of it."""
    async with begin(shell, SYSTEM) as work:
        attempt = await intake.count_attempt(work, event_id)
    if attempt is None:
        return "gone"
    try:
        if attempt > MOST_ATTEMPTS:
            raise AttemptsExhausted  # noqa: TRY301 (its own worker died of it each time)
        async with begin(shell, SYSTEM) as work:
            return await intake.apply(work, event_id)
    except Refusal as refusal:
        if not isinstance(refusal, Busy | Unavailable):
            return await _quarantine(shell, event_id, refusal)
        failure: Exception = refusal
    except Exception as error:  # noqa: BLE001 (whatever went wrong with one message, the next ones go on)
        failure = error
    log.warning("message_failed", event_id=str(event_id), attempt=attempt, failure=_told(failure))
    if attempt >= MOST_ATTEMPTS:
        known = errors.from_database(failure) if isinstance(failure, DBAPIError) else None
        return await _quarantine(shell, event_id, known or AttemptsExhausted())
    async with begin(shell, SYSTEM) as work:
        await intake.put_off(work, event_id, attempt)
    return "put_off"


async def _quarantine(shell: Shell, event_id: UUID, refusal: Refusal) -> str:
    async with begin(shell, SYSTEM) as work:
        await intake.quarantine(work, event_id, refusal)
    return "quarantined"


# ---------------------------------------------------------------------------------------------- the reactions


async def _relay(shell: Shell, stopping: Stopping, tried: set[UUID]) -> Counts:
    """React to a batch of events; one that fails is tried again at a later drain."""
    done: Counts = Counter()
    async with begin(shell, SYSTEM) as work:
        await outbox.settle_quiet(work, reactions.REACTIONS)
        due = await outbox.waiting(work, reactions.REACTIONS, BATCH, but=tried)
    for event_id in due:
        if stopping():
            break
        tried.add(event_id)
        done[await _react(shell, event_id)] += 1
    return +done


async def _react(shell: Shell, event_id: UUID) -> str:
    async with begin(shell, SYSTEM) as work:
        if not await outbox.count_attempt(work, event_id):
            return "gone"
    try:
        async with begin(shell, SYSTEM) as work:
            event = await outbox.take(work, event_id)
            if event is not None:
                for reaction in reactions.REACTIONS[event.type]:
                    await reaction(work, event)
    except Exception as error:  # noqa: BLE001 (one failing reaction does not stop the others)
        log.error("reaction_failed", event_id=str(event_id), failure=_told(error))  # noqa: TRY400
        async with begin(shell, SYSTEM) as work:
            await outbox.failed(work, event_id, _told(error))
        return "failed"
    return "reacted"


def _told(error: BaseException) -> str:
    """What may be logged of an error: its kind and place, never a value."""
    if isinstance(error, Refusal):
        return error.code
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rsplit('/app/')[-1]}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"


# -------------------------------------------------------------------------------------------------- long work


async def _operations(shell: Shell, stopping: Stopping) -> Counts:
    """One chunk of the oldest long work that nobody is at, so that the inbox has its turn between two.

    Each chunk is one transaction under the row's lock, its progress included: when a worker dies, another
    goes on from the last chunk that was committed."""
    outcome = None if stopping() else await _chunk(shell)
    return Counter() if outcome is None else Counter({outcome: 1})


async def _chunk(shell: Shell) -> str | None:
    operation_id: UUID | None = None
    try:
        async with begin(shell, SYSTEM) as work:
            operation = await _next_operation(work)
            if operation is None:
                return None
            operation_id = operation.id
            await reactions.OPERATIONS[operation.kind](work, operation)
    except (Refusal, DBAPIError, ValueError, TypeError, LookupError) as error:
        if operation_id is None:
            raise
        if _passes(error):
            log.warning("operation_put_off", operation_id=str(operation_id), failure=_told(error))
            return None
        log.error("operation_failed", operation_id=str(operation_id), failure=_told(error))  # noqa: TRY400
        async with begin(shell, SYSTEM) as work:
            await operations.fail(work, operation_id, _told(error))
        return "operation_failed"
    return "chunk"


def _passes(error: Exception) -> bool:
    """Whether what went wrong may be gone the next time: a lock, a deadlock, a database that is away."""
    known = errors.from_database(error) if isinstance(error, DBAPIError) else error
    return isinstance(known, Busy | Unavailable)


async def _next_operation(work: Work) -> Operation | None:
    """Long work that runs but whose worker is gone, or else the oldest that waits."""
    kinds = list(reactions.OPERATIONS)
    left: Operation | None = await work.scalar(
        select(Operation)
        .where(Operation.state == OperationState.RUNNING, Operation.kind.in_(kinds))
        .order_by(Operation.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return left or await operations.take(work, kinds)


async def work_aside_until(stop: asyncio.Event, shell: Shell) -> None:
    """Do the long work that holds nothing up, beside everything else; what is being done at the end is left
    to the worker that notices the silence."""
    while not stop.is_set():
        try:
            await _aside(shell, stop.is_set)
        except (DBAPIError, InterfaceError, OSError) as error:
            log.warning("worker_without_database", kind=type(error).__name__)
        await _first_of(stop, seconds=shell.settings.worker_poll_seconds)


async def _aside(shell: Shell, stopping: Stopping) -> Counts:
    """Long work that holds no transaction, one after the other."""
    done: Counts = Counter()
    kinds = list(reactions.ASIDE)
    while not stopping():
        async with begin(shell, SYSTEM) as work:
            operation = await operations.take_over(work, kinds, SILENCE) or await operations.take(work, kinds)
        if operation is None:
            break
        try:
            await reactions.ASIDE[operation.kind](shell, operation)
            done["aside"] += 1
        except (Refusal, DBAPIError, ValueError, TypeError, LookupError) as error:
            log.error("operation_failed", operation_id=str(operation.id), failure=_told(error))  # noqa: TRY400
            async with begin(shell, SYSTEM) as work:
                await operations.fail(work, operation.id, _told(error))
            done["operation_failed"] += 1
    return +done


async def _deadlines(shell: Shell, _: Stopping) -> Counts:
    """Mark a batch of notices that nobody answered in time, as soon as the time is over."""
    async with begin(shell, SYSTEM) as work:
        return +Counter({"overdue": await notices.mark_overdue(work)})


async def _daily(shell: Shell, stopping: Stopping) -> Counts:
    """What is done once a day, by whichever worker comes first; a failure is tried again after a while."""
    done: Counts = Counter()
    async with begin(shell, SYSTEM, reading=True) as work:
        today = work.today.isoformat()
        over = await work.scalars(
            select(versions.c.name).where(versions.c.name.startswith(DAILY), versions.c.version == today)
        )
        done_today = set(over)
        due = [name for name in reactions.DAILY if f"{DAILY}{name}" not in done_today]
    for name in due:
        if not stopping() and _paused.get(name, 0.0) <= time.monotonic():
            done["daily"] += await _once_today(shell, name)
    return +done


async def _once_today(shell: Shell, name: str) -> int:
    try:
        async with begin(shell, SYSTEM) as work:
            if not await reference.remember(work, f"{DAILY}{name}", work.today.isoformat()):
                return 0
            await reactions.DAILY[name](work)
    except (Refusal, DBAPIError) as error:
        _paused[name] = time.monotonic() + RETRY_SECONDS
        log.error("daily_failed", name=name, failure=_told(error))  # noqa: TRY400
        return 0
    return 1
