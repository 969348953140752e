"""Prior opinions, attendance rights and consultations over HTTP."""

from typing import Any

import httpx

from tests.make import members as make
from tests.make import organizations

Headers = dict[str, str]
RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"


async def between(api: httpx.AsyncClient, by: Headers) -> dict[str, str]:
    """An organization and a branch, as fields."""
    organization = await organizations.organization(api, by)
    return {
        "organization_id": organization["id"],
        "party_organization_id": await make.branch(api, by),
    }


async def test_a_matter_its_opinion_and_the_share(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers
) -> None:
    both = await between(api, organizer)
    plan = {
        **both,
        "kind": "expenditure",
        "subject": "购置办公用房",
        "amount": "500000",
        "asked_on": "2026-09-01",
    }
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"amount": None}, "/amount"),
        ({"amount": "0"}, "/amount"),
        ({"asked_on": "2100-01-01"}, "/asked_on"),
        ({"organization_id": RANDOM}, "/organization_id"),
    ]
    for fields, pointer in wrong:
        refused = await api.post("/matters", json={**plan, **fields}, headers=organizer)
        assert [e["pointer"] for e in refused.json()["errors"]] == [pointer], refused.text
    nowhere = await api.post("/matters", json={**plan, "party_organization_id": RANDOM}, headers=organizer)
    theirs = await api.post("/matters", json=plan, headers=neighbour)
    assert nowhere.status_code == theirs.status_code == 404

    made = await api.post("/matters", json=plan, headers=organizer)
    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["amount"]) == ("pending", "500000.00")
    address, tag = f"/matters/{made.json()['id']}", made.json()["etag"]
    silent = await make.act(api, organizer, f"{address}/opinion", tag, opinion="object", on="2026-09-05")
    assert [e["pointer"] for e in silent.json()["errors"]] == ["/text"]
    early = await make.act(api, organizer, f"{address}/opinion", tag, opinion="agree", on="2026-08-05")
    assert [e["code"] for e in early.json()["errors"]] == ["too_early"]
    said = await make.act(
        api, organizer, f"{address}/opinion", tag, opinion="suggest", text="建议公开招标。", on="2026-09-05"
    )
    assert (said.json()["state"], said.json()["allowed_actions"]) == ("answered", ["record_outcome"])
    again = await make.act(api, organizer, f"{address}/opinion", said.json()["etag"], opinion="agree")
    assert again.json()["code"] == "matter_blocked"
    done = await make.act(
        api, organizer, f"{address}/outcome", said.json()["etag"], outcome="adopted", on="2026-09-20"
    )
    assert (done.json()["state"], done.json()["decided_on"]) == ("decided", "2026-09-20")

    for kind, outcome in (("foreign", "not_adopted"), ("foreign", "withdrawn")):
        other = await api.post("/matters", json={**plan, "kind": kind, "amount": None}, headers=organizer)
        to = f"/matters/{other.json()['id']}/outcome"
        unasked = await make.act(api, organizer, to, other.json()["etag"], outcome="adopted")
        assert [e["code"] for e in unasked.json()["errors"]] == ["no_opinion"]
        await make.act(api, organizer, to, other.json()["etag"], outcome=outcome, on="2026-10-01")
    counted = (await api.get("/matters/counts", params={"division": "440115"}, headers=organizer)).json()
    rates = {
        c["kind"]: (c["numerator"], c["denominator"], c["percent"], c["adopted"]) for c in counted["counts"]
    }
    assert rates[None] == (1, 2, "50.00", 1)
    assert rates["expenditure"] == (1, 1, "100.00", 1)
    assert rates["foreign"] == (0, 1, "0.00", 0)
    assert rates["donation"] == (0, 0, None, 0)
    later = await api.get("/matters/counts", params={"decided_from": "2026-10-01"}, headers=organizer)
    assert later.json()["counts"][0]["denominator"] == 1
    missed = await api.get("/matters", params={"prior_opinion": "false"}, headers=organizer)
    assert [m["kind"] for m in missed.json()["items"]] == ["foreign", "foreign"]
    assert (await api.get(address, headers=neighbour)).content == (
        await api.get(f"/matters/{RANDOM}", headers=neighbour)
    ).content


async def test_rights_to_attend_and_what_came_of_them(api: httpx.AsyncClient, organizer: Headers) -> None:
    both = await between(api, organizer)
    plan = {
        **both,
        "role": "secretary",
        "council": "council",
        "document": "章程第三十条",
        "from_on": "2026-01-05",
    }
    made = await api.post("/attendance-rights", json=plan, headers=organizer)
    assert made.status_code == 201, made.text
    twice = await api.post("/attendance-rights", json=plan, headers=organizer)
    assert twice.json()["code"] == "attendance_right_twice"
    meeting = {
        **both, "kind": "attendance", "right_id": made.json()["id"], "held_on": "2026-03-10",
        "subject": "二届三次理事会",
    }  # fmt: skip
    for fields in ({"right_id": None}, {"held_on": "2025-12-01"}, {"right_id": RANDOM}):
        wrong = await api.post("/consultations", json={**meeting, **fields}, headers=organizer)
        assert [e["pointer"] for e in wrong.json()["errors"]] == ["/right_id"], wrong.text
    held = await api.post("/consultations", json=meeting, headers=organizer)
    assert held.status_code == 201, held.text
    talk = {
        **both,
        "kind": "consultation",
        "held_on": "2026-04-01",
        "subject": "党员示范岗",
        "result": "同意",
    }
    assert (await api.post("/consultations", json=talk, headers=organizer)).status_code == 201
    listed = (await api.get("/consultations", headers=organizer)).json()["items"]
    assert [c["subject"] for c in listed] == ["党员示范岗", "二届三次理事会"]
    (right,) = (await api.get("/attendance-rights", headers=organizer)).json()["items"]
    assert (right["attended"], right["allowed_actions"]) == (1, ["end"])
    to = f"/attendance-rights/{right['id']}/end"
    early = await make.act(api, organizer, to, right["etag"], on="2026-01-05")
    assert [e["code"] for e in early.json()["errors"]] == ["too_early"]
    ended = await make.act(api, organizer, to, right["etag"], on="2026-06-01")
    assert (ended.json()["until_on"], ended.json()["allowed_actions"]) == ("2026-06-01", [])
    over = await make.act(api, organizer, to, ended.json()["etag"])
    assert over.json()["code"] == "attendance_right_is_over"
    current = await api.get("/attendance-rights", params={"current": "true"}, headers=organizer)
    assert current.json()["items"] == []
