"""The HTTP shell: one transaction a request, committed before the answer leaves; safe retries; versions."""

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
from app.settings import Settings
from tests.core import sample
from tests.core.sample import THING, made

# --- what was answered is committed ------------------------------------------------------------------------


async def test_a_commit_that_fails_is_never_a_success(
    clerk: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    """Deferred constraints speak at COMMIT: with FastAPI's default scope the answer would have left."""
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
    """The test before has teeth: a build whose dependency ends with the request says 201 to a lost write."""

    def with_default_scope(dependency: object, **_: object) -> object:
        return fastapi.Depends(dependency)

    monkeypatch.setattr(http, "Depends", with_default_scope)
    sabotaged, router = sample.serve(settings), Router(prefix="/hasty-things")
    maker = Annotated[Work, creating(Permission.ORGANIZATION_RECORD)]

    async def make_thing(body: sample.ThingCreate, work: maker) -> fastapi.Response:  # type: ignore[valid-type]
        return await sample.make_thing(body, work)

    router.post("", status_code=201)(make_thing)
    sabotaged.include_router(router, prefix="/api/v1")
    async with sample.client(served) as honest, sample.client(sabotaged) as hasty:
        await made(honest, late=1)
        response = await hasty.post("/hasty-things", json=THING | {"name": "lost", "late": 1})
        assert response.status_code == 201
        assert (await honest.get("/things", params={"name": "lost"})).json()["items"] == []
    await sabotaged.state.shell.dispose()


async def test_a_write_can_be_read_at_once_by_another(
    clerk: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    for number in range(20):
        thing = (await made(clerk, name=f"n{number}")).json()
        assert await sql.fetchval("SELECT name FROM things WHERE id = $1", thing["id"]) == f"n{number}"


async def test_a_refused_request_leaves_nothing(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    await made(clerk)
    response = await clerk.post("/things", json=THING, headers={"Idempotency-Key": "k"})
    assert response.status_code == 409
    assert await sql.fetchval("SELECT count(*) FROM events") == 1
    assert await sql.fetchval("SELECT count(*) FROM idempotency_keys") == 0


# --- who may, and from where -------------------------------------------------------------------------------


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
    for origin in (
        None,
        "null",
        "http://test.evil",
        "http://evil",
        "https://test:8443",
        "test",
        "http://test@evil",
        "http://[",
    ):
        given = headers | ({"Origin": origin} if origin else {})
        response = await anyone.post("/things", json=THING, headers=given)
        assert (response.status_code, response.json()["code"]) == (403, "origin_refused"), origin
    assert await sql.fetchval("SELECT count(*) FROM things") == 0
    own = await anyone.post("/things", json=THING, headers=headers | {"Origin": "http://test"})
    assert own.status_code == 201


async def test_a_configured_origin_may_write(settings: Settings, owner_url: str) -> None:
    app = sample.serve(settings.model_copy(update={"allowed_origins": ("https://party.example.cn",)}))
    await sample.create_tables(owner_url)
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
    response = await clerk.post(
        "/things", json=THING, headers={"Origin": "http://evil", "Cookie": "jiceng=x"}
    )
    assert response.status_code == 201


def test_a_route_without_a_permission_cannot_exist() -> None:
    async def forgotten() -> None:
        """No permission."""

    with pytest.raises(TypeError, match="names no permission"):
        Router().get("/forgotten")(forgotten)


# --- bodies ------------------------------------------------------------------------------------------------


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
