"""The audit over HTTP."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from tests.make import identity as make

RANDOM = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
async def auditor(shell: Shell) -> make.Caller:
    """The national audit administrator."""
    return await make.caller(shell, "audit_admin")


@pytest.fixture
async def admin(api: httpx.AsyncClient, shell: Shell) -> make.Caller:
    """A security administrator who made three accounts and one grant."""
    found = await make.caller(shell, "security_admin")
    for name, division in (("li.ming", "440115"), ("wang.fang", "140300"), ("zhang.wei", "440000")):
        made = await make.user(api, found, name, division_code=division, phone="13800138000")
    await make.grant(api, found, made["id"])
    return found


async def read(api: httpx.AsyncClient, by: make.Caller, **filters: object) -> list[dict[str, object]]:
    """The entries that a filter finds."""
    found = await api.get("/audit-entries", params=filters, headers=by.headers)
    assert found.status_code == 200, found.text
    return list(found.json()["items"])


async def test_every_act_is_there_newest_first(
    api: httpx.AsyncClient, auditor: make.Caller, admin: make.Caller
) -> None:
    mine = await read(api, auditor, actor_id=admin.id)
    assert [e["action"] for e in mine] == ["grant.given", *["user.registered"] * 3]
    assert mine[0]["actor"] == {"id": str(admin.id), "kind": "person", "name": mine[0]["actor"]["name"]}
    assert (mine[0]["data"]["role"], mine[0]["address"]) == ("clerk", "127.0.0.1")
    assert mine[0]["request_id"] is not None
    assert not any("1380" in str(e) for e in mine)
    one = await api.get(f"/audit-entries/{mine[0]['id']}", headers=auditor.headers)
    assert (one.status_code, one.json(), one.headers["etag"]) == (200, mine[0], '"1"')
    missing = await api.get(f"/audit-entries/{RANDOM}", headers=auditor.headers)
    assert (missing.status_code, missing.json()["code"]) == (404, "audit_entry_not_found")


@pytest.mark.usefixtures("admin")
async def test_entries_are_found_by_actor_action_subject_place_and_time(
    api: httpx.AsyncClient, auditor: make.Caller, admin: make.Caller
) -> None:
    mine = await read(api, auditor, actor_id=admin.id)
    first = mine[-1]
    assert [e["id"] for e in await read(api, auditor, subject_id=first["subject_id"])] == [first["id"]]
    by_action = await read(api, auditor, actor_id=admin.id, action="grant.given")
    assert [e["id"] for e in by_action] == [mine[0]["id"]]
    by_type = await read(api, auditor, actor_id=admin.id, subject_type="user")
    assert [e["id"] for e in by_type] == [e["id"] for e in mine[1:]]
    inside = await read(api, auditor, actor_id=admin.id, division="440100")
    assert [e["division_code"] for e in inside] == ["440115"]
    later = await read(api, auditor, actor_id=admin.id, since=mine[1]["occurred_at"])
    assert [e["id"] for e in later] == [e["id"] for e in mine[:2]]
    earlier = await read(api, auditor, actor_id=admin.id, until=mine[1]["occurred_at"])
    assert [e["id"] for e in earlier] == [e["id"] for e in mine[2:]]
    unknown = await api.get("/audit-entries", params={"actor": "x"}, headers=auditor.headers)
    assert unknown.status_code == 422


async def test_pages_join_to_the_whole(
    api: httpx.AsyncClient, auditor: make.Caller, admin: make.Caller
) -> None:
    whole = await read(api, auditor)
    joined: list[dict[str, object]] = []
    cursor: dict[str, str] = {}
    for _ in range(100):
        page = (
            await api.get("/audit-entries", params={"limit": 2, **cursor}, headers=auditor.headers)
        ).json()
        joined += page["items"]
        if not page["has_more"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert joined == whole
    foreign = {"cursor": cursor["cursor"], "actor_id": str(admin.id)}
    refused = await api.get("/audit-entries", params=foreign, headers=auditor.headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


@pytest.mark.usefixtures("admin")
async def test_an_auditor_reads_the_scope_only(
    api: httpx.AsyncClient, auditor: make.Caller, shell: Shell
) -> None:
    guangdong = await make.caller(shell, "audit_admin", "440000")
    seen = await read(api, guangdong)
    assert {e["division_code"] for e in seen} == {"440000", "440115"}
    shanxi = (await read(api, auditor, division="140300"))[0]
    random = await api.get(f"/audit-entries/{RANDOM}", headers=guangdong.headers)
    hidden = await api.get(f"/audit-entries/{shanxi['id']}", headers=guangdong.headers)
    assert (hidden.status_code, hidden.content) == (404, random.content)


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "organizer", "viewer", "integrator"])
async def test_others_read_no_audit(api: httpx.AsyncClient, shell: Shell, role: str) -> None:
    other = await make.caller(shell, role)
    assert (await api.get("/audit-entries", headers=other.headers)).status_code == 403


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET data = '{}'", "DELETE FROM audit_entries"])
async def test_the_service_cannot_rewrite_it(shell: Shell, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with begin(shell, SYSTEM) as work:
            await work.execute(text(statement))
