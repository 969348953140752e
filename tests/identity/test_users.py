"""Accounts over HTTP."""

import httpx
import pytest
from sqlalchemy import func, select

from app.core.access import SYSTEM
from app.core.audit import AuditEntry
from app.core.work import Shell, begin
from app.identity.models import User
from tests.make import identity as make

RANDOM = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
async def admin(shell: Shell) -> make.Caller:
    """The national security administrator."""
    return await make.caller(shell, "security_admin")


async def test_an_account_is_made_read_and_changed(api: httpx.AsyncClient, admin: make.Caller) -> None:
    made = await api.post(
        "/users",
        json={
            "login_name": "Li.Ming",
            "display_name": "李明",
            "division_code": "440115",
            "phone": "138 0013 8000",
        },
        headers=admin.headers,
    )
    user = made.json()
    assert made.status_code == 201
    assert (user["login_name"], user["kind"], user["state"]) == ("li.ming", "person", "active")
    assert (user["division"]["code"], user["phone_mask"]) == ("440115", "138****8000")
    assert user["allowed_actions"] == ["update", "disable", "reset_password"]
    address = f"/users/{user['id']}"
    read = await api.get(address, headers=admin.headers)
    assert (read.json(), read.headers["etag"]) == (user, made.headers["etag"])
    unchanged = await api.get(address, headers={**admin.headers, "If-None-Match": user["etag"]})
    assert unchanged.status_code == 304
    patch = {"display_name": "李 明", "phone": None}
    assert (await api.patch(address, json=patch, headers=admin.headers)).status_code == 428
    changed = await api.patch(address, json=patch, headers=admin.having(user["etag"]))
    assert (changed.status_code, changed.json()["phone_mask"]) == (200, None)
    assert (changed.json()["display_name"], changed.json()["division"]["code"]) == ("李 明", "440115")
    stale = await api.patch(address, json=patch, headers=admin.having(user["etag"]))
    assert stale.status_code == 412
    null = await api.patch(
        address, json={"display_name": None}, headers=admin.having(changed.headers["etag"])
    )
    assert null.status_code == 422


@pytest.mark.parametrize(
    ("field", "refusal"),
    [
        ({"login_name": "zhang.wei"}, (409, "login_name_taken")),
        ({"login_name": "张伟"}, (422, "login_name_invalid")),
        ({"login_name": "-x-"}, (422, "login_name_invalid")),
        ({"division_code": "990000"}, (422, "identity_division_unfit")),
        ({"phone": "12345"}, (422, "invalid")),
        ({"is_admin": True}, (422, "invalid")),
        ({"kind": "robot"}, (422, "invalid")),
    ],
)
async def test_what_an_account_may_not_be(
    api: httpx.AsyncClient,
    admin: make.Caller,
    shell: Shell,
    field: dict[str, object],
    refusal: tuple[int, str],
) -> None:
    await make.user(api, admin, "zhang.wei")
    body = {"login_name": "wang.fang", "display_name": "王芳", "division_code": "440000", **field}
    refused = await api.post("/users", json=body, headers=admin.headers)
    assert (refused.status_code, refused.json()["code"]) == refusal
    async with begin(shell, SYSTEM) as work:
        assert await work.scalar(select(func.count()).where(User.login_name == "wang.fang")) == 0


async def test_an_administrator_sees_the_accounts_of_the_scope(
    api: httpx.AsyncClient, admin: make.Caller, shell: Shell
) -> None:
    inside = await make.user(api, admin, "li.ming", division_code="440115")
    outside = await make.user(api, admin, "wang.fang", division_code="140300")
    guangdong = await make.caller(shell, "security_admin", "440000")
    names = [u["login_name"] for u in (await api.get("/users", headers=guangdong.headers)).json()["items"]]
    assert "li.ming" in names
    assert "wang.fang" not in names
    found = await api.get("/users", params={"division": "440100"}, headers=admin.headers)
    assert [u["id"] for u in found.json()["items"]] == [inside["id"]]
    random = await api.get(f"/users/{RANDOM}", headers=guangdong.headers)
    hidden = await api.get(f"/users/{outside['id']}", headers=guangdong.headers)
    assert (hidden.status_code, hidden.content) == (404, random.content)
    for verb in ("disable", "enable", "reset-password", "reset-second-factor"):
        denied = await api.post(f"/users/{outside['id']}/{verb}", headers=guangdong.having(outside["etag"]))
        assert (denied.status_code, denied.content) == (404, random.content)
    beyond = {"login_name": "zhao.lei", "display_name": "赵磊", "division_code": "140300"}
    assert (await api.post("/users", json=beyond, headers=guangdong.headers)).status_code == 422
    moved = await api.patch(
        f"/users/{inside['id']}", json={"division_code": "140300"}, headers=guangdong.having(inside["etag"])
    )
    assert moved.status_code == 422


