"""One-time codes over HTTP (RFC 6238)."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.identity import rules
from app.identity.models import SecondFactor, Session
from app.settings import Settings
from tests.make import identity as make


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A service that asks for a second factor, as in production."""
    return settings.model_copy(update={"require_second_factor": True})


@pytest.fixture
async def admin(api: httpx.AsyncClient, shell: Shell) -> make.Caller:
    """A security administrator with a second factor, after 李明 got an account."""
    found = await make.caller(shell, "security_admin")
    await make.person(api, found)
    return found


@pytest.fixture
async def second(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A second client, so that no cookie is shared."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test/api/v1") as client:
        yield client


def code(secret: str, steps: int = 0) -> str:
    """The code that an authenticator shows now, or so many steps later."""
    return rules.totp(base64.b32decode(secret), rules.totp_step(datetime.now(UTC)) + steps)


async def enrol(api: httpx.AsyncClient, headers: dict[str, str]) -> str:
    """Enrol and confirm an authenticator with the code of the step before: its secret."""
    made = await api.post("/me/second-factor", headers=headers)
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    secret: str = made.json()["secret"]
    assert f"secret={secret}" in made.json()["uri"]
    confirmed = await api.post("/me/second-factor/confirm", json={"code": code(secret, -1)}, headers=headers)
    assert confirmed.status_code == 204, confirmed.text
    return secret


async def test_enrolling_confirms_and_is_asked_from_then_on(
    api: httpx.AsyncClient, admin: make.Caller
) -> None:
    headers, other = await make.bearer(api), await make.bearer(api)
    made = (await api.post("/me/second-factor", headers=headers)).json()
    assert (await make.sign_in(api)).status_code == 201  # nothing is asked before the first code
    wrong = code(made["secret"], 40)
    refused = await api.post("/me/second-factor/confirm", json={"code": wrong}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "second_factor_wrong")
    now = {"code": code(made["secret"], -1)}
    assert (await api.post("/me/second-factor/confirm", json=now, headers=headers)).status_code == 204
    again = await api.post("/me/second-factor/confirm", json=now, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "second_factor_not_pending")
    me = (await api.get("/me", headers=headers)).json()
    assert me["second_factor"] == {"enrolled": True, "used": True, "required": False}
    assert (await api.get("/me", headers=other)).status_code == 401
    bare = await make.sign_in(api)
    assert (bare.status_code, bare.json()["code"]) == (401, "second_factor_required")
    wrong_code = await make.sign_in(api, code=code(made["secret"], 40))
    assert (wrong_code.status_code, wrong_code.json()["code"]) == (401, "sign_in_refused")
    opened = await make.sign_in(api, code=code(made["secret"]))
    assert (opened.status_code, opened.json()["second_factor"]) == (201, True)
    assert admin.id


@pytest.mark.usefixtures("admin")
async def test_each_code_opens_once_even_in_a_race(api: httpx.AsyncClient) -> None:
    secret = await enrol(api, await make.bearer(api))
    now = code(secret)
    racers = await asyncio.gather(*(make.sign_in(api, code=now) for _ in range(8)))
    assert sorted(r.status_code for r in racers) == [201] + [401] * 7
    assert (await make.sign_in(api, code=now)).json()["code"] == "sign_in_refused"
    assert (await make.sign_in(api, code=code(secret, -1))).json()["code"] == "sign_in_refused"
    assert (await make.sign_in(api, code=code(secret, 1))).status_code == 201


@pytest.mark.usefixtures("admin")
async def test_the_secret_is_encrypted(api: httpx.AsyncClient, shell: Shell) -> None:
    secret = base64.b32decode(await enrol(api, await make.bearer(api)))
    async with begin(shell, SYSTEM) as work:
        rows = (await work.scalars(select(SecondFactor.secret_cipher))).all()
    assert [secret in row for row in rows] == [False]


async def test_deciding_roles_do_nothing_without_it(
    api: httpx.AsyncClient, admin: make.Caller, shell: Shell
) -> None:
    user = (await api.get("/users", params={"login_name": "li.ming"}, headers=admin.headers)).json()["items"][
        0
    ]
    asked = (await make.grant(api, admin, user["id"], "approver")).json()
    other = await make.caller(shell, "security_admin")
    approved = await api.post(f"/grants/{asked['id']}/approve", headers=other.having(asked["etag"]))
    assert approved.status_code == 200
    headers = await make.bearer(api)
    refused = await api.get("/grants", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
    assert (await api.get("/me", headers=headers)).json()["second_factor"]["required"] is True
    await enrol(api, headers)
    assert (await api.get("/grants", headers=headers)).status_code == 200
    clerk = await make.caller(shell, "clerk", second_factor=False)
    assert (await api.get("/me", headers=clerk.headers)).json()["second_factor"]["required"] is False


@pytest.mark.usefixtures("admin")
async def test_neither_a_stolen_session_nor_a_password_enrols(
    api: httpx.AsyncClient, second: httpx.AsyncClient, shell: Shell
) -> None:
    headers = await make.bearer(api)
    async with begin(shell, SYSTEM) as work:
        await work.execute(update(Session).values(reauthenticated_at=func.now() - timedelta(minutes=16)))
    stolen = await api.post("/me/second-factor", headers=headers)
    assert (stolen.status_code, stolen.json()["code"]) == (403, "fresh_sign_in_needed")
    fresh = await make.bearer(second)
    secret = await enrol(second, fresh)
    async with begin(shell, SYSTEM) as work:
        await work.execute(update(Session).values(second_factor=False))
    bare = await second.post("/me/second-factor", headers=fresh)
    assert (bare.status_code, bare.json()["code"]) == (403, "code_needed")
    proof = {"password": make.PASSWORD}
    needs = await second.post("/sessions/current/reauthenticate", json=proof, headers=fresh)
    assert (needs.status_code, needs.json()["code"]) == (403, "code_needed")
    proof["code"] = code(secret)
    proved = await second.post("/sessions/current/reauthenticate", json=proof, headers=fresh)
    assert (proved.status_code, proved.json()["second_factor"]) == (200, True)
    assert (await second.post("/me/second-factor", headers=fresh)).status_code == 201


async def test_a_lost_authenticator_sends_grants_back_to_a_second_person(
    api: httpx.AsyncClient, admin: make.Caller, shell: Shell
) -> None:
    user = (await api.get("/users", params={"login_name": "li.ming"}, headers=admin.headers)).json()["items"][
        0
    ]
    other = await make.caller(shell, "security_admin")
    asked = (await make.grant(api, admin, user["id"], "organizer")).json()
    approve = f"/grants/{asked['id']}/approve"
    assert (await api.post(approve, headers=other.having(asked["etag"]))).status_code == 200
    await enrol(api, await make.bearer(api))
    reset = f"/users/{user['id']}/reset-second-factor"
    done = await api.post(reset, headers=other.having(user["etag"]))
    assert (done.status_code, done.json()["second_factor"]) == (200, False)
    assert done.headers["etag"] != user["etag"]
    grant = (await api.get(f"/grants/{asked['id']}", headers=admin.headers)).json()
    assert (grant["state"], grant["requested_by"]["id"]) == ("requested", str(other.id))
    denied = await api.post(approve, headers=other.having(grant["etag"]))
    assert (denied.status_code, denied.json()["code"]) == (403, "second_person_needed")
    assert (await api.post(approve, headers=admin.having(grant["etag"]))).status_code == 200
    again = await api.post(reset, headers=other.having(done.headers["etag"]))
    assert (again.status_code, again.json()["code"]) == (409, "user_state_unfit")
