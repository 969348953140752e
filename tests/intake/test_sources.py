"""Sources, their secrets and their gaps; and who sees what."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.work import Shell
from tests.conftest import Actors
from tests.intake.conftest import Office
from tests.make import authorities as make_authorities
from tests.make import identity
from tests.make import intake as make
from tests.make.intake import Headers, Registry

DOCUMENT = Path(__file__).parents[2] / "docs" / "registries.md"


def plan(authority: object, **fields: Any) -> dict[str, Any]:
    return {
        "code": "guangdong-civil-affairs",
        "name": "广东省民政厅登记系统",
        "authority_id": str(authority),
        "divisions": ["440000"],
        **fields,
    }


@pytest.fixture
async def security(actors: Actors) -> Headers:
    return await actors("security_admin", division="100000")


async def rotate(office: Office, by: Headers, source_id: object, **body: Any) -> dict[str, Any]:
    made = await office.api.post(f"/registry-sources/{source_id}/secrets", json=body, headers=by)
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    return dict(made.json())


async def test_a_source_that_outweighs_others_takes_two_people(
    office: Office, security: Headers, actors: Actors
) -> None:
    authority = await make_authorities.authority(office.api, office.organizer)
    high = {**plan(authority["id"]), "source_rank": 51}
    source = (await office.api.post("/registry-sources", json=high, headers=security)).json()
    assert (source["state"], source["approved_by"], source["allowed_actions"]) == (
        "suspended",
        None,
        ["update", "rotate_secret"],
    )
    path = f"/registry-sources/{source['id']}"
    mine = {**security, "If-Match": source["etag"]}
    alone = await office.api.patch(path, json={"state": "active"}, headers=mine)
    assert (alone.status_code, alone.json()["code"]) == (409, "source_not_approved")
    own = await office.api.post(f"{path}/approve", headers=mine)
    assert (own.status_code, own.json()["code"]) == (403, "source_second_person_needed")
    second = await actors("security_admin", division="440000")
    seen = await office.api.get(path, headers=second)
    assert "approve" in seen.json()["allowed_actions"]
    approved = await office.api.post(f"{path}/approve", headers={**second, "If-Match": seen.headers["etag"]})
    assert (approved.status_code, approved.json()["state"]) == (200, "active"), approved.text
    # whoever widens it, or has its new secret, could push alone: it rests again
    wider = {**security, "If-Match": approved.headers["etag"]}
    changed = await office.api.patch(path, json={"divisions": ["440100"]}, headers=wider)
    assert (changed.json()["state"], changed.json()["approved_by"]) == ("suspended", None)
    again = {**second, "If-Match": changed.headers["etag"]}
    assert (await office.api.post(f"{path}/approve", headers=again)).json()["state"] == "active"
    rotated = await office.api.post(f"{path}/secrets", json={"overlap_hours": 1}, headers=second)
    assert rotated.status_code == 201
    assert (await office.api.get(path, headers=second)).json()["state"] == "suspended"


async def test_a_source_is_added_amended_and_suspended(office: Office, security: Headers) -> None:
    authority = await make_authorities.authority(office.api, office.organizer)
    made = await office.api.post("/registry-sources", json=plan(authority["id"]), headers=security)
    assert made.status_code == 201, made.text
    source = made.json()
    assert made.headers["location"] == f"/api/v1/registry-sources/{source['id']}"
    assert (source["state"], source["source_rank"], source["scheme"]) == ("active", 50, "either")
    assert source["divisions"] == [{"code": "440000", "name": "广东省"}]
    assert source["division"]["code"] == "440000"
    path = f"/registry-sources/{source['id']}"
    same = await office.api.post("/registry-sources", json=plan(authority["id"]), headers=security)
    assert (same.status_code, same.json()["code"]) == (409, "source_code_taken")
    changed = await office.api.patch(
        path,
        json={"divisions": ["440100", "440300"], "scheme": "v1sm3"},
        headers={**security, "If-Match": source["etag"]},
    )
    assert [one["code"] for one in changed.json()["divisions"]] == ["440100", "440300"]
    stale = await office.api.patch(
        path, json={"state": "suspended"}, headers={**security, "If-Match": source["etag"]}
    )
    assert stale.status_code == 412
    secret = (await rotate(office, security, source["id"]))["secret"]
    province = Registry(source["id"], source["code"], secret, authority["id"])
    message = make.registered(division_code="440106")
    sha256 = await make.push(office.api, province, message)
    assert (sha256.status_code, sha256.json()["code"]) == (401, "signature_not_accepted")
    assert (await make.push(office.api, province, message, scheme=make.Scheme.SM3)).status_code == 202
    current = (await office.api.get(path, headers=security)).json()
    ended = await office.api.patch(
        path, json={"state": "suspended"}, headers={**security, "If-Match": current["etag"]}
    )
    assert ended.json()["state"] == "suspended"
    assert (await make.push(office.api, province, message, scheme=make.Scheme.SM3)).status_code == 401


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"divisions": ["440199"]}, "/divisions"),
        ({"authority_id": "01930000-0000-7000-8000-000000000001"}, "/authority_id"),
        ({"machine_user_id": "01930000-0000-7000-8000-000000000001"}, "/machine_user_id"),
        ({"source_rank": 40}, "/source_rank"),
        ({"source_rank": 100}, "/source_rank"),
        ({"code": "Not A Code"}, "/code"),
        ({"divisions": []}, "/divisions"),
        ({"secret": "whsec_own"}, "/secret"),
    ],
)
async def test_an_unfit_source_is_refused_by_its_field(
    office: Office, security: Headers, fields: dict[str, Any], pointer: str
) -> None:
    body = plan(office.source.authority_id, **fields)
    refused = await office.api.post("/registry-sources", json=body, headers=security)
    assert refused.status_code == 422, refused.text
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]


async def test_secrets_rotate_without_a_lost_message(office: Office, security: Headers) -> None:
    old, source_id = office.source, office.source.id
    new = await rotate(office, security, source_id, overlap_hours=24)
    renewed = Registry(old.id, old.code, new["secret"], old.authority_id)
    for serial, source in enumerate((old, renewed, old, renewed), start=1):
        assert (await make.push(office.api, source, make.registered(serial))).status_code == 202
    both = make.signed([old.secret, new["secret"]], b"{}")
    path = f"/webhooks/registries/{old.code}"
    assert (await office.api.post(path, content=b"{}", headers=both)).status_code == 202
    listed = await office.api.get(f"/registry-sources/{source_id}/secrets", headers=security)
    newest, first = listed.json()["items"]
    assert (newest["id"], newest["valid_until_at"]) == (new["id"], None)
    until = datetime.fromisoformat(first["valid_until_at"])
    assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(hours=24)
    assert "whsec_" not in listed.text
    assert old.secret not in listed.text
    revoked = await office.api.post(
        f"/registry-sources/{source_id}/secrets/{first['id']}/revoke",
        headers={**security, "If-Match": first["etag"]},
    )
    assert revoked.status_code == 200, revoked.text
    assert revoked.json()["revoked_at"] is not None
    assert (await make.push(office.api, old, make.registered(9))).status_code == 401
    assert (await make.push(office.api, renewed, make.registered(9))).status_code == 202
    at_once = await rotate(office, security, source_id, overlap_hours=0)
    assert (await make.push(office.api, renewed, make.registered(10))).status_code == 401
    last = Registry(old.id, old.code, at_once["secret"], old.authority_id)
    assert (await make.push(office.api, last, make.registered(10))).status_code == 202


async def test_at_most_four_secrets_are_valid_at_once(office: Office, security: Headers) -> None:
    for _ in range(3):
        await rotate(office, security, office.source.id)
    path = f"/registry-sources/{office.source.id}/secrets"
    refused = await office.api.post(path, json={}, headers=security)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_secrets")


async def test_a_secret_is_never_stored_for_a_replay_of_the_request(
    office: Office, security: Headers
) -> None:
    path, key = f"/registry-sources/{office.source.id}/secrets", {"Idempotency-Key": "once"}
    first = await office.api.post(path, json={}, headers={**security, **key})
    again = await office.api.post(path, json={}, headers={**security, **key})
    assert (first.status_code, again.status_code) == (201, 409)
    assert again.json()["code"] == "response_not_kept"
    async with office.shell.engine.connect() as connection:
        for table in ("idempotency_keys", "registry_source_secrets", "audit_entries", "events"):
            rows = (await connection.exec_driver_sql(f"SELECT * FROM {table}")).all()  # noqa: S608
            assert first.json()["secret"].removeprefix("whsec_") not in str(rows), table


async def test_gaps_in_the_sequence_are_reported_until_they_close(office: Office) -> None:
    async def gaps() -> list[tuple[int, int, int]]:
        path = f"/registry-sources/{office.source.id}/gaps"
        got = await office.api.get(path, headers=office.organizer)
        return [(gap["first"], gap["last"], gap["missing"]) for gap in got.json()["items"]]

    await office.push(*(make.registered(n, sequence=n) for n in (3, 4, 9)))
    assert await gaps() == [(5, 8, 4)]
    await office.push(make.registered(6, sequence=6), make.registered(1))
    assert await gaps() == [(5, 5, 1), (7, 8, 2)]
    unreadable = await make.push(office.api, office.source, {"type": "unknown", "sequence": 5})
    assert unreadable.json()["state"] == "quarantined"
    await office.push(*(make.registered(n, sequence=n) for n in (7, 8, 8)))
    assert await gaps() == []
    source = await office.api.get(f"/registry-sources/{office.source.id}", headers=office.organizer)
    assert (source.json()["last_sequence"], source.json()["quarantined_count"]) == (9, 1)


async def test_a_machine_sees_its_own_sources_events_and_no_others(
    office: Office, shell: Shell, security: Headers
) -> None:
    mine, theirs = [await identity.caller(shell, "registry", division="440000") for _ in range(2)]
    path = f"/registry-sources/{office.source.id}"
    source = (await office.api.get(path, headers=security)).json()
    given = await office.api.patch(
        path, json={"machine_user_id": str(mine.id)}, headers={**security, "If-Match": source["etag"]}
    )
    assert given.json()["machine_user"]["id"] == str(mine.id)
    (event_id,) = await office.push(make.registered())
    got = await office.api.get(f"/registry-events/{event_id}", headers=mine.headers)
    assert (got.status_code, got.json()["allowed_actions"]) == (200, [])
    listed = await office.api.get("/registry-events?include_total=true", headers=mine.headers)
    assert listed.json()["total"] == 1
    assert (await office.api.get("/registry-events", headers=theirs.headers)).json()["items"] == []
    other = await office.api.get(f"/registry-events/{event_id}", headers=theirs.headers)
    nobody = await office.api.get(
        "/registry-events/01930000-0000-7000-8000-000000000001", headers=theirs.headers
    )
    assert other.status_code == nobody.status_code == 404
    assert other.content == nobody.content
    assert (await office.api.get("/registry-sources", headers=mine.headers)).status_code == 403
    replay = await office.api.post(
        f"/registry-events/{event_id}/replay", headers={**mine.headers, "If-Match": '"1"'}
    )
    assert replay.status_code == 403


async def test_a_machine_of_another_province_is_like_none(
    office: Office, shell: Shell, actors: Actors
) -> None:
    theirs = await identity.caller(shell, "registry", division="330000")
    authority = await make_authorities.authority(office.api, office.organizer)
    province = await actors("security_admin", division="440000")
    answers = [
        await office.api.post(
            "/registry-sources", json=plan(authority["id"], machine_user_id=one), headers=province
        )
        for one in (str(theirs.id), "01930000-0000-7000-8000-000000000001")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].content == answers[1].content


async def test_another_province_sees_neither_source_nor_event(office: Office, actors: Actors) -> None:
    (event_id,) = await office.push(make.registered(division_code="440106"))
    await office.drain()
    random = "01930000-0000-7000-8000-000000000001"
    abroad = await actors("security_admin", division="330000")

    async def same(path: str, by: Headers, method: str = "GET", **options: Any) -> None:
        answers = [
            await office.api.request(method, path.format(one), headers={**by, "If-Match": '"2"'}, **options)
            for one in (event_id if "events" in path else office.source.id, random)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], (path, answers[0].text)
        assert answers[0].content == answers[1].content

    for verb, body in (("replay", None), ("dismiss", {"reason": "x"}), ("reveal", {"reason": "x"})):
        await same(f"/registry-events/{{}}/{verb}", office.elsewhere, "POST", json=body)
    await same("/registry-events/{}", office.elsewhere)
    for part in ("", "/secrets", "/gaps"):
        await same(f"/registry-sources/{{}}{part}", office.elsewhere)
    await same("/registry-sources/{}", abroad, "PATCH", json={"name": "x"})
    await same("/registry-sources/{}/secrets", abroad, "POST", json={})
    assert (await office.api.get("/registry-events", headers=office.elsewhere)).json()["items"] == []
    assert (await office.api.get("/registry-sources", headers=office.elsewhere)).json()["items"] == []
    here = await office.api.get("/registry-sources?division=440000", headers=office.organizer)
    assert [one["code"] for one in here.json()["items"]] == [office.source.code]
    replayed = await office.api.post("/registry-events/replay", json={}, headers=office.elsewhere)
    assert replayed.json() == {"replayed": 0, "more": False}


async def test_who_changes_a_source_answers_for_all_its_divisions(office: Office, actors: Actors) -> None:
    wide = await make.registry(
        office.shell, "two-cities", divisions=["440100", "440300"], authority="两市登记平台", at="440100"
    )
    city = await actors("security_admin", division="440100")
    seen = await office.api.get(f"/registry-sources/{wide.id}", headers=city)
    assert (seen.status_code, seen.json()["allowed_actions"]) == (200, [])
    refused = await office.api.post(f"/registry-sources/{wide.id}/secrets", json={}, headers=city)
    assert refused.status_code == 404
    own = await office.api.get(f"/registry-sources/{office.source.id}", headers=city)
    assert own.json()["allowed_actions"] == ["update", "rotate_secret"]
    authority = await make_authorities.authority(office.api, office.organizer)
    above = await office.api.post(
        "/registry-sources", json=plan(authority["id"], divisions=["440100"]), headers=city
    )
    assert [fault["pointer"] for fault in above.json()["errors"]] == ["/authority_id"]


async def test_events_are_filtered_and_paged(office: Office) -> None:
    ids = await office.push(
        *(make.registered(n) for n in range(1, 4)), make.registered(9, division_code="440106")
    )
    await office.drain()

    async def found(query: str) -> list[str]:
        got = await office.api.get(f"/registry-events?{query}", headers=office.organizer)
        assert got.status_code == 200, got.text
        return [one["id"] for one in got.json()["items"]]

    assert await found("") == ids[::-1]
    assert await found("state=quarantined") == ids[3:]
    assert await found("problem_code=outside_registration_divisions&type=organization.registered") == ids[3:]
    assert await found(f"source={office.source.code}&state=applied&division=440115") == ids[2::-1]
    assert await found("source=nobody") == []
    first = await office.api.get("/registry-events?limit=2", headers=office.organizer)
    assert await found(f"limit=2&cursor={first.json()['next_cursor']}") == ids[1::-1]
    other = await office.api.get(
        f"/registry-events?state=applied&cursor={first.json()['next_cursor']}", headers=office.organizer
    )
    assert (other.status_code, other.json()["code"]) == (400, "bad_cursor")
    unknown = await office.api.get("/registry-events?colour=red", headers=office.organizer)
    assert unknown.status_code == 422


async def test_vectors_and_examples_are_published(api: httpx.AsyncClient) -> None:
    vectors = (await api.get("/webhooks/registries/signature-vectors")).json()["items"]
    assert vectors[0]["webhook_signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert {vector["scheme"] for vector in vectors} == {"v1", "v1sm3"}
    printed = DOCUMENT.read_text()
    assert all(f"`{vector['body']}` | `{vector['webhook_signature']}`" in printed for vector in vectors)
    examples = (await api.get("/webhooks/registries/examples")).json()["items"]
    assert len({example["type"] for example in examples}) == 15
    document = (await api.get("/../../openapi.json")).json()
    body = document["paths"]["/api/v1/webhooks/registries/{source}"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert len(schema["oneOf"]) == 15
    for reference in schema["oneOf"]:
        assert reference["$ref"].removeprefix("#/components/schemas/") in document["components"]["schemas"]
    assert schema["discriminator"]["propertyName"] == "type"
    assert set(schema["discriminator"]["mapping"]) == {example["type"] for example in examples}
