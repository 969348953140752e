"""Work: one actor, one clock, one transaction. `begin` is the only place that commits."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, Result, ScalarResult, Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.core import marks
from app.core.access import Actor, Scope
from app.core.audit import AuditEntry
from app.core.crypto import Crypto
from app.core.db import LIMITS, uuid7
from app.core.errors import PreconditionFailed
from app.core.events import Event, EventRow
from app.core.pages import Listing
from app.core.reader import Reader
from app.settings import Settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


class HasVersion(Protocol):
    """A row whose version is its ETag."""

    @property
    def version(self) -> int: ...


class Touchable(Protocol):
    """A row that can be marked as changed."""

    updated_at: Any


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request offered to say who it is."""

    bearer: str | None = None
    cookie: str | None = None


Authenticate = Callable[[AsyncSession, Credential], Awaitable[Actor | None]]
Recognise = Callable[[Any, Credential], Awaitable[tuple[Actor, datetime] | None]]
"""The same in one statement on a connection of the driver, with the clock; None also for what it leaves to
`Authenticate`."""
Recall = Callable[[AsyncSession, UUID], Awaitable[Actor | None]]
Sink = Callable[[Select[Any]], Awaitable[None]]
"""Takes every item of a list, as a select in the list's order, where a request would get one page."""


async def nobody(_: AsyncSession, __: UUID) -> Actor | None:
    """Recalls no one: the process has no users."""
    return None


@dataclass(slots=True)
class Shell:
    """What a process holds for its whole life: settings, engines, keys, how callers are recognised, by their
    token or later by their id, and the lists that there are."""

    settings: Settings
    engine: AsyncEngine
    crypto: Crypto
    authenticate: Authenticate
    migration_head: str = ""
    recall: Recall = nobody
    lists: Mapping[str, Listing] = field(default_factory=dict)
    swift: Recognise | None = None
    reader: Reader | None = None

    async def dispose(self) -> None:
        if self.reader is not None:
            await self.reader.close()
        await self.engine.dispose()


