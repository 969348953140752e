"""The HTTP shell: one transaction a request, committed before the answer leaves; safe retries; versions."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import uuid4

import asyncpg
import fastapi
import httpx
import pytest
from fastapi import FastAPI

from app.core import http
from app.core.access import Permission
from app.core.http import Router, creating
from app.core.work import Work
from app.main import create_app
from app.settings import Settings
from tests.core import sample

THING = {"name": "一件", "division_code": "440115"}


async def made(clerk: httpx.AsyncClient, **changes: object) -> httpx.Response:
    response = await clerk.post("/things", json=THING | changes)
    assert response.status_code == 201, response.text
    return response


# --- what was answered is committed --------------------------------------------------------------------------


async def test_a_commit_that_fails_is_never_a_success(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    """Deferred constraints speak at COMMIT: with FastAPI's default scope the answer would have left by then."""
    await made(clerk, late=1)
    for number in range(20):
        response = await clerk.post("/things", json=THING | {"name": f"n{number}", "late": 1})
        assert response.status_code == 409, response.text
        assert response.json()["code"] == "already_recorded"
    assert await sql.fetchval("SELECT count(*) FROM things") == 1
    assert await sql.fetchval("SELECT count(*) FROM audit_entries") == 1
    assert await sql.fetchval("SELECT count(*) FROM events") == 1


