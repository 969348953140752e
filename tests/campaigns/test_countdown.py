"""A campaign from its list to its frozen report: 拉网式排查出未建143个, 建立139个 (Yangquan 2021)."""

import hashlib
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import worker
from app.core.access import SYSTEM
from app.core.work import Shell, begin
from tests.conftest import Actors
from tests.make import campaigns as make
from tests.make import party_organizations

Headers = dict[str, str]
FIRST = date(2026, 3, 1)


async def test_143_uncovered_139_established_4_left_with_reasons(
    api: httpx.AsyncClient, organizer: Headers, branch: str, shell: Shell, actors: Actors
) -> None:
    ids = await make.organizations(shell, 803, "440115", "440106", "440113")
    await make.covered(shell, branch, ids[143:])
    made = await make.campaign(api, organizer)
    address = f"/campaigns/{made['id']}"
    assert (made["counts"]["targets"], made["ends_on"], made["days"]) == (143, "2026-06-08", 100)
    listed = await make.get(
        api, organizer, "/coverage/organizations", division="440100", as_of="2026-03-01",
        rate="organization_coverage", part="gap", limit=1, include_total="true",
    )  # fmt: skip
    assert listed["total"] == 143, "exactly the list of coverage"

    await make.covered(shell, branch, ids[5:143], [FIRST + timedelta(days=n) for n in range(1, 70)])
    await party_organizations.cover(api, organizer, branch, ids[4], from_on="2026-03-20")
    for each in ids[:4]:
        why = {"reason": "dormant", "until_on": "2027-01-01"}
        await make.post(api, organizer, f"/organizations/{each}/no-party-organization-reason", **why)
    await worker.drain(shell)
    progress = await make.get(api, organizer, f"{address}/progress")
    total = progress["total"]
    assert (total["targets"], total["closed"], total["left"], total["removed"]) == (143, 139, 4, 0)
    assert (total["percent"], total["status"]) == ("97.20", "overdue")
    assert sum(line["closed"] for line in progress["lines"]) == 139
    assert [line["division"]["code"] for line in progress["lines"]] == ["440106", "440113", "440115"]
    assert (progress["daily"][0]["left"], progress["daily"][1]["left"]) == (143, 141)
    assert progress["daily"][69]["left"] == 4

    early = await make.get(api, organizer, f"{address}/progress", as_of="2026-03-31")
    assert (early["day_number"], early["days_left"]) == (31, 69)
    closed = early["daily"][-1]["closed"]
    assert early["total"]["closed"] == closed == 61
    assert early["total"]["pace"]["per_day"] == "1.96"
    assert early["total"]["pace"]["forecast_on"] == "2026-05-12"
    assert early["total"]["status"] == "on_track"

    left = await make.get(api, organizer, "/campaign-targets", campaign_id=made["id"], state="open")
    assert {row["organization"]["id"] for row in left["items"]} == {str(each) for each in ids[:4]}
    assert {row["no_party_organization_reason"] for row in left["items"]} == {"dormant"}
    assert all(row["overdue"] for row in left["items"])
    one = await make.get(api, organizer, "/campaign-targets", organization_id=str(ids[4]))
    assert [(row["state"], row["on"], row["reason"]) for row in one["items"][0]["history"]] == [
        ("open", "2026-03-01", "drawn"),
        ("closed", "2026-03-20", "party_organization_covers"),
    ]
    assert one["items"][0]["history"][1]["party_organization"]["id"] == branch

    waiting = await make.get(api, organizer, "/worklist")
    group = next(g for g in waiting["groups"] if g["kind"] == "campaign_target_overdue")
    assert (group["count"], group["items"][0]["about"]) == (4, "hundred_days")

    current = await make.get(api, organizer, address)
    refused = await api.post(f"{address}/finish", json={}, headers={**organizer, "If-Match": current["etag"]})
    assert refused.json()["errors"][0]["pointer"] == "/remaining_reason"
    callers = (organizer, await actors("display", division="440100"))
    await _frozen(api, callers, address, (branch, ids[0]), shell)


async def _frozen(
    api: httpx.AsyncClient,
    callers: tuple[Headers, Headers],
    address: str,
    later: tuple[str, UUID],
    shell: Shell,
) -> None:
    """Finished, it answers as it did before, whatever the ledger says later."""
    organizer, display = callers
    current = await make.get(api, organizer, address)
    progress = await make.get(api, organizer, f"{address}/progress")
    chart = await make.get(api, display, f"{address}/wall-chart")
    done = await make.post(
        api, organizer, f"{address}/finish", current["etag"], remaining_reason="党员人数不足"
    )
    assert (done["state"], done["allowed_actions"]) == ("finished", [])
    report = await api.get(f"{address}/report", headers=organizer)
    assert hashlib.sha256(report.content).hexdigest() == done["report_sha256"]
    await party_organizations.cover(api, organizer, later[0], later[1], from_on="2026-04-01")
    await worker.drain(shell)
    frozen = await make.get(api, organizer, f"{address}/progress")
    assert (frozen.pop("frozen"), frozen.pop("report_sha256")) == (True, done["report_sha256"])
    told = {name: value for name, value in progress.items() if name not in {"frozen", "report_sha256"}}
    assert frozen == told, "what was asked before it was finished is answered the same for ever"
    again = await make.get(api, organizer, f"{address}/wall-chart")
    assert (again["lines"], again["total"]) == (chart["lines"], chart["total"])
    async with begin(shell, SYSTEM) as work:
        for statement in (
            "UPDATE campaigns SET name = 'x'",
            "UPDATE campaign_targets SET due_on = due_on",
        ):
            with pytest.raises(DBAPIError, match="frozen"):
                async with work.session.begin_nested():
                    await work.execute(text(statement))
        with pytest.raises(DBAPIError, match="permission denied"):
            async with work.session.begin_nested():
                await work.execute(text("DELETE FROM campaign_target_states"))
