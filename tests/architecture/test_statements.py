"""How many SQL statements an answer takes: few, and no more for a long page than for a short one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.architecture.calls import Call, World
from tests.architecture.document import OPERATIONS

LISTS = sorted(name for name, operation in OPERATIONS.items() if operation.lists)
SINGLE = sorted(name for name, operation in OPERATIONS.items() if not (operation.writes or operation.lists))
MOST = 8
"""Statements of one read, with those that recognise the caller."""

session_loop = pytest.mark.asyncio(loop_scope="session")


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements that the service sends meanwhile, none of them from memory."""
    seen: list[str] = []
    engine, swift = world.shell.engine.sync_engine, world.shell.swift
    world.shell.swift = None

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
        world.shell.swift = swift


@session_loop
@pytest.mark.parametrize("name", LISTS)
async def test_a_longer_page_takes_no_more_statements(world: World, name: str) -> None:
    call = await world.unspent(name)
    counts = {}
    for limit in (1, 200):
        with counted(world) as seen:
            response = await world.send(name, Call(call.path, {**call.query, "limit": limit}, by=call.by))
        assert response.status_code == 200, response.text
        counts[limit] = (len(seen), len(response.json()["items"]))
    assert counts[200][1] > counts[1][1], "the call of a list must find at least two items"
    assert counts[200][0] <= counts[1][0] <= MOST, counts


@session_loop
@pytest.mark.parametrize("name", SINGLE)
async def test_a_read_takes_few_statements(world: World, name: str) -> None:
    call = await world.unspent(name)
    with counted(world) as seen:
        response = await world.send(name, call)
    assert response.is_success, response.text
    assert len(seen) <= MOST, "\n".join(seen)
