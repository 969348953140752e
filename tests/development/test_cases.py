"""Cases over HTTP: from the application to full membership, and every way in which it does not go so."""

from typing import Any

import httpx

from tests.development.timeline import DAYS
from tests.make import development as make
from tests.make import members

Headers = dict[str, str]


async def test_from_the_application_to_full_membership(api: httpx.AsyncClient, organizer: Headers) -> None:
    """Four requests of a file that is entered later; each date that the law derives."""
    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch)
    assert (case["state"], case["stage"], case["step"]) == ("open", "application", "1")
    assert case["approving_body"]["id"] == where.committee
    assert case["member"]["name"] == "测**"
    coming = {s["step"]: s for s in case["steps"] if s["state"] == "next"}
    assert list(coming) == ["2"]
    assert coming["2"]["latest_on"] == "2022-02-28"
    assert [(r["code"], r["about"]) for r in coming["2"]["blocked_by"]] == [
        ("late_without_reason", None),
        ("paper_missing", "first_talk"),
    ]
    assert case["due"] == {"step": "2", "on": "2022-02-28", "above": False}

    case = await make.done(api, organizer, case, "advance", steps=make.steps(where.helpers, 2, 8))
    member = await members.read(api, organizer, case["member"]["id"])
    assert (member["status"], case["stage"]) == ("development_target", "target")
    assert {s["step"] for s in case["steps"] if s["state"] == "next"} == {"9", "10", "11"}

    case = await make.done(api, organizer, case, "advance", steps=make.steps(where.helpers, 9, 17))
    member = await members.read(api, organizer, case["member"]["id"])
    assert (member["status"], member["joined"]["on"]) == ("probationary", "2023-07-10")
    assert case["probation"] == {"from_on": "2023-07-10", "until_on": "2024-07-10", "extended_months": 0}
    assert case["form_number"] == "4401150000123"

    case = await make.done(api, organizer, case, "advance", steps=make.steps(where.helpers, 18, 25))
    member = await members.read(api, organizer, case["member"]["id"])
    assert (case["state"], case["closed_on"], case["due"]) == ("completed", "2024-08-10", None)
    assert (member["status"], member["full"]["on"]) == ("full", "2024-07-10")
    history = (await api.get(f"/members/{member['id']}/history", headers=organizer)).json()
    assert [(s["status"], s["from_on"]) for s in history["statuses"]] == [
        ("applicant", "2022-01-31"),
        ("activist", "2022-05-10"),
        ("development_target", "2023-05-20"),
        ("probationary", "2023-07-10"),
        ("full", "2024-07-10"),
    ]
    closed = await make.act(api, organizer, case, "records", records=[{"kind": "conversation"}])
    assert closed.json()["code"] == "development_case_closed"
    assert all(s["state"] == "done" for s in case["steps"])

    funnel = (await api.get("/development-cases/funnel", headers=organizer)).json()
    assert (funnel["opened"], funnel["standing"], funnel["admitted"], funnel["completed"]) == (1, 0, 1, 1)
    assert [s["stage"] for s in funnel["stages"]] == [
        "application", "activist", "target", "admission", "probation",
    ]  # fmt: skip
    assert [s["conversion"] for s in funnel["stages"]] == [None, "1.0000", "1.0000", "1.0000", "1.0000"]
    by_step = {s["step"]: s for s in funnel["steps"]}
    assert (by_step["15"]["taken"], by_step["15"]["median_days"]) == (1, 525)
    assert funnel["places"][0]["division"]["code"] == "440115"


