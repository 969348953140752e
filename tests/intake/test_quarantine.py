"""What cannot be applied is kept with a readable reason, and replayed, mended or dismissed."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conftest import Actors
from tests.intake.conftest import Office
from tests.make import authorities as make_authorities
from tests.make import intake as make
from tests.make.organizations import NAME, credit_code, wrong_check_digit


async def test_a_message_that_does_not_fit_its_schema_is_quarantined_with_every_fault(office: Office) -> None:
    broken = make.registered(
        kind="club", staff_count=True, is_admin=True, legal_representative="陈\u202e示例"
    )
    response = await make.push(office.api, office.source, {**broken, "sequence": 7})
    assert (response.status_code, response.json()["state"]) == (202, "quarantined")
    problem = await office.problem(response.json()["id"])
    assert problem["code"] == "message_invalid"
    assert problem["title"] == {"zh": "报文不符合格式", "en": "The message does not fit its schema"}
    found = {(fault["pointer"], fault["code"]) for fault in problem["errors"]}
    assert found == {
        ("/data/kind", "enum"),
        ("/data/staff_count", "int_type"),
        ("/data/is_admin", "extra_forbidden"),
        ("/data/legal_representative", "text_control_character"),
    }
    assert all(fault["message"]["zh"] and fault["message"]["en"] for fault in problem["errors"])
    assert "陈" not in str(problem)
    event = await make.event(office.api, office.organizer, response.json()["id"])
    assert (event["sequence"], event["type"]) == (7, "organization.registered")
    assert (await office.drain())["applied"] == 0


async def test_an_unreadable_message_that_is_replayed_comes_back_and_holds_up_nobody(office: Office) -> None:
    broken, good = await office.push({"type": "organization.exploded"}, make.registered())
    assert (await make.act(office.api, office.organizer, broken, "replay")).status_code == 200
    await office.drain()
    assert (await office.problem(broken))["code"] == "union_tag_invalid"
    assert await office.state(good) == "applied"


async def test_unknown_types_and_shapes_are_quarantined(office: Office) -> None:
    for body in ({"type": "organization.exploded"}, {}, {"type": 5}, {"type": "x" * 500}):
        response = await make.push(office.api, office.source, body)
        assert (response.status_code, response.json()["state"]) == (202, "quarantined"), body
    for text in (b"[]", b"7", b'"text"', b"null"):
        response = await make.push(office.api, office.source, text)
        assert (response.status_code, response.json()["state"]) == (202, "quarantined"), text


async def test_what_the_ledger_refuses_is_quarantined_with_its_reason(office: Office) -> None:
    future = str(datetime.now(UTC).date() + timedelta(days=400))
    cases = {
        "credit_code_check_digit": make.registered(credit_code=wrong_check_digit(1)),
        "credit_code_alphabet": make.registered(credit_code="5144O115MJL0000011"),
        "division_unknown": make.registered(2, division_code="440199"),
        "outside_registration_divisions": make.registered(3, division_code="440106"),
        "authority_unknown": make.registered(
            4, supervisory_unit={"name": "没有的局", "division_code": "440115"}
        ),
        "effective_on_in_future": make.registered(5, effective_on=future),
    }
    ids = {code: (await office.push(message))[0] for code, message in cases.items()}
    await office.drain()
    for code, event_id in ids.items():
        problem = await office.problem(event_id)
        assert problem["code"] == code, problem
        assert problem["errors"][0]["pointer"].startswith(("/data", "/effective_on", "/division")), problem
    assert await office.organizations() == []


async def test_a_source_writes_only_within_its_divisions(office: Office) -> None:
    city = await make.registry(
        office.shell, "guangzhou", divisions=["440100"], authority="广州市民政局", at="440100"
    )
    await make.taken(office.api, city, make.registered(1, division_code="440106"))
    foreign, moved = await office.push(
        make.changed({"staff_count": 3}), make.changed({"division_code": "440106"}, on="2021-01-01")
    )
    await make.taken(office.api, city, make.registered(2))
    away = (await office.push(make.changed({"division_code": "440106"}, 2)))[0]
    await office.drain()
    assert await office.state(foreign) == "parked"
    for event_id in (moved, away):
        assert (await office.problem(event_id))["code"] == "outside_registration_divisions"
    handed_over = await make.taken(office.api, city, make.changed({"division_code": "440106"}, 2))
    await office.drain()
    assert await office.state(handed_over) == "applied"


async def test_a_source_learns_nothing_of_anothers_organizations(office: Office) -> None:
    north = await make.registry(
        office.shell, "hangzhou", divisions=["330100"], authority="杭州市民政局", at="330100"
    )
    name = "杭州市上城区志愿服务联合会"
    await make.taken(office.api, north, make.registered(2, name=name, division_code="330102"))
    await office.push(make.registered(1))
    await office.drain()
    foreign = {"credit_code": credit_code(2)}
    taken = make.changed(foreign)
    rehearsed = await make.push(office.api, office.source, taken, dry_run=True)
    assert (rehearsed.status_code, rehearsed.json()["outcome"]) == (200, "quarantine")
    (event_id,) = await office.push(taken)
    await office.drain()
    problem = await office.problem(event_id)
    assert (problem["code"], problem["reasons"]) == ("needs_verification", [])
    assert name not in str(problem) + rehearsed.text


async def test_anothers_organization_and_none_are_told_apart_by_nothing(office: Office) -> None:
    """A credit code that is in the ledger of others gets the answers of one that is in no ledger."""
    north = await make.registry(
        office.shell, "hangzhou", divisions=["330100"], authority="杭州市民政局", at="330100"
    )
    await make.taken(office.api, north, make.registered(2, division_code="330102"))
    await office.push(make.registered(1))
    await office.drain()
    foreign, unknown = credit_code(2), credit_code(3)

    def messages(code: str) -> list[dict[str, Any]]:
        into = {"credit_code": code}
        number = 2 if code == foreign else 3
        return [
            make.changed({"staff_count": 3}, number),
            make.about("organization.deregistered", number, on="2024-01-01"),
            make.about("organization.merged", on="2024-01-01", into=into),
            make.about("organization.split", on="2024-01-01", into=[into], continues=True),
        ]

    async def told(code: str) -> list[str]:
        answers = []
        for message in messages(code):
            dry = await make.push(office.api, office.source, message, dry_run=True)
            answers.append(dry.text.replace(str(dry.json()["webhook_id"]), "id"))
        ids = await office.push(*messages(code))
        for _ in range(2):  # what is parked stays so, and does not keep the worker busy
            await office.drain()
        for event_id in ids:
            event = await make.event(office.api, office.organizer, event_id)
            known = {k: v for k, v in event.items() if k not in VARYING}
            answers.append(str(known).replace(code, "code"))
        return answers

    assert await told(foreign) == await told(unknown)
    async with office.shell.engine.connect() as connection:
        statement = "SELECT data FROM audit_entries WHERE action = 'registry_source.dry_run'"
        runs = [row[0]["outcome"] for row in await connection.exec_driver_sql(statement)]
    assert runs == ["park"] * 8


VARYING = {"id", "webhook_id", "received_at", "updated_at", "etag", "body_hash", "created_at"}


async def test_dry_runs_have_a_budget(office: Office) -> None:
    settings = office.shell.settings
    office.shell.settings = settings.model_copy(update={"dry_runs_per_day": 2})
    sent = [make.push(office.api, office.source, make.registered(), dry_run=True) for _ in range(4)]
    answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429]
    assert {a.json()["code"] for a in answers if a.status_code == 429} == {"dry_runs_spent"}


async def test_after_mending_the_cause_one_or_all_are_replayed(office: Office) -> None:
    unit = {"name": "广州市教育局", "division_code": "440100"}
    messages = [
        make.registered(n, name=f"第{n}协会", registration_mode="dual", supervisory_unit=unit)
        for n in (1, 2, 3)
    ]
    ids = await office.push(*messages, make.registered(4, division_code="440106"))
    await office.drain()
    assert (await office.problem(ids[0]))["code"] == "authority_unknown"
    await make_authorities.education_bureau(office.api, office.organizer)
    one = await make.act(office.api, office.organizer, ids[0], "replay")
    assert (one.status_code, one.json()["state"], one.json()["problem"]) == (200, "pending", None)
    await office.drain()
    assert await office.state(ids[0]) == "applied"
    all_ = await office.api.post(
        "/registry-events/replay", json={"problem_code": "authority_unknown"}, headers=office.organizer
    )
    assert (all_.status_code, all_.json()) == (202, {"replayed": 2, "more": False})
    await office.drain()
    assert [await office.state(one) for one in ids] == ["applied", "applied", "applied", "quarantined"]
    late = await make.act(office.api, office.organizer, ids[0], "replay")
    assert (late.status_code, late.json()["code"]) == (409, "registry_event_state")


async def test_replaying_needs_the_version_that_was_read(office: Office) -> None:
    (event_id,) = await office.push(make.registered(division_code="440106"))
    await office.drain()
    path = f"/registry-events/{event_id}/replay"
    assert (await office.api.post(path, headers=office.organizer)).status_code == 428
    stale = await office.api.post(path, headers={**office.organizer, "If-Match": '"77"'})
    assert stale.status_code == 412


async def test_a_mended_message_is_applied_and_the_original_kept(office: Office) -> None:
    (event_id,) = await office.push({**make.registered(kind="club"), "sequence": 3})
    unfit = await make.act(
        office.api, office.organizer, event_id, "mend", message=make.registered(kind="club"), reason="x"
    )
    assert unfit.status_code == 422
    mended = await make.act(
        office.api,
        office.organizer,
        event_id,
        "mend",
        message=make.registered(),
        reason="登记系统的类别代码写错, 已电话核实",
    )
    assert (mended.status_code, mended.json()["state"]) == (200, "pending"), mended.text
    assert mended.json()["mended_by"] is not None
    await office.drain()
    assert await office.state(event_id) == "applied"
    assert [one["name"] for one in await office.organizations()] == [NAME]
    content = await office.api.post(
        f"/registry-events/{event_id}/reveal", json={"reason": "核对"}, headers=office.organizer
    )
    assert content.status_code == 200, content.text
    assert content.headers["cache-control"] == "no-store"
    assert "club" in content.json()["body"]
    assert "association" in content.json()["mended_body"]


async def test_a_dismissed_message_stays_dismissed(office: Office) -> None:
    (event_id,) = await office.push(make.registered(division_code="440106"))
    await office.drain()
    settled = await make.act(office.api, office.organizer, event_id, "dismiss", reason="非本区登记")
    assert (settled.json()["state"], settled.json()["dismissed_reason"]) == ("dismissed", "非本区登记")
    again = await make.act(office.api, office.organizer, event_id, "replay")
    assert (again.status_code, again.json()["code"]) == (409, "registry_event_state")


async def test_a_genuine_certificate_with_a_wrong_check_digit_takes_a_second_person(
    office: Office, actors: Actors
) -> None:
    code = wrong_check_digit(1)
    registration, change = await office.push(
        make.registered(credit_code=code),
        make.message(
            "organization.changed",
            {"organization": {"credit_code": code}, "changes": {"staff_count": 4}},
            effective_on="2021-01-01",
        ),
    )
    approver = await actors("approver", division="440000")
    path = f"/registry-events/{registration}/accept-certificate"
    early = await make.act(
        office.api, approver, registration, "accept-certificate/decide", accept=True, reason="已核对"
    )
    assert (early.status_code, early.json()["code"]) == (409, "no_certificate_question")
    asked = await make.act(
        office.api,
        office.organizer,
        registration,
        "accept-certificate",
        evidence="证书原件扫描件已核对, 发证机关书面确认",
        file_digest="9f" * 32,
    )
    assert asked.status_code == 200, asked.text
    own = await make.act(
        office.api, office.organizer, registration, "accept-certificate/decide", accept=True, reason="好"
    )
    assert own.status_code == 403
    accepted = await make.act(
        office.api, approver, registration, "accept-certificate/decide", accept=True, reason="已核对原件"
    )
    assert (accepted.status_code, accepted.json()["state"]) == (200, "pending"), accepted.text
    await office.drain()
    assert [await office.state(one) for one in (registration, change)] == ["applied", "applied"]
    (organization,) = await office.organizations()
    assert (organization["credit_code"], organization["staff_count"]) == (code, 4)
    (later,) = await office.push(
        make.message(
            "organization.changed",
            {"organization": {"credit_code": code}, "changes": {"staff_count": 5}},
            effective_on="2022-01-01",
        )
    )
    await office.drain()
    assert await office.state(later) == "applied"
    assert credit_code(1) not in str(organization), path


async def test_only_a_check_digit_asks_for_a_certificate(office: Office) -> None:
    (event_id,) = await office.push(make.registered(division_code="440106"))
    await office.drain()
    asked = await make.act(office.api, office.organizer, event_id, "accept-certificate", evidence="证书原件")
    assert (asked.status_code, asked.json()["code"]) == (409, "no_certificate_question")
