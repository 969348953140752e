"""Who serves whom: within term, area and capacity, never twice at once; history stays."""

import asyncio
import os
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import worker
from app.core.access import NATIONAL, SYSTEM
from app.core.work import Shell, begin
from tests.conftest import Actors
from tests.instructors.conftest import Organizations
from tests.make import instructors as make
from tests.make import organizations

Headers = dict[str, str]
ROUNDS = int(os.environ.get("JICENG_RACES", "3"))
"""Rounds of the race: a handful in CI; `JICENG_RACES=2000` runs what the issue asks for."""
RACERS = 8


async def test_assign_recall_and_renew(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations
) -> None:
    who = await make.instructor(api, organizer, committee, capacity=2)
    assert (who["name"], who["phone"], who["held"]) == ("测**", "138****8001", 0)
    one, two, three = await several(3)
    first = (await make.assign(api, organizer, who["id"], one)).json()
    assert (first["from_on"], first["until_on"], first["instructor"]["name"]) == (
        "2025-03-01", "2028-01-01", "测**",
    )  # fmt: skip
    again = await make.assign(api, organizer, who["id"], one, from_on="2026-01-01")
    assert again.json()["code"] == "instructor_assigned_already"
    second = (await make.assign(api, organizer, who["id"], two, until_on="2027-01-01")).json()
    full = await make.assign(api, organizer, who["id"], three)
    assert (full.status_code, full.json()["code"]) == (409, "instructor_full")
    later = await make.assign(api, organizer, who["id"], three, from_on="2027-01-01")
    assert later.status_code == 201, "the place is free from the day on which the other is over"
    longer = await make.act(
        api, organizer, f"/instructor-assignments/{second['id']}/renew", second["etag"], until_on="2027-06-01"
    )
    assert longer.json()["code"] == "instructor_full"
    outside = await make.assign(api, organizer, who["id"], three, from_on="2024-12-31", until_on="2028-01-02")
    assert outside.json()["errors"][0]["code"] == "outside_term"
    gone = await make.act(
        api, organizer, f"/instructor-assignments/{first['id']}/recall", first["etag"], on="2026-01-01"
    )
    assert gone.status_code == 204
    was = (
        await api.get("/instructor-assignments", params={"as_of": "2025-06-01"}, headers=organizer)
    ).json()["items"]
    assert {row["organization"]["id"]: row["until_on"] for row in was} == {
        one: "2026-01-01",
        two: "2027-01-01",
    }
    stale = await make.act(api, organizer, f"/instructor-assignments/{first['id']}/recall", first["etag"])
    assert stale.status_code == 412
    history = (await api.get(f"/instructors/{who['id']}/history", headers=organizer)).json()
    assert [row["ended_reason"] for row in history["assignments"]] == ["recalled", None, None]


async def test_outside_the_area_and_of_another_province(
    api: httpx.AsyncClient, actors: Actors, organizer: Headers, committee: str, several: Organizations
) -> None:
    who = await make.instructor(api, organizer, committee, division_code="440106")
    (here,) = await several(1)
    far = await make.assign(api, organizer, who["id"], here)
    assert far.json()["errors"][0]["code"] == "outside_area"
    neighbour = await actors("organizer", division="330000")
    assert (await api.get(f"/instructors/{who['id']}", headers=neighbour)).status_code == 404
    assert (await make.assign(api, neighbour, who["id"], here)).json()["code"] == "instructor_not_found"
    wrong = await api.post(
        "/instructors",
        json={
            "name": "测试员丁", "source": "recruited", "party_organization_id": committee,
            "division_code": "330200", "until_on": "2020-01-01", "capacity": 99,
        },
        headers=organizer,
    )  # fmt: skip
    assert {error["pointer"] for error in wrong.json()["errors"]} == {
        "/until_on",
        "/capacity",
        "/division_code",
    }


async def test_hand_over_everything_or_nothing(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations
) -> None:
    giver = await make.instructor(api, organizer, committee)
    small = await make.instructor(api, organizer, committee, capacity=1)
    large = await make.instructor(api, organizer, committee, until_on="2027-01-01", kind="liaison_officer")
    ids = await several(3)
    for each in ids:
        assert (await make.assign(api, organizer, giver["id"], each)).status_code == 201
    giver = await make.read(api, organizer, giver["id"])
    address = f"/instructors/{giver['id']}/hand-over"
    no = await make.act(api, organizer, address, giver["etag"], to_instructor_id=small["id"], on="2026-01-01")
    assert no.json()["code"] == "instructor_full"
    assert (await make.read(api, organizer, giver["id"]))["held"] == 3
    done = await make.act(
        api, organizer, address, giver["etag"], to_instructor_id=large["id"], on="2026-01-01"
    )
    assert done.status_code == 200, done.text
    assert {
        (row["organization"]["id"], row["from_on"], row["until_on"]) for row in done.json()["assignments"]
    } == {(each, "2026-01-01", "2027-01-01") for each in ids}
    assert (await make.read(api, organizer, giver["id"]))["held"] == 0
    assert (await make.read(api, organizer, large["id"]))["held"] == 3
    figures = (await api.get("/instructors/figures", params={"division": "440100"}, headers=organizer)).json()
    assert (figures["instructors"], figures["liaison_officers"], figures["organizations"]) == (2, 1, 3)
    assert figures["average_load"] == "1.00"


