"""评星晋级 of Xi'an over HTTP: who names what, pairing, promotion, downgrade, 17 of the province's 59."""

from typing import Any

import httpx

from tests.conftest import Actors
from tests.make import authorities, organizations, party_organizations

Headers = dict[str, str]
XIAN, YANTA, XIANYANG = "610100", "610113", "610400"


async def department(api: httpx.AsyncClient, headers: Headers, division: str, name: str) -> str:
    roles = [{"role": "social_work_department", "from_on": "2020-01-01"}]
    made = await authorities.authority(api, headers, name=name, division_code=division, roles=roles)
    return str(made["id"])


async def designate(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> httpx.Response:
    plan = {"kind": "star", "document": "市社工发〔2026〕5号", "from_on": "2026-01-10", **fields}
    return await api.post("/designations", json=plan, headers=headers)


async def act(
    api: httpx.AsyncClient, headers: Headers, row: dict[str, Any], verb: str, **body: Any
) -> httpx.Response:
    match = {**headers, "If-Match": row["etag"]}
    return await api.post(f"/designations/{row['id']}/{verb}", json=body, headers=match)


async def test_stars_from_naming_to_revocation(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors
) -> None:
    city = await department(api, organizer, XIAN, "西安市委社会工作部(测试)")
    province = await department(api, organizer, "610000", "陕西省委社会工作部(测试)")
    branch = (await party_organizations.body(api, organizer, division_code=YANTA))["id"]

    # Five stars are the province's, and three and above need a pairing agreement: both reasons at once.
    five = {"party_organization_id": branch, "grade": 5}
    refused = await designate(api, organizer, **five, authority_id=city)
    assert (refused.status_code, refused.json()["code"]) == (409, "designation_blocked")
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["level_may_not", "pairing_missing"]
    two = await designate(api, organizer, party_organization_id=branch, grade=2, authority_id=city)
    assert two.status_code == 201, two.text
    assert (two.json()["until_on"], two.json()["level"]) == ("2029-01-10", "prefecture")
    signed = {
        "title": "党建共建协议书",
        "party_organization_id": branch,
        "counterparts": [{"unit_name": "示例社区", "unit_kind": "community"}],
        "signed_on": "2026-02-01",
    }
    assert (await api.post("/agreements", json=signed, headers=organizer)).status_code == 201
    plaque = {"plaque_number": "0001", "authority_id": city}
    four = {"party_organization_id": branch, "grade": 4}
    before = await designate(api, organizer, **four, **plaque)  # the agreement was not yet signed that day
    assert [reason["code"] for reason in before.json()["reasons"]] == ["pairing_missing"]
    promoted = await designate(api, organizer, **four, **plaque, from_on="2026-03-01")
    assert promoted.status_code == 201, promoted.text
    former = (await api.get(f"/designations/{two.json()['id']}", headers=organizer)).json()
    assert (former["until_on"], former["ended_reason"]) == ("2026-03-01", "promoted")
    assert promoted.json()["previous_id"] == former["id"]
    other = (await party_organizations.body(api, organizer, division_code=YANTA, name="示例二支部"))["id"]
    taken = await designate(api, organizer, party_organization_id=other, grade=1, **plaque)
    assert taken.json()["code"] == "plaque_taken"
    lower = await designate(
        api, organizer, party_organization_id=branch, grade=3, authority_id=city, from_on="2026-04-01"
    )
    assert [reason["code"] for reason in lower.json()["reasons"]] == ["lower_than_present"]

    # Only the province names five; whoever else asks finds the authority out of reach.
    county = await actors("organizer", division=YANTA)
    beyond = await designate(api, county, **five, authority_id=province)
    assert beyond.json()["errors"][0]["pointer"] == "/authority_id"
    await lowered(api, organizer, await actors("approver", division="610000"), promoted.json(), branch)


async def lowered(
    api: httpx.AsyncClient, organizer: Headers, approver: Headers, star: dict[str, Any], branch: str
) -> None:
    """A yearly re-check that fails; a downgrade that another person decides; the day before keeps four."""
    asked = {"year": 2026, "outcome": "failed", "note": "协议未履行"}
    failed = await act(api, organizer, star, "checks", **asked)
    assert failed.json()["checks"][0]["outcome"] == "failed"
    again = await act(api, organizer, failed.json(), "checks", **asked)
    assert again.json()["code"] == "designation_checked_already"
    unchecked = (await api.get("/designations?unchecked_in=2026", headers=organizer)).json()["items"]
    assert star["id"] not in [row["id"] for row in unchecked]
    assert (
        await act(api, organizer, failed.json(), "changes", kind="downgrade", to_grade=4, reason="x")
    ).json()["code"] == "designation_invalid"
    down = {"kind": "downgrade", "to_grade": 3, "reason": "年度复核未通过"}
    proposed = (await act(api, organizer, failed.json(), "changes", **down)).json()
    change = proposed["changes"][0]
    assert change["state"] == "proposed"
    seen = (await api.get(f"/designations/{star['id']}", headers=approver)).json()
    assert seen["allowed_actions"] == ["decide_change"]
    decided = await act(api, approver, seen, f"changes/{change['id']}/decide", approve=True)
    assert decided.status_code == 200, decided.text
    assert (decided.json()["ended_reason"], decided.json()["in_force"]) == ("downgraded", False)
    now = (
        await api.get(f"/designations?party_organization_id={branch}&in_force=true", headers=organizer)
    ).json()["items"]
    assert [(row["grade"], row["previous_id"], row["until_on"]) for row in now] == [
        (3, star["id"], "2029-03-01")
    ]
    history = {}
    for day in ("2026-02-28", "2026-03-01", "2029-03-01"):
        found = await api.get(f"/designations/figures?division={XIAN}&as_of={day}", headers=organizer)
        history[day] = [(each["grade"], each["in_force"]) for each in found.json()["counts"]]
    assert history == {"2026-02-28": [(2, 1)], "2026-03-01": [(4, 1)], "2029-03-01": []}


async def test_seventeen_of_fifty_nine(api: httpx.AsyncClient, organizer: Headers, actors: Actors) -> None:
    """28.8 % of the province's five-star organizations, with both totals (4-9); the first batch of ten."""
    province = await department(api, organizer, "610000", "陕西省委社会工作部(测试)")
    city = await department(api, organizer, XIAN, "西安市委社会工作部(测试)")
    ids = []
    for n in range(59):
        division = XIAN if n < 17 else XIANYANG
        made = await organizations.organization(
            api,
            organizer,
            name=f"示例第{n}协会",
            credit_code=organizations.credit_code(700 + n, division=division),
            division_code=division,
        )
        ids.append(made["id"])
    signed = {
        "title": "党建共建协议书",
        "organization_id": ids[0],
        "counterparts": [{"organization_id": each} for each in ids[1:]],
        "signed_on": "2025-12-01",
    }
    assert (await api.post("/agreements", json=signed, headers=organizer)).status_code == 201
    for each in ids:
        star = await designate(api, organizer, organization_id=each, grade=5, authority_id=province)
        assert star.status_code == 201, star.text
    for each in ids[:10]:
        site = {"kind": "demonstration", "organization_id": each, "authority_id": city, "batch": 1}
        assert (await designate(api, organizer, **site)).status_code == 201

    found = (await api.get(f"/designations/figures?division={XIAN}", headers=organizer)).json()
    stars = next(each for each in found["counts"] if each["kind"] == "star")
    assert (stars["grade"], stars["in_force"], stars["of_province"], stars["percent"]) == (5, 17, 59, "28.8")
    assert found["province"]["code"] == "610000"
    assert found["batches"] == [
        {"kind": "demonstration", "batch": 1, "level": "prefecture", "designated": 10, "in_force": 10}
    ]
    assert [(each["reached"], each["number"], each["met"]) for each in found["targets"]] == [(17, 17, True)]
    nation = (await api.get("/designations/figures", headers=organizer)).json()
    assert {(line["division"]["code"], line["kind"], line["in_force"]) for line in nation["lines"]} == {
        ("610000", "star", 59),
        ("610000", "demonstration", 10),
    }
    # Everybody may read what is designated, nobody's name among it.
    public = (await api.get(f"/designations/published?division={XIAN}&kind=star")).json()
    assert len(public["designations"]) == 17
    assert public["more"] is False
    assert set(public["designations"][0]) == {
        "kind",
        "grade",
        "name",
        "division",
        "authority",
        "level",
        "plaque_year",
        "plaque_number",
        "batch",
        "from_on",
        "until_on",
        "result_hash",
        "standard_hash",
    }

    # Revoked with a reason by two; proposed twice at once is refused; the share follows.
    row = (await api.get(f"/designations?organization_id={ids[0]}&kind=star", headers=organizer)).json()
    star = row["items"][0]
    revoke = {"kind": "revoke", "reason": "受到行政处罚"}
    proposed = (await act(api, organizer, star, "changes", **revoke)).json()
    twice = await act(api, organizer, proposed, "changes", **revoke)
    assert twice.json()["code"] == "designation_change_open"
    approver = await actors("approver", division=XIAN)
    url = f"changes/{proposed['changes'][0]['id']}/decide"
    done = await act(api, approver, proposed, url, approve=True, note="同意")
    assert done.json()["ended_reason"] == "revoked"
    found = (await api.get(f"/designations/figures?division={XIAN}", headers=organizer)).json()
    assert (found["counts"][1]["in_force"], found["counts"][1]["percent"]) == (16, "27.6")
    assert found["targets"][0]["met"] is False
