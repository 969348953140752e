"""Registering by hand over HTTP: what is taken, what is refused, and how the mend is named."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.core.work import Shell
from tests.conftest import Actors
from tests.make import authorities
from tests.make import organizations as make
from tests.organizations.conftest import Desk


async def post(api: httpx.AsyncClient, headers: dict[str, str], **fields: Any) -> httpx.Response:
    return await api.post("/organizations", json=make.registration(**fields), headers=headers)


def codes(answer: httpx.Response) -> dict[str, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


async def ledger_size(shell: Shell) -> int:
    return (await make.rows(shell, "SELECT count(*) FROM organizations"))[0]["count"]


async def test_a_registration_is_in_the_ledger_with_all_that_was_stated(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    bureau = await authorities.approval_bureau(api, desk.nation)
    made = await post(
        api, desk.clerk, credit_code=make.credit_code(7), domicile_division_code="440106",
        domicile_address="天河路1号", registration_authority_id=bureau["id"], industry="education",
        is_trade_association=True, decoupled=True, staff_count=12, full_member_count=3, party_member_count=4,
        full_time_full_member_count=3, member_count=80, legal_representative="李一",
    )  # fmt: skip
    assert made.status_code == 201, made.text
    row = made.json()
    assert made.headers["location"] == f"/api/v1/organizations/{row['id']}"
    assert made.headers["etag"] == row["etag"]
    assert row["division"] == {"code": "440115", "name": "南沙区"}
    assert row["domicile_division"]["code"] == "440106"
    assert row["registration_authority"] == {"id": bureau["id"], "name": bureau["name"]}
    assert (row["registration_status"], row["ended_on"], row["merged_into"]) == ("normal", None, None)
    assert (row["decoupled"], row["foreign_related"], row["staff_count"]) == (True, False, 12)
    assert row["allowed_actions"] == ["update", "record"]
    again = await api.get(f"/organizations/{row['id']}", headers=desk.clerk)
    assert again.json() == row
    unchanged = await api.get(
        f"/organizations/{row['id']}", headers={**desk.clerk, "If-None-Match": row["etag"]}
    )
    assert unchanged.status_code == 304


async def test_an_organizer_sees_the_verbs_open_to_it(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.guangzhou)
    assert row["allowed_actions"] == [
        "update", "record", "correct", "deregister", "revoke", "merge", "split",
    ]  # fmt: skip


async def test_a_filed_organization_needs_no_credit_code(api: httpx.AsyncClient, desk: Desk) -> None:
    for name in ("某社区棋友会", "某社区合唱团"):
        row = await make.organization(
            api, desk.clerk, name=name, kind="community_filed", registration_mode="filed"
        )
        assert row["credit_code"] is None


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        (make.wrong_check_digit(), "credit_code_check_digit"),
        ("51440115MJLI23456E", "credit_code_alphabet"),
        ("51440115MJLO23456E", "credit_code_alphabet"),
        ("51440115MJLZ23456E", "credit_code_alphabet"),
        ("51440115MJLS23456E", "credit_code_alphabet"),
        ("51440115MJLV23456E", "credit_code_alphabet"),
        ("51440115MJL12345", "credit_code_length"),
        ("0X440115MJL123456E", "credit_code_class"),
    ],
)
async def test_a_credit_code_that_is_none_is_refused_and_not_repeated(
    api: httpx.AsyncClient, desk: Desk, shell: Shell, code: str, wrong: str
) -> None:
    answer = await post(api, desk.clerk, credit_code=code)
    assert answer.status_code == 422, answer.text
    assert codes(answer) == {"/credit_code": wrong}
    assert code not in answer.text
    assert await ledger_size(shell) == 0


async def test_divisions_that_cannot_be_used_are_named_with_their_mend(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    unknown = await post(api, desk.nation, division_code="449999", domicile_division_code="000000")
    assert unknown.status_code == 422, unknown.text
    assert codes(unknown) == {
        "/division_code": "division_unknown",
        "/domicile_division_code": "division_unknown",
    }


async def test_an_abolished_division_answers_with_its_successor(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    gone = await make.rows(
        shell,
        "SELECT d.code, s.successor_code FROM divisions d JOIN division_successors s USING (code)"
        " WHERE upper(d.valid) <= current_date AND s.kind <> 'split' ORDER BY upper(d.valid) DESC LIMIT 1",
    )
    today = date.today().isoformat()  # noqa: DTZ011
    answer = await post(
        api, desk.nation, division_code=gone[0]["code"], established_on=None, effective_on=today
    )
    assert answer.status_code == 422, answer.text
    assert codes(answer) == {"/division_code": "division_abolished"}
    assert gone[0]["successor_code"] in [r["division_code"] for r in answer.json()["reasons"]]


async def test_a_division_that_was_in_force_on_the_effective_day_may_be_stated(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    gone = await make.rows(
        shell,
        "SELECT code, upper(valid) - 1 AS last_day FROM divisions"
        " WHERE upper(valid) <= current_date ORDER BY upper(valid) DESC LIMIT 1",
    )
    day = gone[0]["last_day"].isoformat()
    answer = await post(api, desk.nation, division_code=gone[0]["code"], established_on=day)
    assert answer.status_code == 201, answer.text


async def test_a_division_of_the_future_is_refused(
    api: httpx.AsyncClient, desk: Desk, shell: Shell, owner_url: str
) -> None:
    del owner_url
    async with shell.engine.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO divisions (code, name, kind, level, parent_code, valid, dates_exact, source,"
            " version)"
            " VALUES ('440199', '某新区', 'zone', 'zone', '440100', '[2199-01-01,)', true, 'invented', 1)"
        )
    answer = await post(api, desk.nation, division_code="440199")
    assert codes(answer) == {"/division_code": "division_not_yet_in_force"}


async def test_authorities_are_looked_up(api: httpx.AsyncClient, desk: Desk) -> None:
    answer = await post(
        api, desk.clerk, registration_authority_id=str(uuid4()), supervisory_unit_id=str(uuid4())
    )
    assert codes(answer) == {
        "/registration_authority_id": "authority_unknown",
        "/supervisory_unit_id": "authority_unknown",
    }


async def test_an_authority_out_of_sight_is_like_none(api: httpx.AsyncClient, desk: Desk) -> None:
    abroad = await authorities.authority(
        api, desk.ningbo, name="宁波市民政局", division_code="330200", roles=[]
    )
    above = await authorities.authority(api, desk.nation)
    refused = [await post(api, desk.clerk, supervisory_unit_id=one) for one in (abroad["id"], str(uuid4()))]
    assert [answer.status_code for answer in refused] == [422, 422]
    assert refused[0].content == refused[1].content
    taken = await post(api, desk.clerk, registration_authority_id=above["id"])
    assert taken.status_code == 201, taken.text


async def test_nothing_takes_effect_in_the_future(api: httpx.AsyncClient, desk: Desk) -> None:
    tomorrow = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011
    answer = await post(api, desk.clerk, effective_on=tomorrow)
    assert (answer.status_code, answer.json()["code"]) == (422, "effective_on_in_future")
    answer = await post(api, desk.clerk, established_on=tomorrow, effective_on="2024-01-01")
    assert codes(answer) == {"/established_on": "established_on_in_future"}


async def test_a_part_is_not_more_than_the_whole(api: httpx.AsyncClient, desk: Desk) -> None:
    answer = await post(api, desk.clerk, full_member_count=5, party_member_count=4)
    assert codes(answer) == {"/full_member_count": "more_than_all"}


async def test_a_registration_does_not_begin_at_its_end(api: httpx.AsyncClient, desk: Desk) -> None:
    answer = await post(api, desk.clerk, registration_status="deregistered")
    assert codes(answer) == {"/registration_status": "end_status"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"name":"甲","name":"乙"}', 400),
        ('{"name":NaN}', 400),
        ('{"staff_count":1e999}', 400),
        ('{"staff_count":123456789012345678901234567890}', 400),
        ('{"name":"a\\u0000b"}', 422),
        ('{"name":"a\\ud800"}', 400),
        ('{"is_admin":true}', 422),
        ('{"staff_count":"7"}', 422),
        ('{"staff_count":true}', 422),
        ('{"staff_count":-1}', 422),
        ('{"staff_count":3000000000}', 422),
        ('{"decoupled":1}', 422),
        ('{"established_on":"2020-02-30"}', 422),
        ('{"kind":"club"}', 422),
        ("[]", 422),
        ("{", 400),
    ],
)
async def test_bad_bodies_get_a_4xx_and_change_nothing(
    api: httpx.AsyncClient, desk: Desk, shell: Shell, body: str, status: int
) -> None:
    whole = body
    if body.startswith('{"') and '"name":' not in body:
        whole = (
            body[:-1]
            + ',"name":"甲","kind":"foundation","registration_mode":"direct","division_code":"440115"}'
        )
        whole = whole.replace(',"kind":"foundation"', "") if '"kind":"club"' in body else whole
    headers = {**desk.clerk, "content-type": "application/json"}
    answer = await api.post("/organizations", content=whole.encode("utf-8", "surrogatepass"), headers=headers)
    assert answer.status_code in {status, 422 if status == 400 else status}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await ledger_size(shell) == 0


async def test_who_may_not_record_is_told(api: httpx.AsyncClient, desk: Desk, actors: Actors) -> None:
    assert (await post(api, {})).status_code == 401
    assert (await post(api, desk.viewer)).status_code == 403
    elsewhere = await post(api, desk.ningbo)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "division_outside_scope")
    for role in ("system_admin", "security_admin", "audit_admin"):
        headers = await actors(role, division="100000")
        assert (await post(api, headers)).status_code == 403
        assert (await api.get("/organizations", headers=headers)).status_code == 403


# --- one code, one organization -----------------------------------------------------------------------------


async def test_a_duplicate_is_told_in_words_to_who_may_know(api: httpx.AsyncClient, desk: Desk) -> None:
    first = await make.organization(api, desk.clerk, credit_code=make.credit_code(3))
    again = await post(api, desk.guangzhou, name="另一协会", credit_code=make.credit_code(3))
    assert (again.status_code, again.json()["code"]) == (409, "credit_code_taken")
    assert first["name"] in again.json()["detail"]
    assert again.json()["reasons"][0]["organization_id"] == first["id"]


async def test_a_duplicate_elsewhere_is_neutral_and_leaves_a_trace_above(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    first = await make.organization(api, desk.clerk, credit_code=make.credit_code(3))
    for _ in range(2):
        again = await post(
            api, {**desk.ningbo, "Idempotency-Key": "k1"}, name="宁波某协会", division_code="330200",
            credit_code=make.credit_code(3),
        )  # fmt: skip
        assert (again.status_code, again.json()["code"]) == (409, "needs_verification")
        assert first["name"] not in again.text
        assert first["id"] not in again.text
    assert await ledger_size(shell) == 1
    findings = (await api.get(f"/organizations/{first['id']}/findings", headers=desk.guangzhou)).json()
    assert [(f["kind"], f["state"]) for f in findings["items"]] == [("registered_elsewhere", "open")]
    assert findings["items"][0]["evidence"]["attempted_division_code"] == "330200"
    audited = await make.rows(
        shell, "SELECT data FROM audit_entries WHERE action = 'organization.duplicate_attempted'"
    )
    assert len(audited) == 2
    nothing_there = await api.get(f"/organizations/{first['id']}/findings", headers=desk.ningbo)
    assert nothing_there.status_code == 404


async def test_a_code_patched_to_anothers_is_refused_too(api: httpx.AsyncClient, desk: Desk) -> None:
    await make.organization(api, desk.clerk, credit_code=make.credit_code(3))
    other = await make.organization(api, desk.clerk, name="乙协会")
    answer = await make.patch(api, desk.clerk, other["id"], credit_code=make.credit_code(3))
    assert (answer.status_code, answer.json()["code"]) == (409, "credit_code_taken")
    assert (await make.read(api, desk.clerk, other["id"]))["credit_code"] is None


async def test_a_registry_that_registers_again_states_facts_of_the_same_organization(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    code = make.credit_code(5)
    first = await make.registered(shell, make.by_registry("2019-01-02", 1), credit_code=code)
    again = await make.registered(shell, make.by_registry("2019-01-02", 1), credit_code=code)
    other = await make.registered(
        shell, make.by_registry("2021-01-02", 1, source="gd_approval"), credit_code=code, name="改名后的协会"
    )
    assert first == again == other
    assert (await make.read(api, desk.clerk, first))["name"] == "改名后的协会"
    assert await ledger_size(shell) == 1


async def test_of_many_at_once_one_registers_a_code(api: httpx.AsyncClient, desk: Desk, shell: Shell) -> None:
    tries = [
        post(api, headers, name=f"协会{n}", credit_code=make.credit_code(6), division_code=division)
        for n in range(4)
        for headers, division in ((desk.clerk, "440115"), (desk.ningbo, "330200"))
    ]
    answers = await asyncio.gather(*tries)
    assert sorted(a.status_code for a in answers) == [201] + [409] * 7
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {
        "credit_code_taken", "needs_verification", "busy",
    }  # fmt: skip
    assert await ledger_size(shell) == 1


# --- certificates with a wrong check digit ------------------------------------------------------------------


async def test_a_wrong_check_digit_is_taken_once_a_second_person_accepted_it(
    api: httpx.AsyncClient, desk: Desk, actors: Actors
) -> None:
    code = make.wrong_check_digit(9)
    body = {"credit_code": code, "division_code": "440115", "evidence": "证书原件, 粤民证〔2016〕12号"}
    asked = await api.post("/credit-code-exceptions", json=body, headers=desk.clerk)
    assert asked.status_code == 201, asked.text
    asked_again = await api.post("/credit-code-exceptions", json=body, headers=desk.clerk)
    assert (asked_again.status_code, asked_again.json()["code"]) == (409, "exception_already_requested")
    assert codes(await post(api, desk.clerk, credit_code=code)) == {"/credit_code": "credit_code_check_digit"}
    place = f"/credit-code-exceptions/{asked.json()['id']}"
    tag = {"If-Match": asked.headers["etag"]}
    assert (
        await api.post(f"{place}/approve", json={"reason": "x"}, headers=desk.approver)
    ).status_code == 428
    stale = await api.post(
        f"{place}/approve", json={"reason": "x"}, headers={**desk.approver, "If-Match": '"9"'}
    )
    assert stale.status_code == 412
    elsewhere = await actors("approver", division="330000")
    hidden = await api.post(f"{place}/approve", json={"reason": "x"}, headers={**elsewhere, **tag})
    assert hidden.status_code == 404
    approved = await api.post(
        f"{place}/approve", json={"reason": "已核对原件"}, headers={**desk.approver, **tag}
    )
    assert approved.status_code == 200, approved.text
    assert approved.json()["state"] == "approved"
    assert (await make.organization(api, desk.clerk, credit_code=code))["credit_code"] == code
    again = await api.post(
        f"{place}/refuse", json={"reason": "x"},
        headers={**desk.approver, "If-Match": approved.headers["etag"]},
    )  # fmt: skip
    assert (again.status_code, again.json()["code"]) == (409, "exception_already_decided")


async def test_who_asked_does_not_decide(api: httpx.AsyncClient, desk: Desk, shell: Shell) -> None:
    both = await make.two_hats(shell)
    body = {"credit_code": make.wrong_check_digit(2), "division_code": "440115", "evidence": "原件"}
    asked = await api.post("/credit-code-exceptions", json=body, headers=both)
    assert asked.json()["allowed_actions"] == []
    answer = await api.post(
        f"/credit-code-exceptions/{asked.json()['id']}/approve", json={"reason": "x"},
        headers={**both, "If-Match": asked.headers["etag"]},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (403, "exception_second_person_needed")
    listed = await api.get("/credit-code-exceptions?state=requested", headers=desk.approver)
    assert [i["allowed_actions"] for i in listed.json()["items"]] == [["approve", "refuse"]]


async def test_an_exception_that_is_not_needed_is_refused(api: httpx.AsyncClient, desk: Desk) -> None:
    body = {"credit_code": make.credit_code(2), "division_code": "440115", "evidence": "原件"}
    answer = await api.post("/credit-code-exceptions", json=body, headers=desk.clerk)
    assert (answer.status_code, answer.json()["code"]) == (422, "exception_not_needed")


# --- safe retries -------------------------------------------------------------------------------------------


async def test_a_retry_with_its_key_registers_once(api: httpx.AsyncClient, desk: Desk, shell: Shell) -> None:
    headers = {**desk.clerk, "Idempotency-Key": "one-try"}
    first, second = [await post(api, headers) for _ in range(2)]
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert await ledger_size(shell) == 1
    other = await post(api, headers, name="别的协会")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await ledger_size(shell) == 1
