"""What is asked about people: who two places know; what a person asks for; what is past its time."""

import json
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

import app.tables  # noqa: F401 (fills the metadata)
from app.core.access import SYSTEM, Scope
from app.core.db import Base
from app.core.work import Shell, begin
from app.members import commands
from tests.conftest import Actors
from tests.make import members as make

Headers = dict[str, str]
ROOT = Path(__file__).parents[2]


async def rows(shell: Shell, statement: str, **parameters: Any) -> list[Any]:
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        return list((await work.execute(text(statement), parameters)).all())


async def asked(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, serial: int, **fields: Any
) -> tuple[dict[str, Any], str, str]:
    """Somebody of Guangdong whom Zhejiang wanted to enter; both branches."""
    above = await make.committee(api, organizer)
    here = await make.branch(api, organizer, parent_id=above)
    there = await make.branch(api, neighbour, division_code="330203", name="海曙区社会组织党支部")
    member = await make.member(api, organizer, here, serial)
    for _ in range(2):
        again = await api.post("/members", json=make.plan(there, serial, **fields), headers=neighbour)
        assert (again.status_code, again.json()["code"]) == (409, "person_needs_verification")
        assert member["id"] not in again.text
    return member, here, there


async def test_the_level_above_both_decides(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, actors: Actors
) -> None:
    """Neither place sees the task, the nation does; the same person's transfer is proposed, once."""
    _, here, there = await asked(api, organizer, neighbour, 5, name="测试员乙")
    nation = await actors("organizer", division="100000")
    for headers in (organizer, neighbour):
        assert (await api.get("/person-verifications", headers=headers)).json()["items"] == []
    found = (await api.get("/person-verifications", params={"state": "open"}, headers=nation)).json()["items"]
    assert len(found) == 1
    task = found[0]
    assert (task["level"]["code"], task["name"], task["name_agrees"]) == ("100000", "测**", False)
    assert (task["asking_party_organization"]["id"], task["known_party_organization"]["id"]) == (there, here)
    assert task["known_id_number"].startswith("**************")
    kinds = {group["kind"] for group in (await api.get("/worklist", headers=nation)).json()["groups"]}
    assert "person_verification" in kinds
    address = f"/person-verifications/{task['id']}"
    assert (await api.get(address, headers=organizer)).status_code == 404
    order = {"outcome": "same_person", "reason": "核对档案, 同一人"}
    hidden = await make.act(api, organizer, f"{address}/decide", task["etag"], **order)
    assert hidden.status_code == 404
    done = await make.act(api, nation, f"{address}/decide", task["etag"], **order)
    assert (done.status_code, done.json()["state"]) == (200, "decided"), done.text
    transfer = (await api.get(f"/transfers/{done.json()['transfer_id']}", headers=neighbour)).json()
    assert (transfer["state"], transfer["to_party_organization"]["id"]) == ("requested", there)
    again = await make.act(api, nation, f"{address}/decide", done.json()["etag"], **order)
    assert again.json()["code"] == "person_verification_decided"
    # A number that is corrected to somebody else's asks in the same way.
    other = await make.member(api, neighbour, there, 6)
    tagged = {**neighbour, "If-Match": other["etag"]}
    body = {"id_number": make.id_number(5)}
    refused = await api.patch(f"/members/{other['id']}", json=body, headers=tagged)
    assert refused.json()["code"] == "person_needs_verification"
    found = (await api.get("/person-verifications", params={"state": "open"}, headers=nation)).json()["items"]
    assert [(each["name"], each["name_agrees"]) for each in found] == [(None, None)]
    assert (await make.read(api, neighbour, other["id"]))["id_number"].endswith(make.id_number(6)[-4:])


