"""Upgrade, merge and split over HTTP: what hangs on a body goes where it must."""

import asyncio
from typing import Any

import httpx

from app.core.work import Shell
from tests.make import ledger
from tests.make import members as people
from tests.make import party_organizations as make

Headers = dict[str, str]
Body = dict[str, Any]
DOCUMENT = "南社党〔2026〕15号"


async def covered(api: httpx.AsyncClient, headers: Headers, body_id: str) -> dict[str, str]:
    """The organizations that a body covers today, with the day since when."""
    found = await api.get(f"/party-organizations/{body_id}/covers", headers=headers)
    return {cover["organization"]["id"]: cover["from_on"] for cover in found.json()["items"]}


async def members_in(api: httpx.AsyncClient, headers: Headers, body_id: str) -> set[str]:
    found = await api.get("/members", params={"party_organization_id": body_id}, headers=headers)
    assert found.status_code == 200, found.text
    return {member["id"] for member in found.json()["items"]}


async def test_merged(
    api: httpx.AsyncClient, organizer: Headers, stranger: Headers, *, committee: Body, shell: Shell
) -> None:
    """Members, covers and groups come to the body that stays; the other ends, with a record of it."""
    stays = await make.body(api, organizer, name="甲支部", parent_id=committee["id"])
    goes = await make.body(api, organizer, name="乙支部", parent_id=committee["id"])
    group = await make.body(
        api,
        organizer,
        kind="group",
        formation=None,
        name="小组",
        parent_id=goes["id"],
        founded_on="2019-01-01",
    )
    units = [str(await ledger.organization(shell, name=f"第{n}协会")) for n in range(2)]
    await make.cover(api, organizer, goes["id"], units[0], from_on="2018-01-01")
    await make.cover(api, organizer, goes["id"], units[1], from_on="2018-01-01")
    await make.cover(api, organizer, stays["id"], units[1], from_on="2019-01-01")
    member = await people.member(api, organizer, goes["id"])
    post = {
        "member_id": member["id"],
        "role": "secretary",
        "from_on": "2020-01-01",
        "document": "任〔2020〕1号",
    }
    review = {"reviewed_on": "2019-12-02", "opinion": "suitable", "document": "考察材料〔2019〕1号"}
    review |= {"member_id": member["id"], "role": "secretary"}
    home = f"/party-organizations/{goes['id']}"
    reviewed = await api.post(f"{home}/nominee-reviews", json=review, headers=organizer)
    assert reviewed.status_code == 201, reviewed.text
    named = await api.post(f"{home}/posts", json=post, headers=organizer)
    assert named.status_code == 201, named.text
    order = {
        "party_organization_ids": [goes["id"]],
        "on": "2026-03-01",
        "document": DOCUMENT,
        "reason": "撤并小散支部",
    }
    other = await make.act(
        api, organizer, stays["id"], "merge", **{**order, "party_organization_ids": [stays["id"]]}
    )
    assert other.json()["errors"][0]["code"] == "itself"
    kinds = await make.act(
        api, organizer, stays["id"], "merge", **{**order, "party_organization_ids": [committee["id"]]}
    )
    assert kinds.json()["errors"][0]["code"] == "other_kind"
    done = await make.act(api, organizer, stays["id"], "merge", **order)
    assert done.status_code == 200, done.text
    record = done.json()
    assert record["moved"] == {"members": 1, "organizations": 2, "bodies": 1, "functions": 0, "posts": 1}
    assert [(b["party_organization"]["id"], b["part"]) for b in record["bodies"]] == [
        *sorted((one, "source") for one in (stays["id"], goes["id"])),
        (stays["id"], "result"),
    ]
    gone = await make.read(api, organizer, goes["id"])
    assert (gone["status"], gone["dissolved_on"], gone["dissolved_reason"]) == (
        *("dissolved", "2026-03-01"),
        "撤并小散支部",
    )
    assert await members_in(api, organizer, stays["id"]) == {member["id"]}
    assert await covered(api, organizer, stays["id"]) == {units[0]: "2026-03-01", units[1]: "2019-01-01"}
    assert (await make.read(api, organizer, group["id"]))["parent"]["id"] == stays["id"]
    listed = await api.get(
        "/reorganizations", params={"party_organization_id": goes["id"]}, headers=organizer
    )
    assert [one["id"] for one in listed.json()["items"]] == [record["id"]]
    assert (await api.get(f"/reorganizations/{record['id']}", headers=stranger)).status_code == 404
    again = await make.act(api, organizer, stays["id"], "merge", **order)
    assert (again.status_code, again.json()["code"]) == (409, "party_organization_is_dissolved")


