"""Establishing over HTTP: asked, answered, elected, established; and what stops it."""

from typing import Any

import httpx

from app.core.work import Shell
from tests.conftest import Actors
from tests.make import ledger
from tests.make import members as people
from tests.make import party_organizations as make
from tests.make.establishments import asked, take

Headers = dict[str, str]
Body = dict[str, Any]


async def test_from_the_request_to_the_body(
    api: httpx.AsyncClient,
    organizer: Headers,
    clerk: Headers,
    *,
    committee: Body,
    members: list[str],
    shell: Shell,
) -> None:
    """Each step in its order: the body has its covers and members in the transaction that makes it."""
    organization = str(await ledger.organization(shell))
    plan = asked(committee, organization_ids=[organization], member_ids=members)
    made = await api.post("/establishments", json=plan, headers=clerk)
    assert made.status_code == 201, made.text
    case = made.json()
    assert (case["state"], case["requested_on"], case["reply_due_on"]) == (
        "requested",
        "2026-01-31",
        "2026-02-28",
    )
    assert (case["basis"], case["counted"], case["at_least"]) == ("full_members", 3, 3)
    assert case["superior"] == {"id": committee["id"], "name": committee["name"]}
    assert case["overdue"]
    assert case["needs_election"]
    assert (case["member_count"], case["organizations"][0]["id"]) == (3, organization)
    assert case["allowed_actions"] == ["withdraw"]

    refused = await take(api, clerk, case, "approve", document="南社党〔2026〕12号")
    assert refused.status_code == 403
    early = await take(api, organizer, case, "approve", document="x", on="2026-01-30")
    assert early.json()["errors"][0]["code"] == "too_early"
    agreed = await take(api, organizer, case, "approve", document="南社党〔2026〕12号", on="2026-02-20")
    assert agreed.status_code == 200, agreed.text
    case = agreed.json()
    assert (case["state"], case["decided_on"], case["overdue"]) == ("approved", "2026-02-20", False)

    soon = await take(api, organizer, case, "finish", document="x")
    assert (soon.status_code, soon.json()["code"]) == (409, "establishment_step")
    result = {"due": 3, "present": 3, "seats": 1, "document": "关于选举结果的报告"}
    wrong = await take(api, clerk, case, "report-election", **{**result, "present": 4}, held_on="2026-03-01")
    assert wrong.json()["errors"][0]["code"] == "exceeds_due"
    held = await take(api, clerk, case, "report-election", **result, held_on="2026-03-01")
    assert held.status_code == 200, held.text
    again = await take(api, organizer, held.json(), "repeat-election", reason="选票未封存", on="2026-03-02")
    assert (again.json()["state"], again.json()["election"]) == ("approved", None)
    held = await take(api, clerk, again.json(), "report-election", **result, held_on="2026-03-05")
    case = held.json()
    assert case["election"]["present"] == 3

    silent = await take(api, organizer, case, "finish")
    assert silent.json()["errors"][0]["code"] == "document_required"
    done = await take(api, organizer, case, "finish", document="南社党〔2026〕20号", on="2026-03-10")
    assert done.status_code == 200, done.text
    case = done.json()
    assert case["state"] == "established"
    assert case["allowed_actions"] == []
    assert [step["state"] for step in case["steps"]] == [
        *("requested", "approved", "elected", "approved", "elected", "established")
    ]
    body = await make.read(api, organizer, case["party_organization"]["id"])
    assert (body["founded_on"], body["approval_document"]) == ("2026-02-20", "南社党〔2026〕12号")
    assert body["parent"]["id"] == committee["id"]
    assert "admit_members" in body["powers"]
    covers = (await api.get(f"/party-organizations/{body['id']}/covers", headers=organizer)).json()["items"]
    assert [(c["organization"]["id"], c["from_on"]) for c in covers] == [(organization, "2026-02-20")]
    for member in members:
        assert (await people.read(api, organizer, member))["party_organization"]["id"] == body["id"]
    late = await take(api, clerk, case, "withdraw", reason="x")
    assert late.json()["code"] == "establishment_step"