async def test_every_reason_at_once_and_nothing_of_it_kept(
    api: httpx.AsyncClient, organizer: Headers
) -> None:
    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch)
    taken = make.steps(where.helpers, 2, 7)
    taken[4] = {"step": "6", "on": "2023-05-09"}
    refused = await make.act(api, organizer, case, "advance", steps=taken)
    assert (refused.status_code, refused.json()["code"]) == (409, "development_step_not_ready")
    told = {r["code"]: r for r in refused.json()["reasons"]}
    assert set(told) == {"too_early", "paper_missing", "appraisals_missing"}
    assert (told["too_early"]["since_on"], told["too_early"]["step"]) == ("2023-05-10", "6")
    assert told["too_early"]["article"] == "第10、11、12条"
    now = (await api.get(f"/development-cases/{case['id']}", headers=organizer)).json()
    assert (now["step"], now["etag"]) == ("1", case["etag"])

    for step, pointer in (
        ({"step": "99"}, "/steps/0/step"),
        ({"step": "2", "on": "2100-01-01"}, "/steps/0/on"),
        ({"step": "2", "papers": ["archive"]}, "/steps/0/papers/0"),
        ({"step": "2", "form_number": "1"}, "/steps/0/form_number"),
        ({"step": "15", "vote": {"due": 3, "present": 4, "in_favour": 9}}, "/steps/0/present"),
    ):
        answer = await make.act(api, organizer, case, "advance", steps=[step])
        assert answer.status_code == 422, answer.text
        assert pointer in [e["pointer"] for e in answer.json()["errors"]]
    stale = await make.act(api, organizer, {**case, "etag": '"99"'}, "advance", steps=taken)
    assert stale.status_code == 412


async def test_who_may_apply(api: httpx.AsyncClient, organizer: Headers) -> None:
    where = await make.place(api, organizer)
    young = {
        "applicant": {
            "name": "测试申请人",
            "id_number": members.id_number(1),
            "party_organization_id": where.branch,
        },
        "applied_on": "1967-12-31",
    }
    refused = await api.post("/development-cases", json=young, headers=organizer)
    assert [r["code"] for r in refused.json()["reasons"]] == ["under_age"]
    assert (await api.get("/members", params={"status": "applicant"}, headers=organizer)).json()[
        "items"
    ] == []
    full = {"member_id": where.helpers[0], "applied_on": "2022-01-31"}
    refused = await api.post("/development-cases", json=full, headers=organizer)
    assert refused.json()["errors"][0]["code"] == "not_an_applicant"
    nobody = {"applied_on": "2022-01-31"}
    assert (await api.post("/development-cases", json=nobody, headers=organizer)).status_code == 422
    group = {**young, "applied_on": "2022-01-31", "priority_group": "nobody"}
    refused = await api.post("/development-cases", json=group, headers=organizer)
    assert refused.json()["errors"][0]["pointer"] == "/priority_group"

    case = await make.open_case(api, organizer, where.branch, priority_group="full_time_staff")
    again = {"member_id": case["member"]["id"], "applied_on": "2022-02-01"}
    refused = await api.post("/development-cases", json=again, headers=organizer)
    assert refused.json()["code"] == "development_case_open"
    listed = await api.get(
        "/development-cases", params={"priority_group": "full_time_staff", "division": "440100"},
        headers=organizer,
    )  # fmt: skip
    assert [item["id"] for item in listed.json()["items"]] == [case["id"]]