async def test_the_default_scope_would_be_caught(
    served: FastAPI, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test before has teeth: a build whose dependency ends with the request answers 201 to a lost write."""

    def with_default_scope(dependency: object, **_: object) -> object:
        return fastapi.Depends(dependency)

    monkeypatch.setattr(http, "Depends", with_default_scope)
    sabotaged, router = create_app(settings), Router(prefix="/things")
    maker = Annotated[Work, creating(Permission.ORGANIZATION_RECORD)]

    async def make_thing(body: sample.ThingCreate, work: maker) -> fastapi.Response:  # type: ignore[valid-type]
        return await sample.make_thing(body, work)

    router.post("", status_code=201)(make_thing)
    sabotaged.include_router(router, prefix="/api/v1")
    sabotaged.state.shell.authenticate = sample.authenticate
    async with sample.client(served) as honest, sample.client(sabotaged) as hasty:
        await made(honest, late=1)
        response = await hasty.post("/things", json=THING | {"name": "lost", "late": 1})
        assert response.status_code == 201
        assert (await honest.get("/things", params={"name": "lost"})).json()["items"] == []
    await sabotaged.state.shell.dispose()


async def test_a_write_can_be_read_at_once_by_another(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    for number in range(20):
        thing = (await made(clerk, name=f"n{number}")).json()
        assert await sql.fetchval("SELECT name FROM things WHERE id = $1", thing["id"]) == f"n{number}"


async def test_a_refused_request_leaves_nothing(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    await made(clerk)
    response = await clerk.post("/things", json=THING, headers={"Idempotency-Key": "k"})
    assert response.status_code == 409
    assert await sql.fetchval("SELECT count(*) FROM events") == 1
    assert await sql.fetchval("SELECT count(*) FROM idempotency_keys") == 0


# --- safe retries --------------------------------------------------------------------------------------------


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
        return await clerk.post("/things/slow", json=THING | {"name": name}, headers={"Idempotency-Key": name})

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


async def test_a_secret_is_never_stored(served: FastAPI, clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
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


# --- versions ------------------------------------------------------------------------------------------------


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
        response = await clerk.patch(f"/things/{thing['id']}", json={"name": "b"}, headers={"If-Match": header})
        assert (response.status_code, response.json()["code"]) == (400, "malformed_header"), header


async def test_a_command_that_looks_at_no_version_is_caught(
    clerk: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    thing = (await made(clerk)).json()
    response = await clerk.post(f"/things/{thing['id']}/forget", headers={"If-Match": '"1"'})
    assert response.status_code == 500
    assert await sql.fetchval("SELECT count FROM things") == 0


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
        assert sorted(a.status_code for a in answers) == [200, 412, 412, 412]
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


# --- who may, and from where ---------------------------------------------------------------------------------


@pytest.fixture
async def anyone(served: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with sample.client(served, None) as caller:
        yield caller


async def test_an_unknown_caller_is_401(anyone: httpx.AsyncClient) -> None:
    for header in (None, "Bearer", "Bearer nobody", "Basic Y2xlcms6", "clerk", "Bearer \x7f"):
        headers = {"Authorization": header} if header else {}
        for method, path in (("GET", "/things"), ("POST", "/things"), ("PATCH", f"/things/{uuid4()}")):
            response = await anyone.request(method, path, headers=headers)
            assert response.status_code == 401
            assert response.headers["www-authenticate"] == 'Bearer realm="jiceng"'
        assert (await anyone.post("/things/knock", headers=headers)).status_code == 204


async def test_a_role_without_the_permission_is_403(served: FastAPI) -> None:
    async with sample.client(served, "viewer") as viewer, sample.client(served, "display") as display:
        assert (await viewer.get("/things")).status_code == 200
        assert (await viewer.post("/things", json=THING)).status_code == 403
        assert (await viewer.post("/things", json={})).status_code == 403
        assert (await display.get("/things")).status_code == 403


async def test_outside_the_scope_is_as_unknown(served: FastAPI, clerk: httpx.AsyncClient) -> None:
    theirs = (await made(clerk)).json()["id"]
    async with sample.client(served, "guangdong") as guangdong:
        for method, body in (("GET", None), ("PATCH", {"name": "b"})):
            for headers in ({"If-Match": '"1"'}, {"If-Match": '"9"'}):
                found, random = [
                    await guangdong.request(method, f"/things/{x}", json=body, headers=headers)
                    for x in (theirs, uuid4())
                ]
                assert found.status_code == random.status_code == 404
                assert found.content == random.content
        assert (await guangdong.get("/things")).json()["items"] == []


@pytest.mark.parametrize("cookie", ["__Host-jiceng", "jiceng"])
async def test_a_cookie_writes_only_from_its_own_origin(
    anyone: httpx.AsyncClient, sql: asyncpg.Connection, cookie: str
) -> None:
    headers = {"Cookie": f"{cookie}=clerk"}
    assert (await anyone.get("/things", headers=headers)).status_code == 200
    for origin in (None, "null", "http://test.evil", "http://evil", "https://test:8443", "test", "http://test@evil"):
        given = headers | ({"Origin": origin} if origin else {})
        response = await anyone.post("/things", json=THING, headers=given)
        assert (response.status_code, response.json()["code"]) == (403, "origin_refused"), origin
    assert await sql.fetchval("SELECT count(*) FROM things") == 0
    own = await anyone.post("/things", json=THING, headers=headers | {"Origin": "http://test"})
    assert own.status_code == 201


async def test_a_configured_origin_may_write(
    settings: Settings, owner_url: str
) -> None:
    app = create_app(settings.model_copy(update={"allowed_origins": ("https://party.example.cn",)}))
    await sample.create_tables(owner_url)
    sample.install(app)
    async with sample.client(app, None, headers={"Cookie": "jiceng=clerk"}) as caller:
        origin = {"Origin": "https://party.example.cn"}
        response = await caller.post("/things", json=THING, headers=origin)
        assert response.status_code == 201
        assert response.headers["access-control-allow-origin"] == "https://party.example.cn"
        assert response.headers["access-control-allow-credentials"] == "true"
        asked = origin | {"Access-Control-Request-Method": "POST"}
        assert (await caller.options("/things", headers=asked)).status_code == 200
        other = await caller.get("/things", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers
    await app.state.shell.dispose()


async def test_a_bearer_needs_no_origin(clerk: httpx.AsyncClient) -> None:
    response = await clerk.post("/things", json=THING, headers={"Origin": "http://evil", "Cookie": "jiceng=x"})
    assert response.status_code == 201


def test_a_route_without_a_permission_cannot_exist() -> None:
    async def forgotten() -> None:
        """No permission."""

    with pytest.raises(TypeError, match="names no permission"):
        Router().get("/forgotten")(forgotten)


# --- bodies --------------------------------------------------------------------------------------------------


async def test_only_json_is_taken(clerk: httpx.AsyncClient) -> None:
    for number, (kind, status) in enumerate(
        {
            "application/json": 201,
            "application/json; charset=utf-8": 201,
            "application/merge-patch+json": 201,
            "text/plain": 415,
            "application/x-www-form-urlencoded": 415,
            "": 415,
            "json": 415,
            "application/json2": 415,
        }.items()
    ):
        body = b'{"name":"%d","division_code":"440115"}' % number
        response = await clerk.post("/things", content=body, headers={"Content-Type": kind})
        assert response.status_code == status, kind


BAD_BODIES = [
    (b'{"name":"a","name":"b","division_code":"440115"}', 400, "duplicate_key"),
    (b'{"name":"a\\u0000","division_code":"440115"}', 422, "text_control_character"),
    (b'{"name":"a\\ud800","division_code":"440115"}', 400, "lone_surrogate"),
    (b'{"name":"a","division_code":"440115","count":NaN}', 400, "not_a_number"),
    (b'{"name":"a","division_code":"440115","count":1e999}', 400, "number_out_of_range"),
    (b'{"name":"a","division_code":"440115","count":99999999999999999999}', 400, "number_out_of_range"),
    (b'{"name":"a","division_code":"440115","count":9223372036854775807}', 422, "less_than_equal"),
    (b'{"name":"a","division_code":"440115","count":true}', 422, "int_type"),
    (b'{"name":"a","division_code":"440115","count":"7"}', 422, "int_type"),
    (b'{"name":"a","division_code":"440115","count":7.0}', 422, "int_type"),
    (b'{"name":"a","division_code":"440115","is_admin":true}', 422, "extra_forbidden"),
    (b"[" * 100_000, 400, "too_deep"),
    (b"", 422, "missing"),
    (b"null", 422, "model_attributes_type"),
    (b"[]", 422, "model_attributes_type"),
    (b"{}", 422, "missing"),
]


async def test_a_bad_body_is_refused_by_name(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    for body, status, code in BAD_BODIES:
        response = await clerk.post("/things", content=body, headers={"Content-Type": "application/json"})
        assert response.status_code == status, body[:80]
        assert code in [fault["code"] for fault in response.json()["errors"]], response.text
    assert await sql.fetchval("SELECT count(*) FROM things") == 0
