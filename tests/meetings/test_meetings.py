"""Meetings over HTTP: who was due, what is owed, the totals that add up, appraisals and their grades."""

from datetime import date
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM, Scope
from app.core.work import Shell, begin
from tests.make import meetings as make
from tests.make import members
from tests.make import party_organizations as bodies

Headers = dict[str, str]
RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"


async def in_post(shell: Shell, body_id: str, member_ids: list[str], role: str, since: str) -> None:
    """Give members posts, as an election would."""
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        for member_id in member_ids:
            await work.execute(
                text(
                    "INSERT INTO party_posts"
                    " (id, version, party_organization_id, division_code, member_id, name_mask, role, valid,"
                    " basis, document, withdrawn) SELECT :id, 1, b.id, b.division_code,"
                    " :member, '测**', :role, daterange(CAST(:since AS date), NULL), 'appointed',"
                    " '南社党〔2026〕1号', false"
                    " FROM party_organizations b WHERE b.id = :body"
                ),
                {
                    "id": uuid4(),
                    "body": body_id,
                    "member": member_id,
                    "role": role,
                    "since": date.fromisoformat(since),
                },
            )


async def test_who_was_due_and_who_came(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    branch = await members.branch(api, organizer)
    other = await members.branch(api, organizer, name="南沙区义工联合会党支部")
    own = [(await members.member(api, organizer, branch, n))["id"] for n in (1, 2, 3)]
    guest = await members.member(api, organizer, other, 4)
    await members.act(
        api, organizer, f"/members/{guest['id']}/participations", guest["etag"],
        party_organization_id=branch, kind="floating", from_on="2026-01-05",
    )  # fmt: skip
    stranger = (await members.member(api, organizer, other, 5))["id"]
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"rest": None}, "/rest", "rest_required"),
        ({"held_on": "2100-01-01"}, "/held_on", "in_future"),
        ({"held_on": "2010-01-01"}, "/held_on", "before_foundation"),
        ({"hours": "0"}, "/hours", "hours"),
        ({"kind": "group_meeting"}, "/kind", "not_a_group"),
        ({"attendance": [{"member_id": stranger, "state": "present"}]},
         "/attendance/0/member_id", "not_of_this_body"),
        ({"attendance": [{"member_id": own[0], "state": "leave"}]}, "/attendance/0/reason", "leave_reason"),
        ({"attendance": [{"member_id": own[0], "state": "absent", "chair": True}]},
         "/attendance/0/chair", "chair_absent"),
        ({"attendance": [{"member_id": own[0], "state": "present"}] * 2},
         "/attendance/1/member_id", "named_twice"),
    ]  # fmt: skip
    for fields, pointer, code in wrong:
        refused = await api.post("/meetings", json=make.plan(branch, **fields), headers=organizer)
        assert refused.status_code == 422, refused.text
        assert (pointer, code) in [(e["pointer"], e["code"]) for e in refused.json()["errors"]]

    made = await make.meeting(
        api, organizer, branch, hours="2.5",
        attendance=[
            {"member_id": own[0], "state": "present", "chair": True},
            {"member_id": own[1], "state": "leave", "reason": "illness"},
            {"member_id": guest["id"], "state": "present"},
        ],
    )  # fmt: skip
    assert (made["due_count"], made["present_count"], made["participant_count"]) == (3, 2, 1)
    assert made["hours"] == "2.5"
    assert made["allowed_actions"] == ["update", "cancel", "record_attendance"]
    address = f"/meetings/{made['id']}"
    lines = (await api.get(f"{address}/attendance", headers=organizer)).json()["items"]
    assert {(line["member"]["id"], line["basis"], line["state"]) for line in lines} == {
        (own[0], "due", "present"),
        (own[1], "due", "leave"),
        (own[2], "due", "present"),
        (guest["id"], "floating", "present"),
    }
    assert {line["member"]["name"] for line in lines} == {"测**"}
    mended = await members.act(
        api, organizer, f"{address}/attendance", made["etag"],
        attendance=[
            {"member_id": own[2], "state": "absent"},
            {"member_id": own[1], "state": "present", "chair": True},
        ],
    )  # fmt: skip
    assert mended.status_code == 200, mended.text
    assert mended.json()["present_count"] == 2
    stale = await members.act(api, organizer, f"{address}/cancel", made["etag"], reason="重复登记")
    assert stale.status_code == 412
    changed = await api.patch(
        address, json={"minutes_document": "会议记录2026-3", "hours": "3"},
        headers={**organizer, "If-Match": mended.json()["etag"]},
    )  # fmt: skip
    assert (changed.json()["minutes_document"], changed.json()["hours"]) == ("会议记录2026-3", "3.0")
    worked = (
        await api.get(
            "/organization-life/training-hours",
            params={"year": "2026", "party_organization_id": branch, "reached": "false"},
            headers=organizer,
        )
    ).json()["items"]
    assert {(w["member"]["id"], w["hours"], w["required_hours"]) for w in worked} == {
        (own[0], "3.0", 32), (own[1], "3.0", 32), (own[2], "0.0", 32),
    }  # fmt: skip
    gone = await members.act(api, organizer, f"{address}/cancel", changed.json()["etag"], reason="重复登记")
    assert (gone.json()["state"], gone.json()["allowed_actions"]) == ("cancelled", [])
    again = await members.act(api, organizer, f"{address}/cancel", gone.json()["etag"], reason="重复登记")
    assert again.json()["code"] == "meeting_is_cancelled"
    for path in (address, f"{address}/attendance"):
        assert (await api.get(path, headers=neighbour)).json() == (
            await api.get(path.replace(made["id"], RANDOM), headers=neighbour)
        ).json()
    assert (await api.get("/meetings", headers=neighbour)).json()["items"] == []
    async with begin(shell, SYSTEM) as work:
        for name in ("meeting_attendances", "appraisal_grades"):
            assert await work.scalar(text(f"SELECT count(*) FROM {name}")) == 0  # noqa: S608


