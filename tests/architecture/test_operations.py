"""What holds for every operation of the document, also for those not yet written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from app.core.errors import PROBLEM
from app.main import create_app
from app.settings import Settings
from tests.architecture.calls import CALLS, Operation, World, operations
from tests.architecture.schema import faults

DOCUMENT = create_app(
    Settings(database_url=SecretStr("postgresql+asyncpg://nobody@nowhere/none"), data_dir=Path("/nowhere"))
).openapi()
OPERATIONS = operations(DOCUMENT)
WRITING = [name for name, operation in OPERATIONS.items() if operation.writes]




def test_every_operation_has_a_call() -> None:
    """A new operation is not finished before there is a valid request for it in `calls/`."""
    assert len(OPERATIONS) > 100
    assert set(OPERATIONS) - set(CALLS) == set()
    assert set(CALLS) - set(OPERATIONS) == set()


def fits(world: World, operation: Operation, response: httpx.Response) -> None:
    """Status, media type, body and headers are those of the document."""
    status = str(response.status_code)
    described = operation.document["responses"]
    assert status in described, f"{operation.id} answered {status}: {response.text}"
    content = described[status].get("content", {})
    kind = response.headers.get("content-type", "").partition(";")[0]
    if not content:
        assert response.content == b"", operation.id
        return
    assert kind in content, f"{operation.id} answered {kind}"
    if kind in {"application/json", PROBLEM}:
        assert faults(world.document, content[kind].get("schema", True), response.json()) == []
    if kind == PROBLEM:
        assert response.json()["code"] in content[kind]["examples"], f"{operation.id}: {response.text}"


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_it_answers_as_documented(world: World, name: str) -> None:
    operation = OPERATIONS[name]
    response = await world.send(name, await world.spend(name))
    assert response.is_success, f"{response.status_code}: {response.text}"
    fits(world, operation, response)
