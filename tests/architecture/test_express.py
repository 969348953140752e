"""The express lane answers as FastAPI does, byte for byte: at first, from memory, and to other callers."""

import httpx
import pytest

from app.core import db
from tests.architecture.calls import Call, World
from tests.architecture.document import OPERATIONS

MOVING = {"stream_events"}
"""A stream begins where the feed ends at that moment."""

READS = sorted(
    name for name, operation in OPERATIONS.items() if not operation.writes and not operation.public
)
OWN = {"date", "x-request-id", "ratelimit", "ratelimit-policy"}
"""Headers that belong to a request, not to what was asked."""

session_loop = pytest.mark.asyncio(loop_scope="session")


def said(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in response.headers.items() if name not in OWN}
    return response.status_code, headers, response.content


@session_loop
@pytest.mark.parametrize("name", [name for name in READS if name not in MOVING])
async def test_it_says_what_the_long_way_says(world: World, name: str) -> None:
    call = await world.unspent(name)
    asked = [call]
    if OPERATIONS[name].lists:
        asked.append(Call(call.path, {**call.query, "limit": 1}, by=call.by))
    tagged = (await world.send(name, call)).headers.get("etag")
    for each in asked:
        for headers in ({}, {"If-None-Match": tagged} if tagged else {}):
            swift = world.shell.swift
            world.shell.swift = None
            try:
                expected = said(await world.send(name, each, **headers))
            finally:
                world.shell.swift = swift
            for _ in range(2):  # built, then perhaps from memory
                assert said(await world.send(name, each, **headers)) == expected


@session_loop
@pytest.mark.parametrize(
    "name",
    [
        "list_organizations",
        "get_organization",
        "list_party_organizations",
        "get_party_organization",
        "list_members",
        "get_member",
    ],
)
async def test_what_is_asked_most_needs_nothing_but_the_memory(world: World, name: str) -> None:
    """Answered once more where the longer way cannot answer: its engine reaches no database."""
    call = await world.call(name)
    expected = [said(await world.send(name, call)) for _ in range(3)][-1]
    engine, world.shell.engine = (
        world.shell.engine,
        db.make_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none"),
    )
    try:
        assert said(await world.send(name, call)) == expected
    finally:
        world.shell.engine = engine


@session_loop
async def test_another_caller_is_never_answered_with_the_memory_of_one(world: World) -> None:
    """The same address from here and from another province, in turn."""
    call = await world.call("list_organizations")
    here, there = await world.caller("viewer"), await world.caller("viewer", "330000")
    for _ in range(3):
        mine = await world.send("list_organizations", call, by=here)
        theirs = await world.send("list_organizations", call, by=there)
        assert mine.json()["items"]
        assert theirs.json()["items"] == []


@session_loop
async def test_a_session_that_is_over_is_over_at_once(world: World) -> None:
    by = await world.newcomer("viewer")
    for _ in range(3):
        assert (await world.send("list_organizations", Call(by=by))).status_code == 200
    assert (await world.send("sign_out", Call(by=by))).is_success
    assert (await world.send("list_organizations", Call(by=by))).status_code == 401