async def test_who_resigned_may_come_again(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, actors: Actors
) -> None:
    """In sight at once; elsewhere after the level above has said that it is the same person."""
    member, here, there = await asked(api, organizer, neighbour, 7)
    ended = await make.act(
        api, organizer, f"/members/{member['id']}/end", member["etag"], kind="resigned", on="2026-01-05"
    )
    assert ended.status_code == 200
    nation = await actors("organizer", division="100000")
    task = (await api.get("/person-verifications", headers=nation)).json()["items"][0]
    order = {"outcome": "same_person", "reason": "已退党, 现重新申请"}
    done = await make.act(api, nation, f"/person-verifications/{task['id']}/decide", task["etag"], **order)
    assert (done.status_code, done.json()["transfer_id"]) == (200, None), done.text
    plan = make.plan(there, 7, status="applicant", joined=None, full=None)
    assert (await api.post("/members", json=plan, headers=neighbour)).status_code == 201
    again = await api.post("/members", json=plan, headers=neighbour)
    assert again.json()["code"] == "member_known"
    old = await make.read(api, organizer, member["id"])
    assert (old["status"], old["name"]) == ("ended", "***")
    del here


async def test_a_person_gets_what_is_held_about_them(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors, shell: Shell
) -> None:
    clerk = await actors("clerk", division="440000")
    member = await make.member(api, organizer, await make.branch(api, organizer))
    asking = {"kind": "access", "identity_proof": "当面核对身份证件", "details": "请给我一份副本"}
    made = await api.post(f"/members/{member['id']}/requests", json=asking, headers=organizer)
    assert (made.status_code, made.json()["state"], made.json()["name"]) == (201, "received", "测**")
    twice = await api.post(f"/members/{member['id']}/requests", json=asking, headers=clerk)
    assert twice.json()["code"] == "person_request_open"
    address, grant = f"/person-requests/{made.json()['id']}", {"grant": True, "legal_ground": "access_due"}
    own = await make.act(api, organizer, f"{address}/decide", made.json()["etag"], **grant)
    assert own.json()["code"] == "person_request_second_person"
    approver = await actors("approver", division="440000")
    unfit = {"grant": False, "legal_ground": "access_due"}
    refused = await make.act(api, approver, f"{address}/decide", made.json()["etag"], **unfit)
    assert refused.json()["errors"][0]["code"] == "ground_does_not_fit"
    early = await make.act(api, clerk, f"{address}/copy", made.json()["etag"])
    assert early.json()["code"] == "person_request_blocked"
    granted = await make.act(api, approver, f"{address}/decide", made.json()["etag"], **grant)
    assert granted.json()["state"] == "granted", granted.text
    copied = await make.act(api, clerk, f"{address}/copy", granted.json()["etag"])
    assert copied.status_code == 200, copied.text
    assert copied.headers["cache-control"] == "no-store"
    held = {each["table"]: each["rows"] for each in copied.json()["tables"]}
    assert {"persons", "members", "member_statuses", "member_affiliations", "person_requests"} <= set(held)
    person = held["persons"][0]
    assert (person["name"], person["phone"], person["id_number"]) == (
        make.NAME,
        make.PHONE,
        make.id_number(1),
    )
    assert held["person_requests"][0]["details"] == "请给我一份副本"
    assert not [name for table in held.values() for row in table for name in row if name.endswith("_blind")]
    assert "member.recorded" in {each["action"] for each in copied.json()["actions"]}
    told = await rows(shell, "SELECT data FROM audit_entries WHERE action = 'member.copied'")
    assert "persons" in told[0][0]["tables"]
    assert make.NAME not in json.dumps([row[0] for row in told], ensure_ascii=False)
    again = await make.act(api, clerk, f"{address}/copy", granted.json()["etag"])
    assert again.status_code in {409, 412}


