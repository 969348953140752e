"""The list of duties and the deadlines that follow the calendar."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.duties import commands
from tests.make import duties as make
from tests.make.responsibility import City

Headers = dict[str, str]


async def test_filters(api: httpx.AsyncClient, city: City) -> None:
    authority = city.authorities["南沙区民政局"]
    body = city.bodies["南沙区社会组织党委"]
    first = (await city.organization(registration_authority_id=authority))["id"]
    second = (
        await city.organization(name="花都区志愿者协会", division_code="440114", established_on="2026-04-01")
    )["id"]
    await make.papers(api, city.headers, first, on="2026-03-05")

    async def found(**query: Any) -> int:
        answer = await api.get("/duties", params={"include_total": True, **query}, headers=city.headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["total"] == len(answer.json()["items"])
        return int(answer.json()["total"])

    assert await found() == 8
    assert await found(division="440115") == 4
    assert await found(division="440100") == 8
    assert await found(kind="hand_over") == 2
    assert await found(state="done") == 2
    assert await found(state="open", overdue=True) == 6
    assert await found(late=True) == 2
    assert await found(overdue=False) == 2
    assert await found(provisional=True) == 0
    assert await found(due_before="2026-03-09") == 2
    assert await found(due_from="2026-04-01") == 4
    assert await found(owed_by="registration_authority") == 2
    assert await found(owed_by_authority_id=authority) == 1
    assert await found(owed_by_party_organization_id=body) == 1
    assert await found(organization_id=second) == 4
    assert await found(must_establish=True) == 1
    unknown = await api.get("/duties", params={"colour": "red"}, headers=city.headers)
    assert unknown.status_code == 422


async def test_pages_follow_the_day(api: httpx.AsyncClient, city: City) -> None:
    for n, day in enumerate(("2026-04-01", "2026-03-02", "2026-05-06")):
        await city.organization(name=f"协会{n}", established_on=day)
    days: list[str] = []
    query: dict[str, Any] = {"limit": 5}
    while True:
        page = (await api.get("/duties", params=query, headers=city.headers)).json()
        days += [item["due_on"] for item in page["items"]]
        if not page["has_more"]:
            break
        query["cursor"] = page["next_cursor"]
    assert len(days) == 12
    assert days == sorted(days)
    other = await api.get(
        "/duties", params={"cursor": query["cursor"], "state": "open"}, headers=city.headers
    )
    assert (other.status_code, other.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize(
    ("registered_on", "due_on"),
    [
        ("2026-03-02", "2026-03-09"),
        ("2026-02-13", "2026-02-27"),
        ("2025-09-26", "2025-10-10"),
    ],
)
async def test_working_days(api: httpx.AsyncClient, city: City, registered_on: str, due_on: str) -> None:
    """Five working days from the day after the registration, over the Spring Festival and the National Day
    with their worked weekends."""
    organization = (await city.organization(established_on=registered_on))["id"]
    duty = (await make.all_of(api, city.headers, organization))["hand_over"]
    assert (duty["due_on"], duty["provisional"]) == (due_on, False)


async def test_deadlines_follow_the_calendar(api: httpx.AsyncClient, city: City, shell: Shell) -> None:
    """A year whose notice is taken away makes deadlines provisional; a new holiday moves them."""
    organization = (await city.organization())["id"]
    async with begin(shell, SYSTEM) as work:
        await work.execute(text("UPDATE calendar_years SET complete = false WHERE year = 2026"))
        assert await commands.reprice_deadlines(work) == 2
    duty = (await make.all_of(api, city.headers, organization))["hand_over"]
    assert (duty["due_on"], duty["provisional"], duty["etag"]) == ("2026-03-09", True, '"2"')
    async with begin(shell, SYSTEM) as work:
        await work.execute(text("UPDATE calendar_years SET complete = true WHERE year = 2026"))
        await work.execute(
            text(
                "INSERT INTO working_day_overrides (day, year, is_working, name, source)"
                " VALUES ('2026-03-04', 2026, false, '台风', 'test')"
            )
        )
        assert await commands.reprice_deadlines(work) == 2
        assert await commands.reprice_deadlines(work) == 0
    duty = (await make.all_of(api, city.headers, organization))["hand_over"]
    assert (duty["due_on"], duty["provisional"]) == ("2026-03-10", False)


async def test_opening_twice_changes_nothing(api: httpx.AsyncClient, city: City, shell: Shell) -> None:
    organization = (await city.organization())["id"]
    before = await make.all_of(api, city.headers, organization)
    async with begin(shell, SYSTEM) as work:
        await commands.open_registration_duties(work, UUID(organization), date(2026, 3, 2))
    assert await make.all_of(api, city.headers, organization) == before
    async with begin(shell, SYSTEM) as work:
        await commands.open_registration_duties(work, UUID(organization), date(2026, 3, 3))
    moved = await make.all_of(api, city.headers, organization)
    assert {d["registered_on"] for d in moved.values()} == {"2026-03-03"}
    assert {d["id"] for d in moved.values()} == {d["id"] for d in before.values()}
    async with begin(shell, SYSTEM) as work:
        await commands.close_for_ended(work, UUID(organization), "注销")
    async with begin(shell, SYSTEM) as work:
        await commands.open_registration_duties(work, UUID(organization), date(2026, 3, 3))
    revived = await make.all_of(api, city.headers, organization)
    assert {d["state"] for d in revived.values()} == {"open"}


async def test_before_the_rules_nothing_was_owed(api: httpx.AsyncClient, city: City) -> None:
    organization = (await city.organization(established_on="2010-05-04"))["id"]
    assert await make.all_of(api, city.headers, organization) == {}


async def test_debtors_follow_responsibility(api: httpx.AsyncClient, city: City, shell: Shell) -> None:
    """The reaction to `responsibility.changed`: whoever leads now owes the contact."""
    organization = (await city.organization())["id"]
    answer = await city.answer(organization)
    overridden = await api.post(
        f"/organizations/{organization}/responsibility/override",
        json={
            "party_organization_id": city.bodies["南沙区教育局党委"],
            "reason": "代管",
            "until": "2199-01-01",
        },
        headers={**city.headers, "If-Match": answer["etag"]},
    )
    assert overridden.status_code == 200, overridden.text
    async with begin(shell, SYSTEM) as work:
        await commands.refresh(work, UUID(organization))
    duty = (await make.all_of(api, city.headers, organization))["setup_contact"]
    assert duty["owed_by_party_organization"]["name"] == "南沙区教育局党委"
