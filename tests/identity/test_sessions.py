"""Signing in and out over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.identity.models import Session, SignInTry, User
from app.main import create_app
from app.settings import Settings
from tests.make import identity as make

ORIGIN = {"Origin": "http://test"}


@pytest.fixture
async def admin(api: httpx.AsyncClient, shell: Shell) -> make.Caller:
    """A security administrator, after 李明 got an account and chose a password."""
    found = await make.caller(shell, "security_admin")
    await make.person(api, found)
    return found


@pytest.fixture
async def elsewhere(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The service called from another address."""
    transport = httpx.ASGITransport(app, client=("10.9.8.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        yield client


async def test_a_session_opens_and_closes(api: httpx.AsyncClient, admin: make.Caller) -> None:
    opened = await make.sign_in(api, "Li.Ming", code=None)
    assert opened.status_code == 201
    assert opened.headers["cache-control"] == "no-store"
    assert "set-cookie" not in opened.headers
    headers = {"Authorization": f"Bearer {opened.json()['token']}"}
    assert (await api.get("/me", headers=headers)).json()["login_name"] == "li.ming"
    out = await api.delete("/sessions/current", headers=headers)
    assert (out.status_code, out.content) == (204, b"")
    assert (await api.get("/me", headers=headers)).status_code == 401
    assert admin.headers != headers


@pytest.mark.usefixtures("admin")
async def test_only_a_digest_is_kept(api: httpx.AsyncClient, shell: Shell) -> None:
    token = (await make.sign_in(api)).json()["token"]
    async with begin(shell, SYSTEM) as work:
        row = func.to_jsonb(Session.__table__.table_valued())
        kept = [str(r) for r in await work.scalars(select(row))]
    assert not any(token.split(".")[1] in row for row in kept)


async def test_every_refusal_has_the_same_bytes(
    api: httpx.AsyncClient, admin: make.Caller, shell: Shell
) -> None:
    wrong = await make.sign_in(api, "li.ming", "wrong-ladder-47-harbour")
    unknown = await make.sign_in(api, "wang.fang", make.PASSWORD)
    nobody = await make.sign_in(api, "王芳 !", make.PASSWORD)
    user = (await api.get("/users", params={"login_name": "li.ming"}, headers=admin.headers)).json()["items"][
        0
    ]
    await api.post(f"/users/{user['id']}/disable", headers=admin.having(user["etag"]))
    disabled = await make.sign_in(api)
    answers = {(r.status_code, r.content) for r in (wrong, unknown, nobody, disabled)}
    assert answers == {(401, wrong.content)}
    assert wrong.json()["code"] == "sign_in_refused"
    assert {tuple(sorted(set(r.headers) - {"x-request-id"})) for r in (wrong, unknown, disabled)} == {
        tuple(sorted(set(wrong.headers) - {"x-request-id"}))
    }
    assert shell.settings.require_second_factor is False


@pytest.mark.usefixtures("admin")
async def test_ten_tries_then_wait_but_only_from_there(
    api: httpx.AsyncClient, elsewhere: httpx.AsyncClient
) -> None:
    """ASVS 5.0, 6.3.1, and no lock-out of the victim from another address."""
    tries = await asyncio.gather(*(make.sign_in(api, "LI.ming", f"wrong-{n}-harbour-47") for n in range(14)))
    assert sorted(t.status_code for t in tries) == [401] * 10 + [429] * 4
    locked = await make.sign_in(api)
    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_tries")
    assert 840 < int(locked.headers["retry-after"]) <= 900
    assert (await make.sign_in(elsewhere)).status_code == 201
    assert (await make.sign_in(api)).status_code == 429


@pytest.mark.usefixtures("admin")
async def test_tries_fall_out_of_the_window_one_by_one(api: httpx.AsyncClient, shell: Shell) -> None:
    for n in range(10):
        await make.sign_in(api, "li.ming", f"wrong-{n}-harbour-47")
    async with begin(shell, SYSTEM) as work:
        rows = (await work.scalars(select(SignInTry).where(func.cardinality(SignInTry.tried_at) == 10))).all()
        assert len(rows) == 1
        old = rows[0].tried_at[0] - timedelta(minutes=16)
        rows[0].tried_at = [old, *rows[0].tried_at[1:]]
    assert (await make.sign_in(api, "li.ming", "wrong-harbour-47-x")).status_code == 401
    assert (await make.sign_in(api)).status_code == 429


@pytest.mark.usefixtures("admin")
async def test_a_right_password_forgets_the_wrong_ones(api: httpx.AsyncClient) -> None:
    for _ in range(3):
        for n in range(9):
            await make.sign_in(api, "li.ming", f"wrong-{n}-harbour-47")
        assert (await make.sign_in(api)).status_code == 201


@pytest.mark.usefixtures("admin")
async def test_a_cookie_for_pages(api: httpx.AsyncClient) -> None:
    body = {"login_name": "li.ming", "password": make.PASSWORD, "cookie": True}
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "ftp://test"}):
        planted = await api.post("/sessions", json=body, headers=origin)
        assert (planted.status_code, planted.json()["code"]) == (403, "origin_refused")
        assert "set-cookie" not in planted.headers
    opened = await make.sign_in(api, cookie=True)
    assert opened.json()["token"] is None
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith("jiceng=jcs_")
    assert "HttpOnly; Max-Age=43200; Path=/; SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert (await api.get("/me")).status_code == 200
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        refused = await api.delete("/sessions/current", headers=origin)
        assert (refused.status_code, refused.json()["code"]) == (403, "origin_refused")
    out = await api.delete("/sessions/current", headers=ORIGIN)
    assert out.status_code == 204
    assert 'jiceng=""' in out.headers["set-cookie"]
    assert (await api.get("/me")).status_code == 401


