"""The calendar over HTTP."""

from typing import Any

import httpx
import pytest

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.reference import commands

Headers = dict[str, str]
NEXT: dict[str, Any] = {
    "source": "国务院办公厅关于2027年部分节假日安排的通知(测试)",
    "complete": True,
    "days": [
        {"day": "2027-01-01", "is_working": False, "name": "元旦"},
        {"day": "2027-01-03", "is_working": True, "name": "元旦"},
    ],
}


async def due(api: httpx.AsyncClient, headers: Headers, start: str, days: int) -> tuple[str, bool]:
    found = await api.get("/calendar/working-day", params={"start_on": start, "days": days}, headers=headers)
    assert found.status_code == 200, found.text
    return found.json()["due_on"], found.json()["provisional"]


async def test_the_years_of_the_notices_are_there(api: httpx.AsyncClient, clerk: Headers) -> None:
    years = (await api.get("/calendar", params={"limit": 200}, headers=clerk)).json()["items"]
    assert [y["year"] for y in years] == list(range(2004, 2027))
    year = await api.get("/calendar/2026", headers=clerk)
    assert year.json()["complete"] is True
    assert {"day": "2026-10-10", "is_working": True, "name": "国庆节"} in year.json()["days"]
    assert year.json()["allowed_actions"] == []
    same = await api.get("/calendar/2026", headers={**clerk, "If-None-Match": year.headers["etag"]})
    assert same.status_code == 304


async def test_a_year_that_nobody_entered_is_empty_and_provisional(
    api: httpx.AsyncClient, clerk: Headers
) -> None:
    year = (await api.get("/calendar/2027", headers=clerk)).json()
    assert (year["complete"], year["source"], year["days"], year["etag"]) == (False, None, [], '"0"')
    assert await due(api, clerk, "2026-12-30", 2) == ("2027-01-01", True)


async def test_entering_a_year_settles_its_deadlines(api: httpx.AsyncClient, admin: Headers) -> None:
    entered = await api.put("/calendar/2027", json=NEXT, headers={**admin, "If-Match": '"0"'})
    assert (entered.status_code, entered.json()["etag"]) == (200, '"1"')
    assert await due(api, admin, "2026-12-30", 2) == ("2027-01-03", False)
    again = await api.put("/calendar/2027", json={**NEXT, "days": []}, headers={**admin, "If-Match": '"1"'})
    assert (again.json()["days"], again.json()["etag"]) == ([], '"2"')
    assert await due(api, admin, "2026-12-30", 2) == ("2027-01-01", False)


async def test_replacing_asks_for_the_version_that_was_read(api: httpx.AsyncClient, admin: Headers) -> None:
    absent = await api.put("/calendar/2027", json=NEXT, headers=admin)
    stale = await api.put("/calendar/2026", json=NEXT, headers={**admin, "If-Match": '"0"'})
    assert (absent.status_code, stale.status_code) == (428, 412)


async def test_only_a_system_administrator_enters_years(api: httpx.AsyncClient, clerk: Headers) -> None:
    answer = await api.put("/calendar/2027", json=NEXT, headers={**clerk, "If-Match": '"0"'})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert (await api.get("/calendar/2026")).status_code == 401


@pytest.mark.parametrize(
    ("days", "pointer", "code"),
    [
        ([{"day": "2028-01-01", "is_working": False, "name": "元旦"}], "/days/0/day", "other_year"),
        ([NEXT["days"][0], NEXT["days"][0]], "/days/1/day", "listed_twice"),
        ([{"day": "2027-02-30", "is_working": False, "name": "元旦"}], "/days/0/day", "date_format"),
        ([{"day": "2027-01-01", "is_working": "no", "name": "元旦"}], "/days/0/is_working", "bool_type"),
    ],
)
async def test_days_that_cannot_stand_are_named(
    *, api: httpx.AsyncClient, admin: Headers, days: list[Any], pointer: str, code: str
) -> None:
    answer = await api.put(
        "/calendar/2027", json={**NEXT, "days": days}, headers={**admin, "If-Match": '"0"'}
    )
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    "query",
    [
        {"start_on": "2026-01-01"},
        {"start_on": "2026-01-01", "days": "-1"},
        {"start_on": "2026-01-01", "days": "3661"},
        {"start_on": "2026-13-01", "days": "1"},
        {"start_on": "2026-01-01", "days": "1", "end": "x"},
    ],
)
async def test_questions_that_make_no_sense_are_refused(
    api: httpx.AsyncClient, clerk: Headers, query: dict[str, str]
) -> None:
    assert (await api.get("/calendar/working-day", params=query, headers=clerk)).status_code == 422
    assert (await api.get("/calendar/1800", headers=clerk)).status_code == 422


async def test_a_new_release_leaves_entered_years_alone(
    api: httpx.AsyncClient, admin: Headers, shell: Shell
) -> None:
    etag = (await api.get("/calendar/2026", headers=admin)).json()["etag"]
    mended = {"source": "更正(测试)", "complete": True, "days": []}
    assert (
        await api.put("/calendar/2026", json=mended, headers={**admin, "If-Match": etag})
    ).status_code == 200
    async with begin(shell, SYSTEM) as work:
        assert await commands.remember(work, "calendar", "older")
        await commands.load_defaults(work)
    assert (await api.get("/calendar/2026", headers=admin)).json()["source"] == "更正(测试)"
