"""Grants over HTTP: scope, two people, separate administrators."""

import asyncio
from datetime import date, timedelta

import httpx
import pytest

from app.core.work import Shell
from tests.make import identity as make

RANDOM = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
async def admin(shell: Shell) -> make.Caller:
    """The national security administrator."""
    return await make.caller(shell, "security_admin")


@pytest.fixture
async def other(shell: Shell) -> make.Caller:
    """A second one."""
    return await make.caller(shell, "security_admin")


async def test_a_plain_role_holds_at_once_and_ends_at_once(
    api: httpx.AsyncClient, admin: make.Caller
) -> None:
    user = await make.person(api, admin)
    headers = await make.bearer(api)
    assert (await api.get("/organizations", headers=headers)).status_code == 403
    given = await make.grant(api, admin, user["id"], "viewer", reason="轮岗")
    grant = given.json()
    assert (given.status_code, grant["state"], grant["reason"]) == (201, "active", "轮岗")
    assert (grant["user"], grant["until_on"]) == ({"id": user["id"], "name": "李明"}, None)
    assert grant["allowed_actions"] == ["revoke"]
    assert (await api.get("/organizations", headers=headers)).status_code == 200
    me = (await api.get("/me", headers=headers)).json()
    assert [(g["id"], g["role"], g["division_code"]) for g in me["grants"]] == [
        (grant["id"], "viewer", "440000")
    ]
    held = {p["permission"]: p for p in me["permissions"]}
    assert held["organization.read"] == {
        "permission": "organization.read",
        "national": False,
        "divisions": ["440000"],
        "bodies": [],
    }
    ended = await api.post(f"/grants/{grant['id']}/revoke", headers=admin.having(grant["etag"]))
    assert (ended.json()["state"], ended.json()["revoked_by"]["id"]) == ("revoked", str(admin.id))
    assert (await api.get("/organizations", headers=headers)).status_code == 403
    twice = await api.post(f"/grants/{grant['id']}/revoke", headers=admin.having(ended.headers["etag"]))
    assert (twice.status_code, twice.json()["code"]) == (409, "grant_state_unfit")


@pytest.mark.parametrize("role", ["organizer", "approver", "system_admin", "security_admin", "audit_admin"])
async def test_giving_power_takes_two_people(
    api: httpx.AsyncClient, admin: make.Caller, other: make.Caller, role: str
) -> None:
    user = await make.person(api, admin)
    headers = await make.bearer(api)
    asked = (await make.grant(api, admin, user["id"], role)).json()
    assert asked["state"] == "requested"
    assert asked["allowed_actions"] == ["revoke"]
    assert (await api.get("/me", headers=headers)).json()["grants"] == []
    address = f"/grants/{asked['id']}/approve"
    assert (await api.post(address, headers=other.headers)).status_code == 428
    own = await api.post(address, headers=admin.having(asked["etag"]))
    assert (own.status_code, own.json()["code"]) == (403, "second_person_needed")
    waiting = (await api.get("/grants", params={"state": "requested"}, headers=other.headers)).json()["items"]
    assert [g["allowed_actions"] for g in waiting] == [["approve", "revoke"]]
    approved = await api.post(address, headers=other.having(asked["etag"]))
    assert (approved.status_code, approved.json()["state"]) == (200, "active")
    assert approved.json()["approved_by"]["id"] == str(other.id)
    assert [g["role"] for g in (await api.get("/me", headers=headers)).json()["grants"]] == [role]
    again = await api.post(address, headers=other.having(approved.headers["etag"]))
    assert (again.status_code, again.json()["code"]) == (409, "grant_state_unfit")


async def test_no_one_gives_or_approves_their_own(
    api: httpx.AsyncClient, admin: make.Caller, other: make.Caller, shell: Shell
) -> None:
    own = await make.grant(api, admin, str(admin.id), "audit_admin")
    assert (own.status_code, own.json()["code"]) == (403, "own_grant")
    approver = await make.caller(shell, "approver")
    asked = (await make.grant(api, admin, str(approver.id), "organizer")).json()
    address = f"/grants/{asked['id']}/approve"
    refused = await api.post(address, headers=approver.having(asked["etag"]))
    assert (refused.status_code, refused.json()["code"]) == (403, "own_grant")
    assert (await api.post(address, headers=other.having(asked["etag"]))).status_code == 200