async def test_split(api: httpx.AsyncClient, organizer: Headers, *, committee: Body, shell: Shell) -> None:
    """New bodies take what is named; the old one stays with the rest, or ends with nothing left."""
    old = await make.body(api, organizer, name="联合支部", parent_id=committee["id"])
    units = [str(await ledger.organization(shell, name=f"第{n}协会")) for n in range(2)]
    for unit in units:
        await make.cover(api, organizer, old["id"], unit, from_on="2018-01-01")
    staff = [(await people.member(api, organizer, old["id"], n))["id"] for n in range(1, 5)]
    part = {"name": "新支部", "formation": "single", "member_ids": staff[:3], "organization_ids": units[:1]}
    order = {"parts": [part], "on": "2026-03-01", "document": DOCUMENT, "reason": "具备单独组建条件"}
    few = {**order, "parts": [{**part, "member_ids": staff[:2]}]}
    blocked = await make.act(api, organizer, old["id"], "split", **few)
    assert [(r["code"], r["counted"]) for r in blocked.json()["reasons"]] == [("too_few_members", 2)]
    twice = {**order, "parts": [part, {**part, "organization_ids": [committee["id"]]}]}
    wrong = await make.act(api, organizer, old["id"], "split", **twice)
    assert {(f["pointer"], f["code"]) for f in wrong.json()["errors"]} == {
        *((f"/parts/1/member_ids/{n}", "named_twice") for n in range(3)),
        ("/parts/1/organization_ids/0", "not_covered"),
    }
    left = await make.act(api, organizer, old["id"], "split", **{**order, "dissolve": True})
    assert (left.status_code, left.json()["code"]) == (409, "members_remain")
    done = await make.act(api, organizer, old["id"], "split", **order)
    assert done.status_code == 200, done.text
    new = next(
        b["party_organization"] for b in done.json()["bodies"] if b["party_organization"]["id"] != old["id"]
    )
    assert await members_in(api, organizer, new["id"]) == set(staff[:3])
    assert await covered(api, organizer, new["id"]) == {units[0]: "2026-03-01"}
    assert await members_in(api, organizer, old["id"]) == {staff[3]}
    assert await covered(api, organizer, old["id"]) == {units[1]: "2018-01-01"}
    made = await make.read(api, organizer, new["id"])
    assert (made["parent"]["id"], made["approval_document"]) == (committee["id"], DOCUMENT)


