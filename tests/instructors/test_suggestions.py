"""Suggestions for a city: the blank spots that coverage lists, each to one who has room."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import worker
from app.core.access import NATIONAL, SYSTEM
from app.core.work import Shell, begin
from tests.instructors.conftest import Organizations
from tests.make import instructors as make
from tests.make import party_organizations

Headers = dict[str, str]


async def test_a_city_is_solved_at_once_and_accepted(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations, shell: Shell
) -> None:
    ids = await several(7)
    branch = await party_organizations.body(api, organizer)
    await party_organizations.cover(api, organizer, branch["id"], ids[0])
    team = await party_organizations.body(api, organizer, kind="work_team", formation=None, name="工作小组")
    await party_organizations.cover(api, organizer, team["id"], ids[1])
    near = await make.instructor(api, organizer, committee, capacity=2, division_code="440115")
    wide = await make.instructor(api, organizer, committee, capacity=2)
    await make.instructor(api, organizer, committee, division_code="440106", name="测试员辛")
    blank = await api.get("/coverage/blank-spots", params={"division": "440100"}, headers=organizer)
    assert {row["id"] for row in blank.json()["items"]} == set(ids[2:])
    asked = await api.post("/instructor-suggestions", json={"division": "440100"}, headers=organizer)
    assert asked.status_code == 202, asked.text
    await worker.drain(shell)
    run = (await api.get(asked.headers["Location"].removeprefix("/api/v1"), headers=organizer)).json()
    assert run["report"] == {"blank_spots": 5, "suggestions": 4, "without_instructor": 1}
    listed = (
        await api.get("/instructor-suggestions", params={"operation_id": run["id"]}, headers=organizer)
    ).json()["items"]
    held = [row["instructor"]["id"] for row in listed]
    assert (held.count(near["id"]), held.count(wide["id"])) == (2, 2)
    assert {row["organization"]["id"] for row in listed} < set(ids[2:])
    assert all(row["cost"] > 0 and row["distance"] in {0, 1} for row in listed)

    first, second = listed[0], listed[1]
    one = await api.post(
        f"/instructor-suggestions/{first['id']}/accept", headers={**organizer, "If-Match": first["etag"]}
    )
    assert (one.status_code, one.json()["state"]) == (200, "accepted"), one.text
    no = await make.act(
        api, organizer, f"/instructor-suggestions/{second['id']}/decline", second["etag"], reason="另有安排"
    )
    assert no.json()["state"] == "declined"
    # Meanwhile somebody else takes the third: accepting what is left marks it and changes nothing there.
    third = listed[2]
    other = wide["id"] if third["instructor"]["id"] == near["id"] else near["id"]
    spare = await make.assign(api, organizer, other, third["organization"]["id"])
    assert spare.status_code == 201, spare.text
    rest = await api.post(
        "/instructor-suggestions/accept", json={"operation_id": run["id"]}, headers=organizer
    )
    assert rest.json()["accepted"] + rest.json()["superseded"] == 2
    assert rest.json()["superseded"] >= 1
    async with begin(shell, SYSTEM) as work:
        unseen = await work.scalar(text("SELECT count(*) FROM instructor_suggestions"))
        await work.admit(NATIONAL)
        assert (unseen, await work.scalar(text("SELECT count(*) FROM instructor_suggestions"))) == (0, 4)
        for table in ("instructor_suggestions", "instructor_assignments"):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with work.session.begin_nested():
                    await work.execute(text(f"DELETE FROM {table}"))  # noqa: S608 (constants)


async def test_an_instructor_gives_work_coverage_not_a_party_organization(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations, shell: Shell
) -> None:
    """1272 Party organizations for 3866 organizations stand beside 100 % work coverage (Xi'an, 2020)."""
    ids = await several(3)
    branch = await party_organizations.body(api, organizer)
    await party_organizations.cover(api, organizer, branch["id"], ids[0])
    who = await make.instructor(api, organizer, committee)
    given = [(await make.assign(api, organizer, who["id"], each)).json() for each in ids[1:]]

    async def rates(**asked: str) -> tuple[str | None, str | None]:
        answer = await api.get("/coverage", params={"division": "440115", **asked}, headers=organizer)
        assert answer.status_code == 200, answer.text
        found = {rate["code"]: rate["percent"] for rate in answer.json()["total"]["rates"]}
        return found["organization_coverage"], found["work_coverage"]

    for _ in range(2):
        assert await rates() == ("33.33", "100.00")
        assert await rates(as_of="2025-02-28") == ("33.33", "33.33"), "nobody served in February 2025"
        spots = await api.get("/coverage/blank-spots", params={"division": "440115"}, headers=organizer)
        assert spots.json()["items"] == []
        await worker.drain(shell)  # and once more, from the roll-ups
    one = await api.get(f"/organizations/{ids[1]}/coverage", headers=organizer)
    assert (one.json()["covered"], one.json()["work_covered"]) == (False, True)
    recalled = await make.act(
        api, organizer, f"/instructor-assignments/{given[0]['id']}/recall", given[0]["etag"], on="2026-01-01"
    )
    assert recalled.status_code == 204
    assert await rates() == ("33.33", "66.67")
    assert await rates(as_of="2025-12-31") == ("33.33", "100.00")
