"""Members over HTTP: entered, masked, found, shown on record, suspended and ended; each in its scope."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.access import SYSTEM, Scope
from app.core.crypto import CryptoError
from app.core.work import Shell, begin
from tests.conftest import Actors
from tests.make import members as make
from tests.make import party_organizations as bodies

Headers = dict[str, str]
RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
PEOPLE = (
    "persons",
    "members",
    "member_statuses",
    "member_affiliations",
    "member_participations",
    "member_restrictions",
    "member_transfers",
)


async def test_entered_masked_and_shown_on_record(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell, owner_url: str
) -> None:
    branch = await make.branch(api, organizer)
    made = await make.member(api, organizer, branch)
    assert (made["name"], made["phone"]) == ("测**", "138****8000")
    assert made["id_number"].startswith("**************")
    assert made["id_number"].endswith(make.id_number(1)[-4:])
    assert made["joined"] == {"on": "1999-01-01", "precision": "year"}
    assert (made["status"], made["party_organization"]["id"], made["division"]["code"]) == (
        "full",
        branch,
        "440115",
    )

    asked = {"fields": ["name", "id_number"], "purpose": "census", "reason": "核对名册"}
    shown = await api.post(f"/members/{made['id']}/reveal", json=asked, headers=organizer)
    assert shown.status_code == 200, shown.text
    assert shown.json() == {"name": make.NAME, "id_number": make.id_number(1), "phone": None}
    assert shown.headers["cache-control"] == "no-store"

    async with begin(shell, SYSTEM) as work:
        told = await work.execute(
            text("SELECT data FROM audit_entries WHERE action = 'member.revealed' AND subject_id = :id"),
            {"id": made["id"]},
        )
        assert told.scalar_one() == {
            "fields": ["id_number", "name"],
            "purpose": "census",
            "reason": "核对名册",
        }
        await work.admit(Scope(national=True))
        stored = " ".join(
            str(row) for row in await work.execute(text("SELECT * FROM persons, audit_entries, events"))
        )
    for plain in (make.NAME, make.PHONE, make.id_number(1)):
        assert plain not in stored

    listed = await api.get("/members", params={"division": "440100", "in_party": "true"}, headers=organizer)
    assert [item["id"] for item in listed.json()["items"]] == [made["id"]]
    counted = (await api.get("/members/counts", params={"division": "440000"}, headers=organizer)).json()
    assert counted["in_party"] == 1
    assert {"status": "full", "members": 1} in counted["by_status"]
    history = (await api.get(f"/members/{made['id']}/history", headers=organizer)).json()
    assert [(s["status"], s["from_on"]) for s in history["statuses"]] == [("full", "2000-07-01")]
    assert [(a["party_organization"]["id"], a["from_on"]) for a in history["affiliations"]] == [
        (branch, "2018-03-01")
    ]
    del owner_url


async def test_what_is_refused_names_the_field(api: httpx.AsyncClient, organizer: Headers) -> None:
    branch = await make.branch(api, organizer)
    group = await make.branch(api, organizer, kind="committee", formation="regional", name="南沙区党委")
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"status": "suspended"}, "/status", "status_by_verb"),
        ({"joined": None}, "/joined", "joined_required"),
        ({"full": None}, "/full", "full_required"),
        ({"id_number": None}, "/id_number", "id_number_required"),
        ({"full": {"on": "2100-01-01", "precision": "day"}}, "/full", "in_future"),
        ({"party_organization_id": RANDOM}, "/party_organization_id", "no_such_body"),
        ({"party_organization_id": group}, "/party_organization_id", "may_not_hold_members"),
        ({"organization_id": RANDOM}, "/organization_id", "no_such_organization"),
        ({"affiliated_on": "2100-01-01"}, "/affiliated_on", "in_future"),
    ]
    for fields, pointer, code in wrong:
        answer = await api.post("/members", json=make.plan(branch, **fields), headers=organizer)
        assert answer.status_code == 422, answer.text
        assert (pointer, code) in [(e["pointer"], e["code"]) for e in answer.json()["errors"]]
    bad = await api.post(
        "/members", json=make.plan(branch, id_number="110105194912310021"), headers=organizer
    )
    assert bad.json()["errors"][0]["code"] == "id_number_check_digit"
    assert "110105194912310021" not in bad.text
    assert (await api.get("/members", headers=organizer)).json()["items"] == []


async def test_one_person_is_entered_once(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers
) -> None:
    """Here it is said; elsewhere the answer is neutral, and the level above is asked on record."""
    here = await make.branch(api, organizer)
    there = await make.branch(api, neighbour, division_code="330203", name="海曙区社会组织党支部")
    await make.member(api, organizer, here, 5)
    again = await api.post("/members", json=make.plan(here, 5), headers=organizer)
    assert (again.status_code, again.json()["code"]) == (409, "member_known")
    elsewhere = await api.post("/members", json=make.plan(there, 5), headers=neighbour)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "person_needs_verification")
    assert (await api.get("/members", headers=neighbour)).json()["items"] == []


async def test_fifteen_digits_are_the_same_person(api: httpx.AsyncClient, organizer: Headers) -> None:
    branch = await make.branch(api, organizer)
    made = await make.member(api, organizer, branch, 7)
    full = make.id_number(7)
    old = full[:6] + full[8:17]
    for number in (old, full):
        found = await api.post("/members/find", json={"id_number": number}, headers=organizer)
        assert [item["id"] for item in found.json()["items"]] == [made["id"]]
    assert (await api.post("/members/find", json={"name": "测试员"}, headers=organizer)).json()["items"] == []
    assert (await api.post("/members/find", json={}, headers=organizer)).json()["code"] == "member_invalid"


async def test_lost_contact_suspends_and_comes_back(api: httpx.AsyncClient, organizer: Headers) -> None:
    made = await make.member(api, organizer, await make.branch(api, organizer))
    address, order = f"/members/{made['id']}", {"document": "南社党〔2026〕7号", "on": "2026-08-01"}
    refused = await make.act(api, organizer, f"{address}/suspend", made["etag"], **order)
    assert refused.json()["errors"][0]["code"] == "contact_not_lost"
    tagged = {**organizer, "If-Match": made["etag"]}
    lost = (await api.patch(address, json={"contact_lost_on": "2026-02-28"}, headers=tagged)).json()
    early = await make.act(api, organizer, f"{address}/suspend", lost["etag"], **order)
    assert early.json()["errors"][0]["code"] == "too_early"
    done = await make.act(
        api, organizer, f"{address}/suspend", lost["etag"], **(order | {"on": "2026-08-28"})
    )
    assert (done.status_code, done.json()["status"]) == (200, "suspended")
    back = await make.act(
        api,
        organizer,
        f"{address}/restore",
        done.json()["etag"],
        document="南社党〔2026〕9号",
        on="2026-10-01",
    )
    assert (back.json()["status"], back.json()["contact_lost_on"]) == ("full", None)
    gone = await make.act(
        api, organizer, f"{address}/end", back.json()["etag"], kind="struck_off", on="2026-11-01"
    )
    assert (gone.json()["status"], gone.json()["ended_kind"]) == ("ended", "struck_off")
    history = (await api.get(f"{address}/history", headers=organizer)).json()
    assert [s["status"] for s in history["statuses"]] == ["full", "suspended", "full", "ended"]
    assert history["affiliations"][0]["until_on"] == "2026-11-01"
    after = await make.act(api, organizer, f"{address}/end", gone.json()["etag"], kind="deceased")
    assert after.json()["code"] == "member_has_ended"


async def test_a_used_connection_without_a_word_sees_nobody(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    """The trap of SET LOCAL: what was local once is empty afterwards, not absent, and must show nothing."""
    made = await make.member(api, organizer, await make.branch(api, organizer))
    await make.act(
        api, organizer, f"/members/{made['id']}/restrictions", made["etag"],
        kind="rights_suspended", from_on="2026-01-05", document="南纪〔2026〕1号",
    )  # fmt: skip
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        assert await work.scalar(text("SELECT count(*) FROM persons")) == 1
        await work.keep()
        for name in PEOPLE:
            assert await work.scalar(text(f"SELECT count(*) FROM {name}")) == 0, name  # noqa: S608
        for scope, seen in (
            (Scope(divisions=("440100",)), 1),
            (Scope(divisions=("330000",)), 0),
            (Scope(bodies=(made["party_organization"]["id"],)), 1),
            (Scope(), 0),
        ):
            await work.admit(scope)
            assert await work.scalar(text("SELECT count(*) FROM members")) == seen, scope
            assert await work.scalar(text("SELECT count(*) FROM member_restrictions")) == seen, scope


REFERRING = """
WITH RECURSIVE of_people(relation) AS (
    SELECT 'persons'::regclass::oid
    UNION
    SELECT conrelid FROM pg_constraint JOIN of_people ON contype = 'f' AND confrelid = relation
)
SELECT relname, relrowsecurity AND relforcerowsecurity AS forced,
       has_table_privilege('jiceng_app', oid, 'DELETE, TRUNCATE') AS deletes,
       (SELECT count(*) FROM pg_policy WHERE polrelid = pg_class.oid) AS policies
