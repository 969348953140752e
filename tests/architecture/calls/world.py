"""A small world behind the service: callers of every role, and what was made in it through the API."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from app import worker
from app.core import openapi
from app.core.access import PERMISSIONS, SYSTEM, Permission, Role
from app.core.work import Shell, begin
from app.identity import commands as identity
from tests.architecture.calls.registry import CALLS, Call, Headers
from tests.make.organizations import credit_code

GUANGDONG, ZHEJIANG, NATION = "440000", "330000", "100000"
ROLES = (
    Role.VIEWER,
    Role.CLERK,
    Role.ORGANIZER,
    Role.APPROVER,
    Role.INTEGRATOR,
    Role.REGISTRY,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN,
    Role.REVIEWER,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document."""

    id: str
    method: str
    path: str
    permission: str
    document: dict[str, Any]

    @property
    def public(self) -> bool:
        return self.permission == "public"

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        return {parameter["name"]: parameter for parameter in self.document.get("parameters", [])}

    @property
    def identifiers(self) -> list[str]:
        """The names in the braces of the address."""
        return [name for name, p in self.parameters.items() if p["in"] == "path"]

    @property
    def lists(self) -> bool:
        return "cursor" in self.parameters


def operations(document: dict[str, Any]) -> dict[str, Operation]:
    """Every operation of a document, by its id."""
    return {
        found["operationId"]: Operation(
            found["operationId"], method.upper(), path, found["x-permission"], found
        )
        for path, method, found in openapi.operations(document)
    }


def role_with(permission: str) -> Role:
    """The role that a permission is asked of: the least that holds it."""
    return next(role for role in ROLES if Permission(permission) in PERMISSIONS[role])


def role_without(permission: str) -> Role | None:
    """A role that does not hold the permission; None where everybody holds it."""
    return next((role for role in ROLES if Permission(permission) not in PERMISSIONS[role]), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """A valid call as it was sent, with its key for retries and the id of its request, and what came back."""

    call: Call
    key: str | None
    request: str
    response: httpx.Response


@dataclass(slots=True)
class World:
    """The service, its document, and its callers."""

    app: FastAPI
    api: httpx.AsyncClient
    document: dict[str, Any]
    operations: dict[str, Operation]
    serials: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    ended: dict[str, Headers] = field(default_factory=dict)
    _callers: dict[tuple[Role, str, UUID | None], Headers] = field(default_factory=dict)
    _unspent: dict[str, Call] = field(default_factory=dict)
    _answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def shell(self) -> Shell:
        found: Shell = self.app.state.shell
        return found

    def resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        """A part of the document, found where it points to."""
        found: Any = part
        while "$ref" in found:
            target: Any = self.document
            for step in found["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            found = target
        return dict(found)

    def serial(self) -> int:
        """A number that nothing in this world has yet."""
        return next(self.serials)

    def credit_code(self) -> str:
        return credit_code(self.serial() + 100_000)

    async def caller(self, role: Role | str, division: str = GUANGDONG, body: UUID | None = None) -> Headers:
        """The headers of the one user of this role there; made when first asked for."""
        key = (Role(role), division, body)
        if key not in self._callers:
            self._callers[key] = await self.newcomer(*key)
        return self._callers[key]

    async def newcomer(
        self, role: Role | str, division: str = GUANGDONG, body: UUID | None = None
    ) -> Headers:
        """A user of one's own, for what ends sessions."""
        async with begin(self.shell, SYSTEM) as work:
            made = await identity.ensure_actor(
                work, Role(role), division_code=division, party_organization_id=body, standing_proof=True
            )
        return {"Authorization": f"Bearer {made.token}"}

    async def worked(self) -> None:
        """The worker has done all long work, and nothing else: what reacts to all events of a world takes
        minutes."""
        while await worker._operations(self.shell, lambda: False):
            pass

    async def call(self, name: str) -> Call:
        """A valid call of an operation, made anew, with somebody to send it."""
        made = await CALLS[name](self)
        if made.by is None and not self.operations[name].public:
            await self.caller(role_with(self.operations[name].permission))
        return made

    async def unspent(self, name: str) -> Call:
        """A valid call that is still to be made, for those who are refused and those who only read: it is
        made ready once."""
        if name not in self._unspent:
            self._unspent[name] = await self.call(name)
        return self._unspent[name]

    async def answered(self, name: str) -> Answer:
        """The one answer to a valid call of an operation, for all who look at it."""
        if name not in self._answers:
            call, request, key = await self.unspent(name), f"test-{uuid4()}", None
            headers = {"X-Request-ID": request}
            if "Idempotency-Key" in self.operations[name].parameters:
                key = headers["Idempotency-Key"] = str(uuid4())
            self._answers[name] = Answer(call, key, request, await self.send(name, call, **headers))
            if self.operations[name].writes:
                del self._unspent[name]
        return self._answers[name]

    async def send(
        self,
        name: str,
        call: Call,
        *,
        by: Headers | None = None,
        path: Mapping[str, str] | None = None,
        **headers: str,
    ) -> httpx.Response:
        """Send a call, perhaps as somebody else or to another address."""
        operation = self.operations[name]
        if by is None:
            by = call.by
        if by is None:
            by = {} if operation.public else await self.caller(role_with(operation.permission))
        address = operation.path.format(**(path or call.path))
        match = {"If-Match": call.if_match} if call.if_match is not None else {}
        content = call.content
        kind = {}
        if call.body is not None:
            content, kind = json.dumps(call.body, default=str).encode(), {"Content-Type": "application/json"}
        return await self.api.request(
            operation.method,
            f"http://test{address}",
            params=dict(call.query),
            content=content,
            headers={**kind, **call.headers, **match, **headers, **by},
        )

    async def do(self, name: str, /, **changes: Any) -> dict[str, Any]:
        """Send a fresh call of an operation, its body changed as said: what came of it."""
        call = await CALLS[name](self)
        if changes:
            call = Call(
                call.path,
                call.query,
                {**call.body, **changes},
                call.content,
                call.headers,
                call.if_match,
                call.by,
            )
        return await self.sent(name, call)

    async def sent(self, name: str, call: Call) -> dict[str, Any]:
        """Send a call that must succeed: what came of it."""
        response = await self.send(name, call)
        assert response.is_success, f"{name}: {response.status_code} {response.text}"
        found: dict[str, Any] = response.json() if response.content else {}
        return found

    async def get(self, name: str, by: Headers | None = None, **path: str) -> dict[str, Any]:
        """A representation, as it is now."""
        return await self.sent(name, Call(path=path, by=by))
