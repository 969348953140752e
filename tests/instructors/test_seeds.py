"""The figures of the source documents, as the service states them of such a place."""

from datetime import UTC, date, datetime

import asyncpg
import httpx
from sqlalchemy.dialects.postgresql import Range

from app.core import bulk
from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.work import Shell, begin
from app.party_organizations.models import Cover
from tests.conftest import Actors
from tests.make import campaigns, party_organizations, served

Headers = dict[str, str]


async def figures(api: httpx.AsyncClient, headers: Headers, **query: str) -> dict[str, object]:
    answer = await api.get("/instructors/figures", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_yangquan_and_guangdong(api: httpx.AsyncClient, actors: Actors, shell: Shell) -> None:
    """102 units, 136 instructors, 424 organizations (Yangquan 2021); 88 instructors, 212 organizations, 118
    members found, 420 visits (Guangdong 2018)."""
    nation = await actors("organizer", division="100000")
    body = (
        await party_organizations.body(api, nation, kind="committee", formation="regional", name="综合党委")
    )["id"]
    people = await served.instructors(shell, body, "140300", 136, units=102)
    ids = await campaigns.organizations(shell, 424, "140300")
    await served.served(shell, people, ids)
    yangquan = await figures(api, nation, division="140300")
    assert (yangquan["home_units"], yangquan["instructors"], yangquan["organizations"]) == (102, 136, 424)
    assert (yangquan["average_load"], yangquan["at_capacity"]) == ("3.12", 0)

    people = await served.instructors(shell, body, "440000", 88)
    ids = await campaigns.organizations(shell, 212, "440100", "440115")
    await served.served(shell, people, ids)
    await served.visited(shell, people, ids, visits=420, members_found=118)
    guangdong = await figures(api, nation, division="440000")
    counted = ("instructors", "organizations", "organizations_contacted", "members_found", "visits")
    assert [guangdong[name] for name in counted] == [88, 212, 212, 118, 420]
    assert guangdong["average_load"] == "2.41"


async def test_xian(api: httpx.AsyncClient, actors: Actors, shell: Shell, owner_url: str) -> None:
    """1272 Party organizations for 3866 organizations are 32.90 per hundred and no rate of coverage; beside
    them work coverage is 100 % (Xi'an 2020)."""
    organizer = await actors("organizer", division="610000")
    body = await party_organizations.body(
        api, organizer, kind="work_team", formation=None, division_code="610100", name="党建指导组"
    )
    ids = await campaigns.organizations(shell, 3866, "610102", "610103")
    branches = await served.branches(shell, "610100", 1272)
    async with begin(shell, SYSTEM) as work:
        rows = [
            {
                "cover_id": uuid7(),
                "version": 1,
                "party_organization_id": branch,
                "organization_id": each,
                "formation": "joint",
                "valid": Range(date(2017, 1, 1), None),
                "recorded": Range(datetime(2017, 1, 1, tzinfo=UTC), None),
            }
            for branch, each in zip(branches, ids, strict=False)
        ]
        await bulk.insert(work, Cover, rows)
        work.mark(ids[:1272])
    people = await served.instructors(shell, body["id"], "610100", 26, capacity=100)
    await served.served(shell, people, ids[1272:], capacity=100)
    owner = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    await owner.execute("ANALYZE")  # as autovacuum does within a minute of so many rows
    await owner.close()
    answer = await api.get("/coverage", params={"division": "610100"}, headers=organizer)
    assert answer.status_code == 200, answer.text
    total = answer.json()["total"]
    rates = {rate["code"]: rate["percent"] for rate in total["rates"]}
    per_100 = total["party_organizations_per_100"]
    assert (per_100["party_organizations"], per_100["organizations"]) == (1272, 3866)
    assert per_100["per_100"] == rates["organization_coverage"] == "32.90"
    assert (rates["work_coverage"], total["blank_spots"]["count"]) == ("100.00", 0)
