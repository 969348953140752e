"""Party organizations over HTTP: lists, counts, powers, and who sees which."""

from typing import Any

import httpx

from app.core.work import Shell
from tests.conftest import Actors
from tests.make import ledger
from tests.make import party_organizations as make

RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
Headers = dict[str, str]


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
        "leading_group": 0,
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


async def test_what_each_may_do(api: httpx.AsyncClient, organizer: Headers) -> None:
    """By kind and formation, from the rule pack: a general branch deliberates, a temporary one does not."""
    plans = [
        ("committee", "regional"),
        ("general_branch", "joint"),
        ("branch", "joint"),
        ("branch", "temporary"),
    ]
    plans += [("leading_group", None)]
    for number, (kind, formation) in enumerate(plans):
        await make.body(api, organizer, kind=kind, formation=formation, name=f"{number}")
    listed = (await api.get("/party-organizations", headers=organizer)).json()["items"]
    powers = {item["name"]: set(item["powers"]) for item in listed}
    assert {n for n, granted in powers.items() if "approve_members" in granted} == {"0"}
    assert "deliberate_members" in powers["1"]
    assert {"admit_members", "hold_members", "collect_dues", "hold_elections"} <= powers["2"]
    assert powers["3"] == powers["4"] == set()
