"""Parts that bodies play for divisions, and reasons for having no Party organization, over HTTP."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.party_organizations import commands
from tests.conftest import Actors
from tests.make import ledger
from tests.make import party_organizations as make

RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
Headers = dict[str, str]


async def test_one_fallback_committee_at_a_time(api: httpx.AsyncClient, organizer: Headers) -> None:
    old = await make.body(api, organizer, kind="committee", formation="regional", name="区民政局党委")
    new = await make.body(api, organizer, kind="committee", formation="regional", name="区社会组织综合党委")
    plan = {"function": "comprehensive_committee", "division_code": "440115", "from_on": "2018-01-01"}
    first = await api.post(f"/party-organizations/{old['id']}/functions", json=plan, headers=organizer)
    assert first.status_code == 201, first.text
    function = first.json()
    assert function["division"] == {"code": "440115", "name": "南沙区"}
    assert (function["from_on"], function["until_on"], function["industry"]) == ("2018-01-01", None, None)
    assert function["allowed_actions"] == ["end"]
    address = f"/party-organizations/{old['id']}/functions/{function['id']}"
    assert (await api.get(address, headers=organizer)).json() == function
    taken = await api.post(f"/party-organizations/{new['id']}/functions", json=plan, headers=organizer)
    assert (taken.status_code, taken.json()["code"]) == (409, "function_taken")
    tag = {**organizer, "If-Match": function["etag"]}
    assert (await api.post(f"{address}/end", json={}, headers=organizer)).status_code == 428
    same = await api.post(f"{address}/end", json={"on": "2018-01-01"}, headers=tag)
    assert same.json()["code"] == "same_day_period"
    future = await api.post(f"{address}/end", json={"on": "2199-01-01"}, headers=tag)
    assert future.json()["errors"][0]["code"] == "in_future"
    ended = await api.post(f"{address}/end", json={"on": "2023-10-01"}, headers=tag)
    assert ended.status_code == 200, ended.text
    assert (await api.post(f"{address}/end", json={}, headers=tag)).status_code == 412
    tag["If-Match"] = ended.json()["etag"]
    over = await api.post(f"{address}/end", json={"on": "2024-01-01"}, headers=tag)
    assert over.json()["code"] == "party_organization_function_is_over"
    moved = await api.post(
        f"/party-organizations/{new['id']}/functions",
        json={**plan, "from_on": "2023-10-01"},
        headers=organizer,
    )
    assert moved.status_code == 201, moved.text

    async def found(**query: str) -> list[str]:
        answer = await api.get("/party-organization-functions", params=query, headers=organizer)
        return [item["party_organization"]["name"] for item in answer.json()["items"]]

    assert await found(division="440115", on="2020-01-01") == ["区民政局党委"]
    assert await found(function="comprehensive_committee", on="2023-10-01") == ["区社会组织综合党委"]
    assert len(await found()) == 2
    assert await found(party_organization_id=old["id"]) == ["区民政局党委"]


@pytest.mark.parametrize(
    ("kind", "plan", "status", "pointer"),
    [
        ("group", {}, 422, "/function"),
        ("committee", {"function": "industry_committee"}, 422, "/industry"),
        ("committee", {"industry": "law"}, 422, "/industry"),
        ("committee", {"function": "industry_committee", "industry": "law"}, 201, None),
        ("branch", {}, 201, None),
        ("committee", {"from_on": "2010-01-01"}, 422, "/from_on"),
        ("committee", {"from_on": "2199-01-01"}, 422, "/from_on"),
        ("committee", {"division_code": "999999"}, 422, "/division_code"),
        ("committee", {"division_code": "140300"}, 404, "/division_code"),
        ("committee", {"function": "king"}, 422, "/function"),
    ],
)
async def test_assigning(
    api: httpx.AsyncClient,
    organizer: Headers,
    *,
    kind: str,
    plan: dict[str, Any],
    status: int,
    pointer: str | None,
) -> None:
    body = await make.body(api, organizer, kind=kind, formation=None if kind == "group" else "regional")
    full = {"function": "local_committee", "division_code": "440115", "from_on": "2018-01-01", **plan}
    answer = await api.post(f"/party-organizations/{body['id']}/functions", json=full, headers=organizer)
    assert answer.status_code == status, answer.text
    assert pointer is None or answer.json()["errors"][0]["pointer"] == pointer


async def test_a_body_scope_may_assign_within_its_line(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors
) -> None:
    body = await make.body(api, organizer, kind="committee", formation="industry", division_code="440000")
    mine = await actors("organizer", body=body["id"])
    plan = {"function": "industry_committee", "industry": "law", "division_code": "440600"}
    answer = await api.post(f"/party-organizations/{body['id']}/functions", json=plan, headers=mine)
    assert answer.status_code == 201, answer.text


# ----------------------------------------------------------------------------------------------- reasons


async def give(
    api: httpx.AsyncClient, headers: Headers, organization: object, **fields: Any
) -> httpx.Response:
    today = date.today()  # noqa: DTZ011 (dates around today, either side of midnight will do)
    plan = {
        "reason": "fewer_than_three_full_members",
        "from_on": str(today - timedelta(days=30)),
        "until_on": str(today + timedelta(days=200)),
        **fields,
    }
    address = f"/organizations/{organization}/no-party-organization-reason"
    return await api.post(address, json=plan, headers=headers)


async def test_a_reason_expires(api: httpx.AsyncClient, clerk: Headers, shell: Shell) -> None:
    organization = await ledger.organization(shell)
    address = f"/organizations/{organization}/no-party-organization-reason"
    assert (await api.get(address, headers=clerk)).json()["code"] == "no_party_organization_reason_not_found"
    answer = await give(api, clerk, organization)
    assert answer.status_code == 201, answer.text
    reason = answer.json()
    assert reason["organization"] == {"id": str(organization), "name": "南沙区青年志愿者协会"}
    assert (reason["expired"], reason["allowed_actions"]) == (False, ["end", "cancel"])
    assert (await api.get(address, headers=clerk)).json() == reason
    again = await give(api, clerk, organization)
    assert (again.status_code, again.json()["code"]) == (409, "reason_already_given")
    seen = (await api.get(f"/organizations/{organization}/coverage", headers=clerk)).json()
    assert seen["no_party_organization_reason"]["reason"] == "fewer_than_three_full_members"
    tag = {**clerk, "If-Match": reason["etag"]}
    same = await api.post(f"{address}/end", json={"on": reason["from_on"]}, headers=tag)
    assert same.json()["code"] == "same_day_period"
    future = await api.post(f"{address}/end", json={"on": "2199-01-01"}, headers=tag)
    assert future.json()["errors"][0]["code"] == "in_future"
    ended = await api.post(f"{address}/end", json={}, headers=tag)
    assert ended.status_code == 200, ended.text
    assert ended.json()["expired"]
    none_left = await api.post(f"{address}/end", json={}, headers=tag)
    assert none_left.status_code == 404
    follow = await give(api, clerk, organization, from_on=ended.json()["until_on"], reason="dormant")
    assert follow.status_code == 201, follow.text
    assert (await api.get(address, headers=clerk)).json()["reason"] == "dormant"
    stale = await api.post(f"{address}/cancel", headers={**clerk, "If-Match": '"9"'})
    assert stale.status_code == 412
    gone = await api.post(f"{address}/cancel", headers={**clerk, "If-Match": follow.json()["etag"]})
    assert gone.status_code == 204, gone.text
    assert (await api.get(address, headers=clerk)).json()["id"] == reason["id"]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"until_on": "2199-01-01"}, "/until_on", "too_long"),
        ({"from_on": "2020-01-01", "until_on": "2020-01-01"}, "/until_on", "empty_period"),
        ({"from_on": "2198-01-01", "until_on": "2198-02-01"}, "/from_on", "in_future"),
        ({"reason": "other"}, "/note", "note_required"),
        ({"reason": "laziness"}, "/reason", None),
        ({"until_on": None}, "/until_on", None),
    ],
)
async def test_reasons_that_are_refused(
    api: httpx.AsyncClient,
    clerk: Headers,
    shell: Shell,
    *,
    fields: dict[str, Any],
    pointer: str,
    code: str | None,
) -> None:
    organization = await ledger.organization(shell)
    answer = await give(api, clerk, organization, **fields)
    assert answer.status_code == 422, answer.text
    fault = answer.json()["errors"][0]
    assert fault["pointer"] == pointer
    assert code in (None, fault["code"])


async def test_no_reason_where_there_is_a_body_or_an_end(
    api: httpx.AsyncClient, clerk: Headers, organizer: Headers, shell: Shell
) -> None:
    organization = await ledger.organization(shell)
    gone = await ledger.organization(shell, name="已注销", ended_on=date(2020, 1, 1))
    body = await make.body(api, organizer)
    await make.cover(api, clerk, body["id"], organization)
    covered = await give(api, clerk, organization)
    assert (covered.status_code, covered.json()["code"]) == (409, "organization_has_party_organization")
    ended = await give(api, clerk, gone)
    assert (ended.status_code, ended.json()["code"]) == (409, "organization_has_ended")
    unknown, foreign = await give(api, clerk, RANDOM), await ledger.organization(shell, division="140300")
    theirs = await give(api, clerk, foreign)
    assert theirs.status_code == unknown.status_code == 404
    assert theirs.content == unknown.content
    for path in ("coverage", "no-party-organization-reason"):
        there = await api.get(f"/organizations/{foreign}/{path}", headers=clerk)
        nowhere = await api.get(f"/organizations/{RANDOM}/{path}", headers=clerk)
        assert there.status_code == 404
        assert there.content == nowhere.content


async def test_the_list_of_what_expires(
    api: httpx.AsyncClient, clerk: Headers, organizer: Headers, shell: Shell
) -> None:
    today = date.today()  # noqa: DTZ011 (as above)
    for number, days in enumerate((300, 20, 90)):
        organization = await ledger.organization(shell, name=f"协会{number}")
        until = str(today + timedelta(days=days))
        assert (await give(api, clerk, organization, until_on=until)).status_code == 201
    old = await ledger.organization(shell, name="旧协会")
    await give(api, clerk, old, from_on="2020-01-01", until_on="2020-06-01", reason="other", note="历史原因")

    async def found(**query: Any) -> list[str]:
        answer = await api.get("/no-party-organization-reasons", params=query, headers=organizer)
        assert answer.status_code == 200, answer.text
        return [item["organization"]["name"] for item in answer.json()["items"]]

    assert await found() == ["旧协会", "协会1", "协会2", "协会0"]
    assert await found(expired=False) == ["协会1", "协会2", "协会0"]
    assert await found(expired=True, reason="other") == ["旧协会"]
    assert await found(expires_before=str(today + timedelta(days=30)), expired=False) == ["协会1"]
    assert await found(division="440100", reason="dormant") == []
    first = (await api.get("/no-party-organization-reasons", params={"limit": 2}, headers=organizer)).json()
    rest = await api.get(
        "/no-party-organization-reasons",
        params={"limit": 2, "cursor": first["next_cursor"]},
        headers=organizer,
    )
    assert [i["organization"]["name"] for i in rest.json()["items"]] == ["协会2", "协会0"]


async def test_deregistration_ends_the_reason(api: httpx.AsyncClient, clerk: Headers, shell: Shell) -> None:
    organization = await ledger.organization(shell)
    given = (await give(api, clerk, organization)).json()
    async with begin(shell, SYSTEM) as work:
        await commands.end_covers(work, organization, work.today, "organization_ended")
    address = f"/organizations/{organization}/no-party-organization-reason"
    assert (await api.get(address, headers=clerk)).json()["until_on"] < given["until_on"]
    async with begin(shell, SYSTEM) as work:
        await commands.end_covers(work, organization, date(2016, 1, 1), "organization_ended")
    assert (await api.get(address, headers=clerk)).status_code == 404


async def test_divisions_with_and_without_a_committee(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors
) -> None:
    """Each division of a level is on one side, by the day asked for, within the caller's scope."""
    body = await make.body(api, organizer, kind="committee", formation="regional", name="区社会组织综合党委")
    plan = {"function": "comprehensive_committee", "division_code": "440115", "from_on": "2018-01-01"}
    address = f"/party-organizations/{body['id']}/functions"
    function = (await api.post(address, json=plan, headers=organizer)).json()
    tag = {**organizer, "If-Match": function["etag"]}
    ended = await api.post(f"{address}/{function['id']}/end", json={"on": "2023-10-01"}, headers=tag)
    assert ended.status_code == 200, ended.text

    async def ask(address: str, headers: Headers = organizer, **query: str) -> dict[str, Any]:
        asked = {"division": "440100", **query}
        answer = await api.get(f"/division-committees{address}", params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    for day, held in (
        ("2017-12-31", False),
        ("2018-01-01", True),
        ("2023-09-30", True),
        ("2023-10-01", False),
    ):
        items = (await ask("", as_of=day, limit="50"))["items"]
        found = {item["division"]["code"]: item for item in items}
        assert {code for code, item in found.items() if item["party_organization"]} == (
            {"440115"} if held else set()
        )
        if held:
            nansha = found["440115"]
            assert nansha["party_organization"] == {"id": body["id"], "name": "区社会组织综合党委"}
            assert nansha["since"] == "2018-01-01"
        lacking = (await ask("", as_of=day, has_body="false", limit="50"))["items"]
        assert len(lacking) == len(items) - held
        counted = await ask("/counts", as_of=day)
        assert (counted["with_body"], counted["without_body"]) == (held, len(items) - held)
        assert counted["divisions"] == len(items) == sum(line["divisions"] for line in counted["lines"])
    stranger = await actors("organizer", division="140000")
    assert (await ask("", stranger))["items"] == []
    assert (await ask("/counts", stranger))["divisions"] == 0