FROM pg_class JOIN of_people ON relation = oid ORDER BY relname
"""
"""Persons, and every table that a foreign key leads from to them, however far."""


NAMELESS = {
    "instructor_assignments",
    *("campaign_targets", "campaign_target_states"),
    *("notices", "notice_addressees", "notice_answers", "notice_documents", "notice_extensions"),
    *("notice_rectifications", "document_numbers"),
    *("round_applications", "round_evidence", "round_marks", "round_objections", "round_results"),
    *("round_reviews", "round_rulings", "round_self_scores", "round_visits"),
    *("supervision_findings", "supervision_rectifications", "supervision_team"),
}
"""Which instructor, post or member something is about: ids only; who that is lies in a guarded table."""

DERIVED = {"cross_appointment_periods"}
"""Made anew from other tables of people, so its rows are replaced."""


async def test_every_table_of_people_is_forced(shell: Shell) -> None:
    """One policy each: a second permissive one would widen the first. Nothing is deleted."""
    async with begin(shell, SYSTEM) as work:
        found = (await work.execute(text(REFERRING))).all()
        assert set(PEOPLE) <= {row.relname for row in found}
        wrong = {row.relname for row in found if not row.forced or row.policies != 1}
        assert wrong - NAMELESS == set()
        assert {row.relname for row in found if row.deletes} <= DERIVED | NAMELESS
        held = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert await work.scalar(text(held)) is False
        owner = "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE relname = 'persons'"
        assert await work.scalar(text(owner)) is False


async def test_a_swapped_ciphertext_fails_closed(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    branch = await make.branch(api, organizer)
    for serial in (1, 2):
        await make.member(api, organizer, branch, serial, name=f"测试员{serial}")
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        rows: Any = (await work.execute(text("SELECT id, name_cipher FROM persons ORDER BY id"))).all()
        with pytest.raises(CryptoError):
            work.crypto.decrypt(rows[1][1], table="persons", column="name_cipher", row=rows[0][0])
        assert work.crypto.decrypt(rows[0][1], table="persons", column="name_cipher", row=rows[0][0])


async def test_reveals_need_a_fresh_proof_and_are_counted(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors, shell: Shell
) -> None:
    made = await make.member(api, organizer, await make.branch(api, organizer))
    shell.settings = shell.settings.model_copy(update={"reveals_per_day": 2})
    asked = {"fields": ["phone"], "purpose": "organization_life", "reason": "通知"}
    answers = [
        (await api.post(f"/members/{made['id']}/reveal", json=asked, headers=organizer)).status_code
        for _ in range(3)
    ]
    assert answers == [200, 200, 429]
    viewer = await actors("viewer", division="440000")
    assert (await api.post(f"/members/{made['id']}/reveal", json=asked, headers=viewer)).status_code == 403
    admin = await actors("system_admin", division="100000")
    assert (await api.get("/members", headers=admin)).status_code == 403


async def test_two_who_enter_one_person_at_once(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers
) -> None:
    here = await make.branch(api, organizer)
    there = await make.branch(api, neighbour, division_code="330203", name="海曙区社会组织党支部")
    for serial in range(20, 26):
        answers = await asyncio.gather(
            api.post("/members", json=make.plan(here, serial), headers=organizer),
            api.post("/members", json=make.plan(there, serial), headers=neighbour),
        )
        assert sorted(a.status_code for a in answers) == [201, 409]


async def test_a_body_with_members_is_not_dissolved(api: httpx.AsyncClient, organizer: Headers) -> None:
    branch = await make.branch(api, organizer)
    made = await make.member(api, organizer, branch)
    refused = await bodies.act(api, organizer, branch, "dissolve", reason="党员转出")
    assert (refused.status_code, refused.json()["code"]) == (409, "members_remain")
    ended = {"kind": "deceased", "on": "2026-01-05"}
    await make.act(api, organizer, f"/members/{made['id']}/end", made["etag"], **ended)
    done = await bodies.act(api, organizer, branch, "dissolve", reason="党员转出")
    assert done.json()["status"] == "dissolved"
