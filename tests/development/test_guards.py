"""Who approves, what a quota leaves, who sees a case, and what is shown only on record."""

from typing import Any

import httpx
from sqlalchemy import text

from app.core.access import NATIONAL, SYSTEM, Scope
from app.core.events import EventRow
from app.core.work import Shell, begin
from app.development import commands
from tests.conftest import Actors
from tests.development.test_rules import SEVEN
from tests.make import development as make
from tests.make import members

Headers = dict[str, str]
TABLES = ("cases", "steps", "papers", "votes", "publicities", "helpers", "records", "reviews")


async def test_a_general_branch_deliberates_and_cannot_approve(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors
) -> None:
    where = await make.place(api, organizer, between=True)
    branch = (await api.get(f"/party-organizations/{where.branch}", headers=organizer)).json()
    general = branch["parent"]["id"]
    case = await make.open_case(api, organizer, where.branch)
    assert case["approving_body"]["id"] == where.committee
    clerk = await actors("organizer", body=where.branch)
    early = await make.act(api, clerk, case, "advance", steps=make.steps(where.helpers, 2, 4))
    assert (early.status_code, early.json()["code"]) == (403, "not_the_approving_body")
    case = await make.done(api, clerk, case, "advance", steps=make.steps(where.helpers, 2, 3))
    committee = await actors("organizer", body=where.committee)
    case = await make.done(api, committee, case, "advance", steps=make.steps(where.helpers, 4, 12))

    review = {**make.way(where.helpers)["13"], "deliberated_on": "2023-06-15"}
    for change, code in (
        ({"decided_by_id": general}, "body_without_power"),
        ({"decided_by_id": where.branch}, "not_above_the_branch"),
        ({"deliberated_on": None}, "not_deliberated"),
        ({"deliberated_on": "2023-06-21"}, "deliberated_later"),
    ):
        refused = await make.act(api, committee, case, "advance", steps=[review | change])
        assert code in [r["code"] for r in refused.json()["reasons"]], refused.text
    case = await make.done(api, committee, case, "advance", steps=[review])
    step = next(s for s in case["steps"] if s["step"] == "13")
    assert step["decided_by"]["id"] == where.committee


async def test_a_quota_is_a_hard_or_a_soft_limit(api: httpx.AsyncClient, organizer: Headers) -> None:
    where = await make.place(api, organizer)
    plan: dict[str, Any] = {"year": 2023, "party_organization_id": where.committee, "places": 1}
    made = await api.post("/quotas", json=plan | {"enforced": True}, headers=organizer)
    assert made.status_code == 201, made.text
    again = await api.post("/quotas", json=plan, headers=organizer)
    assert again.json()["code"] == "quota_known"
    below = plan | {"party_organization_id": where.branch}
    more = await api.post("/quotas", json=below | {"places": 2}, headers=organizer)
    assert more.json()["code"] == "quota_overdrawn"
    assert (await api.post("/quotas", json=below, headers=organizer)).status_code == 201

    first, second = [await make.open_case(api, organizer, where.branch, n) for n in (1, 2)]
    await make.done(api, organizer, first, "advance", steps=make.steps(where.helpers, 2, 15))
    refused = await make.act(api, organizer, second, "advance", steps=make.steps(where.helpers, 2, 15))
    assert [r["code"] for r in refused.json()["reasons"]] == ["quota_used"]
    quotas = (await api.get("/quotas", params={"year": "2023"}, headers=organizer)).json()["items"]
    assert [(q["places"], q["used"], q["left"]) for q in quotas] == [(1, 1, 0), (1, 1, 0)]
    committee = next(q for q in quotas if q["party_organization"]["id"] == where.committee)
    assert committee["allotted"] == 1
    tagged = {**organizer, "If-Match": committee["etag"]}
    fewer = await api.patch(f"/quotas/{committee['id']}", json={"places": 0}, headers=tagged)
    assert fewer.json()["code"] in {"quota_used", "quota_overdrawn"}
    soft = await api.patch(f"/quotas/{committee['id']}", json={"enforced": False}, headers=tagged)
    assert soft.json()["enforced"] is False
    await make.done(api, organizer, second, "advance", steps=make.steps(where.helpers, 2, 15))
    counted = (await api.get(f"/quotas/{committee['id']}", headers=organizer)).json()
    assert (counted["used"], counted["left"]) == (2, -1)


async def test_findings_are_sealed_and_shown_on_record(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch)
    findings = "其父某某, 其母某某, 均无问题。"
    review = {"conclusion": "passed", "findings": findings, "on": "2026-01-05"}
    case = await make.done(api, organizer, case, "review", **review)
    assert findings not in str(case)
    own = case["reviews"][0]
    assert own["has_findings"] is True
    address = f"/development-cases/{case['id']}/review/{own['id']}/reveal"
    asked = {"purpose": "admission", "reason": "支委会审查"}
    shown = await api.post(address, json=asked, headers=organizer)
    assert (shown.json(), shown.headers["cache-control"]) == (
        {"conclusion": "passed", "findings": findings},
        "no-store",
    )
    async with begin(shell, SYSTEM) as work:
        told = text("SELECT data FROM audit_entries WHERE action = 'development.review_revealed'")
        assert (await work.execute(told)).scalar_one() == asked
        await work.admit(NATIONAL)
        rows = await work.execute(text("SELECT * FROM development_reviews, audit_entries, events"))
        assert findings not in " ".join(str(row) for row in rows)


