"""Dated records, officers, charter clauses, and the plain text of phone numbers, over HTTP."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.organizations import commands, rules
from app.settings import Settings
from tests.make import organizations as make
from tests.organizations.conftest import Desk

TODAY = date.today()  # noqa: DTZ011

RECORDS: dict[str, dict[str, Any]] = {
    "identifiers": {"scheme": "registration_number", "number": "粤社证字第1234号", "issued_on": "2005-06-01"},
    "credit-listings": {"list": "abnormal", "listed_on": "2023-07-01", "reason": "未报送年报"},
    "penalties": {"penalty": "fine", "decided_on": "2022-05-06", "document_number": "穗民罚〔2022〕1号",
                  "amount": "5000.00"},
    "evaluations": {"grade": "4A", "graded_on": "2023-02-28", "score": "912.50"},
    "awards": {"name": "全国先进社会组织", "awarded_on": "2021-06-01", "awarded_by": "民政部"},
    "annual-reports": {"year": 2023, "result": "passed", "filed_on": "2024-05-30"},
}  # fmt: skip


@pytest.mark.parametrize("kind", RECORDS)
async def test_a_record_is_kept_once_and_may_be_withdrawn(
    api: httpx.AsyncClient, desk: Desk, kind: str
) -> None:
    row = await make.organization(api, desk.guangzhou)
    place, body = f"/organizations/{row['id']}/{kind}", RECORDS[kind]
    made = await make.add(api, desk.clerk, row["id"], kind, **body)
    assert {k: made[k] for k in body} == body
    assert (made["source"], made["withdrawn"]) == ("human", False)
    again = await make.add(api, desk.clerk, row["id"], kind, **body)
    assert again["id"] == made["id"]
    listed = (await api.get(place, headers=desk.viewer)).json()
    assert [r["id"] for r in listed["items"]] == [made["id"]]
    reason = {"reason": "录入有误"}
    withdraw = f"{place}/{made['id']}/withdraw"
    assert (await api.post(withdraw, json=reason, headers=desk.guangzhou)).status_code == 428
    tag = {"If-Match": (await make.read(api, desk.guangzhou, row["id"]))["etag"]}
    assert (await api.post(withdraw, json=reason, headers={**desk.clerk, **tag})).status_code == 403
    taken = await api.post(withdraw, json=reason, headers={**desk.guangzhou, **tag})
    assert (taken.status_code, taken.json()["withdrawn"]) == (200, True), taken.text
    assert (await api.get(place, headers=desk.viewer)).json()["items"] == []
    kept = (await api.get(f"{place}?withdrawn=true", headers=desk.viewer)).json()
    assert [r["withdrawn"] for r in kept["items"]] == [True]
    tag = {"If-Match": (await make.read(api, desk.guangzhou, row["id"]))["etag"]}
    twice = await api.post(withdraw, json=reason, headers={**desk.guangzhou, **tag})
    assert (twice.status_code, twice.json()["code"]) == (404, "record_not_found")


@pytest.mark.parametrize(
    ("kind", "fields", "pointer"),
    [
        ("credit-listings", {"removed_on": "2023-06-30"}, "/removed_on"),
        ("penalties", {"amount": "-1.00"}, "/amount"),
        ("evaluations", {"valid_until_on": "2023-01-01"}, "/valid_until_on"),
        ("evaluations", {"score": "1200.01"}, "/score"),
        ("evaluations", {"grade": "6A"}, "/grade"),
        ("annual-reports", {"year": 1}, "/year"),
        ("identifiers", {"scheme": "passport"}, "/scheme"),
        ("awards", {"colour": "red"}, "/colour"),
    ],
)
async def test_a_record_that_contradicts_itself_is_refused(
    api: httpx.AsyncClient, desk: Desk, kind: str, fields: dict[str, Any], pointer: str
) -> None:
    row = await make.organization(api, desk.clerk)
    answer = await api.post(
        f"/organizations/{row['id']}/{kind}", json={**RECORDS[kind], **fields}, headers=desk.clerk
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_who_decides_corrects_what_a_registry_recorded(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
    wrong = rules.Evaluation(
        grade=rules.EvaluationGrade.A5, graded_on=date(2023, 2, 28), valid_until=date(2028, 2, 28)
    )
    async with begin(shell, SYSTEM) as work:
        await commands.record(work, organization_id, [wrong], make.by_registry("2023-02-28", 2))
    place = f"/organizations/{organization_id}/evaluations"
    right = {"grade": "3A", "graded_on": "2023-02-28"}
    outranked = await api.post(place, json=right, headers=desk.guangzhou)
    assert (outranked.status_code, outranked.json()["code"]) == (409, "fact_outranked")
    right["correction_reason"] = "以公告为准"
    assert (await api.post(place, json=right, headers=desk.clerk)).status_code == 403
    corrected = await api.post(place, json=right, headers=desk.guangzhou)
    assert (corrected.status_code, corrected.json()["grade"]) == (201, "3A"), corrected.text
    assert len((await api.get(place, headers=desk.clerk)).json()["items"]) == 1
    found = await api.get(f"/organizations/{organization_id}/findings", headers=desk.clerk)
    assert [(f["kind"], f["fact"]) for f in found.json()["items"]] == [
        ("registry_contradicts_correction", "evaluation")
    ]


async def test_an_entry_in_a_list_is_taken_off_whichever_came_first(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    on = rules.CreditListing(list=rules.CreditList.ABNORMAL, listed_on=date(2022, 7, 1))
    off = rules.CreditListing(
        list=rules.CreditList.ABNORMAL, listed_on=date(2022, 7, 1), removed_on=date(2023, 9, 1)
    )
    shown = []
    for entries in ([on, off], [off, on]):
        organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
        for entry in entries:
            async with begin(shell, SYSTEM) as work:
                origin = make.by_registry(entry.removed_on or entry.listed_on)
                await commands.record(work, organization_id, [entry], origin)
        place = f"/organizations/{organization_id}/credit-listings"
        items = (await api.get(place, headers=desk.clerk)).json()["items"]
        shown.append([(i["listed_on"], i["removed_on"], i["current"]) for i in items])
    assert shown == [[("2022-07-01", "2023-09-01", False)]] * 2


async def test_a_grade_holds_five_years_unless_it_says_otherwise(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    old = await make.add(api, desk.clerk, row["id"], "evaluations", grade="3A", graded_on="2018-05-01")
    new = await make.add(api, desk.clerk, row["id"], "evaluations", grade="5A", graded_on="2024-02-29")
    assert (old["valid_until_on"], old["current"]) == ("2023-05-01", False)
    assert (new["valid_until_on"], new["current"]) == ("2029-02-28", True)
    overview = (await api.get(f"/organizations/{row['id']}/overview", headers=desk.clerk)).json()
    assert overview["evaluation"]["grade"] == "5A"


async def test_an_organization_is_found_by_its_old_number(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    await make.add(api, desk.clerk, row["id"], "identifiers", **RECORDS["identifiers"])
    found = await api.get("/organizations", params={"number": "粤社证字第1234号"}, headers=desk.clerk)
    assert [o["id"] for o in found.json()["items"]] == [row["id"]]


async def test_a_charter_clause_has_a_wording_and_its_time(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.guangzhou)
    for wording, day in {"2018": "2018-11-01", "2019": "2021-04-01"}.items():
        made = await make.add(
            api, desk.clerk, row["id"], "charter-clauses",
            clause="party_building", wording=wording, approved_on=day, evidence="章程核准书",
        )  # fmt: skip
        assert (made["wording"], made["from_on"]) == (wording, day)
    await make.add(
        api, desk.clerk, row["id"], "charter-clauses",
        clause="core_values", wording="own", approved_on="2021-04-01",
    )  # fmt: skip
    place = f"/organizations/{row['id']}/charter-clauses"
    items = (await api.get(place, headers=desk.clerk)).json()["items"]
    assert [(c["clause"], c["wording"], c["until_on"], c["current"]) for c in items] == [
        ("core_values", "own", None, True),
        ("party_building", "2018", "2021-04-01", False),
        ("party_building", "2019", None, True),
    ]
    tag = {"If-Match": (await make.read(api, desk.guangzhou, row["id"]))["etag"]}
    taken = await api.post(
        f"{place}/{items[2]['id']}/withdraw", json={"reason": "核准书有误"}, headers={**desk.guangzhou, **tag}
    )
    assert taken.status_code == 200, taken.text
    assert [c["wording"] for c in taken.json()["items"] if c["clause"] == "party_building"] == ["2018"]


# --- officers -----------------------------------------------------------------------------------------------


def seat(name: str, post: str, *, principal: bool = True, **more: Any) -> dict[str, Any]:
    return {"name": name, "post": post, "is_principal": principal, **more}


async def test_a_board_is_elected_and_its_predecessors_leave(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    place = f"/organizations/{row['id']}/officers"
    first = await api.post(
        f"{place}/elect",
        json={
            "elected_on": "2018-05-04",
            "officers": [
                seat("李一", "会长", since="2016-05-04", phone="13812345678"),
                seat("陈三", "秘书长"),
            ],
        },
        headers=desk.clerk,
    )
    assert first.status_code == 200, first.text
    second = await api.post(
        f"{place}/elect",
        json={"elected_on": "2023-05-04", "officers": [seat("王二", "会长"), seat("陈三", "秘书长")]},
        headers=desk.clerk,
    )
    assert [o["name"] for o in second.json()["items"]] == ["陈三", "王二"]
    everyone = (await api.get(place, headers=desk.viewer)).json()["items"]
    assert [(o["name"], o["since"], o["until"], o["current"], o["phone_mask"]) for o in everyone] == [
        ("李一", "2016-05-04", "2023-05-04", False, "138****5678"),
        ("陈三", "2018-05-04", None, True, None),
        ("王二", "2023-05-04", None, True, None),
    ]
    then = (await api.get(f"{place}?as_of=2020-01-01&principal=true", headers=desk.viewer)).json()["items"]
    assert {o["name"] for o in then} == {"李一", "陈三"}
    overview = (await api.get(f"/organizations/{row['id']}/overview", headers=desk.clerk)).json()
    assert {o["name"] for o in overview["officers"]} == {"王二", "陈三"}


async def test_one_person_comes_and_goes(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    place = f"/organizations/{row['id']}/officers"
    change = {"name": "赵四", "post": "监事", "on": "2020-01-01", "leaves": False}
    came = await api.post(place, json=change, headers=desk.clerk)
    assert (came.status_code, [o["name"] for o in came.json()["items"]]) == (201, ["赵四"]), came.text
    twice = await api.post(place, json={**change, "on": "2021-01-01"}, headers=desk.clerk)
    assert twice.json()["errors"][0]["code"] == "officer_already_in_post"
    left = await api.post(place, json={**change, "on": "2022-01-01", "leaves": True}, headers=desk.clerk)
    assert left.json()["items"] == []
    gone = await api.post(place, json={**change, "on": "2023-01-01", "leaves": True}, headers=desk.clerk)
    assert gone.json()["errors"][0]["code"] == "officer_not_in_post"
    board = {"elected_on": "2024-01-01", "officers": [seat("赵四", "监事"), seat("赵四", "监事")]}
    doubled = await api.post(f"{place}/elect", json=board, headers=desk.clerk)
    assert doubled.json()["errors"][0] == {
        **doubled.json()["errors"][0],
        "pointer": "/officers/1",
        "code": "officer_twice",
    }


# --- phone numbers ------------------------------------------------------------------------------------------

PHONE = "13900001234"
WHY = {"purpose": "set_up_contact", "reason": "联系组建事宜"}


async def test_a_number_is_masked_everywhere_and_sealed_in_the_database(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    row = await make.organization(api, desk.clerk, contact_name="陈三", contact_phone=PHONE)
    assert row["contact_phone_mask"] == "139****1234"
    for path in ("", "/overview", "/facts", "/history"):
        assert PHONE not in (await api.get(f"/organizations/{row['id']}{path}", headers=desk.clerk)).text
    for table in (
        "organizations", "organization_facts", "organization_phones", "events", "audit_entries",
        "idempotency_keys",
    ):  # fmt: skip
        stored = await make.rows(shell, f"SELECT {table}::text AS whole FROM {table}")  # noqa: S608
        assert PHONE not in "".join(r["whole"] for r in stored), table
        assert PHONE.encode().hex() not in "".join(r["whole"] for r in stored), table


async def test_a_number_is_shown_once_the_asking_is_on_record(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    row = await make.organization(api, desk.clerk, contact_name="陈三", contact_phone=PHONE)
    place = f"/organizations/{row['id']}/contact/reveal"
    shown = await api.post(place, json=WHY, headers={**desk.clerk, "Idempotency-Key": "once"})
    assert (shown.status_code, shown.json()) == (200, {"phone": PHONE, "holder": "陈三"}), shown.text
    assert shown.headers["cache-control"] == "no-store"
    again = await api.post(place, json=WHY, headers={**desk.clerk, "Idempotency-Key": "once"})
    assert (again.status_code, again.json()["code"]) == (409, "response_not_kept")
    audited = await make.rows(
        shell, "SELECT data, subject_id FROM audit_entries WHERE action = 'organization.phone_revealed'"
    )
    assert [(a["data"]["purpose"], a["data"]["reason"]) for a in audited] == [tuple(WHY.values())]
    stored = await make.rows(shell, "SELECT body FROM idempotency_keys WHERE key = 'once'")
    assert [s["body"] for s in stored] == [None]
    assert (await api.post(place, json={"purpose": "x"}, headers=desk.clerk)).status_code == 422
    assert (await api.post(place, json=WHY, headers=desk.viewer)).status_code == 403


async def test_an_officers_number_is_shown_the_same_way(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    place = f"/organizations/{row['id']}/officers"
    change = {"name": "赵四", "post": "监事", "on": "2020-01-01", "leaves": False, "phone": PHONE}
    officer = (await api.post(place, json=change, headers=desk.clerk)).json()["items"][0]
    shown = await api.post(f"{place}/{officer['id']}/reveal", json=WHY, headers=desk.clerk)
    assert (shown.status_code, shown.json()) == (200, {"phone": PHONE, "holder": "赵四"})
    nobody = await api.post(f"{place}/{row['id']}/reveal", json=WHY, headers=desk.clerk)
    assert (nobody.status_code, nobody.json()["code"]) == (404, "officer_not_found")


async def test_no_number_no_answer(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk, contact_phone=PHONE)
    gone = await make.patch(api, desk.clerk, row["id"], contact_phone=None)
    assert gone.json()["contact_phone_mask"] is None
    answer = await api.post(f"/organizations/{row['id']}/contact/reveal", json=WHY, headers=desk.clerk)
    assert (answer.status_code, answer.json()["code"]) == (404, "phone_not_recorded")


@pytest.mark.parametrize(
    ("limit", "refusal"),
    [
        ({"reveals_per_day": 1}, (429, "reveal_quota_used")),
        ({"reveal_reauthentication_minutes": -1}, (403, "fresh_sign_in_needed")),
    ],
)
async def test_reveals_have_a_quota_and_need_a_fresh_proof(
    app: FastAPI, api: httpx.AsyncClient, desk: Desk, limit: dict[str, int], refusal: tuple[int, str]
) -> None:
    row = await make.organization(api, desk.clerk, contact_phone=PHONE)
    settings: Settings = app.state.shell.settings
    app.state.shell.settings = settings.model_copy(update=limit)
    place = f"/organizations/{row['id']}/contact/reveal"
    answers = [await api.post(place, json=WHY, headers=desk.clerk) for _ in range(2)]
    assert (answers[1].status_code, answers[1].json()["code"]) == refusal


async def test_a_number_that_is_none_is_refused_unrepeated(api: httpx.AsyncClient, desk: Desk) -> None:
    bad: Callable[[str], dict[str, Any]] = lambda number: make.registration(contact_phone=number)  # noqa: E731
    for number in ("12345", "1390000123x", "００"):
        answer = await api.post("/organizations", json=bad(number), headers=desk.clerk)
        assert answer.status_code == 422
        assert number not in answer.text


async def test_a_record_of_the_future_is_refused(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    day = (TODAY + timedelta(days=3)).isoformat()
    answer = await api.post(
        f"/organizations/{row['id']}/awards", json={"name": "奖", "awarded_on": day}, headers=desk.clerk
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "effective_on_in_future")
