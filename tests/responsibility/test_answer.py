"""Who answers, over HTTP: the rules against real tables, the reasons, the history, the findings, the
preview."""

from typing import Any

import httpx
import pytest

from tests.conftest import Actors
from tests.make import party_organizations
from tests.make import responsibility as make
from tests.make.responsibility import City

RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
Headers = dict[str, str]


async def test_direct_registration_in_guangdong(api: httpx.AsyncClient, city: City) -> None:
    """Guangdong: the committee of the registering level leads, the department for social work guides."""
    organization = await city.organization()
    answer = await city.answer(organization["id"])
    assert answer["organization"] == {"id": organization["id"], "name": "南沙区青年志愿者协会"}
    assert answer["lead"] == {"id": city.bodies["南沙区社会组织党委"], "name": "南沙区社会组织党委"}
    assert [each["name"] for each in answer["guidance"]] == ["南沙区委两新工委"]
    assert answer["joint"] == []
    assert (answer["rule"], answer["source"]) == (
        "direct_registration",
        "社会组织党委负责本级登记管理的社会组织党建工作 (广东 2018)",
    )
    assert answer["since"] == answer["as_of"]
    assert answer["overridden_by"] is None
    assert [(each["rule"], each["code"]) for each in answer["tried"]] == [
        ("community_filed", "condition_not_met"),
        ("decoupled", "condition_not_met"),
        ("industry_committee", "condition_not_met"),
        ("supervisory_unit", "condition_not_met"),
    ]
    assert answer["tried"][3]["facts"] == {"has_supervisory_unit": False}
    assert answer["tried"][3]["reason"] == {
        "zh": "是否有业务主管单位为否, 本条要求是",
        "en": "has a supervisory unit is false, the rule asks for true",
    }
    assert answer["allowed_actions"] == ["override"]
    same = await api.get(
        f"/organizations/{organization['id']}/responsibility",
        headers={**city.headers, "If-None-Match": answer["etag"]},
    )
    assert same.status_code == 304


async def test_dual_management(city: City) -> None:
    """谁主管谁负责: the supervisory unit's body leads, guided by the committee for new sectors."""
    unit = city.authorities["南沙区教育局"]
    organization = await city.organization(registration_mode="dual", supervisory_unit_id=unit)
    answer = await city.answer(organization["id"])
    assert (answer["rule"], answer["lead"]["name"]) == ("supervisory_unit", "南沙区教育局党委")
    assert [each["name"] for each in answer["guidance"]] == ["南沙区委两新工委"]


async def test_a_unit_without_a_body_falls_back(city: City) -> None:
    bare = await city.authority("南沙区商务局", "440115", "supervisory_unit")
    organization = await city.organization(registration_mode="dual", supervisory_unit_id=bare)
    answer = await city.answer(organization["id"])
    assert (answer["rule"], answer["lead"]["name"]) == ("fallback", "南沙区社会组织党委")
    assert {each["rule"]: each["code"] for each in answer["tried"]}["supervisory_unit"] == "no_body"


async def test_lawyers_have_their_own_committee(city: City) -> None:
    """Xi'an 2021: the justice bureau's industry committee, before the supervisory unit."""
    await city.body("南沙区律师行业党委", "440115")
    await city.function("南沙区律师行业党委", "industry_committee", "440115", industry="legal_services")
    organization = await city.organization(
        kind="intermediary",
        registration_mode="dual",
        industry="legal_services",
        supervisory_unit_id=city.authorities["南沙区教育局"],
    )
    answer = await city.answer(organization["id"])
    assert (answer["rule"], answer["lead"]["name"]) == ("industry_committee", "南沙区律师行业党委")
    other = await city.organization(name="南沙区会计学会", industry="accounting")
    tried = {each["rule"]: each for each in (await city.answer(other["id"]))["tried"]}
    assert tried["industry_committee"]["code"] == "no_body"
    assert tried["industry_committee"]["facts"]["industry"] == "accounting"


async def test_decoupling_brings_joint_responsibility(api: httpx.AsyncClient, city: City) -> None:
    """Xi'an 2021: after decoupling, civil affairs and the former supervisory unit act together."""
    organization = await city.organization(
        registration_mode="dual",
        is_trade_association=True,
        supervisory_unit_id=city.authorities["南沙区教育局"],
        registration_authority_id=city.authorities["南沙区民政局"],
    )
    before = await city.answer(organization["id"])
    changed = await api.patch(
        f"/organizations/{organization['id']}",
        json={"decoupled": True, "supervisory_unit_id": None, "registration_mode": "direct"},
        headers={**city.headers, "If-Match": organization["etag"]},
    )
    assert changed.status_code == 200, changed.text
    after = await city.answer(organization["id"])
    assert (before["rule"], after["rule"]) == ("supervisory_unit", "decoupled")
    assert after["lead"]["name"] == "南沙区委两新工委"
    assert {each["name"] for each in after["joint"]} == {"南沙区教育局党委", "南沙区民政局党委"}


