"""Events as they happen (Server-Sent Events, WHATWG HTML §9.2).

Streams of one process share one look at the feed each second, and none where nobody listens. A NOTIFY from
each writer would be quicker and dearer: commits that notify queue for one lock of the whole cluster. Between
looks a stream holds nothing but its socket: no connection, no transaction.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from typing import Any
from uuid import UUID

import structlog
from fastapi import Request
from sqlalchemy import Text, cast, select
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.audits.errors import TooManyStreams
from app.audits.queries import feed
from app.audits.schemas import EventFilters, StreamFilters
from app.core import http
from app.core.access import SYSTEM, Permission
from app.core.errors import Refusal
from app.core.events import EventRow
from app.core.work import Shell, Work, begin

log = structlog.get_logger("jiceng.live")

MOST_STREAMS = 200
"""Open streams of one process."""

MOST_OF_ONE = 5
"""Open streams of one caller in one process: a browser opens one for each of its windows."""

AT_ONCE = 2
"""Streams that read at the same time: a crowd that wakes leaves the other connections to requests."""

LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
"""Silence after which a comment is sent: proxies close what says nothing, and a lost client is noticed."""

BATCH = 100
RETRY = b"retry: 3000\n"
_DATABASE = (DBAPIError, InterfaceError, PoolTimeoutError, OSError)

Again = Callable[[], AbstractAsyncContextManager[Work]]
"""A new look by the same caller: recognised anew, in the scope of this moment."""


class Live:
    """The streams of one process."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.reading = asyncio.Semaphore(AT_ONCE)
        self._of: Counter[UUID] = Counter()
        self._grown = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    def check_room(self, actor_id: UUID) -> None:
        """Raises `TooManyStreams`."""
        if self._of.total() >= MOST_STREAMS or self._of[actor_id] >= MOST_OF_ONE:
            raise TooManyStreams

    @contextmanager
    def joined(self, actor_id: UUID) -> Iterator[None]:
        """Counted among the streams; the first one starts the looking, the last one ends it."""
        self._of[actor_id] += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._of[actor_id] -= 1
            self._of = +self._of
            if not self._of:
                self._looking.cancel()
                self._looking = None

    @property
    def grown(self) -> asyncio.Event:
        """Set when the feed grows next: take it before reading, wait for it afterwards."""
        return self._grown

    async def _look(self) -> None:
        last: Any = None
        while True:
            with suppress(*_DATABASE):  # the streams find out for themselves
                async with begin(self.shell, SYSTEM, reading=True) as work:
                    newest = (await work.execute(_NEWEST)).one_or_none()
                if newest != last:
                    last, grown, self._grown = newest, self._grown, asyncio.Event()
                    grown.set()
            await asyncio.sleep(LOOK_SECONDS)


_NEWEST = (
    select(cast(EventRow.xid, Text), EventRow.id)
    .where(feed.SHOWN)
    .order_by(EventRow.xid.desc(), EventRow.id.desc())
    .limit(1)
)


async def stream(
    live: Live, again: Again, filters: EventFilters, last: feed.Position, seconds: int
) -> AsyncIterator[bytes]:
    """Events after a position, for so many seconds; with 0 what there is.

    It ends early when the caller may not read any more, or when the database does not answer: the client
    comes back with `Last-Event-ID` and is told why, or goes on where it was."""
    clock = asyncio.get_running_loop().time
    until, first = clock() + seconds, True
    while True:
        grown = live.grown
        try:
            async with live.reading, again() as work:
                rows = await feed.following(work, filters, last, BATCH)
                if rows:
                    last = rows[-1][1], rows[-1][2]
                told = [(feed.cursor(work, filters, (xid, event)), text) for text, xid, event in rows]
                here = feed.cursor(work, filters, last)
        except (Refusal, *_DATABASE) as error:
            log.info("stream_ended", reason=type(error).__name__)
            return
        if first:  # so that a client that lost its stream before anything happened misses nothing
            yield RETRY + _frame(here, None)
        first = False
        for token, text in told:
            yield _frame(token, text)
        if len(rows) == BATCH:
            continue
        left = until - clock()
        if left <= 0:
            return
        try:
            async with asyncio.timeout(min(left, HEARTBEAT_SECONDS)):
                await grown.wait()
        except TimeoutError:
            yield b": \n\n"


def _frame(token: str, text: str | None) -> bytes:
    """One message. Without data it only sets the client's last event id."""
    data = f"data: {text}\n" if text is not None else ""
    return f"id: {token}\n{data}\n".encode()


EXAMPLE = """retry: 3000
id: q83vEjRWeJASNFZ4kBI0Vg

id: q83vEjRWeJASNFZ4kBI0Vh
data: {"id":"0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11","type":"organization.changed",\
"subject_type":"organization",\
"subject_id":"0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b12","division_code":"440115",\
"occurred_at":"2026-11-22T08:00:00.000000Z","data":{}}

"""


class EventStream(StreamingResponse):
    """A stream that is counted while it is open."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], live: Live, actor_id: UUID) -> None:
        super().__init__(content, headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"})
        self._live, self._actor_id = live, actor_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and let go of everything, however it ends."""
        with self._live.joined(self._actor_id):
            try:
                await super().__call__(scope, receive, send)
            finally:
                await self.body_iterator.aclose()  # type: ignore[attr-defined]


async def open_stream(work: Work, request: Request, filters: StreamFilters, token: str | None) -> EventStream:
    """The stream for a request: from a position, or from now. Raises `BadCursor`, `TooManyStreams`."""
    live, events = _live(request), filters.events()
    live.check_room(work.actor.id)
    last = feed.position(work, events, token) if token else await feed.end(work)

    def again() -> AbstractAsyncContextManager[Work]:
        return http.looking_again(request, Permission.EVENT_READ)

    return EventStream(stream(live, again, events, last, filters.seconds), live, work.actor.id)


def _live(request: Request) -> Live:
    """The streams of this process, made with the first of them."""
    state = request.app.state
    if getattr(state, "live", None) is None or state.live.shell is not state.shell:
        state.live = Live(state.shell)
    found: Live = state.live
    return found
