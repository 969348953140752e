"""Adding, correcting, renaming, moving and abolishing divisions over HTTP; the tree of each day follows."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.core.access import SYSTEM, Role
from app.core.events import EventRow
from app.core.work import Shell, begin
from app.divisions import rules
from tests.conftest import Actors
from tests.make import divisions
from tests.make.divisions import SOURCE, change, read, wrongs

Headers = dict[str, str]
ZONE: dict[str, Any] = {
    "code": "44011A",
    "name": "明珠湾开发区",
    "kind": "development_zone",
    "level": "zone",
    "parent_code": "440115",
    "from_on": "2020-01-01",
    "source": SOURCE,
}


async def path(api: httpx.AsyncClient, headers: Headers, code: str, on: str) -> list[str]:
    found = await api.get(f"/divisions/{code}/path", params={"on": on}, headers=headers)
    return [item["code"] for item in found.json()["items"]]


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


# --------------------------------------------------------------------------------------------------- adding


async def test_a_development_zone_is_added_below_a_district(
    api: httpx.AsyncClient, admin: Headers, shell: Shell
) -> None:
    made = await api.post("/divisions", json=ZONE, headers={**admin, "Idempotency-Key": "zone-1"})
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["parent"] == {"code": "440115", "name": "南沙区"}
    assert set(body["allowed_actions"]) == {"update", "rename", "move", "abolish"}
    again = await api.post("/divisions", json=ZONE, headers={**admin, "Idempotency-Key": "zone-1"})
    assert again.json() == body
    assert await path(api, admin, "44011A", "2026-01-01") == [
        "100000",
        "440000",
        "440100",
        "440115",
        "44011A",
    ]
    assert await wrongs(shell) == []


async def test_townships_and_communities_have_codes_of_nine_and_twelve(
    api: httpx.AsyncClient, admin: Headers
) -> None:
    township = {"code": "441900003", "name": "东城街道", "kind": "subdistrict", "level": "township"}
    await divisions.division(api, admin, **township, parent_code="441900")
    community = {"code": "441900003001", "name": "岗贝社区", "kind": "community", "level": "community"}
    await divisions.division(api, admin, **community, parent_code="441900003", from_on=None)
    assert await path(api, admin, "441900003001", "2024-01-01") == [
        "100000",
        "440000",
        "441900",
        "441900003",
        "441900003001",
    ]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"code": "440115"}, 409, "division_code_taken"),
        ({"code": "330103"}, 409, "division_code_taken"),
        ({"parent_code": "999999"}, 404, "division_not_found"),
        ({"parent_code": "330103"}, 422, "division_parent_unfit"),
        ({"parent_code": "100000"}, 422, "division_parent_unfit"),
        ({"kind": "county"}, 422, "division_kind_unfit"),
        ({"code": "4401-A"}, 422, "invalid"),
        ({"name": "甲\u0000"}, 422, "invalid"),
        ({"source": None}, 422, "invalid"),
        ({"surprise": 1}, 422, "invalid"),
    ],
)
async def test_what_cannot_be_added(
    api: httpx.AsyncClient, admin: Headers, fields: dict[str, Any], status: int, code: str
) -> None:
    refused(await api.post("/divisions", json={**ZONE, **fields}, headers=admin), status, code)


async def test_a_planned_division_begins_on_its_day(api: httpx.AsyncClient, admin: Headers) -> None:
    planned = await divisions.division(api, admin, "44011A", from_on="2031-01-01")
    assert planned["state"] == "planned"
    assert (await read(api, admin, "44011A", on="2031-01-01"))["state"] == "in_force"
    early = await change(api, admin, "44011A", "rename", name="乙", effective_on="2026-01-01")
    refused(early, 409, "division_not_in_force")


# ----------------------------------------------------------------------------------------- who may change


async def test_only_a_system_administrator_changes_divisions(
    api: httpx.AsyncClient, clerk: Headers, zone: str
) -> None:
    refused(await api.post("/divisions", json=ZONE, headers=clerk), 403, "not_permitted")
    refused(
        await change(api, clerk, zone, "abolish", effective_on="2026-01-01", kind="abolished", successors=[]),
        403,
        "not_permitted",
    )
    versioned = {**clerk, "If-Match": '"1"'}
    refused(
        await api.patch(f"/divisions/{zone}", json={"name": "乙"}, headers=versioned), 403, "not_permitted"
    )
    table = {"effective_on": "2026-01-01", "source": SOURCE, "dry_run": True, "entries": []}
    refused(await api.post("/divisions/imports", json=table, headers=clerk), 403, "not_permitted")


async def test_an_administrator_of_a_province_changes_only_that_province(
    api: httpx.AsyncClient, admin: Headers, actors: Actors, zone: str
) -> None:
    del admin
    here = await actors(Role.SYSTEM_ADMIN, division="440000")
    there = await actors(Role.SYSTEM_ADMIN, division="330000")
    assert (await read(api, there, zone))["allowed_actions"] == []
    outside = await change(api, there, zone, "rename", name="乙", effective_on="2026-01-01")
    random = await api.post(
        "/divisions/999999/rename",
        json={"name": "乙", "effective_on": "2026-01-01", "source": SOURCE},
        headers={**there, "If-Match": '"1"'},
    )
    assert (outside.status_code, outside.content) == (404, random.content)
    refused(
        await api.post("/divisions", json={**ZONE, "code": "44011B"}, headers=there),
        404,
        "division_not_found",
    )
    assert (await change(api, here, zone, "rename", name="乙", effective_on="2026-01-01")).status_code == 200


async def test_every_change_says_which_version_it_read(
    api: httpx.AsyncClient, admin: Headers, zone: str
) -> None:
    rename = {"name": "乙", "effective_on": "2026-01-01", "source": SOURCE}
    for verb, body in {
        "rename": rename,
        "move": {"parent_code": "440113", "effective_on": "2026-01-01", "source": SOURCE},
        "abolish": {"kind": "abolished", "successors": [], "effective_on": "2026-01-01", "source": SOURCE},
    }.items():
        address = f"/divisions/{zone}/{verb}"
        refused(await api.post(address, json=body, headers=admin), 428, "if_match_required")
        stale = {**admin, "If-Match": '"99"'}
        refused(await api.post(address, json=body, headers=stale), 412, "stale_version")
    refused(
        await api.patch(f"/divisions/{zone}", json={"name": "乙"}, headers=admin), 428, "if_match_required"
    )
    assert (await read(api, admin, zone))["name"] == "明珠湾开发区"


# ------------------------------------------------------------------------------------ correcting, renaming


async def test_a_correction_leaves_no_second_name(api: httpx.AsyncClient, admin: Headers, zone: str) -> None:
    versioned = {**admin, "If-Match": (await read(api, admin, zone))["etag"]}
    mended = await api.patch(f"/divisions/{zone}", json={"name": "明珠湾起步区"}, headers=versioned)
    assert (mended.status_code, mended.json()["name"], mended.json()["etag"]) == (200, "明珠湾起步区", '"2"')
    history = (await api.get(f"/divisions/{zone}/history", headers=admin)).json()
    assert [n["name"] for n in history["names"]] == ["明珠湾起步区"]
    unfit = await api.patch(
        f"/divisions/{zone}", json={"kind": "county"}, headers={**admin, "If-Match": '"2"'}
    )
    refused(unfit, 422, "division_kind_unfit")
    null = await api.patch(f"/divisions/{zone}", json={"name": None}, headers={**admin, "If-Match": '"2"'})
    refused(null, 422, "invalid")


async def test_a_new_name_holds_from_its_day(api: httpx.AsyncClient, admin: Headers, zone: str) -> None:
    renamed = await change(
        api, admin, zone, "rename", name="横沥新区", kind="new_area", effective_on="2024-07-01"
    )
    assert (renamed.json()["name"], renamed.json()["kind"]) == ("横沥新区", "new_area")
    assert (await read(api, admin, zone, on="2024-06-30"))["name"] == "明珠湾开发区"
    same_day = await change(api, admin, zone, "rename", name="丙", effective_on="2024-07-01")
    refused(same_day, 409, "division_change_out_of_order")
    earlier = await change(api, admin, zone, "rename", name="丙", effective_on="2022-01-01")
    refused(earlier, 409, "division_change_out_of_order")
    ahead = await change(api, admin, zone, "rename", name="丙", effective_on="2031-01-01")
    refused(ahead, 422, "division_change_in_future")


# --------------------------------------------------------------------------------------------------- moving


async def test_what_lies_below_moves_along_from_the_day(
    api: httpx.AsyncClient, admin: Headers, zone: str, shell: Shell
) -> None:
    await divisions.division(
        api, admin, "440115901", name="万顷沙镇", kind="town", level="township", parent_code=zone
    )
    moved = await change(api, admin, zone, "move", parent_code="440113", effective_on="2025-03-01")
    assert moved.json()["parent"] == {"code": "440113", "name": "番禺区"}
    assert await path(api, admin, "440115901", "2025-02-28") == [
        "100000",
        "440000",
        "440100",
        "440115",
        zone,
        "440115901",
    ]
    assert await path(api, admin, "440115901", "2025-03-01") == [
        "100000",
        "440000",
        "440100",
        "440113",
        zone,
        "440115901",
    ]
    assert await wrongs(shell) == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"parent_code": "999999"}, 422, "division_parent_unfit"),
        ({"parent_code": "330103"}, 422, "division_parent_unfit"),
        ({"parent_code": "44011B"}, 409, "division_ring"),
        ({"effective_on": "2031-01-01"}, 422, "division_change_in_future"),
        ({"effective_on": "2019-01-01"}, 409, "division_not_in_force"),
        ({"effective_on": "2020-01-01"}, 409, "division_change_out_of_order"),
        ({"effective_on": "2025-02-30"}, 422, "invalid"),
    ],
)
async def test_what_cannot_be_moved(
    *, api: httpx.AsyncClient, admin: Headers, zone: str, body: dict[str, Any], status: int, code: str
) -> None:
    await divisions.division(api, admin, "44011B", parent_code=zone)
    given = {"parent_code": "440113", "effective_on": "2025-01-01", **body}
    refused(await change(api, admin, zone, "move", **given), status, code)


async def test_two_moves_at_once_cannot_make_a_ring(
    api: httpx.AsyncClient, admin: Headers, zone: str, shell: Shell
) -> None:
    """A below B and B below A, at the same time: each alone would be right."""
    await divisions.division(api, admin, "44011B")
    answers = await asyncio.gather(
        change(api, admin, zone, "move", parent_code="44011B", effective_on="2025-01-01"),
        change(api, admin, "44011B", "move", parent_code=zone, effective_on="2025-01-01"),
    )
    assert sorted(a.status_code for a in answers) == [200, 409]
    assert await wrongs(shell) == []


# ----------------------------------------------------------------------------------------------- abolishing


async def test_an_abolished_zone_and_its_children_go_to_the_successor(
    api: httpx.AsyncClient, admin: Headers, zone: str, shell: Shell
) -> None:
    await divisions.division(api, admin, "44011B", parent_code=zone)
    await divisions.division(api, admin, "44011C", name="南沙新区", kind="new_area")
    ended = await change(
        api, admin, zone, "abolish", effective_on="2025-01-01", kind="merged", successors=["44011C"]
    )
    body = ended.json()
    assert (body["state"], body["abolished_on"], body["allowed_actions"]) == ("abolished", "2025-01-01", [])
    assert [s["code"] for s in body["successors"]] == ["44011C"]
    assert (await path(api, admin, zone, "2025-01-01"))[-2:] == ["44011C", zone]
    assert (await path(api, admin, "44011B", "2025-01-01"))[-2:] == ["44011C", "44011B"]
    assert (await path(api, admin, "44011B", "2024-12-31"))[-2:] == [zone, "44011B"]
    again = await change(
        api, admin, zone, "abolish", effective_on="2025-06-01", kind="abolished", successors=[]
    )
    refused(again, 409, "division_not_in_force")
    assert await wrongs(shell) == []


async def test_with_two_successors_it_rests_where_they_meet_and_needs_recoding(
    api: httpx.AsyncClient, admin: Headers, zone: str
) -> None:
    ended = await change(
        api, admin, zone, "abolish", effective_on="2025-01-01", kind="split", successors=["440113", "440115"]
    )
    assert ended.status_code == 200
    assert await path(api, admin, zone, "2025-01-01") == ["100000", "440000", "440100", zone]
    listed = await api.get(
        "/divisions", params={"needs_recoding": "true", "division": "440100"}, headers=admin
    )
    assert zone in [item["code"] for item in listed.json()["items"]]


async def test_the_end_can_be_known_before_it_comes(
    api: httpx.AsyncClient, admin: Headers, zone: str, shell: Shell
) -> None:
    async with begin(shell, SYSTEM) as work:
        end = (work.today + timedelta(days=30)).isoformat()
    ended = await change(api, admin, zone, "abolish", effective_on=end, kind="merged", successors=["440115"])
    assert (ended.json()["state"], ended.json()["abolished_on"]) == ("in_force", end)
    assert (await read(api, admin, zone, on=end))["state"] == "abolished"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "merged", "successors": []}, 422, "invalid"),
        ({"kind": "abolished", "successors": ["440115"]}, 422, "invalid"),
        ({"kind": "merged", "successors": ["330103"]}, 422, "division_successor_unfit"),
        ({"kind": "merged", "successors": ["999999"]}, 422, "division_successor_unfit"),
        ({"kind": "merged", "successors": ["44011B"]}, 409, "division_ring"),
        ({"kind": "merged", "successors": ["44011A"]}, 409, "division_ring"),
        ({"kind": "split", "successors": ["440113", "440115"]}, 409, "division_has_children"),
        ({"kind": "abolished", "successors": []}, 409, "division_has_children"),
    ],
)
async def test_what_cannot_be_abolished(
    *, api: httpx.AsyncClient, admin: Headers, zone: str, body: dict[str, Any], status: int, code: str
) -> None:
    await divisions.division(api, admin, "44011B", parent_code=zone)
    refused(await change(api, admin, zone, "abolish", **{"effective_on": "2025-01-01", **body}), status, code)
    assert (await read(api, admin, zone))["state"] == "in_force"


async def test_the_nation_is_fixed(api: httpx.AsyncClient, admin: Headers) -> None:
    answer = await change(
        api, admin, "100000", "abolish", effective_on="2025-01-01", kind="abolished", successors=[]
    )
    refused(answer, 409, "division_not_in_force")


async def test_every_change_is_announced_once(
    api: httpx.AsyncClient, admin: Headers, zone: str, shell: Shell
) -> None:
    await change(api, admin, zone, "rename", name="乙", effective_on="2024-01-01")
    await change(api, admin, zone, "move", parent_code="440113", effective_on="2024-02-01")
    await change(api, admin, zone, "abolish", effective_on="2024-03-01", kind="merged", successors=["440113"])
    async with begin(shell, SYSTEM) as work:
        types = await work.scalars(
            select(EventRow.type).where(EventRow.subject_id == rules.identity(zone)).order_by(EventRow.id)
        )
    assert types.all() == [
        "division.added",
        "division.renamed",
        "division.moved",
        "division.abolished",
    ]
