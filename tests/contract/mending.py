"""What turns a generated case into a call of this world: who sends it, to whom, about what exists.

Where a case breaks one part of a request on purpose, the other parts are made good, so that the broken one is
what is refused.
"""

import asyncio
import copy
import threading
import zlib
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import requests
import schemathesis
from requests.models import PreparedRequest
from schemathesis import Case, HookContext
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import REQUEST_SHAPE_PROBES, CoveragePhaseData

from app.core import signing
from tests.architecture.calls import Call, World, role_with
from tests.architecture.calls.intake import registry

PUSH = "push_registry_message"
TIMEOUT = 60
FRESH = 4
"""How many valid calls are made for one operation in one run: each may take ten requests."""


class Signed(requests.auth.AuthBase):
    """Signs the bytes that are sent, as a registry does."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        message = str(uuid4())
        request.headers.update(signing.sign([self.secret], message, datetime.now(UTC), body))
        return request


class Callers:
    """Valid calls of the world, made when asked for, and again once they are spent."""

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self.world, self.loop = world, loop
        self.lock = threading.Lock()
        self.calls: dict[str, Call] = {}
        self.made: Counter[str] = Counter()
        self.signed: tuple[str, str] | None = None

    def call(self, operation: str) -> Call:
        with self.lock:
            if operation not in self.calls:
                self.calls[operation] = self._run(self.world.call(operation))
                self.made[operation] += 1
            return self.calls[operation]

    def spent(self, operation: str) -> None:
        """Make another next time: what was changed or ended does not begin anew. Some are enough."""
        with self.lock:
            if self.made[operation] < FRESH and operation != PUSH:
                self.calls.pop(operation, None)

    def headers(self, operation: str) -> dict[str, str]:
        """Those of the role that the operation asks for."""
        call = self.call(operation)
        if call.by is not None:
            return dict(call.by)
        permission = self.world.operations[operation].permission
        return {} if permission == "public" else dict(self._run(self.world.caller(role_with(permission))))

    def registry(self) -> tuple[str, str]:
        """The code and the secret of a registry."""
        if self.signed is None:
            _, code, secret = self._run(registry(self.world))
            self.signed = code, secret
        return self.signed

    def _run(self, made: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(made, self.loop).result(TIMEOUT)


def is_probe(case: Case) -> bool:
    """Another method or media type than the document has: no call of the operation."""
    data = case.meta.phase.data if case.meta else None
    return isinstance(data, CoveragePhaseData) and data.scenario in REQUEST_SHAPE_PROBES


def operation_id(case: Case) -> str:
    return str(case.operation.definition.raw["operationId"])


def install(callers: Callers) -> None:
    """Register the hooks."""

    def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:  # noqa: ARG001
        if not is_probe(case):
            mend(case, kwargs, callers)

    def after_call(context: HookContext, case: Case, response: Any) -> None:  # noqa: ARG001
        changed = response.status_code < 300 and case.method != "GET"
        if changed or response.status_code in {404, 409, 412}:
            callers.spent(operation_id(case))

    for hook in (before_call, after_call):
        schemathesis.hook(hook)


def mend(case: Case, kwargs: dict[str, Any], callers: Callers) -> None:
    """Make good what is not broken on purpose."""
    operation = operation_id(case)
    call, broken = callers.call(operation), _broken(case)
    if ParameterLocation.PATH not in broken:
        case.path_parameters = dict(case.path_parameters or {}) | dict(call.path)
    if ParameterLocation.HEADER not in broken:
        case.headers.pop("If-None-Match", None)
        if "If-Match" in case.headers:
            stale = not _is_example(case) and _often((case.body, case.query), 3)
            case.headers["If-Match"] = '"1"' if stale else "*"
    if ParameterLocation.BODY not in broken:
        _mend_body(case, call)
    case.headers.update({**call.headers, **callers.headers(operation)})
    case._has_explicit_auth = True  # the checks then try the same without it, and with a wrong one
    if operation == PUSH and ParameterLocation.HEADER not in broken:
        code, secret = callers.registry()
        if ParameterLocation.PATH not in broken:
            case.path_parameters = {"source": code}
        kwargs["auth"] = Signed(secret)


def _broken(case: Case) -> set[ParameterLocation]:
    """The parts of the request that are wrong on purpose."""
    if case.meta is None:
        return set()
    return {place for place, part in case.meta.components.items() if part.mode.is_negative}


def _mend_body(case: Case, call: Call) -> None:
    """Half of the time the valid body with some generated fields in it: what is generated alone rarely agrees
    with what is recorded. Cases from examples are the valid call itself."""
    is_example = _is_example(case)
    if is_example:
        case.query = dict(call.query)
    if call.content is not None and operation_id(case) != PUSH:
        case.body = call.content
    elif isinstance(call.body, dict) and isinstance(case.body, dict):
        if is_example:
            case.body = copy.deepcopy(call.body)
        elif _often(case.body, 5):
            kept = {key: value for key, value in case.body.items() if _often((key, value), 4)}
            case.body = {**copy.deepcopy(call.body), **kept}


def _is_example(case: Case) -> bool:
    return case.meta is None or case.meta.phase.name == "examples"


def _often(what: object, tenths: int) -> bool:
    """So many times of ten, the same for the same thing."""
    return zlib.crc32(repr(what).encode("utf-8", "surrogatepass")) % 10 < tenths
