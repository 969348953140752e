"""What holds for every request: ids, addresses, limits, safe headers, counters, and logs without a value."""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
import structlog
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from app.core import logs
from app.core.middleware import Buckets
from app.settings import Settings
from tests.core import sample
from tests.core.sample import THING

Serve = Callable[..., Awaitable[FastAPI]]


@pytest.fixture
async def serve(settings: Settings, owner_url: str) -> AsyncIterator[Serve]:
    """A service with the sample slice under other settings."""
    apps: list[FastAPI] = []

    async def start(**changes: Any) -> FastAPI:
        app = sample.serve(settings.model_copy(update=changes))
        apps.append(app)
        return app

    await sample.create_tables(owner_url)
    yield start
    for app in apps:
        await app.state.shell.dispose()


async def test_the_id_of_a_request_is_echoed(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    given = await clerk.post("/things", json=THING, headers={"X-Request-ID": "counter-7.a_b"})
    assert given.headers["x-request-id"] == "counter-7.a_b"
    assert await sql.fetchval("SELECT request_id FROM audit_entries") == "counter-7.a_b"
    for bad in ("", "a b", "x" * 65, "<script>", "a\tb"):
        made = await clerk.get("/things", headers={"X-Request-ID": bad})
        assert UUID(made.headers["x-request-id"]).version == 7
    for path in ("/nowhere", "/things/x", "http://test/livez"):
        answer = await clerk.get(path, headers={"X-Request-ID": "same"})
        assert answer.headers["x-request-id"] == "same"
        assert "same" not in answer.text


async def test_every_answer_has_safe_headers(clerk: httpx.AsyncClient) -> None:
    answers = [
        await clerk.get("/things"),
        await clerk.get("/nowhere"),
        await clerk.post("/things", content=b"x" * 2_000_000),
        await clerk.post("/things/unlucky", json={"name": "a"}),
        await clerk.get("http://test/docs"),
    ]
    assert [a.status_code for a in answers] == [200, 404, 413, 500, 200]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert UUID(answer.headers["x-request-id"]).version == 7


async def test_what_may_name_a_person_is_kept_by_nobody(clerk: httpx.AsyncClient) -> None:
    """Though it has a version; what names none is kept privately (tests/identity/test_reveals.py)."""
    thing = (await clerk.post("/things", json=THING)).json()
    answer = await clerk.get(f"/things/{thing['id']}")
    assert (answer.headers["cache-control"], answer.headers["etag"]) == ("no-store", '"1"')


# --- limits ------------------------------------------------------------------------------------------------


async def send(
    app: FastAPI, chunks: list[bytes], headers: dict[str, str], path: str = "/api/v1/things"
) -> tuple[int, Any]:
    """A request as raw as a client can make it."""
    left, sent = list(chunks), []

    async def receive() -> Message:
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def take(message: Message) -> None:
        sent.append(message)

    given = {"authorization": "Bearer clerk", "content-type": "application/json"} | headers
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
    }
    await app(scope, receive, take)
    return sent[0]["status"], json.loads(sent[1]["body"])


async def test_a_body_is_limited_however_it_comes(served: FastAPI, sql: asyncpg.Connection) -> None:
    mebibyte, limit = b" " * 1024 * 1024, served.state.shell.settings.body_limit
    for chunks, headers in (
        ([b"x"], {"content-length": "2000000"}),
        ([b"x"], {"content-length": "9" * 40}),
        ([mebibyte, mebibyte], {}),
        ([mebibyte, mebibyte], {"transfer-encoding": "chunked"}),
        ([mebibyte, mebibyte], {"content-length": "3"}),
        ([b"{" * 1024] * 1025, {}),
    ):
        status, problem = await send(served, chunks, headers)
        assert (status, problem["code"]) == (413, "body_too_large"), headers
        assert str(limit) in problem["detail"]
    for headers in ({"content-length": "3", "transfer-encoding": "chunked"}, {"content-length": "-1"}):
        status, problem = await send(served, [b"{}"], headers)
        assert (status, problem["code"]) == (400, "ambiguous_length")
    whole = json.dumps(THING).encode()
    status, _ = await send(served, [whole + b" " * (limit - len(whole))], {})
    assert status == 201
    assert await sql.fetchval("SELECT count(*) FROM things") == 1


async def test_a_hasty_caller_is_told_when_to_come_back(serve: Serve) -> None:
    app = await serve(requests_per_minute=6)
    async with sample.client(app) as clerk, sample.client(app, "organizer") as other:
        first = await clerk.get("/things")
        assert first.headers["ratelimit-policy"] == '"default";q=6;w=60'
        assert first.headers["ratelimit"] == '"default";r=5;t=0'
        answers = [await clerk.get("/things") for _ in range(7)]
        assert [a.status_code for a in answers] == [200] * 6 + [429]
        refused = answers[-1]
        assert refused.json()["code"] == "too_many_requests"
        assert 0 < int(refused.headers["retry-after"]) <= 11
        assert refused.headers["ratelimit"].startswith('"default";r=0;t=')
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await clerk.get(f"http://test{path}")).status_code != 429
        assert (await other.get("/things")).status_code == 200, "another caller has a bucket of one's own"