@pytest.mark.usefixtures("admin")
async def test_over_tls_the_cookie_is_bound_to_the_host(settings: Settings) -> None:
    secure = create_app(settings.model_copy(update={"cookie_secure": True}))
    async with (
        secure.router.lifespan_context(secure),
        httpx.AsyncClient(transport=httpx.ASGITransport(secure), base_url="https://test/api/v1") as client,
    ):
        cookie = (await make.sign_in(client, cookie=True)).headers["set-cookie"]
        assert cookie.startswith("__Host-jiceng=jcs_")
        assert "Path=/; SameSite=strict; Secure" in cookie
        assert "Domain" not in cookie
        assert (await client.get("/me")).status_code == 200
        plain = await client.delete("/sessions/current", headers={"Origin": "http://test"})
        assert (plain.status_code, plain.json()["code"]) == (403, "origin_refused")
        assert (
            await client.delete("/sessions/current", headers={"Origin": "https://test"})
        ).status_code == 204


@pytest.mark.usefixtures("admin")
async def test_a_token_works_only_as_it_was_given(api: httpx.AsyncClient) -> None:
    """A cookie's token as a bearer would escape the check of Origin; the reverse plants a session."""
    await make.sign_in(api, cookie=True)
    planted = api.cookies["jiceng"]
    api.cookies.clear()
    assert (await api.get("/me", headers={"Authorization": f"Bearer {planted}"})).status_code == 401
    token = (await make.sign_in(api)).json()["token"]
    assert (await api.get("/me", headers={"Cookie": f"jiceng={token}"})).status_code == 401


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": func.now(), "created_at": func.now() - timedelta(hours=12)},
        {"last_seen_at": func.now() - timedelta(minutes=30)},
    ],
    ids=["absolute", "idle"],
)
async def test_sessions_end_by_themselves(
    api: httpx.AsyncClient, shell: Shell, change: dict[str, object]
) -> None:
    opened = (await make.sign_in(api)).json()
    headers = {"Authorization": f"Bearer {opened['token']}"}
    assert opened["idle_seconds"] == 1800
    async with begin(shell, SYSTEM) as work:
        await work.execute(update(Session).where(Session.id == opened["id"]).values(change))
    assert (await api.get("/me", headers=headers)).status_code == 401


@pytest.mark.usefixtures("admin")
async def test_use_keeps_a_session_alive(api: httpx.AsyncClient, shell: Shell) -> None:
    opened = (await make.sign_in(api)).json()
    headers = {"Authorization": f"Bearer {opened['token']}"}
    mine = Session.id == opened["id"]
    async with begin(shell, SYSTEM) as work:
        past = func.now() - timedelta(minutes=29)
        await work.execute(update(Session).where(mine).values(last_seen_at=past))
    assert (await api.get("/me", headers=headers)).status_code == 200
    async with begin(shell, SYSTEM) as work:
        assert await work.scalar(select(Session.last_seen_at > func.now() - timedelta(minutes=1)).where(mine))


