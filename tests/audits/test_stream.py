"""Events as they happen, as a browser gets them: frames, resumption, scope, limits, endings."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI

from app.audits.queries import live
from app.core.work import Shell
from tests.audits.test_events import feed, happen, integrator, numbers
from tests.make import identity as make

__all__ = ["integrator"]
PATH = "/api/v1/events/stream"


class Stream:
    """One open stream, read frame by frame, as a browser would."""

    def __init__(self) -> None:
        self.started: asyncio.Future[tuple[int, dict[str, str]]] = asyncio.get_running_loop().create_future()
        self.gone = asyncio.Event()
        self._text = ""
        self._parts: asyncio.Queue[str | None] = asyncio.Queue()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self.started.set_result((message["status"], headers))
        else:
            await self._parts.put(message["body"].decode())
            if not message.get("more_body"):
                await self._parts.put(None)

    async def frame(self, seconds: float = 20.0) -> dict[str, str] | None:
        """The next message or comment; None at the end."""
        while "\n\n" not in self._text:
            part = await asyncio.wait_for(self._parts.get(), seconds)
            if part is None:
                return None
            self._text += part
        text, _, self._text = self._text.partition("\n\n")
        return dict(line.split(": ", 1) for line in text.split("\n") if line)

    async def number(self) -> tuple[str, int]:
        """The id and the number of the next test event."""
        while (frame := await self.frame()) is not None:
            if "data" in frame:
                return frame["id"], json.loads(frame["data"])["data"]["number"]
        raise AssertionError("the stream ended")


@asynccontextmanager
async def opened(
    app: FastAPI, headers: dict[str, str], *, status: int = 200, last: str | None = None, **params: object
) -> AsyncIterator[Stream]:
    """A stream, closed by its client afterwards."""
    stream, query = Stream(), urlencode({"type": "test.happened", **params})
    sent = {**headers, **({"Last-Event-ID": last} if last else {})}
    scope = {
        "type": "http", "method": "GET", "path": PATH, "raw_path": PATH.encode(),
        "query_string": query.encode(), "root_path": "", "scheme": "http", "http_version": "1.1",
        "headers": [(k.lower().encode(), v.encode()) for k, v in sent.items()],
        "client": ("127.0.0.1", 1), "server": ("test", 80),
        "asgi": {"version": "3.0", "spec_version": "2.3"},
    }  # fmt: skip
    task = asyncio.create_task(app(scope, stream.receive, stream.send))
    try:
        got = await asyncio.wait_for(asyncio.shield(stream.started), 20)
        assert got[0] == status, got
        yield stream
    finally:
        stream.gone.set()
        await asyncio.wait_for(task, 20)


@pytest.fixture(autouse=True)
def lively(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look each twentieth of a second."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.05)


async def test_what_happens_arrives_and_a_lost_stream_goes_on(
    app: FastAPI, api: httpx.AsyncClient, integrator: make.Caller, shell: Shell
) -> None:
    await happen(shell, 0)
    async with opened(app, integrator.headers) as stream:
        _, headers = await stream.started
        assert headers["content-type"].startswith("text/event-stream")
        assert headers["cache-control"] == "no-store"
        first = await stream.frame()
        assert first is not None
        assert first.keys() == {"retry", "id"}, "a place to come back to before anything happened"
        await happen(shell, 1)
        await happen(shell, 2)
        (one, number), (two, other) = await stream.number(), await stream.number()
        assert (number, other) == (1, 2)
        async with asyncio.timeout(5):  # the poll of the process may be at it this moment
            while shell.engine.pool.checkedout():  # type: ignore[attr-defined]  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await happen(shell, 3)
    async with opened(app, integrator.headers, last=one) as again:
        assert [(await again.number())[1] for _ in range(2)] == [2, 3]
    async with opened(app, integrator.headers, after=first["id"]) as again:
        assert [(await again.number())[1] for _ in range(3)] == [1, 2, 3]
    page = await feed(api, integrator, cursor=two)
    assert numbers(page) == [3], "ids of the stream are cursors of the list, and the other way round"
    async with opened(app, integrator.headers, after=page["next_cursor"], seconds=0) as ended:
        assert (await ended.frame() or {}).keys() == {"retry", "id"}
        assert await ended.frame() is None
    for wrong in ({"after": "AAAA"}, {"last": one, "subject_type": "test"}):
        async with opened(app, integrator.headers, status=400, **wrong):  # type: ignore[arg-type]
            pass


async def test_a_stream_shows_the_scope_beats_and_ends_with_the_right_to_it(
    app: FastAPI, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.1)
    guangdong = await make.caller(shell, "integrator", "440000")
    async with opened(app, guangdong.headers) as stream:
        await stream.frame()
        assert await stream.frame() == {"": ""}, "a comment"
        await happen(shell, 1, "140300")
        await happen(shell, 2, "440115")
        assert (await stream.number())[1] == 2
        async with shell.engine.begin() as connection:
            await connection.exec_driver_sql(
                "UPDATE grants SET state = 'revoked', revoked_at = now(), revoked_by = user_id"
            )
        async with asyncio.timeout(20):
            while await stream.frame() is not None:
                pass
    async with opened(app, guangdong.headers, status=403):
        pass


async def test_streams_are_counted_and_let_go(
    app: FastAPI, integrator: make.Caller, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_OF_ONE", 2)
    async with opened(app, integrator.headers), opened(app, integrator.headers):
        async with opened(app, integrator.headers, status=429):
            pass
        assert app.state.live.shell is shell
        assert app.state.live._looking is not None
    async with opened(app, integrator.headers) as stream:
        await stream.frame()
    assert app.state.live._looking is None
    reviewer = await make.caller(shell, "reviewer")
    async with opened(app, reviewer.headers, status=403):
        pass


async def test_an_open_stream_keeps_no_session_alive(
    app: FastAPI, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    organizer = await make.caller(shell, "organizer")
    async with opened(app, organizer.headers) as stream:
        await stream.frame()
        async with shell.engine.begin() as connection:
            await connection.exec_driver_sql(
                "UPDATE sessions SET last_seen_at = now() - interval '5 minutes'"
            )
        for _ in range(3):
            await stream.frame()
        async with shell.engine.connect() as connection:
            seen = "SELECT max(last_seen_at) < now() - interval '4 minutes' FROM sessions"
            assert (await connection.exec_driver_sql(seen)).scalar_one()
