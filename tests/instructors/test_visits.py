"""Visits, assessments, plain text on record, and leaders' contracts."""

import httpx
from sqlalchemy import text

from app.core.access import NATIONAL, SYSTEM
from app.core.work import Shell, begin
from tests.instructors.conftest import Organizations
from tests.make import instructors as make

Headers = dict[str, str]


async def test_visits_and_what_they_add_up_to(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations
) -> None:
    who = await make.instructor(api, organizer, committee)
    one, two = await several(2)
    await make.assign(api, organizer, who["id"], one)
    address = f"/instructors/{who['id']}/visits"
    stranger = await api.post(address, json={"organization_id": two, "kind": "visit"}, headers=organizer)
    assert stranger.json()["errors"][0]["code"] == "not_held"
    plan = {"organization_id": one, "kind": "visit", "held_on": "2026-03-02", "members_found": 2}
    first = await api.post(
        address, json={**plan, "follow_up": "补报名单", "follow_up_due_on": "2026-03-31"}, headers=organizer
    )
    assert first.status_code == 201, first.text
    await api.post(address, json={**plan, "kind": "contact", "members_found": 1}, headers=organizer)
    figures = (await api.get("/instructors/figures", headers=organizer)).json()
    assert (figures["organizations_contacted"], figures["visits"], figures["contacts"]) == (1, 1, 2)
    assert (figures["members_found"], figures["follow_ups_open"]) == (3, 1)
    done = await make.act(
        api,
        organizer,
        f"/guidance-visits/{first.json()['id']}/follow-up",
        first.json()["etag"],
        on="2026-03-20",
    )
    assert done.json()["follow_up_done_on"] == "2026-03-20"
    twice = await make.act(
        api, organizer, f"/guidance-visits/{first.json()['id']}/follow-up", done.json()["etag"]
    )
    assert twice.json()["code"] == "follow_up_is_done"
    waiting = await api.get("/guidance-visits", params={"follow_up_open": "true"}, headers=organizer)
    assert waiting.json()["items"] == []


async def test_assessments_and_removal(api: httpx.AsyncClient, organizer: Headers, committee: str) -> None:
    who = await make.instructor(api, organizer, committee)
    address = f"/instructors/{who['id']}/assessments"
    good = await make.act(
        api, organizer, address, who["etag"], kind="yearly", year=2025, grade="excellent", on="2026-01-10"
    )
    assert good.status_code == 200, good.text
    tag = good.json()["etag"]
    again = await make.act(api, organizer, address, tag, kind="yearly", year=2025, grade="qualified")
    assert again.json()["code"] == "instructor_assessed_already"
    soft = await make.act(
        api, organizer, address, tag, kind="term", year=2026, grade="qualified", outcome="removed"
    )
    assert soft.json()["errors"][0]["code"] == "removed_when_unqualified"
    out = await make.act(
        api,
        organizer,
        address,
        tag,
        kind="term",
        year=2026,
        grade="unqualified",
        outcome="removed",
        on="2026-05-01",
    )
    assert (out.json()["ended_on"], out.json()["ended_reason"]) == ("2026-05-01", "removed")


async def test_plain_text_is_sealed_and_shown_on_record(
    api: httpx.AsyncClient, organizer: Headers, committee: str, shell: Shell
) -> None:
    who = await make.instructor(api, organizer, committee, name="测试员戊", phone="13800138005")
    asked = {"fields": ["name", "phone"], "purpose": "guidance", "reason": "约定走访时间"}
    shown = await api.post(f"/instructors/{who['id']}/reveal", json=asked, headers=organizer)
    assert shown.json() == {"name": "测试员戊", "phone": "13800138005"}
    async with begin(shell, SYSTEM) as work:
        told = "SELECT data FROM audit_entries WHERE action = 'instructor.revealed'"
        assert (await work.scalar(text(told)))["reason"] == "约定走访时间"
        nothing = await work.scalar(text("SELECT count(*) FROM instructors"))
        await work.admit(NATIONAL)
        row = (await work.execute(text("SELECT i::text FROM instructors i"))).scalar_one()
    assert nothing == 0, "without a word a transaction sees nobody"
    assert "戊" not in row
    assert "13800138005" not in row


async def test_a_leader_takes_on_ten(
    api: httpx.AsyncClient, organizer: Headers, committee: str, several: Organizations
) -> None:
    signed = await api.post(
        "/leader-contracts",
        json={
            "kind": "leader_contract", "name": "测试员己", "post": "市委委员",
            "party_organization_id": committee, "division_code": "440115", "from_on": "2026-01-01",
        },
        headers=organizer,
    )  # fmt: skip
    contract = signed.json()
    assert (contract["quota"], contract["name"], contract["targets"]) == (10, "测**", [])
    address = f"/leader-contracts/{contract['id']}"
    ids = await several(11)
    for each in ids[:10]:
        added = await make.act(api, organizer, f"{address}/targets", contract["etag"], organization_id=each)
        assert added.status_code == 200, added.text
        contract = added.json()
    eleventh = await make.act(api, organizer, f"{address}/targets", contract["etag"], organization_id=ids[10])
    assert eleventh.json()["code"] == "leader_contract_quota_reached"
    target = contract["targets"][0]
    visit = {"organization_id": target["organization"]["id"], "kind": "visit"}
    assert (await api.post(f"{address}/visits", json=visit, headers=organizer)).status_code == 201
    other = await api.post(
        f"{address}/visits", json={"organization_id": ids[10], "kind": "visit"}, headers=organizer
    )
    assert other.json()["errors"][0]["code"] == "no_target"
    moved = await make.act(
        api, organizer, f"{address}/targets/{target['id']}/progress", target["etag"], progress="done"
    )
    assert moved.json()["done"] == 1
    assert next(t for t in moved.json()["targets"] if t["id"] == target["id"])["visits"] == 1