async def test_what_is_owed_missing_and_summed_up(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    committee = await bodies.body(
        api,
        organizer,
        kind="committee",
        formation="regional",
        name="南沙区社会组织党委",
        division_code="440115",
    )
    with_ = await members.branch(api, organizer, parent_id=committee["id"])
    without = await members.branch(api, organizer, name="黄埔区志愿者协会党支部", division_code="440112")
    group = (
        await bodies.body(api, organizer, kind="group", formation=None, name="第一党小组", parent_id=with_)
    )["id"]
    people = [(await members.member(api, organizer, with_, n))["id"] for n in (1, 2, 3)]
    await in_post(shell, with_, people[:1], "secretary", "2026-02-10")
    await in_post(shell, with_, people[1:], "member", "2026-02-10")
    for month in (1, 2, 4):
        await make.meeting(api, organizer, with_, held_on=f"2026-{month:02d}-05")
    held = await make.meeting(api, organizer, with_, kind="committee_meeting", held_on="2026-03-20")
    assert (held["due_count"], held["present_count"]) == (3, 3)
    await make.meeting(api, organizer, group, kind="group_meeting", held_on="2026-01-20", attendance=[
        {"member_id": people[0], "state": "present"}])  # fmt: skip
    asked = {"year": "2026", "as_of": "2026-05-01"}

    async def life(body_id: str) -> dict[str, Any]:
        got = await api.get(
            f"/party-organizations/{body_id}/organization-life", params=asked, headers=organizer
        )
        assert got.status_code == 200, got.text
        return dict(got.json())

    seen = {body: await life(body) for body in (with_, without, group)}
    assert (seen[with_]["has_committee"], seen[with_]["group_count"]) == (True, 1)
    tally = {
        body: {a["kind"]: (a["owed"], a["held"], a["missing"]) for a in report["activities"]}
        for body, report in seen.items()
    }
    assert tally[with_]["theme_day"] == (4, 3, 1)
    assert tally[with_]["committee_meeting"] == (2, 1, 1)
    assert tally[without]["committee_meeting"] == (0, 0, 0)
    assert tally[without]["theme_day"] == (4, 0, 4)
    assert tally[group] == {"group_meeting": (4, 1, 3)}
    theme = next(a for a in seen[with_]["activities"] if a["kind"] == "theme_day")
    assert [s["state"] for s in theme["spans"]] == ["held", "held", "missing", "held", "pending"]
    assert (theme["rule"]["rhythm"], theme["rule"]["verified"]) == ("month", False)

    summed = (
        await api.get("/organization-life/totals", params={**asked, "division": "440100"}, headers=organizer)
    ).json()
    expected: dict[str, list[int]] = {}
    for report in tally.values():
        for kind, (owed, done, _) in report.items():
            sums = expected.setdefault(kind, [0, 0])
            sums[0] += done
            sums[1] += owed
    assert {t["kind"]: [t["numerator"], t["denominator"]] for t in summed["totals"]} == {
        kind: sums for kind, sums in expected.items() if sums[1]
    }
    assert [line["division"]["code"] for line in summed["lines"]] == ["440112", "440115"]
    day = next(t for t in summed["totals"] if t["kind"] == "theme_day")
    assert (day["bodies"], day["percent"]) == (2, "37.50")

    ranked = (
        await api.get("/organization-life/ranking", params={**asked, "limit": "1"}, headers=organizer)
    ).json()
    assert [(r["party_organization"]["id"], r["held"], r["last_held_on"]) for r in ranked["items"]] == [
        (with_, 3, "2026-04-05")
    ]
    second = (
        await api.get(
            "/organization-life/ranking",
            params={**asked, "limit": "1", "cursor": ranked["next_cursor"]},
            headers=organizer,
        )
    ).json()
    assert [(r["party_organization"]["id"], r["held"]) for r in second["items"]] == [(without, 0)]
    secretary = (
        await api.get("/organization-life/training-hours", params={"year": "2026"}, headers=organizer)
    ).json()["items"]
    assert sorted(w["required_hours"] for w in secretary) == [32, 32, 56]


async def test_an_appraisal_step_by_step(api: httpx.AsyncClient, organizer: Headers) -> None:
    branch = await members.branch(api, organizer)
    plan = {"party_organization_id": branch, "year": 2026, "on": "2026-10-08"}
    empty = await api.post("/appraisals", json=plan, headers=organizer)
    assert [e["code"] for e in empty.json()["errors"]] == ["no_members"]
    people = [(await members.member(api, organizer, branch, n))["id"] for n in (1, 2, 3)]
    made = await api.post("/appraisals", json=plan, headers=organizer)
    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["due_count"]) == ("self_review", 3)
    twice = await api.post("/appraisals", json=plan, headers=organizer)
    assert twice.json()["code"] == "appraisal_exists"
    address, tag = f"/appraisals/{made.json()['id']}", made.json()["etag"]
    grades = [{"member_id": person, "grade": "excellent"} for person in people[:2]]
    early = await members.act(api, organizer, f"{address}/grades", tag, grades=grades)
    assert early.json()["code"] == "appraisal_blocked"
    for step in ("mutual_review", "member_test", "verdict"):
        moved = await members.act(api, organizer, f"{address}/advance", tag, on="2026-10-20")
        assert moved.json()["state"] == step, moved.text
        tag = moved.json()["etag"]
    given = await members.act(api, organizer, f"{address}/grades", tag, grades=grades)
    assert (given.json()["excellent"], given.json()["qualified"]) == (2, 0)
    refused = await members.act(api, organizer, f"{address}/advance", given.json()["etag"])
    assert [e["code"] for e in refused.json()["errors"]] == [
        "grades_missing", "too_many_excellent", "document_required",
    ]  # fmt: skip
    grades = [{"member_id": person, "grade": "qualified"} for person in people[1:]]
    stranger = [*grades, {"member_id": RANDOM, "grade": "qualified"}]
    wrong = await members.act(api, organizer, f"{address}/grades", given.json()["etag"], grades=stranger)
    assert [e["pointer"] for e in wrong.json()["errors"]] == ["/grades/2/member_id"]
    given = await members.act(api, organizer, f"{address}/grades", given.json()["etag"], grades=grades)
    closed = await members.act(
        api, organizer, f"{address}/advance", given.json()["etag"], document="南社党〔2026〕9号"
    )
    assert (closed.json()["state"], closed.json()["excellent"]) == ("closed", 1)
    after = await members.act(api, organizer, f"{address}/advance", closed.json()["etag"])
    assert after.json()["code"] == "appraisal_blocked"
    shown = (await api.get(f"{address}/grades", params={"grade": "qualified"}, headers=organizer)).json()
    assert len(shown["items"]) == 2
    listed = await api.get("/appraisals", params={"year": "2026", "state": "closed"}, headers=organizer)
    assert [a["id"] for a in listed.json()["items"]] == [made.json()["id"]]
