"""Nothing that a client sends is answered by a 5xx: every operation, every part of its request."""

import copy
import os
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from app.core.errors import PROBLEM
from tests.architecture.calls import Call, Operation, World
from tests.architecture.conftest import Failing
from tests.architecture.document import OPERATIONS

MARK = "7Q2ZK"
TEXTS = (
    f"{MARK}\x00",
    f"\u202e{MARK}",
    f"{MARK}' OR 1=1; --",
    MARK * 2_000,
    "%00",
    "9" * 30,
    "-1",
    " ",
    "null",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**31,
    2**63 - 1,
    0.5,
    "",
    f"{MARK}\x00",
    MARK * 100_000,
    [],
    [[[MARK]]],
    {},
    {"a": {"b": [MARK]}},
)
BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"\xff\xfe",
    b'{"a":1,"a":2}',
    b'{"a":NaN}',
    b'{"a":1e999}',
    b"[" * 100_000,
)
SENT = 6
"""Of each operation's junk so much is sent, but for JICENG_TESTS=full."""
HEADERS = ("If-Match", "If-None-Match", "Idempotency-Key", "Accept-Language", "Authorization")

session_loop = pytest.mark.asyncio(loop_scope="session")


def check(response: httpx.Response) -> None:
    """A success, or a problem that does not repeat the value."""
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert response.headers["content-type"] == PROBLEM
        assert MARK not in response.text


@session_loop
@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_no_part_of_a_request_breaks_it(world: World, failing: Failing, name: str) -> None:
    """Nothing of it is kept, so that each meets a call that would be good without it."""
    operation, call = OPERATIONS[name], await world.unspent(name)
    parts = (*addresses(operation, call), *bodies(operation, call))
    async with failing():
        for sent in share(parts, number_of(name), min(SENT, len(parts))):
            check(await world.send(name, sent))
        for header in share(HEADERS, number_of(name), 1):
            check(await world.send(name, call, **{header: f'{MARK}"\x7f,,;q='}))


def addresses(operation: Operation, call: Call) -> Iterator[Call]:
    """The call with junk in each part of its address and in each parameter."""
    turn = number_of(operation.id)
    for number, parameter in enumerate(operation.identifiers):
        for text in share(TEXTS, turn + number, 2):
            yield changed(call, path={**call.path, parameter: quote(text, safe="")})
    for number, (parameter, described) in enumerate(operation.parameters.items()):
        if described["in"] == "query":
            for text in share(TEXTS, turn + number, 1):
                yield changed(call, query={**call.query, parameter: text})


def bodies(operation: Operation, call: Call) -> Iterator[Call]:
    """The call with a body that is junk, with junk in each field of its own, and with junk in all of them."""
    if "requestBody" not in operation.document:
        return
    turn = number_of(operation.id)
    for content in share(BODIES, turn, 2):
        kind = {"Content-Type": "application/json"}
        yield changed(call, body=None, content=content, headers={**call.headers, **kind})
    for number, field in enumerate(call.body or ()):
        for value in share(VALUES, turn + number, 1):
            yield changed(call, body=copy.deepcopy(call.body) | {field: value})
    for value in share(VALUES, turn, 2):
        yield changed(call, body=dict.fromkeys(call.body or (), value))


def number_of(name: str) -> int:
    """Where an operation begins in the row of junk: others begin elsewhere."""
    return zlib.crc32(name.encode())


def share(values: tuple[Any, ...], turn: int, often: int) -> tuple[Any, ...]:
    """So many of the values, others in each turn; all of them with JICENG_TESTS=full."""
    if os.environ.get("JICENG_TESTS") == "full":
        return values
    return tuple(values[(turn + n * len(values) // often) % len(values)] for n in range(often))


def changed(call: Call, **parts: Any) -> Call:
    """The same call with another part."""
    given = {
        "path": call.path,
        "query": call.query,
        "body": call.body,
        "content": call.content,
        "headers": call.headers,
        "if_match": call.if_match,
        "by": call.by,
    }
    return Call(**{**given, **parts})
