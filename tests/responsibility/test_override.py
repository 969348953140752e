"""Decisions that put another body in the lead, over HTTP: what they need, what they outlast, how they end."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.responsibility import commands
from tests.conftest import Actors
from tests.make.responsibility import City

RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
Headers = dict[str, str]


async def _override(
    city: City, organization: str, headers: Headers | None = None, **change: Any
) -> httpx.Response:
    answer = await city.answer(organization)
    plan = {
        "party_organization_id": city.bodies["南沙区教育局党委"],
        "reason": "区委专题会议决定, 由教育局党委代管。",
        "until": "2199-01-01",
        **change,
    }
    return await city.api.post(
        f"/organizations/{organization}/responsibility/override",
        json=plan,
        headers={**(headers or city.headers), "If-Match": answer["etag"]},
    )


async def _end(city: City, organization: str, headers: Headers | None = None) -> httpx.Response:
    answer = await city.answer(organization)
    return await city.api.post(
        f"/organizations/{organization}/responsibility/override/end",
        json={"reason": "代管期满。"},
        headers={**(headers or city.headers), "If-Match": answer["etag"]},
    )


async def test_an_override_leads_until_its_end(city: City) -> None:
    organization = (await city.organization())["id"]
    made = await _override(city, organization)
    assert made.status_code == 200, made.text
    answer = made.json()
    assert answer["lead"]["name"] == "南沙区教育局党委"
    assert answer["overridden_by"] == {
        "reason": "区委专题会议决定, 由教育局党委代管。",
        "until": "2199-01-01",
    }
    assert answer["rule"] == "direct_registration"
    assert answer["since"] == answer["as_of"]
    assert answer["allowed_actions"] == ["end_override"]
    after = await city.answer(organization, as_of="2199-01-01")
    assert (after["lead"]["name"], after["overridden_by"]) == ("南沙区社会组织党委", None)
    again = await _override(city, organization)
    assert (again.status_code, again.json()["code"]) == (409, "override_stands")


async def test_facts_do_not_move_an_override(city: City) -> None:
    made = await city.organization()
    organization = made["id"]
    assert (await _override(city, organization)).status_code == 200
    changed = await city.api.patch(
        f"/organizations/{organization}",
        json={"registration_mode": "dual", "supervisory_unit_id": city.authorities["南沙区民政局"]},
        headers={**city.headers, "If-Match": made["etag"]},
    )
    assert changed.status_code == 200, changed.text
    answer = await city.answer(organization)
    assert (answer["lead"]["name"], answer["rule"]) == ("南沙区教育局党委", "supervisory_unit")
    ended = await _end(city, organization)
    assert ended.status_code == 200, ended.text
    assert (ended.json()["lead"]["name"], ended.json()["overridden_by"]) == ("南沙区民政局党委", None)
    none = await _end(city, organization)
    assert (none.status_code, none.json()["code"]) == (409, "no_override")


async def test_an_override_that_ran_out_is_history(city: City, shell: Shell) -> None:
    """What was decided in the past stays; the rules lead again by themselves."""
    organization = (await city.organization())["id"]
    assert (await _override(city, organization)).status_code == 200
    async with begin(shell, SYSTEM) as work:
        shifted = {
            "from": work.today - timedelta(days=9),
            "until": work.today - timedelta(days=2),
            "id": organization,
        }
        await work.execute(text(BACKDATE), shifted)
    async with begin(shell, SYSTEM) as work:
        assert await commands.close_overrides(work) == 1
    async with begin(shell, SYSTEM) as work:
        assert await commands.close_overrides(work) == 0
    answer = await city.answer(organization)
    assert (answer["lead"]["name"], answer["overridden_by"]) == ("南沙区社会组织党委", None)
    assert answer["since"] == shifted["until"].isoformat()
    path = f"/organizations/{organization}/responsibility/history"
    history = (await city.api.get(path, headers=city.headers)).json()["items"]
    overridden = [each for each in history if each["override"]]
    assert [(each["since"], each["until"]) for each in overridden] == [
        (shifted["from"].isoformat(), shifted["until"].isoformat())
    ]


async def test_two_decisions_at_once(city: City) -> None:
    """Both have read the same answer: one wins, the other is told that it has changed."""
    organization = (await city.organization())["id"]
    answers = await asyncio.gather(*(_override(city, organization) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200, 412}
    assert sum(answer.status_code == 200 for answer in answers) == 1


async def test_what_happened_is_announced(city: City, shell: Shell) -> None:
    organization = (await city.organization())["id"]
    await _override(city, organization)
    await _end(city, organization)
    async with begin(shell, SYSTEM) as work:
        found = await work.execute(text(EVENTS), {"id": organization})
        events = sorted((row.type.partition(".")[2], row.data.get("lead_id")) for row in found)
    ours, theirs = city.bodies["南沙区社会组织党委"], city.bodies["南沙区教育局党委"]
    assert events == sorted(
        [
            ("determined", ours),
            ("changed", theirs),
            ("overridden", theirs),
            ("changed", ours),
            ("override_ended", theirs),
        ]
    )


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"until": "2020-01-01"}, 422, "override_until_not_future"),
        ({"party_organization_id": RANDOM}, 422, "responsibility_reference_unknown"),
        ({"reason": " "}, 422, "invalid"),
        ({"reason": None}, 422, "invalid"),
        ({"until": None}, 422, "invalid"),
        ({"colour": "red"}, 422, "invalid"),
    ],
)
async def test_overrides_refused(city: City, change: dict[str, Any], status: int, code: str) -> None:
    organization = (await city.organization())["id"]
    refused = await _override(city, organization, **change)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    assert (await city.answer(organization))["overridden_by"] is None


async def test_who_may_override(city: City, clerk: Headers, stranger: Headers, actors: Actors) -> None:
    organization = (await city.organization())["id"]
    assert (await _override(city, organization, clerk)).status_code == 403
    assert (await _override(city, organization, stranger)).status_code == 404
    path = f"/organizations/{organization}/responsibility/override"
    plan = {"party_organization_id": RANDOM, "reason": "x", "until": "2199-01-01"}
    assert (await city.api.post(path, json=plan, headers=city.headers)).status_code == 428
    stale = {**city.headers, "If-Match": '"00"'}
    assert (await city.api.post(path, json=plan, headers=stale)).status_code == 412
    domicile = await actors("organizer", division="440114")
    here = await city.organization(name="跨区协会", domicile_division_code="440114")
    assert (await _override(city, here["id"], domicile)).status_code == 403


async def test_nobody_overrides_for_what_ended(city: City) -> None:
    made = await city.organization()
    ended = await city.api.post(
        f"/organizations/{made['id']}/deregister",
        json={"effective_on": "2026-06-01", "reason": "决议解散"},
        headers={**city.headers, "If-Match": made["etag"]},
    )
    assert ended.status_code == 200, ended.text
    answer = await city.answer(made["id"])
    assert answer["lead"] is None
    refused = await _override(city, made["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "responsibility_of_ended_organization")
    found = await city.api.get("/responsibility-findings", headers=city.headers)
    assert found.json()["items"] == []


BACKDATE = """
    UPDATE responsibilities
    SET valid = CASE WHEN override THEN daterange(:from, :until) ELSE daterange(:until, NULL) END,
        override_until = CASE WHEN override THEN CAST(:until AS date) END
    WHERE organization_id = :id AND upper_inf(recorded)
"""
EVENTS = "SELECT type, data FROM events WHERE subject_id = :id AND type LIKE 'responsibility.%'"
