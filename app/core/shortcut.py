"""A shortcut for POSTs that one statement can do: from the socket to PostgreSQL and back, before FastAPI.

An endpoint names what may answer in its place. That one answers what is plain, and hands on whatever is not
(a refusal, an error, something that it does not know) by giving None: the endpoint then hears the same bytes,
so that there is one place that says no. What it did before it failed must bear being done again.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from fastapi import FastAPI, Response
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.work import Shell

Answer = Callable[[Shell, Request, bytes, Mapping[str, str]], Awaitable[Response | None]]
"""Answers a request by its body and the parts of its path, or hands it on."""
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_PARAMETER = re.compile(r"\{(\w+)\}")


def shortcut(make: Callable[[], Answer]) -> Callable[[Endpoint], Endpoint]:
    """Let what `make` makes, once for each service, answer before the endpoint."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.shortcut = make  # type: ignore[attr-defined]
        return endpoint

    return mark


class Shortcut:
    """Answers what it can, and hands on the rest."""

    def __init__(self, app: ASGIApp, *, service: FastAPI) -> None:
        self.app, self.service = app, service
        self._ways: list[tuple[re.Pattern[str], Any, Answer]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = None
        if scope["type"] == "http" and scope["method"] == "POST" and not scope["query_string"]:
            found = self._way(scope["path"])
        if found is None:
            await self.app(scope, receive, send)
            return
        heard = _Heard(receive)
        answer = await self._answer(scope, heard, *found)
        if answer is None:
            await self.app(scope, heard.again, send)
        else:
            await answer(scope, receive, send)

    async def _answer(
        self, scope: Scope, heard: "_Heard", route: Any, answer: Answer, given: Mapping[str, str]
    ) -> Response | None:
        body = await heard.body()
        if body is None:
            return None
        scope["route"] = route
        try:
            response = await answer(self.service.state.shell, Request(scope), body, given)
        except Exception:  # noqa: BLE001 (asked again in full, where every error has its answer)
            response = None
        if response is None:
            scope.pop("route", None)
        return response

    def _way(self, path: str) -> tuple[Any, Answer, Mapping[str, str]] | None:
        if self._ways is None:
            self._ways = self._chart()
        for pattern, route, answer in self._ways:
            if found := pattern.fullmatch(path):
                return route, answer, found.groupdict()
        return None

    def _chart(self) -> list[tuple[re.Pattern[str], Any, Answer]]:
        ways = []
        for route in iter_route_contexts(self.service.routes):
            make = getattr(getattr(route, "endpoint", None), "shortcut", None)
            if make is not None:
                parts = _PARAMETER.split(str(route.path))
                pattern = "".join(f"(?P<{p}>[^/]+)" if n % 2 else re.escape(p) for n, p in enumerate(parts))
                ways.append((re.compile(pattern), route, make()))
        return ways


class _Heard:
    """The messages of a request, kept as they came so that they can be heard again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: list[Message] = []
        self._error: Exception | None = None

    async def body(self) -> bytes | None:
        """The whole body; None when something kept it from coming, which will be heard again."""
        whole: list[bytes] = []
        while self._error is None:
            try:
                message = await self._receive()
            except Exception as error:  # noqa: BLE001 (raised again, where it has its answer)
                self._error = error
                break
            self._kept.append(message)
            if message["type"] != "http.request":
                break
            whole.append(message.get("body", b""))
            if not message.get("more_body"):
                return b"".join(whole)
        return None

    async def again(self) -> Message:
        """The same messages in their order, then the same error or what comes next."""
        if self._kept:
            return self._kept.pop(0)
        if self._error is not None:
            raise self._error
        return await self._receive()
