"""API keys of machines over HTTP."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import func, update

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.identity.models import ApiKey
from tests.make import identity as make


@pytest.fixture
async def admin(shell: Shell) -> make.Caller:
    """The national security administrator."""
    return await make.caller(shell, "security_admin")


@pytest.fixture
async def machine(api: httpx.AsyncClient, admin: make.Caller) -> dict[str, object]:
    """An integrator of Guangdong."""
    made = await make.user(api, admin, "gd-portal", kind="machine", display_name="广东门户")
    assert (await make.grant(api, admin, made["id"], "integrator")).status_code == 201
    return made


async def test_a_key_lives_and_dies(
    api: httpx.AsyncClient, admin: make.Caller, machine: dict[str, object]
) -> None:
    body = {"user_id": machine["id"], "name": "门户生产环境"}
    made = await api.post("/api-keys", json=body, headers=admin.headers)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    key = made.json()
    assert key["token"].startswith("jck_")
    headers = {"Authorization": f"Bearer {key['token']}"}
    me = (await api.get("/me", headers=headers)).json()
    assert (me["kind"], me["session_id"], [g["role"] for g in me["grants"]]) == (
        "machine",
        None,
        ["integrator"],
    )
    read = await api.get(f"/api-keys/{key['id']}", headers=admin.headers)
    assert key["token"].split(".")[1] not in read.text
    assert read.json()["last_used_at"] is not None
    assert read.json()["allowed_actions"] == ["revoke"]
    address = f"/api-keys/{key['id']}/revoke"
    assert (await api.post(address, headers=admin.headers)).status_code == 428
    ended = await api.post(address, headers=admin.having(read.headers["etag"]))
    assert (ended.status_code, ended.json()["allowed_actions"]) == (200, [])
    assert (await api.get("/me", headers=headers)).status_code == 401
    twice = await api.post(address, headers=admin.having(ended.headers["etag"]))
    assert (twice.status_code, twice.json()["code"]) == (409, "api_key_revoked")
    listed = await api.get("/api-keys", params={"live": "true"}, headers=admin.headers)
    assert listed.json()["items"] == []


async def test_a_retry_never_gives_the_token_again(
    api: httpx.AsyncClient, admin: make.Caller, machine: dict[str, object]
) -> None:
    body = {"user_id": machine["id"], "name": "门户"}
    headers = {**admin.headers, "Idempotency-Key": "key-1"}
    assert (await api.post("/api-keys", json=body, headers=headers)).status_code == 201
    again = await api.post("/api-keys", json=body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "response_not_kept")
    assert len((await api.get("/api-keys", headers=admin.headers)).json()["items"]) == 1


async def test_a_key_ends_by_itself_and_with_its_machine(
    api: httpx.AsyncClient, admin: make.Caller, machine: dict[str, object], shell: Shell
) -> None:
    body = {"user_id": machine["id"], "name": "门户"}
    first = (await api.post("/api-keys", json=body, headers=admin.headers)).json()
    second = (await api.post("/api-keys", json=body, headers=admin.headers)).json()
    async with begin(shell, SYSTEM) as work:
        past = {"created_at": func.now() - timedelta(days=2), "expires_at": func.now() - timedelta(days=1)}
        await work.execute(update(ApiKey).where(ApiKey.id == first["id"]).values(past))
    assert (await api.get("/me", headers={"Authorization": f"Bearer {first['token']}"})).status_code == 401
    headers = {"Authorization": f"Bearer {second['token']}"}
    assert (await api.get("/me", headers=headers)).status_code == 200
    await api.post(f"/users/{machine['id']}/disable", headers=admin.having(str(machine["etag"])))
    assert (await api.get("/me", headers=headers)).status_code == 401


async def test_only_machines_hold_keys(api: httpx.AsyncClient, admin: make.Caller) -> None:
    person = await make.user(api, admin)
    refused = await api.post("/api-keys", json={"user_id": person["id"], "name": "x"}, headers=admin.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "machine_needed")


@pytest.mark.parametrize("days", [-1, 731])
async def test_a_key_has_an_end_within_two_years(
    api: httpx.AsyncClient, admin: make.Caller, machine: dict[str, object], days: int
) -> None:
    end = (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {"user_id": machine["id"], "name": "门户", "expires_at": end}
    refused = await api.post("/api-keys", json=body, headers=admin.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "api_key_period_unfit")


async def test_keys_of_another_province_do_not_exist(
    api: httpx.AsyncClient, admin: make.Caller, machine: dict[str, object], shell: Shell
) -> None:
    shanxi = await make.caller(shell, "security_admin", "140000")
    body = {"user_id": machine["id"], "name": "门户"}
    key = (await api.post("/api-keys", json=body, headers=admin.headers)).json()
    tag = (await api.get(f"/api-keys/{key['id']}", headers=admin.headers)).headers["etag"]
    random = await api.get("/api-keys/01890a5d-ac96-774b-bcce-b302099a8057", headers=shanxi.headers)
    hidden = await api.get(f"/api-keys/{key['id']}", headers=shanxi.headers)
    denied = await api.post(f"/api-keys/{key['id']}/revoke", headers=shanxi.having(tag))
    assert {(r.status_code, r.content) for r in (random, hidden, denied)} == {(404, random.content)}
    assert (await api.post("/api-keys", json=body, headers=shanxi.headers)).status_code == 404
    assert (await api.get("/api-keys", headers=shanxi.headers)).json()["items"] == []


async def test_a_key_for_a_wider_machine_is_not_for_the_county(
    api: httpx.AsyncClient, admin: make.Caller, machine: dict[str, object], shell: Shell
) -> None:
    guangdong = await make.caller(shell, "security_admin", "440000")
    await make.grant(api, admin, str(machine["id"]), "integrator", division_code="100000")
    body = {"user_id": machine["id"], "name": "门户"}
    refused = await api.post("/api-keys", json=body, headers=guangdong.headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "user_outranks")


async def test_a_cookie_never_carries_a_key(
    api: httpx.AsyncClient, admin: make.Caller, machine: dict[str, object]
) -> None:
    key = (
        await api.post("/api-keys", json={"user_id": machine["id"], "name": "x"}, headers=admin.headers)
    ).json()
    assert (await api.get("/me", headers={"Cookie": f"jiceng={key['token']}"})).status_code == 401
