"""六有 of venues, the targets of service centres, and Xi'an's 29 bases of which 12 are provincial points."""

from typing import Any

import httpx

from app.facilities.rules import FIVE_FUNCTIONS, SIX_HAVE
from tests.conftest import Actors
from tests.make import divisions, party_organizations

Headers = dict[str, str]


async def record(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> dict[str, Any]:
    plan = {"level": "county", "division_code": "440115", "from_on": "2018-03-01", **fields}
    made = await api.post("/facilities", json=plan, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def check(
    api: httpx.AsyncClient, headers: Headers, facility: dict[str, Any], **body: Any
) -> httpx.Response:
    match = {**headers, "If-Match": facility["etag"]}
    return await api.post(f"/facilities/{facility['id']}/checks", json=body, headers=match)


async def test_six_have_and_five_functions(api: httpx.AsyncClient, organizer: Headers) -> None:
    body = await party_organizations.body(api, organizer)
    venue = await record(
        api, organizer, kind="venue", name="示例党员活动室", party_organization_id=body["id"], shared=True
    )
    assert (venue["complete"], venue["features"], venue["shared"]) == (False, [], True)
    bare = await check(
        api,
        organizer,
        venue,
        on="2017-01-01",
        features=[{"feature": "place", "present": True}, {"feature": "lead", "present": False}],
    )
    assert {fault["code"] for fault in bare.json()["errors"]} == {
        "evidence_required",
        "not_of_this_kind",
        "too_early",
    }
    features = [{"feature": each, "present": True, "evidence": "现场照片"} for each in SIX_HAVE]
    whole = await check(api, organizer, venue, on="2026-03-01", features=features)
    assert whole.json()["complete"] is True
    # A later check that misses the books counts from its day; the same day corrects itself.
    lost = [{"feature": "books", "present": False, "evidence": None}]
    now = await check(api, organizer, whole.json(), on="2026-09-01", features=lost)
    assert now.json()["complete"] is False
    counted = {}
    for day in ("2026-02-28", "2026-03-01", "2026-09-01"):
        found = await api.get(f"/facilities/figures?division=440100&as_of={day}", headers=organizer)
        counted[day] = found.json()["total"]["venues_complete"]
    assert counted == {"2026-02-28": 0, "2026-03-01": 1, "2026-09-01": 0}
    again = [{"feature": "books", "present": True, "evidence": "现场照片2"}]
    mended = await check(api, organizer, now.json(), on="2026-09-01", features=again)
    assert (mended.json()["complete"], len(mended.json()["features"])) == (True, 6)

    bases = [
        await record(
            api,
            organizer,
            kind="training_base",
            name=f"示例实训基地{n}",
            level="prefecture",
            division_code="440100",
            teaching_point_level="province" if n < 12 else None,
        )
        for n in range(29)
    ]
    functions = [{"feature": each, "present": True, "evidence": "方案"} for each in FIVE_FUNCTIONS]
    assert (await check(api, organizer, bases[0], features=functions)).json()["complete"] is True
    total = (await api.get("/facilities/figures?division=440000", headers=organizer)).json()["total"]
    assert (total["training_bases"], total["teaching_points_provincial"]) == (29, 12)
    assert total["training_bases_complete"] == 1

    match = {**organizer, "If-Match": bases[28]["etag"]}
    url = f"/facilities/{bases[28]['id']}/end"
    assert (await api.post(url, json={"reason": "recorded_in_error"}, headers=match)).status_code == 200
    closed = {"reason": "closed", "on": "2020-01-01"}
    match = {**organizer, "If-Match": bases[27]["etag"]}
    ended = await api.post(f"/facilities/{bases[27]['id']}/end", json=closed, headers=match)
    assert (ended.json()["until_on"], ended.json()["allowed_actions"]) == ("2020-01-01", [])
    past = (await api.get("/facilities/figures?division=440000&as_of=2019-12-31", headers=organizer)).json()
    assert past["total"]["training_bases"] == 28
    twice = {"kind": "training_base", "name": "示例实训基地0", "level": "county", "from_on": "2026-01-01"}
    refused = await api.post("/facilities", json={**twice, "division_code": "440100"}, headers=organizer)
    assert refused.json()["code"] == "facility_twice"


async def test_targets_of_counties_and_townships(api: httpx.AsyncClient, actors: Actors) -> None:
    """One or two in every county (1-19); in 45 % of the townships by the end of the year (1-21)."""
    ningbo = await actors("organizer", division="330200")
    townships = [f"330203{n:03d}" for n in range(1, 12)]
    admin = await actors("system_admin", division="100000")
    for code in townships:
        township = {"level": "township", "kind": "subdistrict", "name": f"示例街道{code[-2:]}"}
        await divisions.division(api, admin, code, **township, parent_code="330203", from_on="2010-01-01")
    center = {"kind": "service_center", "center_kind": "party_mass", "legal_entity": True}
    for name, county in (("一", "330203"), ("二", "330203"), ("三", "330203"), ("四", "330205")):
        await record(api, ningbo, **center, name=f"示例党群服务中心{name}", division_code=county)
    incubator = {"kind": "service_center", "center_kind": "incubator", "level": "township"}
    for code in townships[:4]:
        await record(api, ningbo, **incubator, name="示例孵化园", division_code=code)

    async def targets(day: str) -> dict[str, Any]:
        found = (await api.get(f"/facilities/figures?division=330200&as_of={day}", headers=ningbo)).json()
        return {target["code"]: target for target in found["targets"]}

    found = await targets("2018-12-31")
    counties, towns = found["county_centers"], found["township_centers"]
    assert (counties["reached"], counties["above"], counties["met"]) == (2, 1, False)
    assert counties["units"] == 2 + len(counties["short"])
    assert (towns["units"], towns["reached"], towns["percent"]) == (11, 4, "36.36")
    assert (towns["met"], towns["overdue"]) == (False, False)
    assert (await targets("2019-01-01"))["township_centers"]["overdue"] is True
    await record(api, ningbo, **incubator, name="示例孵化园", division_code=townships[4])
    towns = (await targets("2026-01-01"))["township_centers"]
    assert (towns["percent"], towns["met"], towns["overdue"]) == ("45.45", True, False)
    assert len(towns["short"]) == 6

    counted = (await api.get("/facilities/figures?division=330200", headers=ningbo)).json()
    assert counted["total"]["service_centers"] == 9
    assert (counted["total"]["incubators"], counted["total"]["centers_registered"]) == (5, 4)
    assert [line["service_centers"] for line in counted["lines"]] == [8, 1]