async def test_a_disabled_account_opens_nothing_from_the_next_request(
    api: httpx.AsyncClient, admin: make.Caller
) -> None:
    user = await make.person(api, admin)
    headers = await make.bearer(api)
    address = f"/users/{user['id']}"
    closed = await api.post(f"{address}/disable", headers=admin.having(user["etag"]))
    assert (closed.status_code, closed.json()["state"]) == (200, "disabled")
    assert (await api.get("/me", headers=headers)).status_code == 401
    twice = await api.post(f"{address}/disable", headers=admin.having(closed.headers["etag"]))
    assert (twice.status_code, twice.json()["code"]) == (409, "user_state_unfit")
    reset = await api.post(f"{address}/reset-password", headers=admin.having(closed.headers["etag"]))
    assert reset.status_code == 409
    opened = await api.post(f"{address}/enable", headers=admin.having(closed.headers["etag"]))
    assert (opened.status_code, opened.json()["disabled_at"]) == (200, None)
    assert (await api.get("/me", headers=headers)).status_code == 401
    assert (await make.sign_in(api)).status_code == 201


async def test_nobody_takes_over_a_wider_account(
    api: httpx.AsyncClient, admin: make.Caller, shell: Shell
) -> None:
    """Whoever resets an account could use its grants: a county's account may hold a grant for the nation."""
    county = await make.caller(shell, "security_admin", "440115")
    user = await make.user(api, admin, division_code="440115")
    await make.grant(api, admin, user["id"], "viewer", division_code="440115")
    first = await api.post(f"/users/{user['id']}/reset-password", headers=county.having(user["etag"]))
    assert first.status_code == 200
    await make.grant(api, admin, user["id"], "viewer", division_code="100000")
    tag = (await api.get(f"/users/{user['id']}", headers=county.headers)).headers["etag"]
    for verb in ("disable", "reset-password", "reset-second-factor"):
        denied = await api.post(f"/users/{user['id']}/{verb}", headers=county.having(tag))
        assert (denied.status_code, denied.json()["code"]) == (403, "user_outranks")


async def test_ones_own_account_is_for_others_to_reset(api: httpx.AsyncClient, admin: make.Caller) -> None:
    tag = (await api.get(f"/users/{admin.id}", headers=admin.headers)).headers["etag"]
    for verb in ("disable", "enable", "reset-password", "reset-second-factor"):
        denied = await api.post(f"/users/{admin.id}/{verb}", headers=admin.having(tag))
        assert (denied.status_code, denied.json()["code"]) == (403, "own_account")


async def test_a_machine_has_no_password(api: httpx.AsyncClient, admin: make.Caller) -> None:
    machine = await make.user(api, admin, "gd-registry", kind="machine")
    refused = await api.post(f"/users/{machine['id']}/reset-password", headers=admin.having(machine["etag"]))
    assert (refused.status_code, refused.json()["code"]) == (409, "person_needed")
    assert "reset_password" not in machine["allowed_actions"]


@pytest.mark.parametrize("role", ["system_admin", "audit_admin", "organizer", "approver", "clerk", "viewer"])
async def test_other_roles_keep_no_accounts(api: httpx.AsyncClient, shell: Shell, role: str) -> None:
    other = await make.caller(shell, role)
    assert (await api.get("/users", headers=other.headers)).status_code == 403
    assert (await api.post("/users", json={}, headers=other.headers)).status_code in (403, 422)
    assert (await api.get("/api-keys", headers=other.headers)).status_code == 403


async def test_the_audit_names_who_and_what_but_no_secret(
    api: httpx.AsyncClient, admin: make.Caller, shell: Shell
) -> None:
    user = await make.person(api, admin, phone="13800138000")
    await make.sign_in(api, password="wrong-harbour-47-x")
    await make.bearer(api)
    async with begin(shell, SYSTEM) as work:
        mine = AuditEntry.subject_id == user["id"]
        rows = (await work.scalars(select(AuditEntry).where(mine).order_by(AuditEntry.at))).all()
    assert [r.action for r in rows] == [
        "user.registered",
        "user.password_reset",
        "user.signed_in",
        "user.password_changed",
        "user.sign_in_failed",
        "user.signed_in",
    ]
    assert rows[0].actor_id == admin.id
    assert {r.address for r in rows} == {"127.0.0.1"}
    assert not any("13800138000" in str(r.data) or make.PASSWORD in str(r.data) for r in rows)
