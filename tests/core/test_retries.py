"""Safe retries and versions: a key does its work once, and nobody overwrites what one has not read."""

import asyncio

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.core import db
from tests.core import sample
from tests.core.sample import THING, made

# --- safe retries ------------------------------------------------------------------------------------------


async def test_a_retry_gets_the_stored_response(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    headers = {"Idempotency-Key": "first"}
    first = await clerk.post("/things", json=THING, headers=headers)
    again = await clerk.post("/things", json=THING, headers=headers)
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    for name in ("etag", "location", "content-type"):
        assert first.headers[name] == again.headers[name]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await sql.fetchval("SELECT count(*) FROM things") == 1
    assert await sql.fetchval("SELECT count(*) FROM audit_entries") == 1


async def test_concurrent_use_waits_and_replays(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    async def once(name: str) -> httpx.Response:
        return await clerk.post(
            "/things/slow", json=THING | {"name": name}, headers={"Idempotency-Key": name}
        )

    for round_ in range(3):
        name = f"round {round_}".replace(" ", "-")
        answers = await asyncio.gather(*(once(name) for _ in range(5)))
        assert [a.status_code for a in answers] == [204] * 5, [a.text for a in answers]
        assert sum("idempotency-replayed" in a.headers for a in answers) == 4
    assert await sql.fetchval("SELECT count(*) FROM things") == 3


async def test_a_key_that_is_held_for_long_is_a_conflict(
    clerk: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    """The one who holds it may never end: the wait is bounded by the lock timeout."""
    async with sql.transaction():
        await sql.execute(
            "INSERT INTO idempotency_keys (subject, operation, key, fingerprint) VALUES ($1, $2, 'k', '')",
            sample.TOKENS["clerk"].id,
            "POST /api/v1/things",
        )
        response = await clerk.post("/things", json=THING, headers={"Idempotency-Key": "k"})
    assert response.status_code == 409
    assert response.json()["code"] == "busy"
    assert int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize("change", ["body", "query"])
async def test_the_key_with_another_payload(clerk: httpx.AsyncClient, change: str) -> None:
    headers = {"Idempotency-Key": "k"}
    await clerk.post("/things", json=THING, headers=headers)
    body = THING | {"name": "other"} if change == "body" else THING
    address = "/things?x=1" if change == "query" else "/things"
    response = await clerk.post(address, json=body, headers=headers)
    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"


async def test_a_key_belongs_to_its_caller_and_operation(served: FastAPI, clerk: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k"}
    thing = (await clerk.post("/things", json=THING, headers=headers)).json()
    async with sample.client(served, "organizer") as other:
        response = await other.post("/things", json=THING | {"name": "b"}, headers=headers)
        assert response.status_code == 201
    response = await clerk.patch(
        f"/things/{thing['id']}", json={"name": "c"}, headers=headers | {"If-Match": thing["etag"]}
    )
    assert response.status_code == 200


async def test_a_retried_change_is_replayed_though_the_version_grew(clerk: httpx.AsyncClient) -> None:
    thing = (await made(clerk)).json()
    headers = {"Idempotency-Key": "k", "If-Match": thing["etag"]}
    first = await clerk.patch(f"/things/{thing['id']}", json={"name": "b"}, headers=headers)
    again = await clerk.patch(f"/things/{thing['id']}", json={"name": "b"}, headers=headers)
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    stale = await clerk.patch(
        f"/things/{thing['id']}", json={"name": "b"}, headers=headers | {"If-Match": first.headers["etag"]}
    )
    assert stale.json()["code"] == "idempotency_key_reused"


async def test_a_secret_is_never_stored(
    served: FastAPI, clerk: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    thing = (await made(clerk)).json()
    async with sample.client(served, "organizer") as organizer:
        address, headers = f"/things/{thing['id']}/secret", {"Idempotency-Key": "k"}
        first = await organizer.post(address, headers=headers)
        secret = first.json()["secret"]
        assert first.headers["cache-control"] == "no-store"
        again = await organizer.post(address, headers=headers)
    assert again.status_code == 409
    assert again.json()["code"] == "response_not_kept"
    assert secret not in again.text
    assert await sql.fetchval("SELECT count FROM things") == 1
    kept = await sql.fetchrow("SELECT body, headers::text FROM idempotency_keys")
    assert kept["body"] is None
    assert secret not in kept["headers"]


async def test_a_key_is_short_and_visible(clerk: httpx.AsyncClient) -> None:
    for key in ("", "a b", "x" * 201, "\t"):
        response = await clerk.post("/things", json=THING, headers={"Idempotency-Key": key})
        assert response.status_code == 422
        assert response.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"


# --- versions ----------------------------------------------------------------------------------------------


async def test_a_change_names_the_version(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    thing = (await made(clerk)).json()
    address = f"/things/{thing['id']}"
    assert thing["etag"] == '"1"'
    absent = await clerk.patch(address, json={"name": "b"})
    assert (absent.status_code, absent.json()["code"]) == (428, "if_match_required")
    stale = await clerk.patch(address, json={"name": "b"}, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert await sql.fetchval("SELECT name || version FROM things") == "一件1"
    right = await clerk.patch(address, json={"name": "b"}, headers={"If-Match": '"7", "1"'})
    assert (right.status_code, right.headers["etag"], right.json()["etag"]) == (200, '"2"', '"2"')
    whatever = await clerk.patch(address, json={"name": "c"}, headers={"If-Match": "*"})
    assert (whatever.status_code, whatever.headers["etag"]) == (200, '"3"')


async def test_a_malformed_version_is_named(clerk: httpx.AsyncClient) -> None:
    thing = (await made(clerk)).json()
    for header in ('"1', "a b", '"1" "2"', '"\x7f"'):
        response = await clerk.patch(
            f"/things/{thing['id']}", json={"name": "b"}, headers={"If-Match": header}
        )
        assert (response.status_code, response.json()["code"]) == (400, "malformed_header"), header


async def test_a_command_that_looks_at_no_version_is_caught(
    clerk: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    thing = (await made(clerk)).json()
    response = await clerk.post(f"/things/{thing['id']}/forget", headers={"If-Match": '"1"'})
    assert response.status_code == 500
    assert await sql.fetchval("SELECT count FROM things") == 0


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock is waited for as long as a slow machine takes: `busy`, which is another test's, is no answer."""
    for name in db.LIMITS:
        monkeypatch.setitem(db.LIMITS, name, "120s")


@pytest.mark.usefixtures("patient")
async def test_of_racing_editors_one_wins(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    thing = (await made(clerk)).json()
    for version in range(1, 11):
        headers = {"If-Match": f'"{version}"'}
        answers = await asyncio.gather(
            *(
                clerk.patch(f"/things/{thing['id']}", json={"name": f"{version}-{i}"}, headers=headers)
                for i in range(4)
            )
        )
        assert sorted(a.status_code for a in answers) == [200, 412, 412, 412], [a.text for a in answers]
        (winner,) = (a.json()["name"] for a in answers if a.status_code == 200)
        assert await sql.fetchval("SELECT name FROM things") == winner
    assert await sql.fetchval("SELECT version FROM things") == 11


async def test_what_one_holds_is_not_sent_again(clerk: httpx.AsyncClient) -> None:
    response = await made(clerk)
    address, tag = f"/things/{response.json()['id']}", response.headers["etag"]
    for held in (tag, f'"0", {tag}', f"W/{tag}", "*"):
        same = await clerk.get(address, headers={"If-None-Match": held})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag), held
    other = await clerk.get(address, headers={"If-None-Match": '"0"'})
    assert (other.status_code, other.headers["etag"]) == (200, tag)


async def test_a_touched_parent_has_another_version(served: FastAPI, clerk: httpx.AsyncClient) -> None:
    thing = (await made(clerk)).json()
    async with sample.client(served, "organizer") as organizer:
        assert (await organizer.post(f"/things/{thing['id']}/touch")).status_code == 204
    assert (await clerk.get(f"/things/{thing['id']}")).headers["etag"] == '"2"'


async def test_a_new_thing_says_where_it_lies(clerk: httpx.AsyncClient) -> None:
    response = await made(clerk)
    assert (await clerk.get(f"http://test{response.headers['location']}")).content == response.content
