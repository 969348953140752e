"""Names that agree are proposed, people confirm, and only what is confirmed counts."""

from typing import Any

import httpx

from app import worker
from app.core.work import Shell
from tests.make import members as people
from tests.make import organizations as ledger
from tests.make import party_organizations as bodies
from tests.make import posts as make
from tests.make.organizations import credit_code

Headers = dict[str, str]


async def an_organization(
    api: httpx.AsyncClient, headers: Headers, serial: int, branch: str, *officers: tuple[str, str, bool]
) -> str:
    """A covered organization whose board was elected on 1 March 2024."""
    made = await ledger.organization(
        api, headers, credit_code=credit_code(serial), name=f"示例商会{serial}号"
    )
    await bodies.cover(api, headers, branch, made["id"], from_on="2019-01-01")
    board = {
        "elected_on": "2024-03-01",
        "officers": [{"name": n, "post": p, "is_principal": principal} for n, p, principal in officers],
    }
    answer = await api.post(f"/organizations/{made['id']}/officers/elect", json=board, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(made["id"])


async def rates(api: httpx.AsyncClient, headers: Headers, **query: str) -> dict[str, Any]:
    got = await api.get("/cross-appointments/rates", params=query, headers=headers)
    assert got.status_code == 200, got.text
    return {rate["code"]: rate for rate in got.json()["rates"]} | {"proposed": got.json()["proposed"]}


def figures(found: dict[str, Any]) -> list[tuple[int, int, str | None]]:
    codes = ("two_way_entry", "principal_is_secretary")
    return [(found[c]["numerator"], found[c]["denominator"], found[c]["percent"]) for c in codes]


async def test_matches_and_rates(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    branch = await people.branch(api, organizer, formation="regional")
    secretary, other = await make.members(api, organizer, branch, 2)  # 测试员001, 测试员002
    at = f"/party-organizations/{branch}"
    review = {**make.REVIEW, "member_id": secretary, "role": "secretary"}
    await make.post(api, organizer, f"{at}/nominee-reviews", review)
    post = {"member_id": secretary, "role": "secretary", "from_on": "2024-07-01", "document": "任〔2024〕1号"}
    held = await make.post(api, organizer, f"{at}/posts", post)
    await make.post(api, organizer, f"{at}/posts", {**post, "member_id": other, "role": "member"})
    first = await an_organization(api, organizer, 1, branch, ("测试员001", "会长", True))
    second = await an_organization(api, organizer, 2, branch, ("测试员002", "理事", False))
    third = await an_organization(api, organizer, 3, branch, ("测试员甲", "会长", True))

    # The worker proposes; nothing counts until somebody has said that they are one person.
    await worker.drain(shell)
    listed = (await api.get("/cross-appointments", headers=organizer)).json()["items"]
    assert {(m["organization"]["id"], m["member_id"], m["state"]) for m in listed} == {
        (first, secretary, "proposed"), (second, other, "proposed"),
    }  # fmt: skip
    assert all("测试员0" not in str(match) for match in listed)
    assert (await api.get("/cross-appointments", headers=neighbour)).json()["items"] == []
    found = await rates(api, organizer)
    assert (figures(found), found["proposed"]) == ([(0, 3, "0.00"), (0, 3, "0.00")], 2)
    again = await make.post(
        api, organizer, "/cross-appointments/propose", {"party_organization_id": branch}, 200
    )
    assert again == {"bodies": 1, "proposed": 0}

    by_member = {match["member_id"]: match for match in listed}
    for member in (secretary, other):
        match = by_member[member]
        address = f"/cross-appointments/{match['id']}/confirm"
        assert (await people.act(api, neighbour, address, match["etag"])).status_code == 404
        done = await people.act(api, organizer, address, match["etag"], reason="本人核实")
        assert (done.status_code, done.json()["state"]) == (200, "confirmed")
    together = done.json()["held_together"]
    assert [(t["office"], t["role"], t["from_on"]) for t in together] == [("理事", "member", "2024-07-01")]
    found = await rates(api, organizer)
    assert figures(found) == [(2, 3, "66.67"), (1, 3, "33.33")]
    assert figures(await rates(api, organizer, as_of="2024-05-01"))[0] == (0, 3, "0.00")
    assert figures(await rates(api, neighbour)) == [(0, 0, None), (0, 0, None)]
    behind = await api.get(found["two_way_entry"]["list"]["gap"], headers=organizer)
    assert [item["id"] for item in behind.json()["items"]] == [third]
    behind = await api.get(found["principal_is_secretary"]["list"]["numerator"], headers=organizer)
    assert [item["id"] for item in behind.json()["items"]] == [first]

    # The times follow the ledgers; what people decided stays, and a rejection is not proposed again.
    ended = {"on": "2026-02-05", "reason": "resigned"}
    await make.post(
        api, organizer, f"/party-posts/{held['id']}/end", ended, 200, **{"If-Match": held["etag"]}
    )
    await worker.drain(shell)
    assert figures(await rates(api, organizer)) == [(1, 3, "33.33"), (0, 3, "0.00")]
    assert figures(await rates(api, organizer, as_of="2026-02-04"))[1] == (1, 3, "33.33")
    match = (await api.get("/cross-appointments", params={"member_id": other}, headers=organizer)).json()
    match = match["items"][0]
    address = f"/cross-appointments/{match['id']}/reject"
    assert (await people.act(api, organizer, address, match["etag"], reason="同名")).status_code == 200
    assert figures(await rates(api, organizer))[0] == (0, 3, "0.00")
    again = await make.post(
        api, organizer, "/cross-appointments/propose", {"party_organization_id": branch}, 200
    )
    assert again["proposed"] == 0
