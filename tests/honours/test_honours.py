"""Honours of every kind of holder, members guarded; one branch, one brand."""

import asyncio
from typing import Any

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from tests.conftest import Actors
from tests.make import members, organizations, party_organizations

Headers = dict[str, str]
HONOUR = {
    "kind": "commendation",
    "title": "先进基层党组织",
    "level": "prefecture",
    "year": 2025,
    "awarded_by": "中共广州市委",
}


async def honour(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> httpx.Response:
    return await api.post("/honours", json={**HONOUR, **fields}, headers=headers)


async def test_honours_of_four_kinds_of_holders(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors, shell: Shell
) -> None:
    branches = [
        str((await party_organizations.body(api, organizer, name=f"示例第{n}党支部"))["id"]) for n in range(4)
    ]
    organization = await organizations.organization(api, organizer)
    member = await members.member(api, organizer, branches[0])
    plan = {"party_organization_id": branches[0], "name": "红色管家", "from_on": "2025-01-01"}
    brand = (await api.post("/brand-projects", json=plan, headers=organizer)).json()

    # Nansha: four branches honoured; 双强 organization and secretary; a deputy; one of ten brands.
    made = [(await honour(api, organizer, party_organization_id=each)).json() for each in branches]
    strong = {"kind": "double_strong", "title": "双强社会组织", "level": "province"}
    own = await honour(api, organizer, **strong, organization_id=organization["id"])
    assert own.status_code == 201, own.text
    strong["title"] = "双强书记"
    of_member = (await honour(api, organizer, **strong, member_id=member["id"])).json()
    assert "*" in of_member["member"]["name"]
    await honour(api, organizer, kind="deputy", title="区人大代表", member_id=member["id"])
    brand_award = {"kind": "brand", "title": "十大品牌", "brand_project_id": brand["id"]}
    assert (await honour(api, organizer, **brand_award)).status_code == 201

    async def counts(headers: Headers, **query: Any) -> dict[str, int]:
        asked = {"division": "440100", **query}
        found = (await api.get("/honours/figures", params=asked, headers=headers)).json()
        return dict(found["total"])

    assert await counts(organizer) == {
        "honours": 8,
        "provincial_or_above": 2,
        "organizations": 1,
        "party_organizations": 4,
        "members": 1,
        "double_strong_organizations": 1,
        "double_strong_secretaries": 1,
        "deputies": 1,
        "brand_projects": 1,
        "brand_projects_honoured": 1,
    }
    assert (await counts(organizer, from_year=2026))["honours"] == 0

    # One holder each; the year and the day agree; the same honour once, unless it was withdrawn.
    both = await honour(api, organizer, member_id=member["id"], party_organization_id=branches[0], year=1900)
    assert {fault["code"] for fault in both.json()["errors"]} == {"one_holder", "year_range"}
    twice = await honour(api, organizer, party_organization_id=branches[1])
    assert (twice.status_code, twice.json()["code"]) == (409, "honour_twice")
    match = {**organizer, "If-Match": made[1]["etag"]}
    url = f"/honours/{made[1]['id']}"
    gone = await api.post(f"{url}/withdraw", json={"reason": "recorded_in_error"}, headers=match)
    assert (gone.status_code, gone.json()["allowed_actions"]) == (200, [])
    assert (await honour(api, organizer, party_organization_id=branches[1])).status_code == 201
    match = {**organizer, "If-Match": of_member["etag"]}
    wrong = await api.patch(f"/honours/{of_member['id']}", json={"awarded_on": "2023-01-01"}, headers=match)
    assert wrong.json()["errors"][0]["code"] == "another_year"

    # A member's honour is seen by whoever may see the member; without a word to the policy, by nobody.
    assert (await counts(await actors("viewer", division="440103")))["honours"] == 0
    async with begin(shell, SYSTEM) as work:
        assert await work.scalar(text("SELECT count(*) FROM honours WHERE member_id IS NOT NULL")) == 0
        assert await work.scalar(text("SELECT count(*) FROM honours")) == 7


async def test_one_branch_one_brand(api: httpx.AsyncClient, organizer: Headers) -> None:
    branch = (await party_organizations.body(api, organizer))["id"]
    plan = {"party_organization_id": branch, "name": "红三建", "from_on": "2025-01-01"}
    other = {**plan, "name": "红色管家", "from_on": "2025-06-01"}
    raced = await asyncio.gather(
        *(api.post("/brand-projects", json=each, headers=organizer) for each in (plan, other))
    )
    assert sorted(answer.status_code for answer in raced) == [201, 409]
    first = next(answer.json() for answer in raced if answer.status_code == 201)
    match = {**organizer, "If-Match": first["etag"]}
    url = f"/brand-projects/{first['id']}/end"
    early = await api.post(url, json={"on": first["from_on"], "reason": "replaced"}, headers=match)
    assert early.json()["errors"][0]["code"] == "too_early"
    over = await api.post(url, json={"on": "2026-01-01", "reason": "replaced"}, headers=match)
    assert over.json()["until_on"] == "2026-01-01"
    again = await api.post(url, json={"reason": "replaced"}, headers={**match, "If-Match": "*"})
    assert again.json()["code"] == "brand_project_is_over"
    anew = {**plan, "name": "银龄先锋", "from_on": "2026-01-01"}
    assert (await api.post("/brand-projects", json=anew, headers=organizer)).status_code == 201
    found = (await api.get("/brand-projects?running=true", headers=organizer)).json()["items"]
    assert [row["name"] for row in found] == ["银龄先锋"]