async def test_a_case_is_seen_by_whoever_sees_its_member(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors, shell: Shell
) -> None:
    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch)
    await make.done(api, organizer, case, "advance", steps=make.steps(where.helpers, 2, 10))
    neighbour = await actors("organizer", division="330000")
    missing = await api.get(f"/development-cases/{case['id']}", headers=neighbour)
    assert (missing.status_code, missing.json()["code"]) == (404, "development_case_not_found")
    assert (await api.get("/development-cases", headers=neighbour)).json()["items"] == []
    assert (await api.get("/development-cases/funnel", headers=neighbour)).json()["opened"] == 0
    async with begin(shell, SYSTEM) as work:
        await work.admit(NATIONAL)
        assert await work.scalar(text("SELECT count(*) FROM development_steps")) == 10
        await work.keep()
        for scope, seen in ((Scope(divisions=("330000",)), False), (Scope(), False), (None, False)):
            if scope is not None:
                await work.admit(scope)
            for name in TABLES:
                found = await work.scalar(text(f"SELECT count(*) FROM development_{name}"))  # noqa: S608
                assert bool(found) is seen, (name, scope)
            await work.keep()


async def test_reminders_come_once_and_an_end_ends_the_case(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch, applied_on="2026-10-25")
    assert case["due"] == {"step": "2", "on": "2026-11-25", "above": False}
    async with begin(shell, SYSTEM) as work:
        await work.admit(NATIONAL)
        await work.execute(
            text("UPDATE development_cases SET remind_on = due_on - 7, due_on = current_date + 3")
        )
    told = []
    for _ in range(2):
        async with begin(shell, SYSTEM) as work:
            told.append(await commands.remind(work))
    assert told == [1, 0]
    waiting = (await api.get("/worklist", headers=organizer)).json()["groups"]
    group = next(g for g in waiting if g["kind"] == "development_step_due")
    assert [(i["id"], i["about"]) for i in group["items"]] == [(case["id"], "2")]

    member = await members.read(api, organizer, case["member"]["id"])
    ended = await members.act(
        api, organizer, f"/members/{member['id']}/end", member["etag"], kind="application_ended"
    )
    assert ended.status_code == 200, ended.text
    async with begin(shell, SYSTEM) as work:
        found = await work.execute(
            text("SELECT id FROM events WHERE type = 'member.status_changed' ORDER BY id DESC LIMIT 1")
        )
        from_row = await work.session.get(EventRow, found.scalar_one())
        assert from_row is not None
        await commands.follow(work, from_row)
        await commands.follow(work, from_row)
    closed = (await api.get(f"/development-cases/{case['id']}", headers=organizer)).json()
    assert (closed["state"], closed["closed_reason"]) == ("ended", "application_ended")


async def test_a_pack_of_another_slicing_is_published_and_used(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors
) -> None:
    """Seven steps, by draft and a second person; a pack that cannot be worked with names its step."""
    author, second = [await actors("system_admin", division="100000") for _ in range(2)]
    plan = {
        "kind": "development",
        "code": "development-guangdong",
        "version": "2020.1",
        "jurisdiction_code": "440000",
        "effective_on": "2020-01-01",
        "source": "七步法 (测试)",
        "content": SEVEN,
    }
    steps = [{**s, "after": ["nowhere"]} if s["code"] == "target" else s for s in SEVEN["steps"]]
    bad = await api.post("/rule-packs", json=plan | {"content": {**SEVEN, "steps": steps}}, headers=author)
    fault = bad.json()["errors"][0]
    assert (bad.status_code, fault["pointer"], fault["code"]) == (
        422,
        "/content/steps/2/after",
        "unknown_step",
    )
    assert "target" in fault["message"]
    draft = (await api.post("/rule-packs", json=plan, headers=author)).json()
    published = await api.post(
        f"/rule-packs/{draft['id']}/publish", headers={**second, "If-Match": draft["etag"]}
    )
    assert published.status_code == 200, published.text

    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch)
    assert [s["step"] for s in case["steps"]] == [s["code"] for s in SEVEN["steps"]]
    taken = [
        {"step": step, "on": on}
        for step, on in (
            ("activist", "2022-06-01"),
            ("target", "2023-06-01"),
            ("meeting", "2023-07-10"),
            ("approved", "2023-08-01"),
            ("asked", "2024-07-01"),
            ("full", "2024-08-01"),
        )
    ]
    case = await make.done(api, organizer, case, "advance", steps=taken)
    member = await members.read(api, organizer, case["member"]["id"])
    assert (case["state"], member["status"], member["full"]["on"]) == ("completed", "full", "2024-07-10")
