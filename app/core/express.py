"""The express lane of reads: GETs go from the socket to one prepared statement and back.

In front of FastAPI, for what FastAPI would answer with 200 or 304: whatever is not plain (an unknown
parameter, a refusal, an error) is handed on untouched, so that there is one place that says no. A caller is
recognised by one statement on every request, as everywhere. What is remembered is never data, only the text
of statements that were built before for the same caller and question, to be sent again with other keys
(`app.core.prepared`). Tables of people are read in a transaction that has told row-level security the scope.
"""

import re
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI, Response
from fastapi.params import Depends, Path, Query
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core import http
from app.core.access import PEOPLE, Actor, Permission
from app.core.pages import Filters
from app.core.prepared import Memory, Reading
from app.core.work import Shell, admission

_PARAMETER = re.compile(r"\{(\w+)\}")
_LONGEST_TAG = 1000
SIMPLE = frozenset({"limit", "cursor", "division"})


@dataclass(frozen=True, slots=True)
class Way:
    """A GET operation that can be answered here: its endpoint, and what its parameters are made of."""

    route: Any
    endpoint: Any
    permission: Permission
    work: str
    path: Mapping[str, TypeAdapter[Any]]
    question: tuple[str, type[BaseModel]] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its endpoint takes it."""

    way: Way
    path: Mapping[str, Any]
    question: BaseModel | None

    @property
    def simple(self) -> bool:
        """Whether nothing was asked whose plan may turn on what exactly was asked."""
        return self.question is None or self.question.model_fields_set <= SIMPLE


class Express:
    """Answers what it can, and hands on the rest."""

    def __init__(self, app: ASGIApp, *, service: FastAPI, base: str) -> None:
        self.app, self.service, self.base = app, service, base
        self.memory = Memory()
        self._long: set[str] = set()
        self._exact: dict[str, Way | None] = {}
        self._patterns: list[tuple[re.Pattern[str], Way | None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if answer is None:
            await self.app(scope, receive, send)
            return
        if getattr(scope["route"].original_route, "personal", False):
            answer.headers.setdefault("Cache-Control", "no-store")
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        shell: Shell = self.service.state.shell
        if shell.swift is None or not scope["path"].startswith(self.base):
            return None
        try:
            asked = self._asked(scope)
            return None if asked is None else await self._read(shell, Request(scope), asked)
        except Exception:  # noqa: BLE001 (asked again in full, where every error has its answer)
            scope.pop("route", None)
            return None

    async def _read(self, shell: Shell, request: Request, asked: Asked) -> Response | None:
        """The answer to a request, or None where it takes the longer way."""
        credential = http.credential_of(request)
        tag = request.headers.get("if-none-match")
        if (
            credential is None
            or shell.swift is None
            or shell.reader is None
            or (tag is not None and len(tag) > _LONGEST_TAG)
        ):
            return None
        async with shell.reader.connection() as connection:
            recognised = await shell.swift(connection, credential)
            if recognised is None:
                return None
            actor, now = recognised
            http.admit(shell, request, actor, credential, asked.way.permission)
            held = http.tags("If-None-Match", tag)
            scope = actor.scope(asked.way.permission) if asked.way.permission in PEOPLE else None
            work = Reading(shell, actor, now, scope, **http.context_of(request), if_none_match=held)
            key = _key(asked, actor, work)
            known = self.memory.find(key, asked.path)
            request.scope["route"] = asked.way.route
            if known is not None and asked.simple and scope is None:
                return await known.replay(connection, work, asked.path, asked.question)
        if known is None:
            return await self._ask(asked, work, key)
        planned = asked.simple
        again = (
            shell.reader.connection(planned=planned)
            if scope is None
            else shell.reader.admitted(admission(scope), planned=planned)
        )
        async with again as connection:
            return await known.replay(connection, work, asked.path, asked.question)

    async def _ask(self, asked: Asked, work: Reading, key: Any) -> Response | None:
        """Let the endpoint answer, and remember the statement if it was one and nothing else."""
        arguments: dict[str, Any] = {**asked.path, asked.way.work: work}
        if asked.way.question is not None:
            arguments[asked.way.question[0]] = asked.question
        people = asked.way.permission in PEOPLE
        if people and asked.way.route.path in self._long:
            return None
        async with work:
            response: Response = await asked.way.endpoint(**arguments)
        if people and not (work.replay is not None and work.plain):
            self._long.add(asked.way.route.path)  # it may have written, which is not kept here
            return None
        if work.secret:
            response.headers["Cache-Control"] = "no-store"
        elif work.replay is not None and work.plain:
            self.memory.keep(key, work.replay, asked.path)
        return response

    def _asked(self, scope: Scope) -> Asked | None:
        """The operation and its parameters, where both are as the contract has them."""
        if not self._exact:
            self._chart()
        way, given = self._way(scope["path"])
        if way is None:
            return None
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        query = dict(pairs)
        if len(query) != len(pairs) or (query and way.question is None):
            return None
        path = {name: way.path[name].validate_python(value) for name, value in given.items()}
        return Asked(way, path, way.question[1].model_validate(query) if way.question else None)

    def _way(self, path: str) -> tuple[Way | None, Mapping[str, str]]:
        if path in self._exact:
            return self._exact[path], {}
        for pattern, way in self._patterns:
            if found := pattern.fullmatch(path):
                return way, found.groupdict()
        return None, {}

    def _chart(self) -> None:
        """Every GET in its order; None where FastAPI has to answer."""
        for route in iter_route_contexts(self.service.routes):
            if "GET" not in (getattr(route, "methods", None) or ()):
                continue
            path = str(route.path)
            way, parts = way_of(route), _PARAMETER.split(path)
            pattern = "".join(f"(?P<{p}>[^/]+)" if n % 2 else re.escape(p) for n, p in enumerate(parts))
            if len(parts) > 1:
                self._patterns.append((re.compile(pattern), way))
            elif not any(earlier.fullmatch(path) for earlier, _ in self._patterns):
                self._exact.setdefault(path, way)


def way_of(route: Any) -> Way | None:
    """How an operation is answered here: a read whose parameters are a path, and a model for the query."""
    hints = typing.get_type_hints(route.endpoint, include_extras=True)
    hints.pop("return", None)
    names, path, work, permission, question = set(_PARAMETER.findall(route.path)), {}, None, None, None
    for name, hint in hints.items():
        kind, extras = (hint.__origin__, hint.__metadata__) if hasattr(hint, "__metadata__") else (hint, ())
        marker = next((e.dependency for e in extras if isinstance(e, Depends)), None)
        if getattr(marker, "reads", False):
            work, permission = name, getattr(marker, "permission", None)
        elif name in names and not any(isinstance(e, Path) and e.alias not in (None, name) for e in extras):
            path[name] = TypeAdapter(hint)
        elif any(isinstance(e, Query) for e in extras) and _flat(kind) and question is None:
            question = (name, kind)
        else:
            return None
    if work is None or permission is None or set(path) != names:
        return None
    return Way(route, route.endpoint, permission, work, path, question)


def _flat(kind: Any) -> bool:
    """Whether a query model takes one text for each field."""
    return (
        isinstance(kind, type)
        and issubclass(kind, BaseModel)
        and not any(_many(field.annotation) for field in kind.model_fields.values())
    )


def _many(annotation: Any) -> bool:
    origin = typing.get_origin(annotation) or annotation
    if isinstance(origin, type) and issubclass(origin, Sequence | set | frozenset | Mapping):
        return not issubclass(origin, str)
    return any(_many(part) for part in typing.get_args(annotation))


def _key(asked: Asked, actor: Actor, work: Reading) -> Any:
    """What a statement may depend on, but for the path and the cursor."""
    question = asked.question
    told = (
        None
        if question is None
        else tuple(sorted((name, getattr(question, name)) for name in question.model_fields_set))
    )
    if told is not None and isinstance(question, Filters):
        told = tuple((n, v is not None if n == "cursor" else v) for n, v in told)
    return asked.way.route.path, actor, work.day, told
