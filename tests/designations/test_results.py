"""A designation from a frozen result: what it takes over, what stands against it, what is verified."""

import asyncpg
import httpx

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.designations import queries
from tests.conftest import Actors
from tests.make import authorities, rounds

Headers = dict[str, str]


async def test_a_frozen_result_becomes_a_designation(
    api: httpx.AsyncClient, shell: Shell, actors: Actors
) -> None:
    chair = await actors("organizer", division="440100")
    clerk = await actors("clerk", division="440115")
    approver = await actors("approver", division="440100")
    (site,) = await rounds.sites(api, clerk, 1)
    held = await rounds.opened(api, shell, chair)
    await rounds.submitted(api, clerk, held["id"], site)
    people = dict([await rounds.reviewer(shell) for _ in range(5)])
    address = f"/rounds/{held['id']}"
    await rounds.act(api, chair, f"{address}/draw", held["etag"], {"seed": "7"})
    sheets = (await api.get(f"{address}/applications", headers=chair)).json()["items"]
    seen = (await api.get(f"/round-applications/{sheets[0]['id']}", headers=chair)).json()
    for seat in seen["reviews"]:
        marks = {"marks": rounds.said()}
        by = people[seat["reviewer"]["id"]]
        await rounds.act(api, by, f"/round-reviews/{seat['id']}/submit", seat["etag"], marks)
    tag = (await api.get(address, headers=chair)).json()["etag"]
    closed = await rounds.act(api, chair, f"{address}/close-review", tag)
    result = (await api.get(f"{address}/results", headers=chair)).json()["items"][0]

    roles = [{"role": "social_work_department", "from_on": "2020-01-01"}]
    made = {"name": "广州市委社会工作部(测试)", "division_code": "440100", "roles": roles}
    city = await authorities.authority(api, chair, **made)
    plan = {
        "kind": "demonstration",
        "result_id": result["id"],
        "authority_id": city["id"],
        "batch": 1,
        "document": "穗社工〔2026〕9号",
    }
    early = await api.post("/designations", json=plan, headers=chair)
    assert [reason["code"] for reason in early.json()["reasons"]] == ["round_not_decided"]
    await rounds.act(api, approver, f"{address}/decide", closed["etag"], {"document": "穗社工〔2026〕9号"})
    other = {**plan, "kind": "star", "grade": 4}
    wrong = await api.post("/designations", json=other, headers=chair)
    assert {reason["code"] for reason in wrong.json()["reasons"]} >= {"use_differs", "pairing_missing"}
    both = await api.post("/designations", json={**plan, "organization_id": site}, headers=chair)
    assert both.json()["errors"][0]["code"] == "one_subject"
    designated = await api.post("/designations", json=plan, headers=chair)
    assert designated.status_code == 201, designated.text
    row = designated.json()
    assert (row["organization"]["id"], row["result_hash"]) == (site, result["result_hash"])
    assert row["standard_hash"] == result["standard_hash"]
    again = await api.post("/designations", json=plan, headers=chair)
    assert again.status_code == 409
    async with begin(shell, SYSTEM) as work:
        assert await queries.verify(work) == []
    url = shell.settings.database_owner_url
    assert url is not None
    owner = await asyncpg.connect(url.get_secret_value().replace("+asyncpg", ""))
    await owner.execute("UPDATE round_results SET result_hash = repeat('3', 64)")
    await owner.close()
    async with begin(shell, SYSTEM) as work:
        assert [row["id"] in each for each in await queries.verify(work)] == [True]
