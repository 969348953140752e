"""Relations on their way: the sender answers until the receiver accepts; one transfer is open at a time."""

import asyncio

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from tests.make import members as make

Headers = dict[str, str]


async def two_ends(api: httpx.AsyncClient, organizer: Headers, neighbour: Headers) -> tuple[str, str]:
    here = await make.branch(api, organizer, parent_id=await make.committee(api, organizer))
    there = await make.branch(api, neighbour, division_code="330203", name="海曙区社会组织党支部")
    return here, there


async def request(
    api: httpx.AsyncClient, headers: Headers, member: dict[str, str], to: str
) -> httpx.Response:
    return await make.act(
        api, headers, f"/members/{member['id']}/transfers", member["etag"],
        to_party_organization_id=to, reason="工作调动",
    )  # fmt: skip


async def sent(api: httpx.AsyncClient, headers: Headers, member: dict[str, str], to: str) -> dict[str, str]:
    asked = await request(api, headers, member, to)
    assert asked.status_code == 201, asked.text
    letter = {"letter_number": "NS2026-0007", "issued_on": "2026-03-01"}
    gone = await make.act(
        api, headers, f"/transfers/{asked.json()['id']}/send", asked.json()["etag"], **letter
    )
    assert gone.status_code == 200, gone.text
    return dict(gone.json())


async def test_from_one_province_to_another(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers
) -> None:
    here, there = await two_ends(api, organizer, neighbour)
    member = await make.member(api, organizer, here)
    transfer = await sent(api, organizer, member, there)
    assert (transfer["range"], transfer["state"], transfer["name"]) == ("national", "sent", "测**")
    assert (transfer["letter_until"], transfer["overdue"]) == ("2026-05-30", True)
    assert transfer["allowed_actions"] == ["cancel"]
    # The receiver sees the transfer, not yet the member, who counts at the sender until accepted.
    assert (await api.get(f"/members/{member['id']}", headers=neighbour)).status_code == 404
    assert (await make.read(api, organizer, member["id"]))["party_organization"]["id"] == here
    seen = (await api.get("/transfers", params={"incoming": "true"}, headers=neighbour)).json()["items"]
    assert [(t["id"], t["allowed_actions"]) for t in seen] == [(transfer["id"], ["accept", "return"])]
    own = await make.act(api, organizer, f"/transfers/{transfer['id']}/accept", transfer["etag"])
    assert (own.status_code, own.json()["code"]) == (403, "not_the_receiver")
    done = await make.act(
        api, neighbour, f"/transfers/{transfer['id']}/accept", transfer["etag"], on="2026-04-01"
    )
    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["ended_on"]) == ("accepted", "2026-04-01")
    assert (await api.get(f"/members/{member['id']}", headers=organizer)).status_code == 404
    moved = await make.read(api, neighbour, member["id"])
    assert (moved["party_organization"]["id"], moved["division"]["code"]) == (there, "330203")
    history = (await api.get(f"/members/{member['id']}/history", headers=neighbour)).json()["affiliations"]
    assert [(a["party_organization"]["id"], a["from_on"], a["until_on"]) for a in history] == [
        (here, "2018-03-01", "2026-04-01"),
        (there, "2026-04-01", None),
    ]
    again = await make.act(
        api, neighbour, f"/transfers/{transfer['id']}/return", done.json()["etag"], reason="误"
    )
    assert again.json()["code"] == "transfer_blocked"


async def test_only_a_committee_that_approves_members_sends_nationwide(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers
) -> None:
    """条例第25条: within the province any branch does; beyond it, and to outside, a committee is needed."""
    lonely, near = await make.branch(api, organizer), await make.branch(api, organizer, name="第二支部")
    _, there = await two_ends(api, organizer, neighbour)
    member = await make.member(api, organizer, lonely)
    far = await request(api, organizer, member, there)
    assert far.json()["errors"][0]["code"] == "may_not_transfer_nationally"
    temporary = await make.branch(api, organizer, name="临时党支部", formation="temporary")
    refused = await request(api, organizer, member, temporary)
    assert refused.json()["errors"][0]["code"] == "may_not_hold_members"
    assert (await request(api, organizer, member, near)).status_code == 201


