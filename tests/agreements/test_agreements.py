"""结对共建 over HTTP: Nansha's 16 branches with 43 partners; of the agreements 40 hold (Yangquan)."""

import asyncio
from typing import Any

import httpx

from tests.conftest import Actors
from tests.make import organizations, party_organizations

Headers = dict[str, str]
SIGNED = {"title": "党建共建协议书", "signed_on": "2026-01-05", "until_on": "2028-01-05"}


def village(number: int) -> dict[str, Any]:
    return {"unit_name": f"示例村{number:02d}", "unit_kind": "village"}


async def sign(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> httpx.Response:
    return await api.post("/agreements", json={**SIGNED, **fields}, headers=headers)


async def end(api: httpx.AsyncClient, headers: Headers, made: dict[str, Any], **order: Any) -> httpx.Response:
    match = {**headers, "If-Match": made["etag"]}
    return await api.post(f"/agreements/{made['id']}/end", json=order, headers=match)


async def test_sixteen_branches_with_forty_three(api: httpx.AsyncClient, organizer: Headers) -> None:
    places = ("440115", "440115", "440115", "440103")
    branches = [
        (
            await party_organizations.body(
                api, organizer, name=f"示例第{n}党支部", division_code=places[n % len(places)]
            )
        )["id"]
        for n in range(16)
    ]
    made = []
    for n in range(43):
        items = [{"text": "联合主题党日", "done_on": "2026-02-01" if n < 20 else None}]
        answer = await sign(
            api, organizer, party_organization_id=branches[n % 16], counterparts=[village(n)], items=items
        )
        assert answer.status_code == 201, answer.text
        made.append(answer.json())

    counted = (await api.get("/agreements/figures?division=440100", headers=organizer)).json()
    assert counted["total"] == {
        "agreements": 43,
        "holders": 16,
        "holding_party_organizations": 16,
        "counterparts": 43,
        "counterparts_outside": 43,
        "items": 43,
        "items_done": 20,
    }
    lines = {line["division"]["code"]: line for line in counted["lines"]}
    assert set(lines) == {"440115", "440103"}
    assert lines["440115"]["agreements"] + lines["440103"]["agreements"] == 43
    assert (lines["440115"]["holders"], lines["440103"]["holders"]) == (12, 4)

    # Two are ended, one was an error: 40 hold today; the error held on no day.
    for row in made[:2]:
        ended = await end(api, organizer, row, on="2026-06-01", reason="terminated", note="双方协商终止")
        assert ended.status_code == 200, ended.text
        assert (ended.json()["until_on"], ended.json()["in_force"]) == ("2026-06-01", False)
    assert (await end(api, organizer, made[2], reason="recorded_in_error")).status_code == 200
    figures = {}
    for day in ("2026-05-31", "2026-11-01", "2028-01-05"):
        asked = f"/agreements/figures?division=440100&as_of={day}"
        figures[day] = (await api.get(asked, headers=organizer)).json()["total"]["agreements"]
    assert figures == {"2026-05-31": 42, "2026-11-01": 40, "2028-01-05": 0}
    over = await end(api, organizer, {**made[0], "etag": "*"}, reason="fulfilled")
    assert over.json()["code"] == "agreement_is_over"

    # The same two hold one at a time, from either side; an ended one is out of the way.
    again = {"party_organization_id": branches[0], "counterparts": [village(16)]}
    twice = await sign(api, organizer, **again)
    assert (twice.status_code, twice.json()["code"]) == (409, "agreement_twice")
    anew = await sign(
        api, organizer, party_organization_id=branches[0], counterparts=[village(0)], from_on="2026-06-01"
    )
    assert anew.status_code == 201
    pair = {"party_organization_id": branches[0], "counterparts": [{"party_organization_id": branches[1]}]}
    swapped = {"party_organization_id": branches[1], "counterparts": [{"party_organization_id": branches[0]}]}
    raced = await asyncio.gather(sign(api, organizer, **pair), sign(api, organizer, **swapped))
    assert sorted(answer.status_code for answer in raced) == [201, 409]

    found = await api.get("/agreements?in_force=true&limit=200&include_total=true", headers=organizer)
    assert found.json()["total"] == 42
    mine = await api.get(f"/agreements?party_organization_id={branches[0]}", headers=organizer)
    assert {row["in_force"] for row in mine.json()["items"]} == {True, False}


async def test_who_signs_and_who_sees(api: httpx.AsyncClient, organizer: Headers, actors: Actors) -> None:
    holder = await party_organizations.body(api, organizer, division_code="440115")
    partner = await organizations.organization(api, organizer, division_code="440106")
    wrong = await sign(
        api,
        organizer,
        party_organization_id=holder["id"],
        organization_id=partner["id"],
        counterparts=[{"unit_name": "示例学校"}, {}, {"party_organization_id": partner["id"]}],
        until_on="2026-01-05",
    )
    assert wrong.status_code == 422
    assert {(fault["pointer"], fault["code"]) for fault in wrong.json()["errors"]} == {
        ("/party_organization_id", "one_holder"),
        ("/until_on", "empty_period"),
        ("/counterparts/0/unit_kind", "unit_kind"),
        ("/counterparts/1", "one_party"),
        ("/counterparts/2/party_organization_id", "not_found"),
    }
    made = await sign(
        api,
        organizer,
        party_organization_id=holder["id"],
        counterparts=[{"organization_id": partner["id"]}, village(1)],
    )
    agreement = made.json()
    assert [bool(each["organization"]) for each in agreement["counterparts"]].count(True) == 1

    # Tianhe's clerk sees what their organization countersigned, and may not change it.
    tianhe = await actors("clerk", division="440106")
    seen = (await api.get(f"/agreements/{agreement['id']}", headers=tianhe)).json()
    assert seen["allowed_actions"] == []
    match = {**tianhe, "If-Match": agreement["etag"]}
    patched = await api.patch(f"/agreements/{agreement['id']}", json={"number": "1"}, headers=match)
    assert patched.status_code == 404
    elsewhere = await actors("clerk", division="440103")
    assert (await api.get(f"/agreements/{agreement['id']}", headers=elsewhere)).status_code == 404

    nansha = await actors("clerk", division="440115")
    match = {**nansha, "If-Match": agreement["etag"]}
    longer = {"until_on": "2030-01-05", "items": [{"text": "阵地共享", "done_on": "2026-03-01"}]}
    patched = await api.patch(f"/agreements/{agreement['id']}", json=longer, headers=match)
    assert patched.status_code == 200
    assert (patched.json()["until_on"], len(patched.json()["items"])) == ("2030-01-05", 1)
    assert (await api.patch(f"/agreements/{agreement['id']}", json=longer, headers=match)).status_code == 412
