"""A signed push from a registry becomes an organization, once; what is not its own leaves nothing behind."""

import asyncio
import gzip
import json
from typing import Any

import httpx
import pytest

from app.core import signing
from app.core.signing import Scheme
from tests.intake.conftest import Office
from tests.make import intake as make
from tests.make.organizations import NAME, credit_code


def body_of(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


async def send(office: Office, body: bytes, headers: Any, code: str | None = None) -> httpx.Response:
    path = f"/webhooks/registries/{code or office.source.code}"
    return await office.api.post(path, content=body, headers=headers)


async def refused(office: Office, body: bytes, headers: Any, code: str | None = None) -> str:
    """The reason in the answer to a message that is not believed."""
    response = await send(office, body, headers, code)
    assert response.status_code == 401, response.text
    problem = response.json()
    assert problem["code"] == "signature_not_accepted"
    return str(problem["detail"]).split()[1].rstrip(":")


@pytest.mark.parametrize("scheme", list(Scheme))
async def test_a_signed_registration_becomes_an_organization(office: Office, scheme: Scheme) -> None:
    response = await make.push(office.api, office.source, make.registered(sequence=41), scheme=scheme)
    assert response.status_code == 202, response.text
    taken = response.json()
    assert taken["state"] == "pending"
    assert response.headers["location"] == taken["status_url"] == f"/api/v1/registry-events/{taken['id']}"
    done = await office.drain()
    assert done["applied"] == 1
    event = await make.event(office.api, office.organizer, taken["id"])
    assert (event["state"], event["type"], event["sequence"]) == ("applied", "organization.registered", 41)
    (organization,) = await office.organizations()
    assert (organization["name"], organization["credit_code"]) == (NAME, credit_code(1))
    assert event["organization"] == {"id": organization["id"], "name": NAME}
    facts = await office.api.get(f"/organizations/{organization['id']}/facts", headers=office.organizer)
    assert {fact["event_id"] for fact in facts.json()["items"]} == {taken["id"]}
    assert {fact["source"] for fact in facts.json()["items"]} == {office.source.code}
    assert (await office.drain())["applied"] == 0


async def test_what_is_forged_is_refused_and_leaves_nothing(office: Office) -> None:
    body = body_of(make.registered())
    good = make.signed([office.source.secret], body, "msg_1")
    other = await make.registry(office.shell, "panyu", authority="广州市番禺区民政局", at="440113")
    late = make.signed([office.source.secret], body, late=320)
    early = make.signed([office.source.secret], body, late=-320)
    assert await refused(office, body, late) == "too_old"
    assert await refused(office, body, early) == "too_new"
    assert await refused(office, body + b" ", good) == "no_match"
    assert await refused(office, body, {**good, "webhook-id": "msg_2"}) == "no_match"
    assert (
        await refused(office, body, {**good, "webhook-signature": good["webhook-signature"][:-4]})
        == "no_match"
    )
    assert await refused(office, body, {**good, "webhook-signature": "v1,"}) == "no_match"
    assert await refused(office, body, make.signed([other.secret], body)) == "no_match"
    assert await refused(office, body, good, "panyu") == "no_match"
    assert await refused(office, body, make.signed([signing.new_secret()], body)) == "no_match"
    assert await refused(office, body, {**good, "webhook-signature": ""}) == "missing_header"
    assert (
        await refused(office, body, {k: v for k, v in good.items() if k != "webhook-id"}) == "missing_header"
    )
    twice = [*good.items(), ("webhook-signature", "v1,x")]
    assert await refused(office, body, twice) == "malformed"
    assert await refused(office, body, {**good, "webhook-timestamp": "soon"}) == "malformed"
    assert await office.stored() == 0


async def test_an_unknown_source_answers_with_the_same_bytes_as_a_wrong_signature(office: Office) -> None:
    body = body_of(make.registered())
    forged = make.signed([signing.new_secret()], body)
    known, unknown = await send(office, body, forged), await send(office, body, forged, "nobody-there")
    assert known.status_code == unknown.status_code == 401
    assert known.content == unknown.content


async def test_what_is_not_strict_json_is_refused_and_leaves_nothing(office: Office) -> None:
    deep = b"[" * 40 + b"]" * 40
    bodies = {
        b'{"type": "a", "type": "b"}': "duplicate_key",
        b'{"type": NaN}': "not_a_number",
        b'{"sequence": ' + b"9" * 500 + b"}": "number_out_of_range",
        b'{"type": "\\ud800"}': "lone_surrogate",
        b'{"type": ': "syntax",
        b"": "syntax",
        b'{"a": 1} x': "trailing_data",
        b'{"a": "\xff"}': "not_utf8",
        deep: "too_deep",
        gzip.compress(b'{"type": "a"}', mtime=0): "not_utf8",
    }
    for body, code in bodies.items():
        response = await make.push(office.api, office.source, body)
        assert response.status_code == 400, (body, response.text)
        assert [fault["code"] for fault in response.json()["errors"]] == [code], body
    assert await office.stored() == 0


async def test_other_media_types_and_charsets_are_refused(office: Office) -> None:
    body = body_of(make.registered())
    for kind in ("text/plain", "application/json; charset=gbk", "application/x-www-form-urlencoded"):
        headers = {**make.signed([office.source.secret], body), "Content-Type": kind}
        assert (await send(office, body, headers)).status_code == 415
    headers = {**make.signed([office.source.secret], body), "Content-Type": "application/json; charset=UTF-8"}
    assert (await send(office, body, headers)).status_code == 202


async def test_a_body_over_256_kib_is_refused_before_it_is_verified(office: Office) -> None:
    big = body_of(make.registered(business_scope="业" * 100_000))
    response = await make.push(office.api, office.source, big)
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert await office.stored() == 0


async def test_the_same_message_again_is_taken_without_effect(office: Office) -> None:
    message = make.registered()
    first = await make.push(office.api, office.source, message, "msg_1")
    again = await make.push(office.api, office.source, message, "msg_1", late=60)
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    await office.drain()
    applied = await make.push(office.api, office.source, message, "msg_1")
    assert (applied.json()["id"], applied.json()["state"]) == (first.json()["id"], "applied")
    other = await make.push(office.api, office.source, make.registered(name="另一组织"), "msg_1")
    assert (other.status_code, other.json()["code"]) == (409, "webhook_id_reused")
    assert (await office.drain())["applied"] == 0
    assert await office.stored() == 1
    assert [one["name"] for one in await office.organizations()] == [NAME]


async def test_one_id_from_many_senders_at_once_is_one_message(office: Office) -> None:
    message, other = make.registered(), make.registered(name="另一组织")
    answers = await asyncio.gather(
        *(make.push(office.api, office.source, message, "msg_1") for _ in range(8)),
        *(make.push(office.api, office.source, other, "msg_1") for _ in range(4)),
    )
    taken = [answer for answer in answers if answer.status_code == 202]
    assert {answer.status_code for answer in answers} == {202, 409}
    assert len({answer.json()["id"] for answer in taken}) == 1
    assert await office.stored() == 1


async def test_the_content_is_stored_encrypted(office: Office) -> None:
    message = make.registered(contact_name="李示例", contact_phone="13800138000")
    await office.push(message)
    async with office.shell.engine.connect() as connection:
        row = (await connection.exec_driver_sql("SELECT * FROM registry_events")).one()
    assert b"13800138000" not in b"|".join(bytes(v) for v in row if isinstance(v, bytes))
    assert "13800138000" not in str(row)
    await office.drain()
    for table in ("registry_events", "organization_facts", "events", "audit_entries", "organizations"):
        async with office.shell.engine.connect() as connection:
            rows = (await connection.exec_driver_sql(f"SELECT to_jsonb(t)::text FROM {table} t")).all()  # noqa: S608
        assert "13800138000" not in str(rows), table


async def test_a_dry_run_says_what_would_happen_and_keeps_nothing(office: Office) -> None:
    async def dry(message: dict[str, Any], message_id: str | None = None) -> dict[str, Any]:
        response = await make.push(office.api, office.source, message, message_id, dry_run=True)
        assert response.status_code == 200, response.text
        return dict(response.json())

    would = await dry(make.registered())
    assert (would["outcome"], would["problem"]) == ("apply", None)
    assert would["organization"]["name"] == NAME
    assert (await dry(make.changed({"staff_count": 3})))["outcome"] == "park"
    wrong = await dry(make.registered(division_code="440106"))
    assert (wrong["outcome"], wrong["problem"]["code"]) == ("quarantine", "outside_registration_divisions")
    assert wrong["problem"]["title"]["zh"]
    unknown = await dry({"type": "organization.exploded"})
    assert (unknown["outcome"], unknown["problem"]["code"]) == ("quarantine", "union_tag_invalid")
    assert await office.stored() == 0
    assert await office.organizations() == []
    await make.push(office.api, office.source, make.registered(), "msg_1")
    assert (await dry(make.registered(), "msg_1"))["outcome"] == "duplicate"
    clash = await make.push(
        office.api, office.source, make.changed({"staff_count": 3}), "msg_1", dry_run=True
    )
    assert clash.status_code == 409
    forged = make.signed([signing.new_secret()], b"{}")
    path = f"/webhooks/registries/{office.source.code}?dry_run=true"
    assert (await office.api.post(path, content=b"{}", headers=forged)).status_code == 401
