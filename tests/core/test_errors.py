"""Refusals: three lines each, found by the name of a constraint, in both languages."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import make_url

from app.core import errors
from app.core.errors import BY_CODE, PROBLEM, Conflict, Fault, Refusal, refusals
from app.settings import Settings
from tests.core import sample
from tests.core.sample import THING


def kinds(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    return [kind, *(k for child in kind.__subclasses__() for k in kinds(child))]


def test_every_refusal_speaks_both_languages() -> None:
    assert len(kinds()) > 20
    for kind in kinds():
        assert all(kind.title), kind
        assert not any("\u4e00" <= c <= "\u9fff" for c in kind.title[1]), kind
        assert kind.detail is None or all(kind.detail), kind
        assert 400 <= kind.status <= 503, kind
        assert kind.code == kind.code.lower().replace("-", "_"), kind


def test_two_refusals_never_share_a_code() -> None:
    with pytest.raises(TypeError, match="two refusals share the code thing_name_taken"):
        type(
            "Other",
            (Conflict,),
            {"code": "thing_name_taken", "title": ("甲", "A"), "__module__": "elsewhere"},
        )
    assert BY_CODE["thing_name_taken"] is sample.NameTaken


def test_a_problem_in_the_language_of_the_caller() -> None:
    refusal = sample.NoSuchDivision(
        where=" 440115",
        errors=[Fault("/division_code", "unknown", ("未登记", "Not known"))],
        reasons=[{"code": "a", "words": ("甲", "A"), "list": [("乙", "B")], "number": 3}],
    )
    assert refusal.problem("en") == {
        "type": "/problems/thing_division_unknown",
        "title": "There is no such division",
        "status": 422,
        "code": "thing_division_unknown",
        "detail": "The division  440115 is not known.",
        "errors": [{"pointer": "/division_code", "code": "unknown", "message": "Not known"}],
        "reasons": [{"code": "a", "words": "A", "list": ["B"], "number": 3}],
    }
    assert refusal.problem("zh")["reasons"] == [{"code": "a", "words": "甲", "list": ["乙"], "number": 3}]
    assert refusal.problem("zh")["title"] == "没有这个区划"


def test_the_document_of_a_route_merges_refusals_of_one_status() -> None:
    shown = refusals(sample.NameTaken, errors.Busy, sample.ThingNotFound)
    assert set(shown) == {404, 409}
    content = shown[409]["content"][PROBLEM]
    assert set(content["examples"]) == {"thing_name_taken", "busy"}
    assert shown[409]["description"] == "The name is taken; Another request is changing this record"


async def test_constraints_become_refusals(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    """By name where a slice gave one, else by kind: never a 500, never the value."""
    await clerk.post("/things", json=THING)
    for change, status, code in (
        ({}, 409, "thing_name_taken"),
        ({"name": "b", "parent_id": str(uuid4())}, 409, "reference_missing"),
        ({"name": "c", "count": 1000}, 409, "rule_broken"),
    ):
        response = await clerk.post("/things", json=THING | change, headers={"Accept-Language": "en"})
        assert (response.status_code, response.json()["code"]) == (status, code), response.text
        assert response.headers["content-type"] == PROBLEM
        assert "一件" not in response.text
    assert await sql.fetchval("SELECT count(*) FROM things") == 1


async def test_a_row_that_is_locked_is_a_conflict(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    thing = (await clerk.post("/things", json=THING)).json()
    async with sql.transaction():
        await sql.execute("SELECT FROM things FOR UPDATE")
        response = await clerk.patch(f"/things/{thing['id']}", json={"name": "b"}, headers={"If-Match": "*"})
    assert (response.status_code, response.json()["code"]) == (409, "busy")
    assert int(response.headers["retry-after"]) > 0


@pytest.fixture
async def stranded(settings: Settings, request: pytest.FixtureRequest) -> AsyncIterator[FastAPI]:
    """A service whose database is not where it should be."""
    assert settings.database_url is not None
    here = make_url(settings.database_url.get_secret_value())
    there: dict[str, Any] = {
        "no socket": here.update_query_dict({"host": "/nowhere"}),
        "nobody listens": here.set(host="127.0.0.1", port=9, query={}),
        "no such database": here.set(database="nowhere"),
        "another password": here.set(password="another"),
    }
    url = SecretStr(there[request.param].render_as_string(hide_password=False))
    app = sample.serve(settings.model_copy(update={"database_url": url}))
    yield app
    await app.state.shell.dispose()


@pytest.mark.parametrize(
    "stranded", ["no socket", "nobody listens", "no such database", "another password"], indirect=True
)
async def test_without_its_database_it_says_when_to_come_back(stranded: FastAPI) -> None:
    async with sample.client(stranded) as clerk:
        for method, path in (("GET", "/things"), ("POST", "/things"), ("GET", f"/things/{uuid4()}")):
            response = await clerk.request(method, path, json=THING if method == "POST" else None)
            assert (response.status_code, response.json()["code"]) == (503, "unavailable")
            assert int(response.headers["retry-after"]) > 0
        assert (await clerk.get("http://test/livez")).status_code == 200
        ready = await clerk.get("http://test/readyz")
        assert (ready.status_code, ready.json()["checks"]["database"]["ok"]) == (503, False)


async def test_a_full_pool_is_503_within_its_time(settings: Settings, owner_url: str) -> None:
    app = sample.serve(settings.model_copy(update={"pool_size": 1, "pool_overflow": 0, "pool_timeout": 0.2}))
    await sample.create_tables(owner_url)
    async with app.state.shell.engine.connect(), sample.client(app) as clerk:
        response = await clerk.get("/things")
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    await app.state.shell.dispose()


async def test_a_lost_connection_is_503_and_the_next_request_works(
    clerk: httpx.AsyncClient, owner_url: str
) -> None:
    """The server ends the session in the middle of the request, as it does when it stops."""
    assert (await clerk.get("/things")).status_code == 200
    plain = make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    owner = await asyncpg.connect(plain)
    await owner.execute(
        "ALTER TABLE things ADD CONSTRAINT ends CHECK (count <> 7 OR pg_terminate_backend(pg_backend_pid()))"
    )
    await owner.close()
    response = await clerk.post("/things", json=THING | {"count": 7})
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert (await clerk.post("/things", json=THING)).status_code == 201