async def test_invented_credentials_share_a_bucket(serve: Serve) -> None:
    """A token that was never recognised has no bucket of its own: guessing is limited by address."""
    app = await serve(requests_per_minute=6)
    async with sample.client(app) as clerk:
        assert (await clerk.get("/things")).status_code == 200
        answers = [
            await clerk.get("/things", headers={"Authorization": f"Bearer guess-{number}"})
            for number in range(7)
        ]
        assert [a.status_code for a in answers] == [401] * 5 + [429] * 2
        assert (await clerk.get("/things")).status_code == 200, "who is known is not held up by others"


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 100))
def test_no_more_than_the_rate(waits: list[float], rate: int) -> None:
    buckets, now, allowed = Buckets(rate), 0.0, 0
    for wait in waits:
        now += wait
        good, left, seconds = buckets.take("a", now)
        allowed += good
        assert 0 <= left < rate + 1
        assert good or seconds > 0
        assert allowed <= rate + now * rate / 60 + 1e-6


def test_buckets_are_bounded() -> None:
    buckets = Buckets(5, keep=10)
    for number in range(100):
        buckets.take(str(number), 0.0)
    assert len(buckets._levels) == 10


# --- addresses ---------------------------------------------------------------------------------------------


async def address(app: FastAPI, sql: asyncpg.Connection, forwarded: str) -> str:
    """The address that the audit has for a request from 127.0.0.1 that says it was forwarded."""
    async with sample.client(app) as clerk:
        headers = {"X-Forwarded-For": forwarded, "X-Real-IP": "9.9.9.9", "Forwarded": "for=9.9.9.9"}
        name = {"name": f"from {forwarded[:20]}"}
        assert (await clerk.post("/things", json=THING | name, headers=headers)).status_code == 201
    found: str = await sql.fetchval("SELECT address FROM audit_entries ORDER BY at DESC LIMIT 1")
    return found


async def test_a_forged_forwarding_changes_nothing(serve: Serve, sql: asyncpg.Connection) -> None:
    app = await serve(requests_per_minute=6)
    for number in range(4):
        assert await address(app, sql, f"10.0.0.{number}") == "127.0.0.1"
    async with sample.client(app, None) as anyone:
        answers = [
            await anyone.get("/things", headers={"X-Forwarded-For": f"10.0.0.{number}"})
            for number in range(8)
        ]
    assert answers[-1].status_code == 429


async def test_a_trusted_proxy_says_who_asked(serve: Serve, sql: asyncpg.Connection) -> None:
    app = await serve(trusted_proxies=("127.0.0.1", "10.1.1.1"))
    assert await address(app, sql, "192.0.2.7") == "192.0.2.7"
    assert await address(app, sql, "6.6.6.6, 192.0.2.7, 10.1.1.1") == "192.0.2.7"
    assert await address(app, sql, "10.1.1.1") == "127.0.0.1"
    assert await address(app, sql, "") == "127.0.0.1"
    assert await address(app, sql, "x" * 500) == "x" * 64


# --- counters and logs -------------------------------------------------------------------------------------


async def test_counters_know_routes_not_ids(serve: Serve) -> None:
    async with sample.client(await serve()) as clerk:
        thing = (await clerk.post("/things", json=THING)).json()
        await clerk.get(f"/things/{thing['id']}")
        await clerk.get("/nowhere/440106197001011234")
        await clerk.post("/things/unlucky", json={"name": "a"})
        shown = (await clerk.get("http://test/metrics")).text
    assert thing["id"] not in shown
    assert "440106197001011234" not in shown
    assert 'jiceng_requests_total{method="GET",route="/things/{thing_id}",status="200"} 1.0' in shown
    assert 'jiceng_requests_total{method="GET",route="unmatched",status="404"} 1.0' in shown
    assert 'jiceng_requests_total{method="POST",route="/things/unlucky",status="500"} 1.0' in shown


@pytest.fixture
def lines() -> Any:
    before = structlog.get_config()
    logs.configure()
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("lines")
async def test_logs_hold_nothing_that_was_sent(
    clerk: httpx.AsyncClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    secret = "王小明13800138000"
    await clerk.post("/things", json=THING | {"name": secret})
    await clerk.post("/things", json=THING | {"name": secret})
    await clerk.post("/things", json=THING | {"name": secret, secret: secret})
    await clerk.post("/things/unlucky", json={"name": secret})
    await clerk.get(f"/things/{secret}", params={"name": secret}, headers={"X-Request-ID": "a\\n{}"})
    await clerk.get(f"/{secret}")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=ValueError(secret))
    out = capsys.readouterr()
    written = out.out + out.err + caplog.text
    entries = [json.loads(line) for line in out.out.splitlines()]
    assert [e["status"] for e in entries if e["event"] == "request"] == [201, 409, 422, 500, 422, 404]
    assert [e["kind"] for e in entries if e["event"] == "unexpected"] == ["RuntimeError"]
    assert any("sample.py" in frame for e in entries if "where" in e for frame in e["where"])
    for part in (secret, "13800138000", "王小明", "\\u738b", "clerk"):
        assert part not in written
    assert all(set(entry) <= logs.ALLOWED for entry in entries)


async def test_problems_reach_other_origins(serve: Serve) -> None:
    """A browser shows a script no answer without the CORS headers: also 413, 429 and 500 carry them."""
    app = await serve(allowed_origins=("https://party.example.cn",), requests_per_minute=4)
    async with sample.client(
        app, headers={"Origin": "https://party.example.cn", "Authorization": "Bearer clerk"}
    ) as clerk:
        answers = [
            await clerk.post("/things/unlucky", json={"name": "a"}),
            await clerk.post("/things", content=b"x" * 2_000_000),
            *[await clerk.get("/things") for _ in range(5)],
        ]
    assert {500, 413, 200, 429} == {a.status_code for a in answers}
    assert all("access-control-allow-origin" in a.headers for a in answers)