async def test_every_reason_at_once(
    api: httpx.AsyncClient,
    organizer: Headers,
    clerk: Headers,
    *,
    committee: Body,
    members: list[str],
    shell: Shell,
) -> None:
    """Too few members, too many units, an organization that another request names: all in one answer."""
    units = [str(await ledger.organization(shell, name=f"第{n}协会")) for n in range(6)]
    first = asked(committee, organization_ids=units[:1], member_ids=members)
    assert (await api.post("/establishments", json=first, headers=clerk)).status_code == 201
    second = asked(committee, organization_ids=units, member_ids=members[:1])
    blocked = await api.post("/establishments", json=second, headers=clerk)
    assert (blocked.status_code, blocked.json()["code"]) == (409, "establishment_blocked")
    reasons = {reason["code"]: reason for reason in blocked.json()["reasons"]}
    assert set(reasons) == {
        *("too_few_members", "too_many_organizations"),
        *("organization_in_another_request", "member_in_another_request"),
    }
    few = reasons["too_few_members"]
    assert (few["counted"], few["at_least"], few["basis"]) == (1, 3, "full_members")
    assert "支部工作条例" in few["source"]
    assert "正式党员1名" in few["message"]["zh"]
    excused = {
        **second,
        "organization_ids": units[1:],
        "member_ids": [],
        "exception_reason": "园区党建全覆盖",
    }
    case = (await api.post("/establishments", json=excused, headers=clerk)).json()
    assert (case["counted"], case["exception_reason"]) == (0, "园区党建全覆盖")
    bare = await take(api, organizer, case, "approve", document="南社党〔2026〕13号")
    assert bare.json()["errors"][0]["code"] == "exception_document_required"
    agreed = await take(
        api,
        organizer,
        case,
        "approve",
        document="南社党〔2026〕13号",
        exception_document="南社党会〔2026〕2号",
    )
    assert agreed.status_code == 200, agreed.text


async def test_returned_rejected_withdrawn(
    api: httpx.AsyncClient,
    organizer: Headers,
    clerk: Headers,
    *,
    stranger: Headers,
    committee: Body,
    members: list[str],
    actors: Actors,
) -> None:
    """Sent back with what is missing, asked again under a new term; refused with the reason; withdrawn."""
    plan = asked(committee, member_ids=members)
    case = (await api.post("/establishments", json=plan, headers=clerk)).json()
    foreign = await api.get(f"/establishments/{case['id']}", headers=stranger)
    nobody = await api.get(f"/establishments/{committee['id']}", headers=stranger)
    assert (foreign.status_code, foreign.content) == (404, nobody.content)
    district = await actors("organizer", division="440115")
    own = await take(api, district, case, "return", reason="自己不能批复")
    assert (own.status_code, own.json()["code"]) == (409, "not_the_superior")
    back = (await take(api, organizer, case, "return", reason="缺少党员名册", on="2026-02-05")).json()
    assert (back["state"], back["steps"][-1]["reason"]) == ("returned", "缺少党员名册")
    blocked = await take(
        api, clerk, back, "resubmit", **{**plan, "member_ids": members[:2], "requested_on": "2026-02-10"}
    )
    assert blocked.json()["reasons"][0]["counted"] == 2
    anew = await take(api, clerk, back, "resubmit", **{**plan, "requested_on": "2026-02-10"})
    assert anew.status_code == 200, anew.text
    assert (anew.json()["state"], anew.json()["reply_due_on"]) == ("requested", "2026-03-10")
    found = await api.get(
        "/establishments",
        params={"overdue": True, "division": "440100", "state": "requested"},
        headers=organizer,
    )
    assert [one["id"] for one in found.json()["items"]] == [case["id"]]
    gone = (await take(api, clerk, anew.json(), "withdraw", reason="改为联合组建")).json()
    assert gone["state"] == "withdrawn"
    other = (await api.post("/establishments", json=plan, headers=clerk)).json()
    refused = (
        await take(api, organizer, other, "reject", reason="可并入现有支部", document="复〔2026〕1号")
    ).json()
    assert (refused["state"], refused["steps"][-1]["document"]) == ("rejected", "复〔2026〕1号")