async def test_one_approval_wins(api: httpx.AsyncClient, admin: make.Caller, shell: Shell) -> None:
    user = await make.user(api, admin)
    asked = (await make.grant(api, admin, user["id"], "organizer")).json()
    approvers = [await make.caller(shell, "approver") for _ in range(6)]
    address = f"/grants/{asked['id']}/approve"
    answers = await asyncio.gather(*(api.post(address, headers=a.having(asked["etag"])) for a in approvers))
    assert sorted(a.status_code for a in answers) == [200] + [412] * 5


@pytest.mark.parametrize("first", ["system_admin", "clerk"])
async def test_administrators_are_separate_people(
    api: httpx.AsyncClient, admin: make.Caller, first: str
) -> None:
    user = await make.user(api, admin)
    assert (await make.grant(api, admin, user["id"], first)).status_code == 201
    for role in {"security_admin", "audit_admin", "clerk", "system_admin"} - {first}:
        refused = await make.grant(api, admin, user["id"], role, division_code="440115")
        expected = (409, "roles_segregated") if first == "system_admin" or role != "clerk" else (201, None)
        assert (refused.status_code, refused.json().get("code")) == expected
    tomorrow = str(date.today() + timedelta(days=400))  # noqa: DTZ011 (far from any midnight)
    later = await make.grant(api, admin, user["id"], "audit_admin", from_on=tomorrow)
    assert later.status_code == 409


async def test_administrators_stay_separate_under_racing_requests(
    api: httpx.AsyncClient, admin: make.Caller
) -> None:
    roles = ["system_admin", "security_admin", "audit_admin", "clerk"]
    for n in range(3):
        user = await make.user(api, admin, f"racer-{n}")
        answers = await asyncio.gather(
            *(make.grant(api, admin, user["id"], roles[i % 4], division_code="440115") for i in range(8))
        )
        assert sorted(a.status_code for a in answers) == [201] + [409] * 7
        assert {a.json().get("code") for a in answers} <= {None, "roles_segregated", "grant_twice"}
        listed = await api.get("/grants", params={"user_id": user["id"]}, headers=admin.headers)
        assert len(listed.json()["items"]) == 1


async def test_the_same_grant_is_given_once(api: httpx.AsyncClient, admin: make.Caller) -> None:
    user = await make.user(api, admin)
    answers = await asyncio.gather(*(make.grant(api, admin, user["id"]) for _ in range(6)))
    assert sorted(a.status_code for a in answers) == [201] + [409] * 5
    assert {a.json().get("code") for a in answers} == {None, "grant_twice"}
    assert (await make.grant(api, admin, user["id"], division_code="440115")).status_code == 201


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"role": "registry"}, 422, "role_unfit"),
        ({"role": "display"}, 422, "role_unfit"),
        ({"role": "emperor"}, 422, "invalid"),
        ({"division_code": None}, 422, "grant_axis"),
        ({"party_organization_id": RANDOM}, 422, "grant_axis"),
        ({"division_code": None, "party_organization_id": RANDOM}, 422, "identity_body_unfit"),
        (
            {"division_code": None, "party_organization_id": RANDOM, "role": "audit_admin"},
            422,
            "administrator_axis",
        ),
        ({"division_code": "990000"}, 422, "identity_division_unfit"),
        ({"from_on": "2026-01-01"}, 422, "grant_period_unfit"),
        ({"from_on": "2150-01-02", "until_on": "2150-01-02"}, 422, "grant_period_unfit"),
        ({"user_id": RANDOM}, 404, "user_not_found"),
    ],
)
async def test_what_a_grant_may_not_be(
    api: httpx.AsyncClient, admin: make.Caller, fields: dict[str, object], status: int, code: str
) -> None:
    user = await make.user(api, admin)
    body = {"user_id": user["id"], "role": "clerk", "division_code": "440000", **fields}
    refused = await api.post("/grants", json=body, headers=admin.headers)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await api.get("/grants", params={"user_id": user["id"]}, headers=admin.headers)).json()[
        "items"
    ] == []


