"""Party organizations over HTTP: establish, change, re-form, dissolve, list, count, scope."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.work import Shell
from tests.conftest import Actors
from tests.make import ledger
from tests.make import party_organizations as make

RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
Headers = dict[str, str]


async def events(shell: Shell, subject: str) -> list[str]:
    async with shell.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT type FROM events WHERE subject_id = :s ORDER BY id"), {"s": subject}
        )
        return sorted(kind.removeprefix("party_organization.") for kind in rows.scalars())


async def test_established_with_its_first_covers(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    first, second = (
        await ledger.organization(shell),
        await ledger.organization(shell, name="南沙区书法家协会"),
    )
    committee = await make.body(
        api, organizer, kind="committee", formation="regional", name="南沙区社会组织党委"
    )
    plan = {
        "name": "南沙区社会组织第一联合党支部",
        "kind": "branch",
        "formation": "joint",
        "division_code": "440115",
        "parent_id": committee["id"],
        "approval_document": "南社党〔2018〕3号",
        "founded_on": "2018-03-01",
        "covers": [
            {"organization_id": str(first)},
            {"organization_id": str(second), "from_on": "2018-04-01"},
        ],
    }
    made = await api.post("/party-organizations/establish", json=plan, headers=organizer)
    assert made.status_code == 201, made.text
    body = made.json()
    assert made.headers["location"] == body["id"]
    assert body | {"parent": None} == {
        **body,
        "name": plan["name"],
        "kind": "branch",
        "formation": "joint",
        "level": "county",
        "division": {"code": "440115", "name": "南沙区"},
        "parent": None,
        "industry": None,
        "approval_document": "南社党〔2018〕3号",
        "founded_on": "2018-03-01",
        "dissolved_on": None,
        "counts_as_primary": True,
        "status": "active",
    }
    assert body["parent"] == {"id": committee["id"], "name": "南沙区社会组织党委"}
    assert body["allowed_actions"] == [
        "update",
        "move",
        "change_formation",
        "dissolve",
        "cover",
        "assign_function",
    ]
    covers = (await api.get(f"/party-organizations/{body['id']}/covers", headers=organizer)).json()["items"]
    assert [(c["organization"]["id"], c["from_on"]) for c in covers] == [
        (str(first), "2018-03-01"),
        (str(second), "2018-04-01"),
    ]
    assert await events(shell, body["id"]) == ["cover_started", "cover_started", "established"]
    again = await api.get(
        f"/party-organizations/{body['id']}", headers={**organizer, "If-None-Match": body["etag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("change", "status", "pointer", "code"),
    [
        ({"formation": None}, 422, "/formation", "formation_required"),
        ({"founded_on": "2199-01-01"}, 422, "/founded_on", "in_future"),
        ({"division_code": "449999"}, 422, "/division_code", "division_unknown"),
        ({"division_code": "440121"}, 422, "/division_code", "division_abolished"),
        ({"division_code": "140300"}, 404, "/division_code", "outside_scope"),
        ({"parent_id": RANDOM}, 404, "/parent_id", "not_found"),
        ({"kind": "soviet"}, 422, "/kind", None),
        ({"name": "支\u202e部"}, 422, "/name", "text_control_character"),
        ({"covers": [{"organization_id": RANDOM}]}, 404, "/covers/0/organization_id", "not_found"),
        ({"kind": "discipline_committee"}, 422, "/covers/0", "kind_does_not_cover"),
        ({"formation": "single"}, 422, "/covers", "single_covers_one"),
    ],
)
async def test_what_cannot_be_established(
    api: httpx.AsyncClient,
    organizer: Headers,
    shell: Shell,
    *,
    change: dict[str, Any],
    status: int,
    pointer: str,
    code: str | None,
) -> None:
    ids = [str(await ledger.organization(shell, name=name)) for name in ("甲协会", "乙协会")]
    plan = {
        "name": "某支部",
        "kind": "branch",
        "formation": "joint",
        "division_code": "440115",
        "founded_on": "2018-03-01",
        "covers": [{"organization_id": i} for i in ids],
        **change,
    }
    answer = await api.post("/party-organizations/establish", json=plan, headers=organizer)
    assert answer.status_code == status, answer.text
    fault = answer.json()["errors"][0]
    assert fault["pointer"] == pointer
    assert code in (None, fault["code"])
    assert (await api.get("/party-organizations", headers=organizer)).json()["items"] == []


async def test_changed_by_merge_patch(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    body = await make.body(api, organizer, approval_document="南社党〔2018〕3号")
    address, tag = f"/party-organizations/{body['id']}", {**organizer, "If-Match": body["etag"]}
    changed = await api.patch(address, json={"name": "新名党支部", "approval_document": None}, headers=tag)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["approval_document"]) == ("新名党支部", None)
    assert (await api.patch(address, json={"name": "又名"}, headers=tag)).status_code == 412
    assert (await api.patch(address, json={"name": "又名"}, headers=organizer)).status_code == 428
    tag["If-Match"] = changed.json()["etag"]
    same = await api.patch(address, json={"name": "新名党支部"}, headers=tag)
    assert same.json()["etag"] == changed.json()["etag"]
    for refused in ({"name": None}, {"kind": "committee"}):
        assert (await api.patch(address, json=refused, headers=tag)).status_code == 422
    assert await events(shell, body["id"]) == ["changed", "established"]


async def test_another_formation_leaves_the_past_alone(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    first, second = (
        await ledger.organization(shell),
        await ledger.organization(shell, name="南沙区书法家协会"),
    )
    body = await make.body(api, organizer, formation="single")
    await make.cover(api, organizer, body["id"], first, from_on="2017-01-01")
    start = {"organization_id": str(second), "from_on": "2020-01-01"}
    second_one = await api.post(f"/party-organizations/{body['id']}/covers", json=start, headers=organizer)
    assert (second_one.status_code, second_one.json()["code"]) == (409, "single_covers_one")
    early = await make.act(api, organizer, body["id"], "change-formation", formation="joint", on="2015-01-01")
    assert early.json()["errors"][0]["code"] == "before_foundation"
    same = await make.act(api, organizer, body["id"], "change-formation", formation="single")
    assert same.json()["errors"][0]["code"] == "unchanged"
    future = await make.act(
        api, organizer, body["id"], "change-formation", formation="joint", on="2199-01-01"
    )
    assert future.json()["errors"][0]["code"] == "in_future"
    joint = await make.act(api, organizer, body["id"], "change-formation", formation="joint", on="2020-01-01")
    assert joint.status_code == 200, joint.text
    assert joint.json()["formation"] == "joint"
    await make.cover(api, organizer, body["id"], second, from_on="2020-01-01")
    covers = await api.get(
        f"/party-organizations/{body['id']}/covers", params={"history": True}, headers=organizer
    )
    assert [
        (c["organization"]["id"], c["formation"], c["from_on"], c["until_on"], c["ended_reason"])
        for c in sorted(covers.json()["items"], key=lambda c: (c["organization"]["id"], c["from_on"]))
    ] == [
        (str(first), "single", "2017-01-01", "2020-01-01", "reformed"),
        (str(first), "joint", "2020-01-01", None, None),
        (str(second), "joint", "2020-01-01", None, None),
    ]
    back = await make.act(api, organizer, body["id"], "change-formation", formation="single", on="2020-01-01")
    assert (back.status_code, back.json()["code"]) == (409, "single_covers_one")


async def test_dissolved_with_all_that_hangs_on_it(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    organization = await ledger.organization(shell)
    later = await ledger.organization(shell, name="南沙区书法家协会")
    body = await make.body(api, organizer, kind="committee", formation="regional")
    await make.cover(api, organizer, body["id"], organization, from_on="2017-01-01")
    await make.cover(api, organizer, body["id"], later, from_on="2022-01-01")
    function = {"function": "local_committee", "division_code": "440115", "from_on": "2018-01-01"}
    assigned = await api.post(
        f"/party-organizations/{body['id']}/functions", json=function, headers=organizer
    )
    assert assigned.status_code == 201, assigned.text
    same_day = await make.act(api, organizer, body["id"], "dissolve", on="2016-07-01", reason="误设")
    assert same_day.json()["code"] == "same_day_period"
    future = await make.act(api, organizer, body["id"], "dissolve", on="2199-01-01", reason="误设")
    assert future.json()["errors"][0]["code"] == "in_future"
    done = await make.act(api, organizer, body["id"], "dissolve", on="2021-06-01", reason="并入街道党工委")
    assert done.status_code == 200, done.text
    dissolved = done.json()
    assert (dissolved["status"], dissolved["dissolved_on"]) == ("dissolved", "2021-06-01")
    assert dissolved["dissolved_reason"] == "并入街道党工委"
    assert dissolved["allowed_actions"] == []
    covers = await api.get(
        f"/party-organizations/{body['id']}/covers", params={"history": True}, headers=organizer
    )
    assert [(c["until_on"], c["ended_reason"]) for c in covers.json()["items"]] == [
        ("2021-06-01", "party_organization_dissolved")
    ]
    functions = await api.get("/party-organization-functions", headers=organizer)
    assert [f["until_on"] for f in functions.json()["items"]] == ["2021-06-01"]
    assert await events(shell, body["id"]) == [
        "cover_cancelled",
        "cover_ended",
        "cover_started",
        "cover_started",
        "dissolved",
        "established",
        "function_assigned",
        "function_ended",
    ]
    for verb, fields in (
        ("dissolve", {"reason": "又"}),
        ("move", {"parent_id": None}),
        ("change-formation", {"formation": "joint"}),
    ):
        answer = await make.act(api, organizer, body["id"], verb, **fields)
        assert (answer.status_code, answer.json()["code"]) == (409, "party_organization_is_dissolved")
    for path, plan in (
        ("covers", {"organization_id": str(organization)}),
        ("functions", function),
    ):
        answer = await api.post(f"/party-organizations/{body['id']}/{path}", json=plan, headers=organizer)
        assert (answer.status_code, answer.json()["code"]) == (409, "party_organization_is_dissolved")


async def test_children_are_moved_first_or_go_to_the_parent(
    api: httpx.AsyncClient, organizer: Headers
) -> None:
    top = await make.body(api, organizer, kind="committee", formation="regional", name="上级党委")
    middle = await make.body(
        api, organizer, kind="committee", formation="industry", name="行业党委", parent_id=top["id"]
    )
    branch = await make.body(api, organizer, name="支部", parent_id=middle["id"], founded_on="2019-01-01")
    orphan = await make.act(
        api, organizer, top["id"], "dissolve", on="2021-01-01", reason="撤并", children_to_parent=True
    )
    assert (orphan.status_code, orphan.json()["code"]) == (409, "no_parent_for_children")
    remain = await make.act(api, organizer, middle["id"], "dissolve", on="2021-01-01", reason="撤并")
    assert (remain.status_code, remain.json()["code"]) == (409, "party_organization_has_children")
    assert "1" in remain.json()["detail"]
    early = await make.act(api, organizer, middle["id"], "dissolve", on="2018-01-01", reason="撤并")
    assert (early.status_code, early.json()["code"]) == (409, "dissolved_too_early")
    assert "2019-01-01" in early.json()["detail"]
    done = await make.act(
        api, organizer, middle["id"], "dissolve", on="2021-01-01", reason="撤并", children_to_parent=True
    )
    assert done.status_code == 200, done.text
    assert (await make.read(api, organizer, branch["id"]))["parent"]["id"] == top["id"]
    parents = await api.get(f"/party-organizations/{branch['id']}/parents", headers=organizer)
    assert [(p["parent"]["name"], p["from_on"], p["until_on"]) for p in parents.json()["items"]] == [
        ("行业党委", "2019-01-01", "2021-01-01"),
        ("上级党委", "2021-01-01", None),
    ]
    group = await make.body(
        api,
        organizer,
        kind="group",
        formation=None,
        name="小组",
        parent_id=branch["id"],
        founded_on="2020-01-01",
    )
    wrong = await make.act(
        api, organizer, branch["id"], "dissolve", on="2022-01-01", reason="撤并", children_to_parent=True
    )
    assert wrong.status_code == 200, wrong.text
    assert (await make.read(api, organizer, group["id"]))["parent"]["id"] == top["id"]


async def test_children_that_cannot_hang_below_the_parent(api: httpx.AsyncClient, organizer: Headers) -> None:
    top = await make.body(api, organizer, kind="working_committee", formation=None, name="工委")
    branch = await make.body(api, organizer, name="支部", parent_id=top["id"])
    await make.body(api, organizer, kind="group", formation=None, name="小组", parent_id=branch["id"])
    wrong = await make.act(
        api, organizer, branch["id"], "dissolve", on="2022-01-01", reason="撤并", children_to_parent=True
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["code"] == "kind_of_parent"
    assert (await make.read(api, organizer, branch["id"]))["status"] == "active"


async def test_lists(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    organization = await ledger.organization(shell)
    top = await make.body(
        api,
        organizer,
        kind="committee",
        formation="regional",
        name="广州市社会组织党委",
        division_code="440100",
        founded_on="2010-01-01",
    )
    branch = await make.body(api, organizer, name="甲支部", parent_id=top["id"])
    team = await make.body(api, organizer, name="乙工作小组", kind="work_team", formation=None)
    await make.cover(api, organizer, branch["id"], organization, from_on="2017-01-01", until_on="2019-01-01")
    await make.act(api, organizer, team["id"], "dissolve", on="2020-01-01", reason="任务完成")

    async def found(**query: Any) -> list[str]:
        answer = await api.get("/party-organizations", params=query, headers=organizer)
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.json()["items"]]

    assert await found() == ["广州市社会组织党委", "甲支部", "乙工作小组"]
    assert await found(division="440115") == ["甲支部", "乙工作小组"]
    assert await found(under=top["id"]) == ["广州市社会组织党委", "甲支部"]
    assert await found(under=top["id"], as_of="2016-06-30") == ["广州市社会组织党委"]
    assert await found(parent=top["id"]) == ["甲支部"]
    assert await found(kind="work_team") == ["乙工作小组"]
    assert await found(formation="joint") == ["甲支部"]
    assert await found(level="prefecture") == ["广州市社会组织党委"]
    assert await found(status="active", division="440115") == ["甲支部"]
    assert await found(as_of="2015-01-01") == ["广州市社会组织党委"]
    assert await found(as_of="2019-12-31") == ["广州市社会组织党委", "甲支部", "乙工作小组"]
    assert await found(covers=str(organization)) == []
    assert await found(covers=str(organization), as_of="2018-01-01") == ["甲支部"]
    assert await found(q="工作") == ["乙工作小组"]
    assert await found(q="%") == []
    assert (await api.get("/party-organizations", params={"color": 1}, headers=organizer)).status_code == 422
    first = (await api.get("/party-organizations", params={"limit": 2}, headers=organizer)).json()
    assert first["has_more"]
    rest = await api.get(
        "/party-organizations", params={"limit": 2, "cursor": first["next_cursor"]}, headers=organizer
    )
    assert [i["name"] for i in rest.json()["items"]] == ["乙工作小组"]
    foreign = await api.get(
        "/party-organizations", params={"kind": "branch", "cursor": first["next_cursor"]}, headers=organizer
    )
    assert foreign.json()["code"] == "bad_cursor"


async def test_counts_with_the_sum_check(api: httpx.AsyncClient, organizer: Headers, actors: Actors) -> None:
    plans = [
        *[("committee", "regional", "440100")] * 2,
        ("general_branch", "industry", "440100"),
        *[("branch", "joint", "440115")] * 4,
        ("work_team", None, "440115"),
        ("discipline_committee", None, "440000"),
    ]
    for kind, formation, division in plans:
        last = await make.body(
            api, organizer, kind=kind, formation=formation, division_code=division, name=kind
        )
    await make.act(api, organizer, last["id"], "dissolve", on="2020-01-01", reason="机构改革")
    answer = (await api.get("/party-organizations/counts", headers=organizer)).json()
    assert (answer["total"], answer["sum_of_kinds"], answer["sum_holds"]) == (7, 7, True)
    assert {k["kind"]: k["count"] for k in answer["kinds"]} == {
        "committee": 2,
        "general_branch": 1,
        "branch": 4,
        "working_committee": 0,
        "group": 0,
        "work_team": 1,
        "discipline_committee": 0,
    }
    assert {(c["kind"], c["level"]): c["count"] for c in answer["kinds_and_levels"]} == {
        ("branch", "county"): 4,
        ("committee", "prefecture"): 2,
        ("general_branch", "prefecture"): 1,
        ("work_team", "county"): 1,
    }
    query = {"as_of": "2019-01-01", "division": "440115"}
    past = (await api.get("/party-organizations/counts", params=query, headers=organizer)).json()
    assert (past["as_of"], past["total"]) == ("2019-01-01", 4)
    everywhere = await api.get(
        "/party-organizations/counts", params={"as_of": "2019-01-01"}, headers=organizer
    )
    assert {k["kind"]: k["count"] for k in everywhere.json()["kinds"]}["discipline_committee"] == 1
    elsewhere = await api.get(
        "/party-organizations/counts", headers=await actors("viewer", division="140000")
    )
    assert elsewhere.json()["total"] == 0


async def test_scope_by_division(
    api: httpx.AsyncClient, organizer: Headers, clerk: Headers, stranger: Headers
) -> None:
    above = await make.body(api, organizer, division_code="440100", name="市级支部")
    here = await make.body(api, organizer, name="区级支部")
    seen = (await api.get("/party-organizations", headers=clerk)).json()["items"]
    assert [(i["id"], i["allowed_actions"]) for i in seen] == [(here["id"], ["update", "cover"])]
    for call in (
        lambda i: api.get(f"/party-organizations/{i}", headers=clerk),
        lambda i: api.get(f"/party-organizations/{i}/tree", headers=clerk),
        lambda i: api.get(f"/party-organizations/{i}/covers", headers=clerk),
        lambda i: api.get(f"/party-organizations/{i}/parents", headers=clerk),
        lambda i: api.get(f"/party-organizations/{i}/covers/{RANDOM}", headers=stranger),
        lambda i: api.get(f"/party-organizations/{i}/functions/{RANDOM}", headers=stranger),
        lambda i: api.patch(
            f"/party-organizations/{i}", json={"name": "改"}, headers={**clerk, "If-Match": above["etag"]}
        ),
        lambda i: api.post(
            f"/party-organizations/{i}/covers", json={"organization_id": RANDOM}, headers=clerk
        ),
        lambda i: api.post(
            f"/party-organizations/{i}/move",
            json={"parent_id": None},
            headers={**stranger, "If-Match": '"1"'},
        ),
    ):
        theirs, nobodys = await call(above["id"]), await call(RANDOM)
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.content == nobodys.content
    forbidden = await api.post(
        f"/party-organizations/{here['id']}/dissolve",
        json={"reason": "x"},
        headers={**clerk, "If-Match": here["etag"]},
    )
    assert forbidden.status_code == 403


async def test_scope_by_body(api: httpx.AsyncClient, organizer: Headers, actors: Actors) -> None:
    line = await make.body(
        api, organizer, kind="committee", formation="industry", name="律师行业党委", division_code="440000"
    )
    other = await make.body(api, organizer, name="别的支部")
    mine = await actors("organizer", body=line["id"])
    below = await make.body(
        api, mine, name="佛山律师支部", division_code="440600", parent_id=line["id"], founded_on="2019-01-01"
    )
    seen = (await api.get("/party-organizations", headers=mine)).json()["items"]
    assert {i["id"] for i in seen} == {line["id"], below["id"]}
    assert (await api.get(f"/party-organizations/{other['id']}", headers=mine)).status_code == 404
    alone = await api.post(
        "/party-organizations/establish",
        json={
            "name": "散支部",
            "kind": "branch",
            "formation": "joint",
            "division_code": "440600",
            "founded_on": "2019-01-01",
        },
        headers=mine,
    )
    assert alone.status_code == 404
    assert alone.json()["errors"][0]["pointer"] == "/division_code"