async def test_less_room_a_longer_term_and_the_end(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations
) -> None:
    who = await make.instructor(api, organizer, committee, capacity=3)
    ids = await several(3)
    made = [(await make.assign(api, organizer, who["id"], each)).json() for each in ids]
    address = f"/instructors/{who['id']}"

    async def change(**fields: object) -> httpx.Response:
        tag = (await make.read(api, organizer, who["id"]))["etag"]
        return await api.patch(address, json=fields, headers={**organizer, "If-Match": tag})

    assert (await change(capacity=2)).json()["code"] == "instructor_full"
    recalled = await make.act(
        api, organizer, f"/instructor-assignments/{made[0]['id']}/recall", made[0]["etag"], on="2026-01-01"
    )
    assert recalled.status_code == 204
    assert (await change(capacity=2)).json()["code"] == "instructor_full", "in 2025 there were three"
    raised = await change(capacity=4)
    assert raised.json()["capacity"] == 4
    tag = raised.json()["etag"]
    longer = await make.act(
        api, organizer, f"{address}/renew", tag, until_on="2030-01-01", document="续聘1号"
    )
    assert longer.json()["until_on"] == "2030-01-01"
    ended = await make.act(
        api, organizer, f"{address}/end", longer.json()["etag"], on="2026-02-01", reason="调离"
    )
    assert (ended.json()["ended_on"], ended.json()["held"]) == ("2026-02-01", 0)
    history = (await api.get(f"{address}/history", headers=organizer)).json()["assignments"]
    assert [(row["until_on"], row["ended_reason"]) for row in history] == [
        ("2026-01-01", "recalled"),
        ("2026-02-01", "instructor_ended"),
        ("2026-02-01", "instructor_ended"),
    ]
    assert (await make.assign(api, organizer, who["id"], ids[0])).json()["code"] == "instructor_has_ended"


async def test_an_organization_that_ends_leaves_its_instructor(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations, shell: Shell
) -> None:
    who = await make.instructor(api, organizer, committee)
    (one,) = await several(1)
    await make.assign(api, organizer, who["id"], one)
    gone = await organizations.act(
        api, organizer, one, "deregister", effective_on="2026-04-01", reason="自行解散"
    )
    assert gone.status_code == 200, gone.text
    await worker.drain(shell)
    rows = (
        await api.get("/instructor-assignments", params={"organization_id": one}, headers=organizer)
    ).json()
    assert [(row["until_on"], row["ended_reason"]) for row in rows["items"]] == [
        ("2026-04-01", "organization_ended")
    ]
    again = await make.assign(api, organizer, who["id"], one, from_on="2026-05-01")
    assert again.json()["code"] == "assigned_organization_has_ended"


async def test_never_over_and_never_twice_under_eight_racers(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations
) -> None:
    """Capacity less one, eight racers: four for the same organization, four for others."""
    ids = await several(RACERS)
    for number in range(ROUNDS):
        who = await make.instructor(api, organizer, committee, capacity=3, name=f"测试员{number}")
        for each in ids[:2]:
            assert (await make.assign(api, organizer, who["id"], each)).status_code == 201
        wanted = [ids[2]] * 4 + ids[3:7]
        answers = await asyncio.gather(*(make.assign(api, organizer, who["id"], each) for each in wanted))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
        assert (await make.read(api, organizer, who["id"]))["held"] == 3


async def test_the_database_itself_says_no(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations, shell: Shell
) -> None:
    """Over capacity, twice, and outside the term: each refused by its constraint, without the commands."""
    who = await make.instructor(api, organizer, committee, capacity=1)
    one, two = await several(2)
    await make.assign(api, organizer, who["id"], one)
    row = (
        "INSERT INTO instructor_assignments (id, assignment_id, version, instructor_id, term, capacity, slot,"
        " organization_id, kind, valid, recorded) VALUES (gen_random_uuid(), gen_random_uuid(), 1, :who,"
        " '[2025-01-01,2028-01-01)', 1, :slot, :organization, 'general', :valid, '[2026-01-01,)')"
    )
    for slot, organization, valid, constraint in (
        (1, two, "[2026-01-01,2027-01-01)", "ex_instructor_assignments_capacity"),
        (2, two, "[2026-01-01,2027-01-01)", "ck_instructor_assignments_slot"),
        (1, two, "[2024-01-01,2024-06-01)", "ck_instructor_assignments_within_term"),
        (1, one, "[2026-01-01,2027-01-01)", "ex_instructor_assignments_"),
    ):
        given = {"who": UUID(who["id"]), "slot": slot, "organization": UUID(organization)}
        async with begin(shell, SYSTEM) as work:
            await work.admit(NATIONAL)
            with pytest.raises(IntegrityError, match=constraint):
                await work.session.execute(text(row.replace(":valid", f"'{valid}'")), given)
            await work.session.rollback()
