"""Census rounds over HTTP: a frozen roll, verdicts, finds, differences that the ledger's verbs settle, and a
frozen report."""

from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM, Scope
from app.core.work import Shell, begin
from tests.conftest import Actors
from tests.make import members as make
from tests.make import party_organizations as bodies

Headers = dict[str, str]
RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
PLAN = {"name": "2026年党员组织关系清查", "division_code": "440115", "document": "南社党〔2026〕11号"}


async def lines(api: httpx.AsyncClient, by: Headers, address: str, **params: Any) -> list[dict[str, Any]]:
    """Lines in the caller's sight."""
    got = await api.get(f"{address}/lines", params=params, headers=by)
    assert got.status_code == 200, got.text
    return list(got.json()["items"])


async def cannot_be_opened(api: httpx.AsyncClient, organizer: Headers) -> None:
    """Rounds over nothing, over what lies elsewhere, or in the future."""
    for fields, pointer in (
        ({"division_code": None}, "/division_code"),
        ({"division_code": "330203"}, "/division_code"),
        ({"division_code": None, "party_organization_id": RANDOM}, "/party_organization_id"),
        ({"as_of": "2100-01-01"}, "/as_of"),
    ):
        wrong = await api.post("/census-rounds", json={**PLAN, **fields}, headers=organizer)
        assert [e["pointer"] for e in wrong.json()["errors"]] == [pointer], wrong.text


async def find_somebody(
    api: httpx.AsyncClient, organizer: Headers, address: str, branch: str, elsewhere: str
) -> None:
    """A find, once, in a branch of the round."""
    find = {"party_organization_id": branch, "name": "测试员乙", "id_number": make.id_number(9)}
    found = await api.post(f"{address}/finds", json=find, headers=organizer)
    assert found.status_code == 201, found.text
    assert (found.json()["name"], found.json()["proposal"], found.json()["settled"]) == (
        "测**", "record_member", False,
    )  # fmt: skip
    twice = await api.post(f"{address}/finds", json=find, headers=organizer)
    assert twice.json()["code"] == "census_find_known"
    outside = await api.post(
        f"{address}/finds", json={**find, "party_organization_id": elsewhere}, headers=organizer
    )
    assert [e["code"] for e in outside.json()["errors"]] == ["not_found"]


async def is_sealed(shell: Shell) -> None:
    """The find's name and number are nowhere in plain text, and no line is seen without a word."""
    async with begin(shell, SYSTEM) as work:
        assert await work.scalar(text("SELECT count(*) FROM census_lines")) == 0
        await work.admit(Scope(national=True))
        row: Any = (
            await work.execute(text("SELECT id, name_cipher FROM census_lines WHERE member_id IS NULL"))
        ).one()
        assert (
            work.crypto.decrypt(row[1], table="census_lines", column="name_cipher", row=row[0]) == "测试员乙"
        )
        told = " ".join(
            str(r) for r in await work.execute(text("SELECT * FROM census_lines, audit_entries, events"))
        )
        assert "测试员乙" not in told
        assert make.id_number(9) not in told


