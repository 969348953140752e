"""Covers over HTTP: bitemporal, several bodies to one organization, races, and the end with either side."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.errors import Refusal
from app.core.work import Shell, Work, begin
from app.party_organizations import commands
from app.party_organizations.schemas import CoverStart, PartyOrganizationDissolve, ReasonGive
from tests.conftest import Actors
from tests.make import ledger
from tests.make import party_organizations as make

RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
Headers = dict[str, str]


async def rows(shell: Shell) -> list[tuple[Any, ...]]:
    """Every version of every cover: what was true when, and whether it is what is known now."""
    async with shell.engine.connect() as connection:
        found = await connection.execute(
            text(
                "SELECT lower(valid), upper(valid), upper_inf(recorded), version, ended_reason"
                " FROM party_organization_covers ORDER BY version"
            )
        )
        return [tuple(row) for row in found]


async def ended(
    api: httpx.AsyncClient, headers: Headers, cover: dict[str, Any], verb: str = "end", **fields: Any
) -> httpx.Response:
    address = f"/party-organizations/{cover['party_organization']['id']}/covers/{cover['id']}/{verb}"
    return await api.post(address, json=fields, headers={**headers, "If-Match": cover["etag"]})


async def test_both_times_are_kept(
    api: httpx.AsyncClient, clerk: Headers, organizer: Headers, shell: Shell
) -> None:
    organization = await ledger.organization(shell)
    body = await make.body(api, organizer)
    cover = await make.cover(api, clerk, body["id"], organization)
    assert cover["organization"] == {"id": str(organization), "name": "南沙区青年志愿者协会"}
    assert (cover["from_on"], cover["until_on"], cover["formation"]) == ("2017-01-01", None, "joint")
    assert cover["allowed_actions"] == ["end", "cancel"]
    address = f"/party-organizations/{body['id']}/covers/{cover['id']}"
    assert (await api.get(address, headers=clerk)).json() == cover
    done = await ended(api, clerk, cover, on="2020-01-01", reason="left")
    assert done.status_code == 200, done.text
    assert (done.json()["id"], done.json()["until_on"]) == (cover["id"], "2020-01-01")
    assert done.json()["ended_reason"] == "left"
    assert done.json()["recorded_at"] > cover["recorded_at"]
    assert await rows(shell) == [
        (date(2017, 1, 1), None, False, 1, None),
        (date(2017, 1, 1), date(2020, 1, 1), True, 2, "left"),
    ]
    stale = await ended(api, clerk, cover, on="2019-01-01")
    assert stale.status_code == 412
    earlier = await ended(api, clerk, done.json(), on="2019-01-01", reason="taken_over")
    assert earlier.json()["until_on"] == "2019-01-01"
    over = await ended(api, clerk, earlier.json(), on="2019-06-01")
    assert (over.status_code, over.json()["code"]) == (409, "cover_is_over")
    cancelled = await ended(api, clerk, earlier.json(), "cancel", reason="登错了单位")
    assert cancelled.status_code == 204, cancelled.text
    assert (await api.get(address, headers=clerk)).json()["code"] == "cover_not_found"
    assert [r[2] for r in await rows(shell)] == [False, False, False]
    again = await make.cover(api, clerk, body["id"], organization)
    assert again["id"] != cover["id"]


async def test_the_same_day_is_refused(
    api: httpx.AsyncClient, clerk: Headers, organizer: Headers, shell: Shell
) -> None:
    organization = await ledger.organization(shell)
    body = await make.body(api, organizer)
    cover = await make.cover(api, clerk, body["id"], organization)
    same = await ended(api, clerk, cover, on="2017-01-01")
    assert (same.status_code, same.json()["code"]) == (422, "same_day_period")
    assert "cancel" in same.json()["detail"]
    future = await ended(api, clerk, cover, on="2199-01-01")
    assert future.json()["errors"][0]["pointer"] == "/on"
    missing = await api.post(
        f"/party-organizations/{body['id']}/covers/{RANDOM}/end",
        json={},
        headers={**clerk, "If-Match": '"1"'},
    )
    assert missing.json()["code"] == "cover_not_found"
    untagged = await api.post(
        f"/party-organizations/{body['id']}/covers/{cover['id']}/end", json={}, headers=clerk
    )
    assert untagged.status_code == 428


async def test_several_bodies_and_many_organizations(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    organizations = [await ledger.organization(shell, name=f"协会{n}") for n in range(3)]
    joint = await make.body(api, organizer, name="联合支部")
    team = await make.body(api, organizer, name="工作小组", kind="work_team", formation=None)
    for organization in organizations:
        await make.cover(api, organizer, joint["id"], organization)
    await make.cover(api, organizer, team["id"], organizations[0], from_on="2018-01-01")
    page = await api.get(
        f"/party-organizations/{joint['id']}/covers",
        params={"limit": 2, "include_total": True},
        headers=organizer,
    )
    assert (len(page.json()["items"]), page.json()["total"]) == (2, 3)
    past = await api.get(
        f"/party-organizations/{team['id']}/covers", params={"as_of": "2017-06-01"}, headers=organizer
    )
    assert past.json()["items"] == []
    seen = (await api.get(f"/organizations/{organizations[0]}/coverage", headers=organizer)).json()
    assert (seen["covered"], seen["work_covered"]) == (True, True)
    assert [c["party_organization"]["name"] for c in seen["covers"]] == ["联合支部", "工作小组"]
    before = await api.get(
        f"/organizations/{organizations[0]}/coverage", params={"as_of": "2016-12-31"}, headers=organizer
    )
    assert (before.json()["covered"], before.json()["covers"]) == (False, [])


async def test_a_work_team_covers_work_only(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    organization = await ledger.organization(shell)
    team = await make.body(api, organizer, name="工作小组", kind="work_team", formation=None)
    cover = await make.cover(api, organizer, team["id"], organization, from_on="2018-01-01")
    seen = (await api.get(f"/organizations/{organization}/coverage", headers=organizer)).json()
    assert (seen["covered"], seen["work_covered"]) == (False, True)
    await ended(api, organizer, cover, on="2019-01-01")
    seen = (await api.get(f"/organizations/{organization}/coverage", headers=organizer)).json()
    assert (seen["work_covered"], len(seen["past_covers"])) == (False, 1)


@pytest.mark.parametrize(
    ("plan", "status", "code"),
    [
        ({"from_on": "2016-06-30"}, 422, "before_foundation"),
        ({"from_on": "2199-01-01"}, 422, "in_future"),
        ({"from_on": "2018-01-01", "until_on": "2018-01-01"}, 422, "empty_period"),
        ({"from_on": "2018-01-01", "until_on": "2199-01-01"}, 422, "in_future"),
        ({"from_on": "2017-06-01"}, 409, "covered_twice"),
        ({"organization_id": RANDOM}, 404, "covered_organization_not_found"),
        ({"organization_id": "ended", "from_on": "2018-01-01"}, 409, "organization_has_ended"),
        ({"organization_id": "ended", "from_on": "2018-01-01", "until_on": "2019-01-01"}, 201, None),
        ({"organization_id": "shanxi", "from_on": "2018-01-01"}, 404, "covered_organization_not_found"),
        ({"organization_id": "domiciled", "from_on": "2018-01-01"}, 201, None),
        ({"from_on": "2016-07-01", "until_on": "2017-01-01"}, 201, None),
        ({"organization_id": "x"}, 422, None),
    ],
)
async def test_starting(
    api: httpx.AsyncClient,
    organizer: Headers,
    clerk: Headers,
    shell: Shell,
    *,
    plan: dict[str, Any],
    status: int,
    code: str | None,
) -> None:
    ids = {
        "plain": await ledger.organization(shell),
        "ended": await ledger.organization(shell, name="已注销", ended_on=date(2019, 1, 1)),
        "shanxi": await ledger.organization(shell, name="阳泉某会", division="140300"),
        "domiciled": await ledger.organization(shell, name="省级某会", division="440000", domicile="440115"),
    }
    body = await make.body(api, organizer)
    await make.cover(api, organizer, body["id"], ids["plain"])
    wanted = plan.get("organization_id", "plain")
    plan = {**plan, "organization_id": str(ids.get(wanted, wanted))}
    answer = await api.post(f"/party-organizations/{body['id']}/covers", json=plan, headers=clerk)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert code is None or code in (problem["code"], *(fault["code"] for fault in problem.get("errors", ())))


async def test_a_discipline_body_covers_nothing(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    organization = await ledger.organization(shell)
    body = await make.body(api, organizer, kind="discipline_committee", formation=None, name="纪委")
    plan = {"organization_id": str(organization)}
    answer = await api.post(f"/party-organizations/{body['id']}/covers", json=plan, headers=organizer)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "kind_does_not_cover")
    assert body["allowed_actions"] == ["update", "move", "change_formation", "dissolve"]


async def test_deregistration_ends_what_covers_it(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    organization = await ledger.organization(shell)
    first, second = await make.body(api, organizer), await make.body(api, organizer, name="第二支部")
    kept = await make.cover(api, organizer, first["id"], organization)
    await make.cover(api, organizer, second["id"], organization, from_on="2022-01-01")
    async with begin(shell, SYSTEM) as work:
        assert await commands.end_covers(work, organization, date(2021, 1, 1), "organization_ended") == 1
    async with begin(shell, SYSTEM) as work:
        assert await commands.end_covers(work, organization, date(2021, 1, 1), "organization_ended") == 0
    seen = (await api.get(f"/organizations/{organization}/coverage", headers=organizer)).json()
    assert [(c["id"], c["until_on"], c["ended_reason"]) for c in seen["past_covers"]] == [
        (kept["id"], "2021-01-01", "organization_ended")
    ]
    assert seen["covers"] == []


async def test_one_of_many_racers_covers(shell: Shell, actors: Actors, api: httpx.AsyncClient) -> None:
    """Eight at once for the same body and organization: one cover; for a single body, one organization."""
    headers = await actors("organizer", division="440000")
    organizations = [await ledger.organization(shell, name=f"协会{n}") for n in range(8)]
    joint, single = (
        await make.body(api, headers),
        await make.body(api, headers, formation="single", name="单建"),
    )

    async def race(body: str, organization: UUID) -> str:
        try:
            async with begin(shell, SYSTEM) as work:
                plan = CoverStart(organization_id=organization, from_on=date(2018, 1, 1))
                await commands.start_cover(work, UUID(body), plan)
        except Refusal as refusal:
            return refusal.code
        except Exception as error:  # noqa: BLE001 (a constraint's name, before HTTP gives it words)
            return str(getattr(error.__cause__.__cause__, "constraint_name", error))
        return "covered"

    outcomes = await asyncio.gather(*(race(joint["id"], organizations[0]) for _ in range(8)))
    assert Counter(outcomes) == {"covered": 1, "ex_party_organization_covers_twice": 7}
    outcomes = await asyncio.gather(*(race(single["id"], organization) for organization in organizations))
    assert Counter(outcomes) == {"covered": 1, "ex_party_organization_covers_single": 7}


async def attempt(shell: Shell, verb: Callable[[Work], Awaitable[object]]) -> None:
    """A command in a transaction of its own; a refusal is an answer too."""
    with suppress(Refusal):
        async with begin(shell, SYSTEM) as work:
            await verb(work)


async def deregister(work: Work, organization_id: UUID) -> None:
    """What the ledger does: lock the organization, end it, and end what covers it."""
    row = {"id": organization_id}
    await work.execute(text("SELECT 1 FROM organizations WHERE id = :id FOR NO KEY UPDATE"), row)
    ended = "UPDATE organization_periods SET registration_status = 'deregistered' WHERE organization_id = :id"
    await work.execute(text(ended), row)
    await commands.end_covers(work, organization_id, date(2020, 1, 1), "organization_ended")


async def test_racing_ends_and_starts(shell: Shell, actors: Actors, api: httpx.AsyncClient) -> None:
    """A body is dissolved and an organization ends while covers start: no cover outlives either side."""
    headers = await actors("organizer", division="440000")
    order = PartyOrganizationDissolve(on=date(2021, 1, 1), reason="撤并")
    for turn in range(6):
        organizations = [await ledger.organization(shell, name=f"协会{turn}{n}") for n in range(3)]
        body = UUID((await make.body(api, headers, name=f"支部{turn}"))["id"])
        starts = [
            partial(
                commands.start_cover,
                body_id=body,
                start=CoverStart(organization_id=organization, from_on=date(2018, 1, 1)),
            )
            for organization in organizations
        ]
        verbs: list[Callable[[Work], Awaitable[object]]] = [
            *starts,
            partial(deregister, organization_id=organizations[0]),
            partial(commands.dissolve, body_id=body, order=order),
        ]
        await asyncio.gather(*(attempt(shell, verb) for verb in verbs))
        async with shell.engine.connect() as connection:
            dissolved = text("SELECT status FROM party_organizations WHERE id = :body")
            assert (await connection.execute(dissolved, {"body": body})).scalar_one() == "dissolved"
            standing = text(
                "SELECT organization_id FROM party_organization_covers"
                " WHERE party_organization_id = :body AND upper_inf(recorded) AND upper_inf(valid)"
            )
            assert (await connection.execute(standing, {"body": body})).all() == []


async def test_a_cover_ends_the_reason_for_having_none(
    api: httpx.AsyncClient, clerk: Headers, organizer: Headers, shell: Shell
) -> None:
    organization = await ledger.organization(shell)
    give = ReasonGive(reason="newly_registered", from_on=date(2026, 1, 1), until_on=date(2026, 12, 31))
    given = await api.post(
        f"/organizations/{organization}/no-party-organization-reason",
        json=give.model_dump(mode="json", exclude_none=True),
        headers=clerk,
    )
    assert given.status_code == 201, given.text
    team = await make.body(api, organizer, kind="work_team", formation=None, name="工作小组")
    await make.cover(api, clerk, team["id"], organization, from_on="2026-02-01")
    reason = await api.get(f"/organizations/{organization}/no-party-organization-reason", headers=clerk)
    assert reason.json()["until_on"] == "2026-12-31"
    branch = await make.body(api, organizer)
    await make.cover(api, clerk, branch["id"], organization, from_on="2026-03-01")
    reason = await api.get(f"/organizations/{organization}/no-party-organization-reason", headers=clerk)
    assert reason.json()["until_on"] == "2026-03-01"
