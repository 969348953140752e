"""Whose task, closed with evidence, opened again; races."""

import asyncio

import httpx

from app import worker
from app.core.work import Shell
from tests.campaigns.conftest import Organizations
from tests.conftest import Actors
from tests.make import campaigns as make
from tests.make import instructors, organizations, party_organizations

Headers = dict[str, str]


async def test_owners_evidence_and_history(
    api: httpx.AsyncClient, organizer: Headers, branch: str, shell: Shell, actors: Actors
) -> None:
    await make.organizations(shell, 6, "440115", "440106")
    made = await make.campaign(api, organizer, kind="sixty_days", name="奋战60天")
    assert (made["days"], made["ends_on"]) == (60, "2026-04-29")
    address = f"/campaigns/{made['id']}"
    targets = (await make.get(api, organizer, "/campaign-targets", campaign_id=made["id"]))["items"]
    assert {row["due_on"] for row in targets} == {"2026-04-29"}
    who = await instructors.instructor(api, organizer, branch)
    given = await make.post(
        api, organizer, f"{address}/assign", made["etag"], division="440115",
        owner={"kind": "instructor", "id": who["id"]}, due_on="2026-04-15",
    )  # fmt: skip
    assert given == {"assigned": 3}
    body = {"kind": "party_organization", "id": branch}
    await make.post(api, organizer, f"{address}/assign", made["etag"], division="440106", owner=body)
    lines = (await make.get(api, organizer, f"{address}/responsibilities"))["items"]
    told = {
        line["owner"]["kind"]: (line["owner"]["name"], line["targets"], line["next_due_on"]) for line in lines
    }
    assert told == {
        "instructor": ("测**", 3, "2026-04-15"),
        "party_organization": ("广州市社会组织区域党支部", 3, "2026-04-29"),
    }
    nobody = {"kind": "user", "id": who["id"]}
    refused = await api.post(
        f"{address}/assign", json={"owner": nobody}, headers={**organizer, "If-Match": made["etag"]}
    )
    assert refused.json()["errors"][0]["pointer"] == "/owner/id"

    mine = (await make.get(api, organizer, "/campaign-targets", owner_id=who["id"]))["items"]
    one = f"/campaign-targets/{mine[0]['id']}"
    clerk = await actors("clerk", division="440115")

    async def close(tag: str, **fields: object) -> httpx.Response:
        return await api.post(f"{one}/close", json=fields, headers={**clerk, "If-Match": tag})

    bare = await close(mine[0]["etag"])
    assert bare.json()["errors"][0]["code"] == "evidence_missing"
    early = await close(mine[0]["etag"], note="批复", on="2026-02-01")
    assert early.json()["errors"][0]["pointer"] == "/on"
    paper = await api.post("/files", params={"name": "批复.csv"}, content=b"a,b\n1,2\n", headers=clerk)
    assert paper.status_code == 201, paper.text
    done = await close(mine[0]["etag"], file_id=paper.json()["id"], on="2026-03-20")
    assert (done.status_code, done.json()["state"]) == (200, "closed"), done.text
    assert done.json()["history"][-1]["file_sha256"] == paper.json()["sha256"]
    assert (await close(mine[0]["etag"], note="再次")).status_code == 412
    assert (await close(done.json()["etag"], note="再次")).json()["code"] == "campaign_target_not_open"
    again = await make.post(api, organizer, f"{one}/reopen", done.json()["etag"], reason="回访未运转")
    assert [row["state"] for row in again["history"]] == ["open", "closed", "open"]
    off = await close(again["etag"], removed=True)
    assert off.json()["errors"][0]["pointer"] == "/note"
    removed = (await close(again["etag"], removed=True, note="误列")).json()
    assert (removed["state"], removed["by_hand"], removed["allowed_actions"]) == ("removed", True, [])


async def test_the_ledger_moves_targets_and_moves_them_back(
    api: httpx.AsyncClient, organizer: Headers, branch: str, shell: Shell, several: Organizations
) -> None:
    one, two = await several(2)
    made = await make.campaign(api, organizer)
    cover = await party_organizations.cover(api, organizer, branch, one, from_on="2026-03-10")
    gone = await organizations.act(
        api, organizer, two, "deregister", effective_on="2026-04-01", reason="自行解散"
    )
    assert gone.status_code == 200, gone.text
    await worker.drain(shell)
    await worker.drain(shell)

    async def states() -> dict[str, list[tuple[str, str]]]:
        found = (await make.get(api, organizer, "/campaign-targets", campaign_id=made["id"]))["items"]
        return {
            row["organization"]["id"]: [(each["state"], each["reason"]) for each in row["history"]]
            for row in found
        }

    first = [("open", "drawn"), ("closed", "party_organization_covers")]
    assert await states() == {
        one: first,
        two: [("open", "drawn"), ("removed", "deregistered")],
    }
    taken_back = await api.post(
        f"/party-organizations/{branch}/covers/{cover['id']}/cancel",
        json={"reason": "录入有误"},
        headers={**organizer, "If-Match": cover["etag"]},
    )
    assert taken_back.is_success, taken_back.text
    restored = await organizations.act(
        api, organizer, two, "restore", effective_on="2026-04-20", reason="撤销注销登记"
    )
    assert restored.status_code == 200, restored.text
    await worker.drain(shell)
    found = await states()
    assert found[one] == [*first, ("open", "no_longer_so")]
    assert found[two][-1] == ("open", "no_longer_so")


async def test_close_against_reopen_and_the_ledger(
    api: httpx.AsyncClient, organizer: Headers, branch: str, shell: Shell
) -> None:
    """Eight racers on one target: one wins each version, the history has no gap, nobody sees a 5xx."""
    await make.organizations(shell, 3, "440115")
    made = await make.campaign(api, organizer)
    found = (await make.get(api, organizer, "/campaign-targets", campaign_id=made["id"]))["items"]
    for each in found:
        address, row, one = f"/campaign-targets/{each['id']}", each, each["organization"]["id"]
        for verb, body in (("close", {"note": "批复"}), ("reopen", {"reason": "复核"})):
            calls = [
                api.post(f"{address}/{verb}", json=body, headers={**organizer, "If-Match": row["etag"]})
                for _ in range(6)
            ]
            answers = await asyncio.gather(*calls)
            assert sorted({answer.status_code for answer in answers}) == [200, 412]
            row = await make.get(api, organizer, address)
        wanted = [
            api.post(
                f"{address}/close", json={"note": "批复"}, headers={**organizer, "If-Match": row["etag"]}
            ),
            party_organizations.cover(api, organizer, branch, one, from_on="2026-03-05"),
            worker.drain(shell),
        ]
        await asyncio.gather(*wanted)
        row = await make.get(api, organizer, address)
        assert [line["number"] for line in row["history"]] == list(range(1, len(row["history"]) + 1))
        assert row["state"] == row["history"][-1]["state"] == "closed"
    current = await make.get(api, organizer, f"/campaigns/{made['id']}")
    assert current["counts"]["closed"] == 3


async def test_a_long_list_is_drawn_by_the_worker(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    await make.organizations(shell, 5_003, "440115", "440106")
    made = await make.campaign(api, organizer, start=False)
    assert (made["counts"]["targets"], made["drawing"] is None) == (0, False)
    await worker.drain(shell)
    operation = await make.get(api, organizer, f"/operations/{made['drawing']}")
    assert (operation["state"], operation["report"]) == ("succeeded", {"drawn": 5_003})
    now = await make.get(api, organizer, f"/campaigns/{made['id']}")
    assert now["counts"]["targets"] == 5_003