async def test_papers_go_back_each_with_its_reason(api: httpx.AsyncClient, organizer: Headers) -> None:
    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch)
    papers = [{"kind": "first_talk", "state": "received", "on": "2022-02-10"}]
    case = await make.done(api, organizer, case, "papers", papers=papers)
    case = await make.done(
        api, organizer, case, "papers",
        papers=[{"kind": "first_talk", "state": "returned", "reason": "没有谈话人签名"}],
    )  # fmt: skip
    refused = await make.act(api, organizer, case, "advance", steps=[{"step": "2", "on": "2022-02-28"}])
    assert [(r["code"], r["about"]) for r in refused.json()["reasons"]] == [("paper_returned", "first_talk")]
    case = await make.done(api, organizer, case, "papers", papers=papers)
    assert [(p["state"], p["current"]) for p in case["papers"] if p["kind"] == "first_talk"] == [
        ("returned", False),
        ("received", True),
    ]
    case = await make.done(api, organizer, case, "advance", steps=[{"step": "2", "on": "2022-02-28"}])
    for wrong, code in (
        ({"kind": "nothing", "state": "received"}, "no_such_paper"),
        ({"kind": "archive", "state": "returned", "reason": "x"}, "paper_not_held"),
        ({"kind": "archive", "state": "returned"}, "reason"),
    ):
        answer = await make.act(api, organizer, case, "papers", papers=[wrong])
        assert answer.json()["errors"][0]["code"] == code, answer.text

    case = await make.done(api, organizer, case, "advance", steps=make.steps(where.helpers, 3, 7))
    rejected = await make.done(
        api, organizer, case, "reject", step="8", on="2023-05-15", reason="群众意见不足", back_to="3",
        papers=[{"kind": "opinions", "reason": "缺少群众意见"}],
    )  # fmt: skip
    assert (rejected["step"], rejected["stage"]) == ("2", "application")
    assert (await members.read(api, organizer, case["member"]["id"]))["status"] == "applicant"
    attempts = {(a["step"], a["outcome"]) for a in rejected["earlier_attempts"]}
    assert {("8", "rejected"), ("3", "passed"), ("7", "passed")} <= attempts
    assert [p["reason"] for p in rejected["papers"] if p["kind"] == "opinions"] == ["缺少群众意见"]
    answer = await make.act(api, organizer, rejected, "reject", step="8", reason="x")
    assert answer.json()["code"] == "development_case_blocked"
    steps = make.steps(where.helpers, 3, 7)
    for step in steps:
        step["on"] = {"3": "2023-06-01", "4": "2023-06-10", "5": "2023-06-12"}.get(step["step"], step["on"])
    refused = await make.act(api, organizer, rejected, "advance", steps=steps)
    assert "too_early" in [r["code"] for r in refused.json()["reasons"]]


async def test_a_probation_is_prolonged_once_or_revoked(api: httpx.AsyncClient, organizer: Headers) -> None:
    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch)
    case = await make.done(api, organizer, case, "advance", steps=make.steps(where.helpers, 2, 22))
    order: dict[str, Any] = {
        "months": 6,
        "on": "2024-07-12",
        "document": "南社党〔2024〕8号",
        "vote": make.VOTE,
    }
    for change, code in (
        ({"months": 5}, "out_of_range"),
        ({"on": "2024-07-09"}, "too_early"),
        ({"vote": {"due": 10, "present": 5, "in_favour": 5}}, "no_quorum"),
    ):
        refused = (await make.act(api, organizer, case, "extend-probation", **(order | change))).json()
        assert code in [e["code"] for e in refused.get("errors", refused.get("reasons"))]
    case = await make.done(api, organizer, case, "extend-probation", **order)
    assert case["probation"]["until_on"] == "2025-01-10"
    assert [s["step"] for s in case["steps"] if s["state"] == "next"] == ["21"]
    assert case["allowed_actions"].count("extend_probation") == 1
    again = await make.act(api, organizer, case, "extend-probation", **(order | {"on": "2025-02-01"}))
    assert again.json()["code"] == "development_case_blocked"

    revoke = {"on": "2025-01-20", "reason": "不履行党员义务", "document": "南社党〔2025〕2号"}
    refused = await make.act(api, organizer, case, "remove", **revoke)
    assert [r["code"] for r in refused.json()["reasons"]] == ["vote_missing"]
    gone = await make.done(api, organizer, case, "remove", **revoke, vote=make.VOTE)
    assert (gone["state"], gone["closed_reason"]) == ("removed", "不履行党员义务")
    member = await members.read(api, organizer, case["member"]["id"])
    assert (member["status"], member["ended_kind"]) == ("ended", "probation_revoked")

    other = await make.open_case(api, organizer, where.branch, 2)
    other = await make.done(api, organizer, other, "advance", steps=make.steps(where.helpers, 2, 5))
    await make.done(api, organizer, other, "remove", **revoke)
    member = await members.read(api, organizer, other["member"]["id"])
    assert member["status"] == "applicant"


