"""What holds for every operation of the service, also for those not yet written: each is called for real."""

from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.core.errors import PROBLEM
from tests.architecture.calls import CALLS, Operation, World
from tests.architecture.conftest import Failing
from tests.architecture.document import OPERATIONS
from tests.architecture.schema import faults

WRITING = sorted(name for name, operation in OPERATIONS.items() if operation.writes)
READING = sorted(name for name, operation in OPERATIONS.items() if not operation.writes)
SINGLE = [name for name in READING if not OPERATIONS[name].lists]

WRITES_NOTHING = {
    "preview_responsibility": "answers what the rules would say to facts that are sent; POST for their size",
}
UNAUDITED = {
    "start_sign_on": "whoever comes may begin; what becomes of it is audited",
    "enrol_my_second_factor": "nothing is in force before it is confirmed, which is audited",
}
UNVERSIONED = {
    "get_published_designations": "what is announced, read anew by whoever comes",
    "list_sign_on_providers": "a few names for whoever comes, read anew each time",
    "stream_events": "what happens has no state to compare",
    "read_signature_vectors": "constant text of this release",
    "read_registry_examples": "constant text of this release",
}

session_loop = pytest.mark.asyncio(loop_scope="session")


def test_every_operation_has_a_call() -> None:
    """A new operation is not finished before there is a valid request for it in `calls/`."""
    assert len(OPERATIONS) > 100
    assert set(OPERATIONS) - set(CALLS) == set()
    assert set(CALLS) - set(OPERATIONS) == set()


def fits(world: World, operation: Operation, response: httpx.Response) -> None:
    """Status, media type and body are those of the document."""
    status = str(response.status_code)
    described = operation.document["responses"]
    assert status in described, f"{operation.id} answered {status}: {response.text}"
    answer = world.resolved(described[status])
    content = answer.get("content", {})
    kind = response.headers.get("content-type", "").partition(";")[0]
    if not content:
        assert response.content == b"", operation.id
        return
    assert kind in content, f"{operation.id} answered {kind}"
    if kind in {"application/json", PROBLEM}:
        assert faults(world.document, content[kind].get("schema", True), response.json()) == []
    if kind == PROBLEM:
        assert response.json()["code"] in content[kind]["examples"], f"{operation.id}: {response.text}"


@session_loop
@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_it_answers_as_documented(world: World, owner: asyncpg.Connection, name: str) -> None:
    """A valid request succeeds with what the document says; a write has its audit row and its event, in its
    own transaction; a read has neither."""
    operation, answer = OPERATIONS[name], await world.answered(name)
    response, request = answer.response, answer.request
    assert response.is_success, f"{response.status_code}: {response.text}"
    fits(world, operation, response)
    if operation.lists and name != "list_events":
        assert response.json()["items"], "the call of a list must find something"
    found = "SELECT count(*) FROM audit_entries WHERE request_id = $1"
    audited = await owner.fetchval(found, request)
    told = await owner.fetchval(
        "SELECT count(*) FROM events WHERE xid IN (SELECT xid FROM audit_entries WHERE request_id = $1)",
        request,
    )
    if operation.writes and name not in WRITES_NOTHING.keys() | UNAUDITED.keys():
        assert audited >= 1
        assert told >= 1
    else:
        assert (audited, told) == (0, 0)


@session_loop
@pytest.mark.parametrize("name", WRITING)
async def test_a_commit_that_fails_is_never_a_success(
    world: World, owner: asyncpg.Connection, failing: Failing, name: str
) -> None:
    """PostgreSQL refuses at COMMIT: the answer says so, and nothing of it is kept."""
    call, request = await world.unspent(name), f"test-{uuid4()}"
    async with failing():
        response = await world.send(name, call, **{"X-Request-ID": request})
    if name in WRITES_NOTHING:
        assert response.is_success
        return
    assert (response.status_code, response.json()["code"]) == (409, "busy"), "what PostgreSQL said at COMMIT"
    fits(world, OPERATIONS[name], response)
    assert await owner.fetchval("SELECT count(*) FROM audit_entries WHERE request_id = $1", request) == 0


@session_loop
@pytest.mark.parametrize("name", READING)
async def test_a_read_writes_nothing(world: World, failing: Failing, name: str) -> None:
    call = await world.unspent(name)
    async with failing():
        response = await world.send(name, call)
    assert response.is_success, response.text


@session_loop
@pytest.mark.parametrize("name", [name for name in SINGLE if name not in UNVERSIONED])
async def test_what_is_unchanged_is_not_sent_again(world: World, name: str) -> None:
    call = await world.unspent(name)
    first = await world.send(name, call)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    again = await world.send(name, call, **{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


@session_loop
@pytest.mark.parametrize(
    "name", [name for name in WRITING if "Idempotency-Key" in OPERATIONS[name].parameters]
)
async def test_a_retry_has_no_second_effect(world: World, owner: asyncpg.Connection, name: str) -> None:
    """The same key again: the stored answer, or (a secret was in it) a plain no; never a second effect."""
    answer, request = await world.answered(name), f"test-{uuid4()}"
    first = answer.response
    assert first.is_success, first.text
    headers = {"Idempotency-Key": str(answer.key), "X-Request-ID": request}
    again = await world.send(name, answer.call, **headers)
    if again.status_code == 409:
        assert again.json()["code"] == "response_not_kept"
        assert first.headers["cache-control"] == "no-store"
    elif again.status_code == 401:
        assert name == "sign_out", "only what ends the caller's own session"
    else:
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["idempotency-replayed"] == "true"
    assert await owner.fetchval("SELECT count(*) FROM audit_entries WHERE request_id = $1", request) == 0