async def test_a_machine_holds_machine_roles(api: httpx.AsyncClient, admin: make.Caller) -> None:
    machine = await make.user(api, admin, "gd-registry", kind="machine")
    assert (await make.grant(api, admin, machine["id"], "clerk")).json()["code"] == "role_unfit"
    assert (await make.grant(api, admin, machine["id"], "registry")).json()["state"] == "active"


async def test_a_grant_holds_on_its_days_only(api: httpx.AsyncClient, admin: make.Caller) -> None:
    user = await make.person(api, admin)
    headers = await make.bearer(api)
    later = {"from_on": "2150-01-01", "until_on": "2150-02-01"}
    given = await make.grant(api, admin, user["id"], "viewer", **later)
    assert {k: given.json()[k] for k in later} == later
    assert (await api.get("/me", headers=headers)).json()["grants"] == []
    assert (await make.grant(api, admin, user["id"], "viewer", until_on="2150-01-01")).status_code == 201
    assert len((await api.get("/me", headers=headers)).json()["grants"]) == 1


async def test_grants_stay_inside_the_scope_of_their_giver(
    api: httpx.AsyncClient, admin: make.Caller, shell: Shell
) -> None:
    guangdong = await make.caller(shell, "security_admin", "440000")
    user = await make.user(api, admin, division_code="440115")
    for code in ("140300", "100000"):
        refused = await make.grant(api, guangdong, user["id"], division_code=code)
        assert (refused.status_code, refused.json()["code"]) == (422, "identity_division_unfit")
    national = (await make.grant(api, admin, user["id"], "organizer", division_code="100000")).json()
    random = await api.get(f"/grants/{RANDOM}", headers=guangdong.headers)
    hidden = await api.get(f"/grants/{national['id']}", headers=guangdong.headers)
    assert (hidden.status_code, hidden.content) == (404, random.content)
    for verb in ("approve", "revoke"):
        denied = await api.post(
            f"/grants/{national['id']}/{verb}", headers=guangdong.having(national["etag"])
        )
        assert (denied.status_code, denied.content) == (404, random.content)
    outside = await make.user(api, admin, "wang.fang", division_code="140300")
    assert (await make.grant(api, guangdong, outside["id"])).status_code == 404
    inside = await make.grant(api, guangdong, user["id"], division_code="440115")
    assert inside.status_code == 201
    listed = (await api.get("/grants", headers=guangdong.headers)).json()["items"]
    assert {g["division"]["code"] for g in listed} == {"440000", "440115"}


async def test_a_disabled_account_gets_no_grant(api: httpx.AsyncClient, admin: make.Caller) -> None:
    user = await make.user(api, admin)
    await api.post(f"/users/{user['id']}/disable", headers=admin.having(user["etag"]))
    refused = await make.grant(api, admin, user["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "user_state_unfit")


async def test_a_reset_password_sends_power_back_to_a_second_person(
    api: httpx.AsyncClient, admin: make.Caller, other: make.Caller
) -> None:
    user = await make.person(api, admin)
    asked = (await make.grant(api, admin, user["id"], "organizer")).json()
    await api.post(f"/grants/{asked['id']}/approve", headers=other.having(asked["etag"]))
    await make.grant(api, admin, user["id"], "clerk")
    await api.post(f"/users/{user['id']}/reset-password", headers=other.having(user["etag"]))
    listed = await api.get("/grants", params={"user_id": user["id"]}, headers=admin.headers)
    assert {(g["role"], g["state"]) for g in listed.json()["items"]} == {
        ("organizer", "requested"),
        ("clerk", "active"),
    }