async def test_one_sees_and_ends_ones_own_sessions_only(api: httpx.AsyncClient, admin: make.Caller) -> None:
    first, second = await make.bearer(api), await make.bearer(api)
    listed = (await api.get("/sessions", headers=second)).json()["items"]
    assert [s["current"] for s in listed].count(True) == 1
    foreign = (await api.get("/sessions", headers=admin.headers)).json()["items"][0]["id"]
    random = await api.delete("/sessions/01890a5d-ac96-774b-bcce-b302099a8057", headers=first)
    denied = await api.delete(f"/sessions/{foreign}", headers=first)
    assert (denied.status_code, denied.content) == (404, random.content)
    for session in listed:
        if not session["current"]:
            assert (await api.delete(f"/sessions/{session['id']}", headers=second)).status_code == 204
    assert (await api.get("/me", headers=first)).status_code == 401
    assert (await api.get("/me", headers=second)).status_code == 200


@pytest.mark.usefixtures("admin")
async def test_reauthentication(api: httpx.AsyncClient, shell: Shell) -> None:
    headers = await make.bearer(api)
    async with begin(shell, SYSTEM) as work:
        await work.execute(update(Session).values(reauthenticated_at=func.now() - timedelta(hours=1)))
    before = (await api.get("/me", headers=headers)).json()["reauthenticated_at"]
    wrong = await api.post("/sessions/current/reauthenticate", json={"password": "no"}, headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "password_wrong")
    right = await api.post(
        "/sessions/current/reauthenticate", json={"password": make.PASSWORD}, headers=headers
    )
    assert right.status_code == 200
    assert right.json()["reauthenticated_at"] > before


async def test_reauthentication_is_throttled(api: httpx.AsyncClient, admin: make.Caller) -> None:
    headers = await make.bearer(api)
    answers = [
        (
            await api.post("/sessions/current/reauthenticate", json={"password": f"no-{n}"}, headers=headers)
        ).status_code
        for n in range(12)
    ]
    assert answers == [403] * 10 + [429] * 2
    machine = await api.post(
        "/sessions/current/reauthenticate", json={"password": "no"}, headers=admin.headers
    )
    assert machine.status_code == 403


async def test_a_changed_password_ends_other_sessions(api: httpx.AsyncClient, admin: make.Caller) -> None:
    other, mine = await make.bearer(api), await make.bearer(api)
    new = "velvet-anchor-58-meadow"
    for body, code in (
        ({"current_password": "no", "new_password": new}, "password_wrong"),
        ({"current_password": make.PASSWORD, "new_password": "li.ming-47-harbour"}, "password_refused"),
        ({"current_password": make.PASSWORD, "new_password": "ladder 47"}, "password_refused"),
    ):
        refused = await api.post("/me/password", json=body, headers=mine)
        assert refused.json()["code"] == code
        assert body["new_password"] not in refused.text
    changed = {"current_password": make.PASSWORD, "new_password": new}
    assert (await api.post("/me/password", json=changed, headers=mine)).status_code == 204
    assert (await api.get("/me", headers=other)).status_code == 401
    assert (await api.get("/me", headers=mine)).status_code == 200
    assert (await make.sign_in(api)).status_code == 401
    assert (await make.sign_in(api, password=new)).status_code == 201
    assert admin.id


async def test_a_temporary_password_opens_nothing_but_its_change(
    api: httpx.AsyncClient, admin: make.Caller, shell: Shell
) -> None:
    made = await make.user(api, admin, "wang.fang")
    assert (await make.sign_in(api, "wang.fang", make.PASSWORD)).status_code == 401
    assert (await make.grant(api, admin, made["id"], "viewer")).status_code == 201
    reset = await api.post(f"/users/{made['id']}/reset-password", headers=admin.having(made["etag"]))
    assert reset.headers["cache-control"] == "no-store"
    temporary = reset.json()["password"]
    headers = await make.bearer(api, "wang.fang", temporary)
    me = (await api.get("/me", headers=headers)).json()
    assert me["must_change_password"] is True
    assert [p["permission"] for p in me["permissions"]] == ["self"]
    chosen = {"current_password": temporary, "new_password": make.PASSWORD}
    assert (await api.post("/me/password", json=chosen, headers=headers)).status_code == 204
    me = (await api.get("/me", headers=headers)).json()
    assert "organization.read" in [p["permission"] for p in me["permissions"]]
    tag = (await api.get(f"/users/{made['id']}", headers=admin.headers)).headers["etag"]
    again = (await api.post(f"/users/{made['id']}/reset-password", headers=admin.having(tag))).json()[
        "password"
    ]
    async with begin(shell, SYSTEM) as work:
        await work.execute(
            update(User).where(User.login_name == "wang.fang").values(password_expires_at=func.now())
        )
    assert (await make.sign_in(api, "wang.fang", again)).status_code == 401