async def test_a_county_without_a_committee_climbs(city: City) -> None:
    organization = await city.organization(division_code="440114", name="花都区志愿者协会")
    answer = await city.answer(organization["id"])
    assert (answer["rule"], answer["lead"]["name"]) == ("fallback", "广州市社会组织党委")


async def test_filed_organizations_belong_to_their_street(
    api: httpx.AsyncClient, city: City, actors: Actors
) -> None:
    """城乡社区社会组织由乡镇村和街道社区党组织兜底管理 (Guangdong 2018)."""
    await make.street(api, await actors("system_admin", division="100000"), "440115007", "珠江街道", "440115")
    await city.body("珠江街道党工委", "440115007", kind="working_committee", formation=None)
    filed = await city.organization(
        kind="community_filed", registration_mode="filed", domicile_division_code="440115007"
    )
    answer = await city.answer(filed["id"])
    assert (answer["rule"], answer["lead"]["name"]) == ("community_filed", "珠江街道党工委")


async def test_ningbo_follows_the_local_relation(api: httpx.AsyncClient, actors: Actors) -> None:
    """甬民党〔2018〕14号 item 4: a direct registration that is clearly local belongs to the local body."""
    ningbo = City(api, await actors("organizer", division="330200"))
    await make.street(api, await actors("system_admin", division="100000"), "330212001", "下应街道", "330212")
    await ningbo.body("鄞州区社会组织综合党委", "330212")
    await ningbo.function("鄞州区社会组织综合党委", "comprehensive_committee", "330212")
    await ningbo.body("下应街道党工委", "330212001", kind="working_committee", formation=None)
    local = await ningbo.organization(division_code="330212", domicile_division_code="330212001")
    answer = await ningbo.answer(local["id"])
    assert (answer["rule"], answer["lead"]["name"]) == ("direct_local", "下应街道党工委")
    assert answer["source"].startswith("甬民党〔2018〕14号")
    assert answer["facts"]["local_relation"] == "domiciled"
    elsewhere = await ningbo.organization(division_code="330212", name="鄞州区书法家协会")
    assert (await ningbo.answer(elsewhere["id"]))["lead"]["name"] == "鄞州区社会组织综合党委"


async def test_nobody_fits_is_a_listed_finding(
    api: httpx.AsyncClient, organizer: Headers, clerk: Headers, stranger: Headers
) -> None:
    empty = City(api, organizer)
    organization = await empty.organization()
    answer = await empty.answer(organization["id"])
    assert (answer["lead"], answer["rule"], answer["since"]) == (None, None, None)
    assert [each["rule"] for each in answer["tried"]][-1] == "fallback"
    assert answer["tried"][-1]["divisions"] == ["440115", "440100", "440000", "100000"]
    listed = (await api.get("/responsibility-findings", headers=clerk)).json()
    assert [each["organization"]["id"] for each in listed["items"]] == [organization["id"]]
    assert listed["items"][0]["tried"] == answer["tried"]
    assert listed["items"][0]["division"] == {"code": "440115", "name": "南沙区"}
    for query, found in (
        ({"division": "440100"}, 1),
        ({"division": "440300"}, 0),
        ({"kind": "association"}, 1),
        ({"kind": "foundation"}, 0),
        ({"registration_mode": "dual"}, 0),
    ):
        items = (await api.get("/responsibility-findings", params=query, headers=organizer)).json()["items"]
        assert len(items) == found, query
    assert (await api.get("/responsibility-findings", headers=stranger)).json()["items"] == []
    unknown = await api.get("/responsibility-findings", params={"colour": "red"}, headers=organizer)
    assert unknown.status_code == 422


