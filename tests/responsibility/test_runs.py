"""Determining again in bulk: an operation with progress, a dry run, and what sets it off."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import event, text

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.operations import commands as operations
from app.responsibility import commands
from app.responsibility.commands import determinations, runs
from tests.conftest import Actors
from tests.make import ledger
from tests.make.responsibility import City

Headers = dict[str, str]


async def work_off(shell: Shell) -> int:
    """What the worker does with waiting runs, one transaction for each part; how many parts there were."""
    parts = 0
    async with begin(shell, SYSTEM) as work:
        operation = await operations.take(work, [commands.KIND])
    while operation is not None:
        async with begin(shell, SYSTEM) as work:
            work.session.add(operation)
            over = await commands.redetermine_chunk(work, operation)
            parts += 1
        if over:
            async with begin(shell, SYSTEM) as work:
                operation = await operations.take(work, [commands.KIND])
    return parts


async def _organizations(shell: Shell, number: int) -> list[UUID]:
    return [await ledger.organization(shell, name=f"协会{n}", since=date(2020, 1, 1)) for n in range(number)]


async def _start(city: City, **plan: Any) -> dict[str, Any]:
    started = await city.api.post(
        "/responsibility-runs", json={"division": "440100", **plan}, headers=city.headers
    )
    assert started.status_code == 202, started.text
    assert started.headers["Location"] == f"/api/v1/operations/{started.json()['id']}"
    return dict(started.json())


async def _finished(city: City, operation_id: str) -> dict[str, Any]:
    found = await city.api.get(f"/operations/{operation_id}", headers=city.headers)
    assert found.json()["state"] == "succeeded", found.text
    return dict(found.json())


async def test_a_run_determines_in_parts(city: City, shell: Shell, monkeypatch: Any) -> None:
    monkeypatch.setattr(runs, "CHUNK", 2)
    made = await _organizations(shell, 5)
    dry = await _start(city, dry_run=True)
    assert await work_off(shell) == 3
    report = await _finished(city, dry["id"])
    assert (report["total"], report["done"]) == (5, 5)
    assert report["report"]["outcomes"] == {"changed": 5}
    assert report["report"]["examples"][0]["to"] == city.bodies["南沙区社会组织党委"]
    assert (await city.answer(str(made[0])))["lead"] is None
    real = await _start(city)
    await work_off(shell)
    assert (await _finished(city, real["id"]))["report"]["outcomes"] == {"changed": 5}
    answers = [await city.answer(str(each)) for each in made]
    assert {answer["lead"]["name"] for answer in answers} == {"南沙区社会组织党委"}
    again = await _start(city)
    await work_off(shell)
    assert (await _finished(city, again["id"]))["report"]["outcomes"] == {"unchanged": 5}


async def test_a_run_that_waits_is_enough(shell: Shell) -> None:
    """Ten roles that change in a day cause one run."""
    made = set()
    for division in ("440115", "440115", "440100", "440115"):
        async with begin(shell, SYSTEM) as work:
            made.add((await commands.redetermine_division(work, division)).id)
    assert len(made) == 2


async def test_a_dissolved_body_hands_on(city: City, shell: Shell) -> None:
    """The reaction to `party_organization.dissolved`: whom it led is determined again."""
    organization = (await city.organization())["id"]
    async with begin(shell, SYSTEM) as work:
        gone = {"id": city.bodies["南沙区社会组织党委"], "on": work.today}
        await work.execute(
            text("UPDATE party_organizations SET status = 'dissolved', dissolved_on = :on WHERE id = :id"),
            gone,
        )
        await commands.redetermine_body(work, UUID(gone["id"]))
    assert await work_off(shell) == 1
    answer = await city.answer(organization)
    assert (answer["rule"], answer["lead"]["name"]) == ("fallback", "广州市社会组织党委")
    assert {each["rule"]: each["code"] for each in answer["tried"]}["direct_registration"] == "no_body"


async def test_a_published_pack_changes_the_answers(city: City, shell: Shell) -> None:
    """The reaction to `rule_pack.published`: everything in its jurisdiction is determined again, and nothing
    else."""
    inside = (await city.organization())["id"]
    outside = (await city.organization(division_code="440114", name="花都区志愿者协会"))["id"]
    before = await city.answer(outside)
    content = (
        '{"removes": ["direct_registration"], "rules": [{"code": "fallback", "order": 60,'
        ' "title": {"zh": "甲", "en": "A"}, "source": "穗社〔2026〕1号", "when": [],'
        ' "lead": [{"target": "role_body", "roles": ["social_work_department"]}]}]}'
    )
    async with begin(shell, SYSTEM) as work:
        await work.execute(text(PACK), {"content": content})
        await commands.redetermine_division(work, "440115")
    await work_off(shell)
    answer = await city.answer(inside)
    assert (answer["lead"]["name"], answer["source"]) == ("南沙区委两新工委", "穗社〔2026〕1号")
    assert (await city.answer(outside))["etag"] == before["etag"]


async def test_who_may_run(api: httpx.AsyncClient, clerk: Headers, stranger: Headers, actors: Actors) -> None:
    plan = {"division": "440100"}
    assert (await api.post("/responsibility-runs", json=plan, headers=clerk)).status_code == 403
    assert (await api.post("/responsibility-runs", json=plan, headers=stranger)).status_code == 404
    national = await actors("organizer", division="100000")
    unknown = await api.post("/responsibility-runs", json={"division": "999999"}, headers=national)
    assert unknown.status_code == 404
    extra = await api.post("/responsibility-runs", json={**plan, "when": "now"}, headers=national)
    assert extra.status_code == 422


async def test_the_number_of_statements_does_not_grow(shell: Shell) -> None:
    """One organization or many: the same number of reads."""
    made = await _organizations(shell, 6)
    counts = []
    for ids in (made[:1], made[:6]):
        async with begin(shell, SYSTEM) as work:
            seen = 0

            def count(*_: object) -> None:
                nonlocal seen
                seen += 1

            connection = (await work.session.connection()).sync_connection
            assert connection is not None
            event.listen(connection, "before_cursor_execute", count)
            await determinations.determine_many(work, ids, dry_run=True)
            counts.append(seen)
    assert counts[0] == counts[1] <= 6


PACK = """
    INSERT INTO rule_packs (id, kind, code, version, jurisdiction_code, effective_on, source, content, state,
                            published_at, revision)
    VALUES (gen_random_uuid(), 'responsibility', 'responsibility-440115', '1', '440115', '2020-01-01', 'x',
            CAST(:content AS jsonb), 'published', now(), 1)
"""
