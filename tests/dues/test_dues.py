"""Dues over HTTP: standards with their history, collection, arrears, reductions by a second person."""

from typing import Any

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM, Scope
from app.core.work import Shell, begin
from tests.make import members as make

Headers = dict[str, str]
RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"


async def standard(api: httpx.AsyncClient, by: Headers, member: str, **fields: Any) -> httpx.Response:
    """Set a standard: employed with 5,000.01 from January unless said otherwise."""
    plan = {"income_class": "employed", "income": "5000.01", "from_month": "2026-01", **fields}
    return await api.post(f"/members/{member}/dues-standards", json=plan, headers=by)


async def test_a_standard_its_history_and_its_sealed_income(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    branch = await make.branch(api, organizer)
    member = (await make.member(api, organizer, branch))["id"]
    for fields, pointer, code in (
        ({"income": None}, "/income", "income_required"),
        ({"from_month": "1990-01"}, "/from_month", "before_joining"),
        ({"from_month": "2100-01"}, "/from_month", "too_far_ahead"),
        ({"income_class": "farmer", "income": None, "amount": "5"}, "/amount", "outside_range"),
    ):
        refused = await standard(api, organizer, member, **fields)
        assert refused.status_code == 422, refused.text
        assert (pointer, code) in [(e["pointer"], e["code"]) for e in refused.json()["errors"]]
    made = await standard(api, organizer, member)
    assert made.status_code == 201, made.text
    assert [(s["amount"], s["rate"]) for s in made.json()["standards"]] == [("75.00", "0.0150")]
    await standard(api, organizer, member, from_month="2026-07", income="10000.01")
    between = await standard(api, organizer, member, from_month="2026-04", income="3000.01")
    mended = await standard(api, organizer, member, from_month="2026-07", income="10000")
    assert [(s["amount"], s["from_month"], s["until_month"]) for s in mended.json()["standards"]] == [
        ("75.00", "2026-01", "2026-04"),
        ("30.00", "2026-04", "2026-07"),
        ("150.00", "2026-07", None),
    ]
    assert len(between.json()["standards"]) == 3
    assert "5000.01" not in mended.text

    applicant = await make.member(
        api, organizer, branch, 2, status="applicant", joined=None, full=None, applied_on="2026-01-01"
    )
    assert (await standard(api, organizer, applicant["id"])).json()["code"] == "dues_not_owed"
    theirs = await standard(api, neighbour, member)
    assert (theirs.status_code, theirs.json()["code"]) == (404, "dues_member_not_found")
    assert (await api.get(f"/members/{member}/dues", headers=neighbour)).content == (
        await api.get(f"/members/{RANDOM}/dues", headers=neighbour)
    ).content
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        rows: Any = await work.execute(text("SELECT id, income_cipher FROM dues_standards ORDER BY valid"))
        incomes = [
            work.crypto.decrypt(cipher, table="dues_standards", column="income_cipher", row=row)
            for row, cipher in rows
        ]
        assert incomes == ["5000.01", "3000.01", "10000.00"]
        told = " ".join(str(row) for row in await work.execute(text("SELECT * FROM audit_entries, events")))
        for secret in (*incomes, "150.00"):
            assert secret not in told
    async with begin(shell, SYSTEM) as work:
        for name in ("dues_standards", "dues_payments", "dues_reductions"):
            assert await work.scalar(text(f"SELECT count(*) FROM {name}")) == 0  # noqa: S608


async def test_collected_counted_and_in_arrears(api: httpx.AsyncClient, organizer: Headers) -> None:
    branch = await make.branch(api, organizer)
    one, two, three = [(await make.member(api, organizer, branch, n))["id"] for n in (1, 2, 3)]
    for member in (one, two):
        await standard(api, organizer, member)

    async def collect(*payments: dict[str, Any], body: str = branch) -> httpx.Response:
        plan = {"party_organization_id": body, "paid_on": "2026-10-12", "payments": list(payments)}
        return await api.post("/dues-payments", json=plan, headers=organizer)

    wrong = await collect(
        {"member_id": one, "from_month": "2025-12"},
        {"member_id": RANDOM, "from_month": "2026-01"},
        {"member_id": two, "from_month": "2026-01", "amount": "10.00"},
        {"member_id": two, "from_month": "2026-01"},
    )
    assert [(e["pointer"], e["code"]) for e in wrong.json()["errors"]] == [
        ("/payments/0/from_month", "no_standard"),
        ("/payments/1/member_id", "not_of_this_body"),
        ("/payments/2/amount", "below_standard"),
        ("/payments/3/from_month", "month_paid"),
    ]
    taken = await collect(
        {"member_id": one, "from_month": "2026-01", "through_month": "2026-09"},
        {"member_id": two, "from_month": "2026-01", "through_month": "2026-03", "amount": "80"},
    )
    assert taken.status_code == 201, taken.text
    assert (len(taken.json()["receipts"]), taken.json()["amount"]) == (12, "915.00")
    again = await collect({"member_id": one, "from_month": "2026-05"})
    assert [e["code"] for e in again.json()["errors"]] == ["month_paid"]

    counted = (await api.get("/dues/counts", params={"month": "2026-05"}, headers=organizer)).json()
    assert (counted["owing"], counted["paid"], counted["percent"]) == (2, 1, "50.00")
    assert (counted["without_standard"], counted["amount_due"], counted["amount_paid"]) == (
        1, "150.00", "75.00",
    )  # fmt: skip
    sheet = (
        await api.get(
            "/dues", params={"month": "2026-05", "party_organization_id": branch}, headers=organizer
        )
    ).json()["items"]
    assert {(r["member"]["id"], r["state"], r["due"], r["paid"]) for r in sheet} == {
        (one, "paid", "75.00", "75.00"),
        (two, "unpaid", "75.00", None),
        (three, "no_standard", None, None),
    }
    asked = {"as_of": "2026-10-05", "at_least": "3"}
    behind = (await api.get("/dues/arrears", params=asked, headers=organizer)).json()["items"]
    assert [
        (b["member"]["id"], b["months"], b["consecutive_months"], b["since_month"], b["amount"], b["step"])
        for b in behind
    ] == [(two, 6, 6, "2026-04", "450.00", "proposal")]
    account = (
        await api.get(f"/members/{two}/dues", params={"as_of": "2026-10-05"}, headers=organizer)
    ).json()
    assert (account["arrears_amount"], account["step"]) == ("450.00", "proposal")
    assert [m["month"] for m in account["arrears"]] == [f"2026-0{n}" for n in range(4, 10)]
    assert (await make.read(api, organizer, two))["status"] == "full"

    may = next(p for p in account["payments"] if p["month"] == "2026-03")
    undone = await make.act(
        api, organizer, f"/dues-payments/{may['id']}/cancel", may["etag"], reason="重复登记"
    )
    assert undone.json()["state"] == "cancelled"
    twice = await make.act(
        api, organizer, f"/dues-payments/{may['id']}/cancel", undone.json()["etag"], reason="重复登记"
    )
    assert twice.json()["code"] == "dues_payment_is_cancelled"
    assert (await collect({"member_id": two, "from_month": "2026-03"})).status_code == 201
    temporary = await make.branch(api, organizer, formation="temporary", name="临时党支部")
    refused = await collect({"member_id": two, "from_month": "2026-04"}, body=temporary)
    assert refused.json()["code"] == "body_may_not_collect_dues"


async def test_a_reduction_takes_a_second_person(
    api: httpx.AsyncClient, organizer: Headers, approver: Headers
) -> None:
    branch = await make.branch(api, organizer)
    member = (await make.member(api, organizer, branch))["id"]
    await standard(api, organizer, member)
    plan = {
        "member_id": member, "amount": "20.00", "from_month": "2026-05", "through_month": "2026-12",
        "hardship": "illness", "document": "减免申请2026-3",
    }  # fmt: skip
    for fields, pointer in (({"through_month": "2026-04"}, "/through_month"), ({"amount": "-1"}, "/amount")):
        wrong = await api.post("/dues-reductions", json={**plan, **fields}, headers=organizer)
        assert [e["pointer"] for e in wrong.json()["errors"]] == [pointer]
    made = await api.post("/dues-reductions", json=plan, headers=organizer)
    assert (made.status_code, made.json()["allowed_actions"]) == (201, ["agree"])
    assert (await api.post("/dues-reductions", json=plan, headers=organizer)).json()["code"] == (
        "dues_reduction_open"
    )
    address, paper = f"/dues-reductions/{made.json()['id']}", {"document": "南社党〔2026〕7号"}
    early = await make.act(api, approver, f"{address}/approve", made.json()["etag"], **paper)
    assert early.json()["code"] == "dues_reduction_blocked"
    agreed = await make.act(api, organizer, f"{address}/agree", made.json()["etag"], **paper)
    own = await make.act(api, organizer, f"{address}/approve", agreed.json()["etag"], **paper)
    assert (own.status_code, own.json()["code"]) == (403, "dues_reduction_own")
    done = await make.act(api, approver, f"{address}/approve", agreed.json()["etag"], **paper)
    assert (done.json()["state"], done.json()["through_month"]) == ("approved", "2026-12")
    sheet = (await api.get("/dues", params={"month": "2026-06"}, headers=organizer)).json()["items"]
    assert [(r["standard"], r["due"]) for r in sheet] == [("75.00", "20.00")]
    arrears = (
        await api.get(f"/members/{member}/dues", params={"as_of": "2026-07-01"}, headers=organizer)
    ).json()
    assert (arrears["arrears_amount"], arrears["consecutive_months"]) == ("340.00", 6)
    second = await api.post("/dues-reductions", json=plan, headers=organizer)
    refused = await make.act(
        api, approver, f"/dues-reductions/{second.json()['id']}/reject", second.json()["etag"], **paper
    )
    assert refused.json()["state"] == "rejected"
    listed = await api.get("/dues-reductions", params={"state": "approved"}, headers=organizer)
    assert [r["id"] for r in listed.json()["items"]] == [made.json()["id"]]