async def test_upgraded_and_counted_by_the_day(
    api: httpx.AsyncClient, organizer: Headers, *, committee: Body
) -> None:
    """The same body from a branch to a general branch to a committee; each day counts what it was then."""
    branch = await make.body(api, organizer, name="产业园党支部", parent_id=committee["id"])
    staff = [(await people.member(api, organizer, branch["id"], n))["id"] for n in (1, 2)]
    order = {"kind": "general_branch", "name": "产业园党总支", "on": "2026-02-01", "document": DOCUMENT}
    blocked = await make.act(api, organizer, branch["id"], "upgrade", **order)
    assert [(r["code"], r.get("counted"), r.get("count")) for r in blocked.json()["reasons"]] == [
        ("too_few_members", 2, None),
        ("members_without_branch", None, 2),
    ]
    below = [{"name": "产业园第一党支部", "formation": "joint", "member_ids": staff}]
    excused = {**order, "exception_document": "南社党会〔2026〕3号", "branches": below}
    done = await make.act(api, organizer, branch["id"], "upgrade", **excused)
    assert done.status_code == 200, done.text
    now = await make.read(api, organizer, branch["id"])
    assert (now["kind"], now["name"], now["counts_as_primary"]) == ("general_branch", "产业园党总支", True)
    assert "deliberate_members" in now["powers"]
    (child,) = [b["party_organization"]["id"] for b in done.json()["bodies"] if b["part"] == "result"][-1:]
    assert {b["party_organization"]["id"] for b in done.json()["bodies"]} >= {branch["id"], child}
    wrong = await make.act(api, organizer, branch["id"], "upgrade", **{**excused, "kind": "branch"})
    assert wrong.json()["errors"][0]["code"] == "not_an_upgrade"
    higher = {**excused, "kind": "committee", "name": "产业园党委", "branches": [], "on": "2026-05-01"}
    same_day = await make.act(api, organizer, branch["id"], "upgrade", **{**higher, "on": "2026-02-01"})
    assert same_day.json()["code"] == "dissolved_too_early"
    assert (await make.act(api, organizer, branch["id"], "upgrade", **higher)).status_code == 200
    history = (await api.get(f"/party-organizations/{branch['id']}/history", headers=organizer)).json()[
        "items"
    ]
    assert [(h["kind"], h["name"], h["from_on"], h["until_on"]) for h in history] == [
        ("branch", "产业园党支部", "2016-07-01", "2026-02-01"),
        ("general_branch", "产业园党总支", "2026-02-01", "2026-05-01"),
        ("committee", "产业园党委", "2026-05-01", None),
    ]
    for day, parts in (("2026-01-31", (1, 0, 1)), ("2026-02-01", (1, 1, 1)), ("2026-05-01", (2, 0, 1))):
        counts = await api.get("/party-organizations/counts", params={"as_of": day}, headers=organizer)
        by_kind = {kind["kind"]: kind["count"] for kind in counts.json()["kinds"]}
        assert tuple(by_kind[k] for k in ("committee", "general_branch", "branch")) == parts, day
        assert counts.json()["sum_holds"]
    asked = {"as_of": "2026-01-31", "kind": "branch"}
    then = await api.get("/party-organizations", params=asked, headers=organizer)
    assert [one["id"] for one in then.json()["items"]] == [branch["id"]]


async def test_changes_at_once_keep_the_tree(api: httpx.AsyncClient, organizer: Headers) -> None:
    """Two bodies merged into each other at once, and moves below each other: one wins, nothing breaks."""
    fields = {"kind": "committee", "formation": "regional"}
    one, two, three = [
        await make.body(api, organizer, name=name, **fields) for name in ("甲党委", "乙党委", "丙党委")
    ]

    async def verb(body: Body, name: str, **order: Any) -> httpx.Response:
        tag = {**organizer, "If-Match": body["etag"]}
        return await api.post(f"/party-organizations/{body['id']}/{name}", json=order, headers=tag)

    order = {"on": "2026-03-01", "document": DOCUMENT, "reason": "合并"}
    answers = await asyncio.gather(
        verb(one, "merge", party_organization_ids=[two["id"]], **order),
        verb(two, "merge", party_organization_ids=[one["id"]], **order),
        verb(three, "move", parent_id=one["id"], on="2026-02-01"),
        verb(one, "move", parent_id=three["id"], on="2026-02-01"),
    )
    codes = [answer.status_code for answer in answers]
    assert all(code in {200, 409, 412, 422} for code in codes), [answer.text for answer in answers]
    left = [await make.read(api, organizer, body["id"]) for body in (one, two, three)]
    assert sum(body["status"] == "dissolved" for body in left) == codes[:2].count(200) <= 1
    for body in left:
        tree = await api.get(f"/party-organizations/{body['id']}/tree", headers=organizer)
        assert len({node["id"] for node in tree.json()["nodes"]}) == len(tree.json()["nodes"])
