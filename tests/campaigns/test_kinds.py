"""Each kind by its own rule: four clears, zombies, half-yearly checks, a month without targets."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from app import worker
from app.core.access import SYSTEM
from app.core.work import Shell, begin
from tests.campaigns.conftest import Organizations
from tests.conftest import Actors
from tests.make import campaigns as make
from tests.make import organizations

Headers = dict[str, str]


async def test_zombies_by_rule_and_evidence_34_deregistered(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell, several: Organizations
) -> None:
    """注销非正常社会组织34家 (Yangquan 2021): the end of a zombie closes its target."""
    ids = [UUID(each) for each in await several(2)] + await make.organizations(shell, 40, "440115")
    async with begin(shell, SYSTEM) as work:
        await work.execute(
            text(
                "INSERT INTO annual_reports (id, organization_id, key, source, effective_on, withdrawn, year,"
                " result) SELECT gen_random_uuid(), o, y::text, 'test', make_date(y, 6, 30), false, y,"
                " 'not_filed' FROM unnest(CAST(:ids AS uuid[])) AS o, generate_series(2024, 2025) AS y"
            ),
            {"ids": ids[:33]},
        )
        await work.execute(
            text(
                "INSERT INTO credit_listings"
                " (id, organization_id, key, source, effective_on, withdrawn, list, listed_on)"
                " SELECT gen_random_uuid(), o, 'x', 'test', d, false, 'abnormal', d"
                " FROM (VALUES (CAST(:one AS uuid), date '2024-12-01'), (:two, date '2025-12-01')) AS v(o, d)"
            ),
            {"one": ids[33], "two": ids[34]},
        )
    made = await make.campaign(
        api, organizer, kind="zombie_check", name="僵尸组织清理", drawn_from="zombies", ends_on="2026-10-31"
    )
    assert made["counts"]["targets"] == 34, "on the list of abnormal activity for three months is not enough"
    rows = (await make.get(api, organizer, "/campaign-targets", campaign_id=made["id"], limit=200))["items"]
    grounds = {row["organization"]["id"]: row["grounds"] for row in rows}
    assert grounds[str(ids[0])] == {"no_annual_report": [2024, 2025]}
    assert grounds[str(ids[33])] == {"abnormal_listing": "2024-12-01"}
    for each in ids[:2]:
        gone = await organizations.act(
            api, organizer, each, "deregister", effective_on="2026-05-06", reason="自行解散"
        )
        assert gone.status_code == 200, gone.text
    async with begin(shell, SYSTEM) as work:
        await work.execute(
            text(
                "UPDATE organizations SET registration_status = 'deregistered', ended_on = '2026-06-01'"
                " WHERE id = ANY(:ids)"
            ),
            {"ids": ids[2:34]},
        )
    await worker.drain(shell)
    progress = await make.get(api, organizer, f"/campaigns/{made['id']}/progress")
    assert (progress["total"]["closed"], progress["total"]["left"]) == (34, 0)
    one = await make.get(api, organizer, "/campaign-targets", organization_id=str(ids[0]))
    assert one["items"][0]["history"][-1]["reason"] == "deregistered"
    assert one["items"][0]["state_on"] == "2026-05-06"


async def test_four_clears_on_exactly_four_facts(
    api: httpx.AsyncClient, organizer: Headers, branch: str, shell: Shell
) -> None:
    known = {"credit_code": "51440115MJL000777X", "member_count": 30, "party_member_count": 4}
    (clear,) = await make.organizations(shell, 1, "440115", **known)
    (bare,) = await make.organizations(shell, 1, "440115")
    await make.covered(shell, branch, [clear])
    made = await make.campaign(
        api, organizer, kind="four_clears", name="四清", drawn_from=None, start=False,
        starts_on="2026-06-01", ends_on="2026-12-31",
    )  # fmt: skip
    wrong = await api.post(
        f"/campaigns/{made['id']}/draw",
        json={"list": "uncovered"},
        headers={**organizer, "If-Match": made["etag"]},
    )
    assert wrong.json()["errors"][0]["code"] == "other_list"
    made = await make.post(api, organizer, f"/campaigns/{made['id']}/draw", made["etag"], list="not_clear")
    await make.post(api, organizer, f"/campaigns/{made['id']}/start", made["etag"])
    (target,) = (await make.get(api, organizer, "/campaign-targets", campaign_id=made["id"]))["items"]
    assert target["organization"]["id"] == str(bare)
    facts = ("organization", "members", "party_organizations", "party_members")
    assert target["grounds"] == dict.fromkeys(facts, False)
    await make.covered(shell, branch, [bare])
    async with begin(shell, SYSTEM) as work:
        await work.execute(
            text(
                "UPDATE organizations SET credit_code = '51440115MJL0008880', member_count = 12,"
                " party_member_count = 0 WHERE id = :id"
            ),
            {"id": bare},
        )
    now = await make.get(api, organizer, f"/campaigns/{made['id']}")
    again = await make.post(api, organizer, f"/campaigns/{made['id']}/draw", now["etag"], list="not_clear")
    assert (again["counts"]["closed"], again["counts"]["left"]) == (1, 0), "looked at again with every draw"


async def test_the_half_yearly_check_warns_until_the_next_begins(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell, several: Organizations
) -> None:
    """底数半年一排查 (Xi'an 2020)."""
    await several(1)
    async with begin(shell, SYSTEM, reading=True) as work:
        today = work.today
    plan: dict[str, Any] = {"kind": "half_yearly_check", "name": "底数排查", "drawn_from": "everyone"}
    month: dict[str, Any] = {"division_code": "440100", "ends_on": (today + timedelta(days=30)).isoformat()}
    await make.organizations(shell, 3, "440115")
    first = await make.campaign(
        api, organizer, **plan, **month, starts_on=(today - timedelta(days=200)).isoformat()
    )
    assert first["counts"]["targets"] == 4
    assert first["next_check_missing"] is True
    waiting = await make.get(api, organizer, "/worklist")
    group = next(g for g in waiting["groups"] if g["kind"] == "half_yearly_check_missing")
    assert (group["count"], group["items"][0]["id"]) == (1, first["id"])
    listed = await make.get(api, organizer, "/campaigns", next_check_missing="true")
    assert [row["id"] for row in listed["items"]] == [first["id"]]
    assert (first["counts"]["closed"], first["counts"]["left"]) == (1, 3), "a statement came in since"
    await make.campaign(api, organizer, **plan, **month, starts_on=today.isoformat())
    after = await make.get(api, organizer, "/worklist")
    assert next(g for g in after["groups"] if g["kind"] == "half_yearly_check_missing")["count"] == 0


async def test_a_month_of_education_has_no_list(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors
) -> None:
    made = await make.campaign(
        api, organizer, kind="education_month", name="纪律教育学习月", drawn_from=None, ends_on="2026-03-31"
    )
    assert (made["state"], made["days"], made["counts"]["targets"]) == ("running", 31, 0)
    refused = await api.post(
        f"/campaigns/{made['id']}/draw",
        json={"list": "uncovered"},
        headers={**organizer, "If-Match": made["etag"]},
    )
    assert refused.json()["code"] == "campaign_has_no_list"
    open_ended = {
        "kind": "education_month", "name": "x", "division_code": "440100", "starts_on": "2026-03-01",
    }  # fmt: skip
    answer = await api.post("/campaigns", json=open_ended, headers=organizer)
    assert answer.json()["errors"][0]["pointer"] == "/ends_on"
    assert (
        await api.get(f"/campaigns/{made['id']}", headers=await actors("viewer", division="440115"))
    ).status_code == 200
    stranger = await actors("organizer", division="330000")
    assert (await api.get(f"/campaigns/{made['id']}", headers=stranger)).status_code == 404
    local = await actors("organizer", division="440115")
    denied = await api.post(
        f"/campaigns/{made['id']}/finish", json={}, headers={**local, "If-Match": made["etag"]}
    )
    assert denied.status_code == 404, "a district sees what runs above it and decides nothing of it"