async def test_an_answer_changes_with_its_facts_and_keeps_its_history(
    api: httpx.AsyncClient, city: City
) -> None:
    organization = await city.organization()
    address = f"/organizations/{organization['id']}/responsibility/history"
    first = (await api.get(address, headers=city.headers)).json()["items"]
    changed = await api.patch(
        f"/organizations/{organization['id']}",
        json={"registration_mode": "dual", "supervisory_unit_id": city.authorities["南沙区教育局"]},
        headers={**city.headers, "If-Match": organization["etag"]},
    )
    assert changed.status_code == 200, changed.text
    second = await city.answer(organization["id"])
    assert second["lead"]["name"] == "南沙区教育局党委"
    now = (await api.get(address, headers=city.headers)).json()["items"]
    leads = [each for each in now if each["relation"] == "lead"]
    assert [(each["party_organization"]["name"], each["until"]) for each in leads] == [
        ("南沙区教育局党委", None)
    ]
    query = {"known_at": first[0]["recorded_at"]}
    then = (await api.get(address, params=query, headers=city.headers)).json()["items"]
    assert then == first
    assert [each["party_organization"]["name"] for each in then if each["relation"] == "lead"] == [
        "南沙区社会组织党委"
    ]
    past = await city.answer(organization["id"], as_of="2020-01-01")
    assert (past["lead"], past["tried"], past["facts"]) == (None, [], {})


async def test_affiliation_with_a_street_counts_after_determining_again(
    api: httpx.AsyncClient, actors: Actors
) -> None:
    ningbo = City(api, await actors("organizer", division="330200"))
    await make.street(api, await actors("system_admin", division="100000"), "330212001", "下应街道", "330212")
    await ningbo.body("鄞州区社会组织综合党委", "330212")
    await ningbo.function("鄞州区社会组织综合党委", "comprehensive_committee", "330212")
    street = await ningbo.body("下应街道党工委", "330212001", kind="working_committee", formation=None)
    organization = await ningbo.organization(division_code="330212")
    branch = await ningbo.body("协会联合党支部", "330212", kind="branch", formation="joint", parent_id=street)
    await party_organizations.cover(api, ningbo.headers, branch, organization["id"], from_on="2026-04-01")
    changed = await api.patch(
        f"/organizations/{organization['id']}",
        json={"foreign_related": True, "registration_mode": "direct", "is_trade_association": True},
        headers={**ningbo.headers, "If-Match": organization["etag"]},
    )
    assert changed.status_code == 200, changed.text
    answer = await ningbo.answer(organization["id"])
    assert answer["facts"]["local_relation"] == "affiliated"
    assert (answer["rule"], answer["lead"]["id"]) == ("direct_local", street)


async def test_strangers_see_nothing(api: httpx.AsyncClient, city: City, stranger: Headers) -> None:
    organization = await city.organization()
    for path in ("responsibility", "responsibility/history"):
        theirs = await api.get(f"/organizations/{organization['id']}/{path}", headers=stranger)
        nowhere = await api.get(f"/organizations/{RANDOM}/{path}", headers=stranger)
        assert (theirs.status_code, theirs.content) == (404, nowhere.content)


async def test_a_body_sees_whom_it_leads(api: httpx.AsyncClient, city: City, actors: Actors) -> None:
    organization = await city.organization()
    leads = await actors("viewer", body=city.bodies["南沙区社会组织党委"])
    other = await actors("viewer", body=city.bodies["南沙区教育局党委"])
    address = f"/organizations/{organization['id']}/responsibility"
    assert (await api.get(address, headers=leads)).status_code == 200
    assert (await api.get(address, headers=other)).status_code == 404


PREVIEW: dict[str, Any] = {"kind": "association", "registration_mode": "direct", "division_code": "440115"}


async def test_a_preview_stores_nothing(api: httpx.AsyncClient, city: City, clerk: Headers) -> None:
    answer = await api.post("/responsibility/preview", json=PREVIEW, headers=clerk)
    assert answer.status_code == 200, answer.text
    assert answer.json()["lead"]["name"] == "南沙区社会组织党委"
    assert len(answer.json()["tried"]) == 4
    decoupled = {
        **PREVIEW,
        "decoupled": True,
        "former_supervisory_unit_id": city.authorities["南沙区教育局"],
    }
    joint = (await api.post("/responsibility/preview", json=decoupled, headers=clerk)).json()["joint"]
    assert [each["name"] for each in joint] == ["南沙区教育局党委"]
    assert (await api.get("/responsibility-findings", headers=city.headers)).json()["items"] == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"division_code": "140300"}, 404),
        ({"division_code": "999999"}, 404),
        ({"supervisory_unit_id": RANDOM}, 422),
        ({"registration_mode": "none"}, 422),
        ({"shoe_size": 42}, 422),
    ],
)
async def test_previews_refused(
    api: httpx.AsyncClient, clerk: Headers, change: dict[str, Any], status: int
) -> None:
    answer = await api.post("/responsibility/preview", json={**PREVIEW, **change}, headers=clerk)
    assert answer.status_code == status