async def test_one_is_open_and_a_return_leaves_the_member(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers
) -> None:
    here, there = await two_ends(api, organizer, neighbour)
    member = await make.member(api, organizer, here)
    transfer = await sent(api, organizer, member, there)
    member = await make.read(api, organizer, member["id"])
    assert member["open_transfer_id"] == transfer["id"]
    assert (await request(api, organizer, member, there)).json()["code"] == "transfer_open"
    ended = await make.act(api, organizer, f"/members/{member['id']}/end", member["etag"], kind="deceased")
    assert ended.json()["code"] == "transfer_open"
    back = await make.act(
        api, neighbour, f"/transfers/{transfer['id']}/return", transfer["etag"], reason="材料不全"
    )
    assert (back.json()["state"], back.json()["ended_reason"]) == ("returned", "材料不全")
    member = await make.read(api, organizer, member["id"])
    assert (member["party_organization"]["id"], member["open_transfer_id"]) == (here, None)
    assert (await request(api, organizer, member, here)).json()["errors"][0]["code"] == "same_body"


async def test_a_receiver_outside_ends_it_by_receipt(api: httpx.AsyncClient, organizer: Headers) -> None:
    branch = await make.branch(api, organizer, parent_id=await make.committee(api, organizer))
    member = await make.member(api, organizer, branch)
    asked = await make.act(
        api, organizer, f"/members/{member['id']}/transfers", member["etag"],
        to_outside="某某市委组织部", reason="退休迁居",
    )  # fmt: skip
    gone = await make.act(
        api,
        organizer,
        f"/transfers/{asked.json()['id']}/send",
        asked.json()["etag"],
        letter_number="NS2026-0008",
    )
    assert gone.json()["allowed_actions"] == ["accept", "return", "cancel"]
    bare = await make.act(api, organizer, f"/transfers/{asked.json()['id']}/accept", gone.json()["etag"])
    assert bare.json()["errors"][0]["code"] == "receipt_required"
    done = await make.act(
        api,
        organizer,
        f"/transfers/{asked.json()['id']}/accept",
        gone.json()["etag"],
        receipt_number="回执第12号",
    )
    assert done.json()["state"] == "accepted"
    member = await make.read(api, organizer, member["id"])
    assert (member["status"], member["ended_kind"]) == ("ended", "transferred_out")


async def test_accept_against_cancel_and_two_requests(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    """Whoever comes first decides: one terminal state, one affiliation at any instant, never a 5xx."""
    here, there = await two_ends(api, organizer, neighbour)
    other = await make.branch(api, organizer, name="南沙区第二联合党支部")
    for serial in range(1, 7):
        member = await make.member(api, organizer, here, serial)
        both = await asyncio.gather(
            request(api, organizer, member, there), request(api, organizer, member, other)
        )
        assert min(a.status_code for a in both) == 201
        assert {a.status_code for a in both} <= {201, 409, 412}
        won = next(a.json() for a in both if a.status_code == 201)
        letter = {"letter_number": f"NS2026-{serial:04d}"}
        gone = (await make.act(api, organizer, f"/transfers/{won['id']}/send", won["etag"], **letter)).json()
        receiver = neighbour if won["to_party_organization"]["id"] == there else organizer
        race = await asyncio.gather(
            make.act(api, receiver, f"/transfers/{won['id']}/accept", gone["etag"]),
            make.act(api, organizer, f"/transfers/{won['id']}/cancel", gone["etag"], reason="不再调动"),
        )
        assert min(a.status_code for a in race) == 200
        assert {a.status_code for a in race} <= {200, 409, 412}
    async with begin(shell, SYSTEM) as work:
        await work.execute(text("SELECT set_config('jiceng.nation', 'on', true)"))
        running = "SELECT count(*), count(DISTINCT member_id) FROM member_affiliations WHERE upper_inf(valid)"
        assert tuple((await work.execute(text(running))).one()) == (6, 6)
        opened = "SELECT count(*) FROM member_transfers WHERE state IN ('requested', 'sent')"
        assert await work.scalar(text(opened)) == 0
