"""How an API process ends: it says that it is not ready, waits for the balancers to notice, takes no new
connections, finishes what it is answering, and closes the streams that would never end."""

import asyncio
import time
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

STREAM = b"text/event-stream"


class Draining:
    """The application, with a list of its open event streams (text/event-stream of the HTML standard)."""

    def __init__(self, application: FastAPI) -> None:
        self.application = application
        self._streams: set[asyncio.Task[None]] = set()
        self._ending = False

    def begin(self) -> None:
        """`/readyz` answers 503 from now on; everything else is answered as before."""
        self.application.state.draining = True

    def end_streams(self) -> None:
        """Close the event streams. Their clients come back by themselves, to another process."""
        self._ending = True
        for task in self._streams:
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; a stream that is cut short is ended as a whole response."""
        task = asyncio.current_task()
        streaming = False

        async def watch(message: Message) -> None:
            nonlocal streaming
            if message["type"] == "http.response.start" and task is not None:
                streaming = any(
                    name == b"content-type" and value.startswith(STREAM) for name, value in message["headers"]
                )
                if streaming:
                    self._streams.add(task)
            await send(message)

        try:
            await self.application(scope, receive, watch if scope["type"] == "http" else send)
        except asyncio.CancelledError:
            if not (streaming and self._ending):
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            if task is not None:
                self._streams.discard(task)


class Server(uvicorn.Server):
    """Uvicorn, which on the first signal drains for a while before it stops; on the second it stops."""

    def __init__(self, config: uvicorn.Config, draining: Draining, seconds: float) -> None:
        super().__init__(config)
        self._draining = draining
        self._seconds = seconds
        self._asked: tuple[int, float] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; asked again, stop."""
        if self._asked is None:
            self._asked = (sig, time.monotonic())
            self._draining.begin()
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether it is time to stop."""
        if self._asked is not None and not self.should_exit:
            sig, since = self._asked
            if time.monotonic() - since >= self._seconds:
                super().handle_exit(sig, None)
        stop = await super().on_tick(counter)
        if stop:
            self._draining.end_streams()
        return stop
