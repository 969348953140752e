"""Supervision over HTTP: rounds and their samples, findings put right before a second person, who is weak."""

import hashlib
from typing import Any

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from tests.conftest import Actors
from tests.make import instructors, organizations, party_organizations

Headers = dict[str, str]
PAPER = [{"document": "督导记录第3号"}]


async def several(api: httpx.AsyncClient, headers: Headers, count: int) -> list[str]:
    made = [
        await organizations.organization(
            api, headers, name=f"南沙区第{n}协会", credit_code=organizations.credit_code(700 + n)
        )
        for n in range(count)
    ]
    return [str(row["id"]) for row in made]


async def opened(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> dict[str, Any]:
    plan = {
        "title": "2026年第一轮督导", "division_code": "440100", "from_on": "2026-03-01",
        "until_on": "2026-12-31", **fields,
    }  # fmt: skip
    made = await api.post("/supervision-rounds", json=plan, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def act(
    api: httpx.AsyncClient, headers: Headers, address: str, tag: str, **body: Any
) -> httpx.Response:
    return await api.post(address, json=body, headers={**headers, "If-Match": tag})


async def test_eight_rounds_seventeen_units(api: httpx.AsyncClient, actors: Actors) -> None:
    """督导8次、单位17家 (Yangquan 2021): each unit is counted once, however often the team was there."""
    organizer = await actors("organizer", division="440000")
    ids = await several(api, organizer, 17)
    shares = [ids[n::8] for n in range(8)]
    shares[7] = [*shares[7], ids[0]]
    for number, share in enumerate(shares):
        units = [{"organization_id": each} for each in share]
        made = await opened(api, organizer, title=f"第{number + 1}次督导", units=units)
        for unit in made["units"]:
            address = f"/supervision-rounds/{made['id']}/units/{unit['id']}/visits"
            finding = {"kind": "problem", "statement": "记录不全。", "evidence": PAPER}
            seen = await act(
                api, organizer, address, made["etag"],
                held_on=f"2026-04-{number + 1:02d}", findings=[finding] if number == 0 else [],
            )  # fmt: skip
            assert seen.status_code == 200, seen.text
            made = seen.json()
        if number == 0:
            again = await act(api, organizer, address, made["etag"], held_on="2026-04-01")
            assert again.json()["code"] == "supervision_visited_that_day"
            outside = await act(api, organizer, address, made["etag"], held_on="2026-02-01")
            assert outside.json()["errors"][0]["code"] == "outside_round"
            assert made["findings"] == 3
    query = {"division": "440100", "from_on": "2026-01-01", "until_on": "2027-01-01"}
    figures = (await api.get("/supervision-rounds/figures", params=query, headers=organizer)).json()
    assert (figures["rounds"], figures["units"], figures["visits"]) == (8, 17, 18)
    assert [(f["division"]["code"], f["kind"], f["found"]) for f in figures["findings"]] == [
        ("440115", "problem", 3)
    ]
    closed = await act(
        api, organizer, f"/supervision-rounds/{made['id']}/close", made["etag"], report="已督导三家。"
    )
    assert closed.json()["state"] == "closed"
    late = await act(api, organizer, address, closed.json()["etag"], held_on="2026-05-01")
    assert late.json()["code"] == "supervision_round_is_closed"
    stranger = await actors("organizer", division="330000")
    assert (await api.get(f"/supervision-rounds/{made['id']}", headers=stranger)).status_code == 404


async def test_a_sample_that_anybody_can_draw(api: httpx.AsyncClient, actors: Actors) -> None:
    """经费使用情况抽查: five of twelve, by a seed; drawn again here with nothing but hashlib."""
    organizer = await actors("organizer", division="440000")
    ids = await several(api, organizer, 12)
    made = await opened(
        api, organizer, kind="fund_use", title="经费抽查", units=[{"organization_id": ids[0]}]
    )
    address = f"/supervision-rounds/{made['id']}/sample"
    seed = "2026-03-02 417"
    neither = await act(api, organizer, address, made["etag"], seed=seed, count=5)
    assert neither.json()["errors"][0]["code"] == "one_of"
    drawn = await act(api, organizer, address, made["etag"], seed=seed, count=5, division_code="440115")
    assert drawn.status_code == 200, drawn.text
    read = drawn.json()
    expected = sorted(ids, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).hexdigest())[:5]
    assert [u["subject"]["id"] for u in read["units"] if u["drawn"]] == expected
    assert len(read["units"]) == (5 if ids[0] in expected else 6)
    assert read["sample"]["candidates"] == 12
    listed = hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()
    assert read["sample"]["candidates_sha256"] == listed
    twice = await act(api, organizer, address, read["etag"], seed="x", count=1, division_code="440115")
    assert twice.json()["code"] == "supervision_sample_drawn_already"
    unit = read["units"][0]["id"]
    finding = {"kind": "fund_use", "statement": "活动经费超标准列支。", "amount": "3600.00"}
    seen = await act(
        api, organizer, f"/supervision-rounds/{made['id']}/units/{unit}/visits", read["etag"],
        held_on="2026-03-02", findings=[finding],
    )  # fmt: skip
    assert seen.status_code == 200, seen.text
    found = (
        await api.get("/supervision-findings", params={"round_id": made["id"]}, headers=organizer)
    ).json()["items"][0]
    assert (found["amount"], found["due_on"]) == ("3600.00", "2026-03-16"), "ten working days"
    unknown = await act(
        api, organizer, f"/supervision-rounds/{made['id']}/units/{unit}/visits", seen.json()["etag"],
        held_on="2026-03-03", findings=[{**finding, "kind": "other"}, {**finding, "evidence": [{}]}],
    )  # fmt: skip
    assert {e["code"] for e in unknown.json()["errors"]} == {"unknown_kind", "one_of"}


async def test_put_right_before_a_second_person(api: httpx.AsyncClient, actors: Actors, shell: Shell) -> None:
    organizer = await actors("organizer", division="440000")
    other, approver = (
        await actors("organizer", division="440100"),
        await actors("approver", division="440000"),
    )
    (organization,) = await several(api, organizer, 1)
    committee = await party_organizations.body(
        api, organizer, kind="committee", formation="regional", division_code="440100", name="综合党委"
    )
    helper = await instructors.instructor(api, organizer, committee["id"], name="测试员乙")
    weak = {
        "kind": "weak_organization", "organization_id": organization, "statement": "一年未活动。",
        "found_on": "2026-03-02", "responsible_party_organization_id": committee["id"],
    }  # fmt: skip
    made = await api.post("/supervision-findings", json=weak, headers=organizer)
    assert made.status_code == 201, made.text
    finding = made.json()
    assert (finding["responsible"]["id"], finding["state"]) == (committee["id"], "open")
    twice = await api.post("/supervision-findings", json=weak, headers=organizer)
    assert twice.json()["code"] == "weak_organization_listed_already"
    by_rule = {**weak, "rule_code": "findings_overdue"}
    refused = await api.post("/supervision-findings", json=by_rule, headers=organizer)
    assert refused.json()["errors"][0]["code"] == "does_not_hold"
    address = f"/supervision-findings/{finding['id']}"
    planned = await act(
        api, organizer, f"{address}/plan", finding["etag"],
        helper_instructor_id=helper["id"], measures=[{"measure": "每月到点指导", "due_on": "2026-06-30"}],
    )  # fmt: skip
    assert planned.json()["helper"] == {"type": "instructor", "id": helper["id"], "name": "测**"}
    empty = await act(api, other, f"{address}/report", planned.json()["etag"], measure="好", evidence=[])
    assert empty.status_code == 422
    talk = {
        "kind": "admonition_talk",
        "party_organization_id": committee["id"],
        "title": "约谈",
        "answer_days": 5,
    }
    drafted = await act(api, organizer, f"{address}/notice", planned.json()["etag"], **talk)
    assert drafted.status_code == 200, drafted.text
    notice = (await api.get(f"/notices/{drafted.json()['notice']['id']}", headers=organizer)).json()
    assert (notice["state"], notice["kind"]) == ("draft", "admonition_talk")
    again = await act(api, organizer, f"{address}/notice", drafted.json()["etag"], **talk)
    assert again.json()["code"] == "supervision_notice_drafted_already"
    planned = drafted
    told = await act(
        api, other, f"{address}/report", planned.json()["etag"], measure="已开会。", evidence=PAPER
    )
    assert (told.json()["state"], "judge" in told.json()["allowed_actions"]) == ("reported", False)
    own = await act(api, other, f"{address}/judge", told.json()["etag"], verdict="accepted")
    assert own.json()["code"] == "rectification_second_person_needed"
    silent = await act(api, approver, f"{address}/judge", told.json()["etag"], verdict="returned")
    assert silent.json()["errors"][0]["pointer"] == "/reason"
    back = await act(
        api, approver, f"{address}/judge", told.json()["etag"], verdict="returned", reason="佐证不足"
    )
    assert back.json()["state"] == "open"
    waiting = (await api.get("/worklist", params={"items": 5}, headers=organizer)).json()["groups"]
    kinds = {group["kind"]: group["count"] for group in waiting}
    assert kinds["supervision_finding_due"] == 1
    told = await act(
        api, other, f"{address}/report", back.json()["etag"], measure="已补材料。", evidence=PAPER
    )
    groups = (await api.get("/worklist", headers=approver)).json()["groups"]
    assert {g["kind"]: g["count"] for g in groups}["supervision_finding_to_judge"] == 1
    done = await act(api, approver, f"{address}/judge", told.json()["etag"], verdict="accepted")
    final = done.json()
    assert (final["state"], [r["verdict"] for r in final["rectifications"]]) == (
        "closed",
        ["returned", "accepted"],
    )
    closed = await act(api, other, f"{address}/report", final["etag"], measure="再报", evidence=PAPER)
    assert closed.json()["code"] == "supervision_finding_state_forbids"
    async with begin(shell, SYSTEM) as work:
        counted = "SELECT count(*) FROM supervision_rectifications WHERE judged_by <> reported_by"
        assert await work.scalar(text(counted)) == 2


async def test_weak_by_rule_with_its_evidence(api: httpx.AsyncClient, actors: Actors) -> None:
    organizer = await actors("organizer", division="440000")
    (organization,) = await several(api, organizer, 1)
    branch = await party_organizations.body(api, organizer)
    for number in range(2):
        found = {
            "kind": "problem", "organization_id": organization, "statement": f"问题{number}",
            "found_on": "2026-03-02",
        }  # fmt: skip
        assert (await api.post("/supervision-findings", json=found, headers=organizer)).status_code == 201
    address = "/supervision-findings/weak-candidates"
    candidates = (await api.get(address, params={"division": "440115"}, headers=organizer)).json()["items"]
    assert [(c["id"], c["rule_code"]) for c in candidates] == [(organization, "findings_overdue")]
    weak = {
        "kind": "weak_organization", "organization_id": organization, "statement": "问题逾期未整改",
        "rule_code": "findings_overdue",
    }  # fmt: skip
    listed = await api.post("/supervision-findings", json=weak, headers=organizer)
    assert (
        listed.json()["rule_facts"]
        == {"findings": 2, "since_on": "2026-03-23"}
        == candidates[0]["rule_facts"]
    )
    after = await api.get(address, params={"division": "440115"}, headers=organizer)
    assert after.json()["items"] == []
    laggard = {"kind": "weak_organization", "party_organization_id": branch["id"], "statement": "软弱涣散"}
    named = await api.post("/supervision-findings", json=laggard, headers=organizer)
    assert (named.json()["subject"]["type"], named.json()["responsible"]["id"]) == (
        "party_organization",
        branch["id"],
    )
    line = await actors("clerk", body=branch["id"])
    seen = (await api.get("/supervision-findings", headers=line)).json()["items"]
    assert [f["id"] for f in seen] == [named.json()["id"]], "a line sees what its bodies answer for"


async def test_the_matrix_of_departments(api: httpx.AsyncClient, actors: Actors) -> None:
    organizer = await actors("organizer", division="440000")
    units = []
    for name in ("市民政局", "市教育局"):
        plan = {"name": name, "division_code": "440100"}
        units.append((await api.post("/authorities", json=plan, headers=organizer)).json()["id"])
    duty = {"matter": "establishment", "duty": "采集党建信息。", "source": "阳两新〔2021〕2号"}
    for unit, part in zip(units, ("lead", "assist"), strict=True):
        plan = {**duty, "authority_id": unit, "part": part, "from_on": "2026-01-01"}
        made = await api.post("/department-duties", json=plan, headers=organizer)
        assert made.status_code == 201, made.text
    again = await api.post("/department-duties", json={**plan, "from_on": "2026-02-01"}, headers=organizer)
    assert again.json()["code"] == "department_duty_twice"
    ended = await act(
        api, organizer, f"/department-duties/{made.json()['id']}/end", made.json()["etag"], on="2026-03-01"
    )
    assert (ended.json()["until_on"], ended.json()["allowed_actions"]) == ("2026-03-01", [])
    for day, parts in (("2026-02-01", {"lead", "assist"}), ("2026-03-01", {"lead"})):
        found = await api.get("/department-duties", params={"as_of": day}, headers=organizer)
        assert {row["part"] for row in found.json()["items"]} == parts