async def test_a_round_from_its_roll_to_its_report(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, actors: Actors, shell: Shell
) -> None:
    branch = await make.branch(api, organizer)
    other = await make.branch(api, organizer, name="南沙区义工联合会党支部")
    elsewhere = await make.branch(api, organizer, division_code="440112", name="黄埔区志愿者协会党支部")
    people = [await make.member(api, organizer, branch, n) for n in (1, 2, 3, 4, 5)]
    await make.member(api, organizer, other, 6)
    await make.member(api, organizer, elsewhere, 7)
    await make.member(
        api, organizer, branch, 8, status="applicant", joined=None, full=None, applied_on="2026-01-01"
    )
    await cannot_be_opened(api, organizer)
    made = await api.post("/census-rounds", json=PLAN, headers=organizer)
    assert made.status_code == 201, made.text
    assert (made.json()["roll_count"], made.json()["open_count"]) == (6, 6)
    address, tag = f"/census-rounds/{made.json()['id']}", made.json()["etag"]
    roll = {line["member_id"]: line for line in await lines(api, organizer, address)}
    assert {line["name"] for line in roll.values()} == {"测**"}
    ids = [roll[person["id"]]["id"] for person in people]

    clerk = await actors("clerk", body=UUID(other))
    assert len(await lines(api, clerk, address)) == 1
    foreign = {"verdicts": [{"line_id": ids[0], "verdict": "confirmed"}]}
    refused = await make.act(api, clerk, f"{address}/verdicts", tag, **foreign)
    assert [e["code"] for e in refused.json()["errors"]] == ["not_found"]
    given = await make.act(api, clerk, f"{address}/verdicts", tag, confirm_rest_of=other)
    assert given.status_code == 200, given.text
    assert (given.json()["open_count"], given.json()["etag"]) == (0, tag)

    early = await make.act(api, organizer, f"{address}/close", tag, document="南社党〔2026〕15号")
    assert (early.status_code, early.json()["code"]) == (409, "census_unfinished")
    verdicts = [
        {"line_id": line, "verdict": verdict}
        for line, verdict in zip(ids, ("moved", "contact_lost", "duplicate", "pocket"), strict=False)
    ]
    for_finds = [{"line_id": ids[0], "verdict": "not_in_ledger"}]
    wrong = await make.act(api, organizer, f"{address}/verdicts", tag, verdicts=for_finds)
    assert [e["code"] for e in wrong.json()["errors"]] == ["for_finds"]
    nothing = await make.act(api, organizer, f"{address}/verdicts", tag)
    assert [e["code"] for e in nothing.json()["errors"]] == ["nothing_given"]
    given = await make.act(
        api, organizer, f"{address}/verdicts", tag, verdicts=verdicts, confirm_rest_of=branch
    )
    assert given.json()["open_count"] == 0
    await find_somebody(api, organizer, address, branch, elsewhere)
    differences = {line["verdict"]: line for line in await lines(api, organizer, address, settled="false")}
    assert {verdict: line["proposal"] for verdict, line in differences.items()} == {
        "moved": "request_transfer",
        "contact_lost": "change_member",
        "duplicate": "end_member",
        "pocket": "request_transfer",
        "not_in_ledger": "record_member",
    }
    await settle(api, organizer, people, elsewhere, branch)
    assert [line["verdict"] for line in await lines(api, organizer, address, settled="false")] == ["pocket"]
    assert len(await lines(api, organizer, address, verdict="confirmed")) == 2
    assert await lines(api, organizer, address, open="true") == []

    closed = await make.act(api, organizer, f"{address}/close", tag, document="南社党〔2026〕15号")
    assert closed.status_code == 200, closed.text
    report = {v["verdict"]: v["count"] for v in closed.json()["report"]["verdicts"]}
    assert report == {
        "confirmed": 2, "moved": 1, "contact_lost": 1, "pocket": 1, "duplicate": 1, "deceased": 0,
        "not_in_ledger": 1,
    }  # fmt: skip
    after = await make.act(
        api, organizer, f"{address}/verdicts", closed.json()["etag"], confirm_rest_of=branch
    )
    assert after.json()["code"] == "census_round_closed"
    listed = await api.get("/census-rounds", params={"state": "closed"}, headers=organizer)
    assert [r["id"] for r in listed.json()["items"]] == [made.json()["id"]]
    assert (await api.get(address, headers=neighbour)).content == (
        await api.get(f"/census-rounds/{RANDOM}", headers=neighbour)
    ).content
    await is_sealed(shell)


async def settle(
    api: httpx.AsyncClient, by: Headers, people: list[dict[str, Any]], to: str, branch: str
) -> None:
    """What the census proposed, done by the ledger's own verbs."""
    moved, lost, doubled = people[:3]
    asked = await make.act(
        api, by, f"/members/{moved['id']}/transfers", moved["etag"],
        to_party_organization_id=to, reason="工作调动",
    )  # fmt: skip
    assert asked.status_code == 201, asked.text
    changed = await api.patch(
        f"/members/{lost['id']}", json={"contact_lost_on": "2026-03-01"},
        headers={**by, "If-Match": lost["etag"]},
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    ended = await make.act(
        api, by, f"/members/{doubled['id']}/end", doubled["etag"], kind="recorded_in_error"
    )
    assert ended.status_code == 200, ended.text
    await make.member(api, by, branch, 9, name="测试员乙")


async def test_a_round_over_a_line_of_bodies(api: httpx.AsyncClient, organizer: Headers) -> None:
    committee = await bodies.body(
        api,
        organizer,
        kind="committee",
        formation="regional",
        name="广州市社会组织党委",
        division_code="440100",
    )
    below = await make.branch(api, organizer, parent_id=committee["id"])
    beside = await make.branch(api, organizer, name="南沙区义工联合会党支部")
    for number, body in enumerate((below, beside), start=1):
        await make.member(api, organizer, body, number)
    plan = {**PLAN, "division_code": None, "party_organization_id": committee["id"]}
    made = await api.post("/census-rounds", json=plan, headers=organizer)
    assert (made.json()["roll_count"], made.json()["division"]["code"]) == (1, "440100")
    before = await api.post("/census-rounds", json={**plan, "as_of": "2017-01-01"}, headers=organizer)
    assert before.json()["roll_count"] == 0