async def test_a_correction_and_what_may_be_erased(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors, shell: Shell
) -> None:
    """A member is kept by statute; an error of the ledger goes, and names nobody anywhere any more."""
    approver = await actors("approver", division="440000")
    branch = await make.branch(api, organizer)
    member = await make.member(api, organizer, branch)

    async def granted(kind: str, ground: str) -> httpx.Response:
        asking = {"kind": kind, "identity_proof": "当面核对身份证件", "details": "我叫测试员甲"}
        made = (await api.post(f"/members/{member['id']}/requests", json=asking, headers=organizer)).json()
        order = {"grant": True, "legal_ground": ground}
        return await make.act(api, approver, f"/person-requests/{made['id']}/decide", made["etag"], **order)

    correction = (await granted("correction", "correction_due")).json()
    address = f"/person-requests/{correction['id']}/execute"
    bare = await make.act(api, organizer, address, correction["etag"])
    assert bare.json()["errors"][0]["code"] == "correction_required"
    done = await make.act(api, organizer, address, correction["etag"], correction={"phone": "13900139000"})
    assert (done.status_code, done.json()["state"]) == (200, "executed"), done.text
    assert (await make.read(api, organizer, member["id"]))["phone"] == "139****9000"

    kept = await granted("deletion", "purpose_over")
    assert (kept.status_code, kept.json()["errors"][0]["code"]) == (409, "kept_by_statute")
    waiting = (await api.get("/person-requests", params={"state": "received"}, headers=approver)).json()
    asked_for = waiting["items"][0]
    member = await make.read(api, organizer, member["id"])
    ended = {"kind": "recorded_in_error", "on": "2026-10-05", "reason": "重复登记"}
    assert (
        await make.act(api, organizer, f"/members/{member['id']}/end", member["etag"], **ended)
    ).status_code == 200
    order = {"grant": True, "legal_ground": "unlawful_or_wrong"}
    allowed = await make.act(
        api, approver, f"/person-requests/{asked_for['id']}/decide", asked_for["etag"], **order
    )
    assert allowed.json()["state"] == "granted", allowed.text
    gone = await make.act(
        api, organizer, f"/person-requests/{asked_for['id']}/execute", allowed.json()["etag"]
    )
    assert gone.json()["state"] == "executed", gone.text
    read = await make.read(api, organizer, member["id"])
    assert (read["name"], read["id_number"], read["phone"]) == ("***", None, None)
    person = (await rows(shell, "SELECT name_mask, id_number_cipher, phone_blind FROM persons"))[0]
    assert tuple(person) == ("***", None, None)
    assert (await rows(shell, "SELECT count(*) FROM person_requests WHERE details_cipher IS NOT NULL"))[0][
        0
    ] == 0
    found = await api.post("/members/find", json={"name": make.NAME}, headers=organizer)
    assert found.json()["items"] == []


async def test_what_is_past_its_time_is_listed_and_settled(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors, shell: Shell
) -> None:
    branch = await make.branch(api, organizer)
    plans = (("application_ended", "2022-03-31"), ("application_ended", "2026-03-31"))
    for serial, (kind, on) in enumerate(plans, start=1):
        plan = make.plan(branch, serial, status="applicant", joined=None, full=None, applied_on="2020-01-05")
        made = (await api.post("/members", json=plan, headers=organizer)).json()
        order = {"kind": kind, "on": on}
        ended = await make.act(api, organizer, f"/members/{made['id']}/end", made["etag"], **order)
        assert ended.status_code == 200, ended.text
    await make.member(api, organizer, branch, 3)
    for expected in (1, 0):
        async with begin(shell, SYSTEM) as work:
            assert await commands.list_due(work) == expected
    approver = await actors("approver", division="440000")
    due = (await api.get("/person-retentions", params={"state": "due"}, headers=approver)).json()["items"]
    assert [(each["rule_code"], each["due_on"]) for each in due] == [("application_ended", "2025-03-31")]
    groups = {g["kind"]: g["count"] for g in (await api.get("/worklist", headers=approver)).json()["groups"]}
    assert groups["person_retention_due"] == 1
    settled = await make.act(
        api, approver, f"/person-retentions/{due[0]['id']}/settle", due[0]["etag"], erase=True, reason="期满"
    )
    assert settled.json()["state"] == "erased", settled.text
    assert (await make.read(api, organizer, due[0]["member_id"]))["name"] == "***"
    again = await make.act(
        api, approver, f"/person-retentions/{due[0]['id']}/settle", settled.json()["etag"],
        erase=False, reason="期满",
    )  # fmt: skip
    assert again.json()["code"] == "person_retention_settled"


def test_the_retention_pack_names_tables_that_there_are() -> None:
    """What is withheld from a person is withheld by the name of its table."""
    pack = json.loads((ROOT / "app/members/data/rule_packs/personal-retention.json").read_text())
    named = {each["table"] for each in pack["content"]["withheld"]}
    assert named == {"development_reviews"}
    assert named <= Base.metadata.tables.keys()