@dataclass(slots=True)
class Work:
    """The one argument of every command and query: session, actor and clock."""

    session: AsyncSession
    actor: Actor
    now: datetime
    settings: Settings
    crypto: Crypto
    request_id: str | None = None
    address: str | None = None
    same_origin: bool = False
    if_match: frozenset[str] | None = None
    if_none_match: frozenset[str] = frozenset()
    matched: bool = False
    secret: bool = False
    sink: Sink | None = None
    gathered: list[Event] | None = None
    """Announcements that are written together later (`app.core.bulk`)."""
    marked: dict[str, set[UUID]] = field(default_factory=dict)
    """What coverage has to count again, by the kind of subject; said once, when the work is committed."""

    @property
    def today(self) -> date:
        """Today in Asia/Shanghai, by the database's clock."""
        return self.now.astimezone(SHANGHAI).date()

    async def execute(self, statement: Executable, parameters: Any = None) -> Result[Any]:
        return await self.session.execute(statement, parameters)

    async def scalar(self, statement: Executable) -> Any:
        return await self.session.scalar(statement)

    async def scalars(self, statement: Executable) -> ScalarResult[Any]:
        return await self.session.scalars(statement)

    async def instant(self) -> datetime:
        """The database's clock this very moment: later than every row lock already held."""
        moment: datetime = (await self.session.execute(select(func.clock_timestamp()))).scalar_one()
        return moment

    def expect(self, *rows: HasVersion) -> None:
        """Refuse with 412 unless the caller's If-Match names the version of one of these rows."""
        self.expect_tag(*(f'"{row.version}"' for row in rows))

    def expect_tag(self, *tags: str) -> None:
        """The same for a derived resource, whose ETag is not a row's version."""
        self.matched = True
        if self.if_match is None or "*" in self.if_match:
            return
        if self.if_match.isdisjoint(tags):
            raise PreconditionFailed

    def touch(self, row: Touchable) -> None:
        """Mark a parent as changed when only its children were: its version grows with the next flush."""
        row.updated_at = func.clock_timestamp()

    async def admit(self, scope: Scope) -> None:
        """Tell row-level security whose rows of people this transaction may see and write, until it ends.

        The settings are local to the transaction; the policies read an absent or empty one as nobody."""
        await admit(self.session, scope)

    @asynccontextmanager
    async def unhurried(self, seconds: int) -> AsyncIterator[None]:
        """Give what is read inside more time than the connection's limit, which then holds again."""
        limit = func.set_config("statement_timeout", f"{seconds}s", False)
        await self.session.execute(select(limit))
        try:
            yield
        finally:
            usual = func.set_config("statement_timeout", LIMITS["statement_timeout"], False)
            await self.session.execute(select(usual))

    def keep_secret(self) -> None:
        """The response holds a secret or plaintext: it is never stored for replay, nor cached."""
        self.secret = True

    def announce(self, event: Event) -> None:
        """Write the audit row and the event row of something that this work did."""
        if self.gathered is not None:
            self.gathered.append(event)
            return
        audit, told = self.rows_of(event)
        self.session.add(AuditEntry(id=uuid7(), **audit))
        self.session.add(EventRow(id=uuid7(), **told))

    def rows_of(self, event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
        """The audit row and the event row of an announcement, without their ids."""
        subject = {
            "subject_type": event.subject_type,
            "subject_id": event.subject,
            "division_code": event.division_code,
            "data": event.data(),
            "actor_id": self.actor.id,
        }
        audit = {
            **subject,
            "actor_kind": self.actor.kind,
            "actor_name": self.actor.name,
            "action": event.type,
            "request_id": self.request_id,
            "address": self.address,
        }
        return audit, {**subject, "type": event.type, "public": event.public}

    def mark(self, ids: Iterable[UUID], kind: str = marks.ORGANIZATION) -> None:
        """Say that something coverage counts was written about these organizations (or Party organizations):
        status, kind, place, members, charter, identifiers, covers, reasons, who leads; a body's days."""
        self.marked.setdefault(kind, set()).update(ids)

    async def leave_marks(self) -> None:
        """Write what was marked, by one statement for each kind."""
        for kind, ids in self.marked.items():
            if ids:
                await self.session.execute(marks.LEAVE, marks.parameters(kind, ids))
        self.marked.clear()

    async def keep(self) -> None:
        """Commit what was written so far, whatever follows, and give the connection back meanwhile.

        Only for what must outlive a refusal: the count of tries of a password, and its place in the audit."""
        await self.leave_marks()
        await self.session.commit()

    def since(self, **ago: float) -> datetime:
        return self.now - timedelta(**ago)


class PreconditionForgottenError(AssertionError):
    """A command behind an If-Match route never called `work.expect`: a mistake of ours."""


@asynccontextmanager
async def begin(
    shell: Shell,
    actor: Actor,
    *,
    reading: bool = False,
    snapshot: bool = False,
    session: AsyncSession | None = None,
    **context: Any,
) -> AsyncIterator[Work]:
    """One unit of work. What it wrote is committed when the block ends, or not at all.

    `reading` runs in autocommit: no BEGIN and COMMIT round trips, and nothing may be written. `snapshot` sees
    one moment of the database, whatever is written meanwhile, and may not write either."""
    async with session or new_session(shell, reading=reading, snapshot=snapshot) as own:
        now = await own.scalar(select(func.clock_timestamp()))
        assert now is not None  # noqa: S101
        work = Work(own, actor, now.astimezone(UTC), shell.settings, shell.crypto, **context)
        yield work
        await finish(work)


async def finish(work: Work) -> None:
    """Commit. With `Work.keep` and `alone`, the only commit in the service."""
    if work.if_match is not None and not work.matched:
        raise PreconditionForgottenError
    await work.leave_marks()
    await work.session.commit()


async def alone(shell: Shell, statement: str, *arguments: Any) -> Sequence[Any]:
    """The rows of one statement of the driver that is a transaction by itself: it is committed when they are
    here. An error says nothing of whether it was: such a statement has to bear being made again."""
    if shell.reader is None:
        raise ConnectionError
    async with shell.reader.connection() as connection:
        rows: Sequence[Any] = await connection.fetch(statement, *arguments)
        return rows


def admission(scope: Scope) -> dict[str, str]:
    """What row-level security reads of a transaction."""
    return {
        "jiceng.nation": "on" if scope.national else "",
        "jiceng.divisions": ",".join(scope.divisions),
        "jiceng.bodies": ",".join(str(body) for body in scope.bodies),
    }


async def admit(session: AsyncSession, scope: Scope) -> None:
    """Tell row-level security the scope of a session's transaction."""
    told = admission(scope).items()
    await session.execute(select(*(func.set_config(name, value, True) for name, value in told)))


def new_session(shell: Shell, *, reading: bool = False, snapshot: bool = False) -> AsyncSession:
    """A session on the pool; `reading` sessions autocommit each statement, a `snapshot` is read-only."""
    engine = shell.engine
    if reading:
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    elif snapshot:
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return AsyncSession(engine, expire_on_commit=False, autoflush=True)