async def test_who_counts_is_of_the_place(
    api: httpx.AsyncClient, organizer: Headers, committee: Body, members: list[str], actors: Actors
) -> None:
    """Ningbo counts full-time staff; a committee counts the members of the bodies that come below it; a work
    team needs no number and no election."""
    ningbo = await actors("organizer", division="330000")
    above = await make.body(
        api, ningbo, kind="committee", formation="regional", division_code="330200", name="宁波市社会组织党委"
    )
    others = {"full_members": 3, "members": 4, "full_time_full_members": 2, "full_time_members": 2}
    plan = asked(above, division_code="330200", others=others)
    blocked = (await api.post("/establishments", json=plan, headers=ningbo)).json()
    assert [(r["basis"], r["counted"]) for r in blocked["reasons"]] == [("full_time_full_members", 2)]
    enough = {**plan, "others": {**others, "full_time_full_members": 3, "full_time_members": 3}}
    assert (await api.post("/establishments", json=enough, headers=ningbo)).status_code == 201
    branch = (await people.read(api, organizer, members[0]))["party_organization"]["id"]
    general = asked(committee, kind="general_branch", name="南沙区社会组织党总支", branch_ids=[branch])
    blocked = (await api.post("/establishments", json=general, headers=organizer)).json()
    assert [(r["counted"], r["at_least"]) for r in blocked["reasons"]] == [(3, 50)]
    more = {"full_members": 47, "members": 47}
    case = (await api.post("/establishments", json={**general, "others": more}, headers=organizer)).json()
    assert case["counted"] == 50
    case = (await take(api, organizer, case, "approve", document="x", on="2026-02-01")).json()
    held = {"held_on": "2026-02-10", "due": 50, "present": 45, "seats": 5, "document": "y"}
    case = (await take(api, organizer, case, "report-election", **held)).json()
    case = (await take(api, organizer, case, "finish", document="z", on="2026-02-20")).json()
    moved = await make.read(api, organizer, branch)
    assert moved["parent"]["id"] == case["party_organization"]["id"]
    team = asked(committee, kind="work_team", formation=None, name="南沙区党的工作小组")
    case = (await api.post("/establishments", json=team, headers=organizer)).json()
    assert (case["needs_election"], case["at_least"]) == (False, None)
    case = (await take(api, organizer, case, "approve", document="x", on="2026-02-01")).json()
    assert "finish" in case["allowed_actions"]
    assert (await take(api, organizer, case, "finish")).json()["state"] == "established"


async def test_what_cannot_be_asked(
    api: httpx.AsyncClient, organizer: Headers, clerk: Headers, committee: Body, members: list[str]
) -> None:
    """The shape is refused with its fields, all at once."""
    strange = committee["id"][:-4] + "0000"
    wrongs = await api.post(
        "/establishments",
        json=asked(committee, formation=None, kind="committee", member_ids=members),
        headers=clerk,
    )
    assert {fault["code"] for fault in wrongs.json()["errors"]} == {"formation_required", "not_a_branch"}
    for change, code in (
        ({"parent_id": strange}, "not_found"),
        ({"member_ids": [strange]}, "not_found"),
        ({"branch_ids": [strange]}, "no_branches"),
        ({"requested_on": "2199-01-01"}, "in_future"),
        ({"division_code": "449999"}, "division_unknown"),
    ):
        answer = await api.post("/establishments", json=asked(committee, **change), headers=clerk)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["code"] == code
    general = await make.body(
        api, organizer, kind="general_branch", division_code="440100", name="无上级党总支"
    )
    lone = asked(general, member_ids=members)
    blocked = await api.post("/establishments", json=lone, headers=organizer)
    assert [r["code"] for r in blocked.json()["reasons"]] == ["no_approving_body"]
