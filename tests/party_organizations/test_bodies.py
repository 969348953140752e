"""Party organizations over HTTP: establish, change, re-form, dissolve."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.work import Shell
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