async def test_an_approval_that_lapsed_is_begun_again(api: httpx.AsyncClient, organizer: Headers) -> None:
    """Step 15 lies more than six months back: the case goes on from the branch committee's examination."""
    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch)
    case = await make.done(api, organizer, case, "advance", steps=make.steps(where.helpers, 2, 16))
    assert (case["lapse"]["step"], case["lapse"]["back_to"]) == ("17", "12")
    assert "restart" in case["allowed_actions"]
    late = {**make.way(where.helpers)["17"], "on": "2024-02-01", "exception": "特殊情况"}
    refused = await make.act(api, organizer, case, "advance", steps=[late])
    assert [r["code"] for r in refused.json()["reasons"]] == ["too_late"]
    case = await make.done(api, organizer, case, "restart", reason="超过六个月未审批")
    assert (case["step"], case["form_number"], case["lapse"]) == ("11", None, None)
    assert [p["kind"] for p in case["papers"] if p["current"] and p["kind"] == "admission_form"] == []
    assert not any(v["current"] for v in case["votes"])
    answer = await make.act(api, organizer, case, "restart", reason="x")
    assert answer.json()["code"] == "development_case_blocked"


async def test_what_stands_between_steps(api: httpx.AsyncClient, organizer: Headers) -> None:
    """Helpers change, a name is published, objections come in, votes are taken before their step."""
    where = await make.place(api, organizer)
    case = await make.open_case(api, organizer, where.branch)
    case = await make.done(api, organizer, case, "advance", steps=make.steps(where.helpers, 2, 5))
    first, second = where.helpers
    for ids, code in (
        ([first, first], "twice"),
        ([case["member"]["id"]], "no_such_member"),
        ([first, second, first], "too_many"),
    ):
        answer = await make.act(api, organizer, case, "helpers", role="contact", member_ids=ids)
        assert answer.json()["errors"][0]["code"] == code
    case = await make.done(
        api, organizer, case, "helpers", role="contact", member_ids=[second], on="2023-01-05"
    )
    assert [(h["member"]["id"], h["until_on"]) for h in case["helpers"]] == [
        (first, "2023-01-05"),
        (second, None),
    ]
    case = await make.done(api, organizer, case, "publicity", step="7", from_on="2026-11-02", place="公告栏")
    twice = await make.act(api, organizer, case, "publicity", step="7")
    assert twice.json()["code"] == "development_publicity_open"
    case = await make.done(api, organizer, case, "publicity/objections", objections=2)
    wrong = await make.act(api, organizer, case, "publicity/close", result="none")
    assert wrong.json()["errors"][0]["code"] == "objections"
    case = await make.done(api, organizer, case, "publicity/close", result="settled", on="2026-11-20")
    shown = case["publicities"][0]
    assert (shown["until_on"], shown["objections"], shown["result"]) == ("2026-11-09", 2, "settled")
    none = await make.act(api, organizer, case, "publicity/close", result="none")
    assert none.json()["code"] == "development_case_blocked"
    case = await make.done(api, organizer, case, "vote", step="15", **make.VOTE)
    wrong = await make.act(api, organizer, case, "vote", step="5", **make.VOTE)
    assert wrong.json()["code"] == "development_case_blocked"
    training = [{"kind": "training", "hours": 24, "on": "2023-06-02"}, {"kind": "thought_report"}]
    case = await make.done(api, organizer, case, "records", records=training)
    assert [r["kind"] for r in case["records"]] == ["training", "thought_report"]
    wrong = await make.act(api, organizer, case, "records", records=[{"kind": "training"}])
    assert wrong.json()["errors"][0]["code"] == "training_only"


def test_the_days_of_the_tests_are_those_of_the_table() -> None:
    assert DAYS["2"].isoformat() == make.way(("", ""))["2"]["on"]
