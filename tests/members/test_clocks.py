"""Clocks that run towards a day, letters that run out, and the grid that looks after people."""

from datetime import date
from typing import Any

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM, Scope
from app.core.work import Shell, begin
from app.members import commands, rules
from app.members.rules import Clocks, MembershipPack, MemberStatus
from tests.make import members as make
from tests.make import organizations

Headers = dict[str, str]
PACK = MembershipPack(6, 24, 6, 90)


def test_which_clock_runs() -> None:
    lost, away = date(2025, 8, 31), date(2026, 1, 31)
    assert rules.clocks(MemberStatus.FULL, None, lost, away, PACK) == Clocks(
        date(2026, 2, 28), None, date(2026, 7, 31)
    )
    suspended = rules.clocks(MemberStatus.SUSPENDED, date(2024, 2, 29), lost, None, PACK)
    assert suspended == Clocks(None, date(2026, 2, 28), None)
    assert rules.clocks(MemberStatus.APPLICANT, None, lost, away, PACK) == Clocks()


async def groups(api: httpx.AsyncClient, headers: Headers) -> dict[str, Any]:
    found = (await api.get("/worklist", headers=headers)).json()["groups"]
    return {group["kind"]: (group["count"], [item["about"] for item in group["items"]]) for group in found}


async def test_clocks_are_lists_and_work(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    above = await make.committee(api, organizer)
    branch = await make.branch(api, organizer, parent_id=above)
    made = [await make.member(api, organizer, branch, serial) for serial in range(1, 5)]

    async def change(member: dict[str, Any], **fields: Any) -> dict[str, Any]:
        tagged = {**organizer, "If-Match": member["etag"]}
        got = await api.patch(f"/members/{member['id']}", json=fields, headers=tagged)
        assert got.status_code == 200, got.text
        return dict(got.json())

    lost = await change(made[0], contact_lost_on="2026-05-25")
    away = await change(made[1], floating_since="2026-01-31")
    later = await change(made[2], contact_lost_on="2026-11-01")
    assert lost["suspension_due_on"] == "2026-11-25"
    assert away["floating_due_on"] == "2026-07-31"
    order = {"document": "南社党〔2024〕7号", "on": "2024-06-30", "abroad": True}
    held = (
        await make.act(api, organizer, f"/members/{made[3]['id']}/suspend", made[3]["etag"], **order)
    ).json()
    assert held["strike_off_due_on"] == "2026-06-30"

    async def listed(**query: Any) -> list[str]:
        found = await api.get("/members", params=query, headers=organizer)
        return [item["id"] for item in found.json()["items"]]

    assert set(await listed(clock_due_by="2026-11-30")) == {lost["id"], away["id"], held["id"]}
    assert await listed(clock="strike_off") == [held["id"]]
    assert set(await listed(clock="suspension")) == {lost["id"], later["id"]}
    waiting = await groups(api, organizer)
    assert waiting["member_clock_due"] == (3, ["strike_off", "floating", "suspension"])
    assert (await groups(api, neighbour)).get("member_clock_due", (0, []))[0] == 0
    counted = (await api.get("/members/counts", headers=organizer)).json()
    assert (counted["floating"], counted["contact_lost"]) == (1, 2)

    # A letter past its day warns at both ends, and the daily job follows the packs.
    there = await make.branch(api, neighbour, division_code="330203", name="海曙区社会组织党支部")
    asked = await make.act(
        api, organizer, f"/members/{later['id']}/transfers", later["etag"],
        to_party_organization_id=there, reason="工作调动",
    )  # fmt: skip
    assert asked.status_code == 201, asked.text
    letter = {"letter_number": "NS2026-0009", "issued_on": "2026-03-01"}
    sent = await make.act(
        api, organizer, f"/transfers/{asked.json()['id']}/send", asked.json()["etag"], **letter
    )
    assert sent.json()["overdue"] is True
    assert (await groups(api, organizer))["transfer_letter_expiring"][0] == 1
    far = await groups(api, neighbour)
    assert (far["transfer_letter_expiring"][0], far["transfer_to_accept"][0]) == (1, 1)
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        await work.execute(text("UPDATE members SET suspension_due_on = NULL"))
        assert await commands.rewind(work) == 2
    assert set(await listed(clock="suspension")) == {lost["id"], later["id"]}


async def test_a_grid_unit_and_what_is_in_it(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    """Of a street or a community, under its body; each organization and member in one unit at any instant."""
    branch = await make.branch(api, organizer)
    one, two = [await make.member(api, organizer, branch, serial) for serial in (1, 2)]
    filed = await organizations.organization(
        api,
        organizer,
        name="南沙街道舞蹈队",
        kind="community_filed",
        registration_mode="filed",
        credit_code=None,
    )
    async with begin(shell, SYSTEM) as work:
        found = await work.execute(text("SELECT code FROM divisions WHERE level = 'township' LIMIT 1"))
        street = found.scalar_one_or_none()
    plan = {
        "name": "第一网格",
        "division_code": street or "440115",
        "party_organization_id": branch,
        "responsible_member_id": one["id"],
        "opened_on": "2026-01-05",
    }
    county = await api.post("/grid-units", json={**plan, "division_code": "440115"}, headers=organizer)
    assert county.json()["errors"][0]["code"] == "not_a_township"
    if street is None:
        return
    made = await api.post("/grid-units", json=plan, headers=organizer)
    assert made.status_code == 201, made.text
    unit = made.json()
    assert unit["responsible_member"] == {"id": one["id"], "name": "测**"}
    again = await api.post("/grid-units", json=plan, headers=organizer)
    assert again.json()["code"] == "grid_name_taken"
    address = f"/grid-units/{unit['id']}"
    for fields in ({"organization_id": filed["id"]}, {"member_id": two["id"]}):
        got = await make.act(api, organizer, f"{address}/assign", unit["etag"], on="2026-02-05", **fields)
        assert got.status_code == 200, got.text
        unit = got.json()
    assert (unit["organizations"], unit["members"]) == (1, 1)
    twice = await make.act(
        api, organizer, f"{address}/assign", unit["etag"], on="2026-03-05", member_id=two["id"]
    )
    assert twice.json()["code"] == "grid_taken"
    contents = (await api.get(f"{address}/contents", headers=organizer)).json()
    assert contents["members"] == [{"id": two["id"], "name": "测**"}]
    assert [each["id"] for each in contents["organizations"]] == [filed["id"]]
    assert (await api.get(address, headers=neighbour)).status_code == 404
    left = await make.act(
        api, organizer, f"{address}/release", unit["etag"], on="2026-04-05", member_id=two["id"]
    )
    assert left.json()["members"] == 0
    closed = await make.act(api, organizer, f"{address}/close", left.json()["etag"], on="2026-05-05")
    assert (closed.json()["closed_on"], closed.json()["organizations"]) == ("2026-05-05", 0)
    late = await make.act(api, organizer, f"{address}/assign", closed.json()["etag"], member_id=two["id"])
    assert late.json()["code"] == "grid_unit_closed"
