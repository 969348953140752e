"""What waits for the caller, in one call over many slices."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event, text

from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.work import Shell, begin
from app.worklist import rules
from app.worklist.rules import TaskKind
from tests.conftest import Actors
from tests.make.responsibility import City

Headers = dict[str, str]


async def worklist(api: httpx.AsyncClient, headers: Headers, **query: Any) -> dict[str, dict[str, Any]]:
    """The groups by kind."""
    found = await api.get("/worklist", params=query, headers=headers)
    assert found.status_code == 200, found.text
    value = found.json()
    assert value["total"] == sum(group["count"] for group in value["groups"])
    return {group["kind"]: group for group in value["groups"]}


def counts(groups: dict[str, dict[str, Any]]) -> dict[str, int]:
    return {kind: group["count"] for kind, group in groups.items() if group["count"]}


async def test_duties_and_missing_bodies(api: httpx.AsyncClient, actors: Actors, shell: Shell) -> None:
    """In an empty district everything is late, and nobody leads."""
    empty = City(api, await actors("organizer", division="440000"))
    organization = (await empty.organization())["id"]
    async with begin(shell, SYSTEM) as work:
        soon = {"day": work.today + timedelta(days=3)}
        await work.execute(
            text("UPDATE duties SET due_on = :day, registered_on = :day WHERE kind = 'hand_over'"), soon
        )
    groups = await worklist(api, empty.headers)
    assert counts(groups) == {"duty_overdue": 3, "duty_due": 1, "responsibility_missing": 1}
    overdue = groups["duty_overdue"]
    first = overdue["items"][0]
    assert {item["about"] for item in overdue["items"]} == {
        "commitment_letter",
        "member_survey",
        "setup_contact",
    }
    assert first["organization"] == {"id": organization, "name": "南沙区青年志愿者协会"}
    assert first["division"] == {"code": "440115", "name": "南沙区"}
    assert first["day"] == "2026-03-02"
    assert overdue["title"] == {"zh": "已逾期的职责", "en": "Duties past their day"}
    assert (overdue["href"], overdue["at_least"]) == ("/duties?overdue=true", False)
    listed = await api.get(overdue["href"], headers=empty.headers)
    assert [item["id"] for item in listed.json()["items"]] == [item["id"] for item in overdue["items"]]
    missing = groups["responsibility_missing"]["items"][0]
    assert (missing["id"], missing["about"]) == (organization, "no_responsible_body")
    near = await worklist(api, empty.headers, due_within=2, items=1)
    assert counts(near) == {"duty_overdue": 3, "responsibility_missing": 1}
    assert len(near["duty_overdue"]["items"]) == 1
    here = await worklist(api, empty.headers, division="440115")
    assert counts(here) == counts(groups)
    assert here["duty_overdue"]["href"] == "/duties?overdue=true&division=440115"
    assert counts(await worklist(api, empty.headers, division="440300")) == {}


async def test_messages_findings_exceptions_and_grants(
    api: httpx.AsyncClient, city: City, actors: Actors, shell: Shell
) -> None:
    organization = (await city.organization())["id"]
    await actors("viewer", division="440115")
    async with begin(shell, SYSTEM) as work:
        ids = {"organization": organization, "until": work.today + timedelta(days=9)}
        for statement in (SOURCE, QUARANTINED, PARKED, FINDING, EXCEPTION, GRANT, REASON, LATER):
            await work.execute(text(statement), {**ids, "id": uuid7(), "other": uuid7()})
    national = await actors("approver", division="100000")
    seen = counts(await worklist(api, national))
    assert {kind: seen[kind] for kind in seen if not kind.startswith("duty")} == {
        "registry_event_quarantined": 1,
        "registry_event_parked": 1,
        "grant_approval": 1,
        "credit_code_exception": 1,
        "organization_finding": 1,
        "no_party_organization_reason_expiring": 1,
    }
    groups = await worklist(api, national)
    assert groups["registry_event_quarantined"]["items"][0]["about"] == "unknown_division"
    assert groups["organization_finding"]["items"][0]["about"] == "sources_disagree"
    assert groups["no_party_organization_reason_expiring"]["items"][0]["about"] == "newly_registered"
    assert groups["grant_approval"]["items"][0]["about"] == "organizer"
    tight = counts(await worklist(api, national, expiring_within=3))
    assert "no_party_organization_reason_expiring" not in tight


async def test_kinds_follow_permissions_and_scope(
    api: httpx.AsyncClient, city: City, actors: Actors, stranger: Headers
) -> None:
    await city.organization()
    viewer = await actors("viewer", division="440115")
    kinds = set(await worklist(api, viewer))
    assert kinds == {
        "duty_overdue",
        "duty_due",
        "responsibility_missing",
        "organization_finding",
        "no_party_organization_reason_expiring",
        "member_clock_due",
        "transfer_letter_expiring",
        "establishment_overdue",
        "development_step_due",
        "term_ending",
        "paralysis_warning",
        "campaign_target_due",
        "campaign_target_overdue",
    }
    assert counts(await worklist(api, viewer)) == {"duty_overdue": 4}
    assert counts(await worklist(api, stranger)) == {}
    leads = await actors("viewer", body=city.bodies["南沙区社会组织党委"])
    assert counts(await worklist(api, leads)) == {"duty_overdue": 4}
    other = await actors("viewer", body=city.bodies["南沙区教育局党委"])
    assert counts(await worklist(api, other)) == {}
    security = await actors("security_admin", division="100000")
    assert (await api.get("/worklist", headers=security)).status_code == 403
    assert (await api.get("/worklist")).status_code == 401


@pytest.mark.parametrize("query", [{"items": 21}, {"items": -1}, {"due_within": 99}, {"colour": "red"}])
async def test_refused(api: httpx.AsyncClient, actors: Actors, query: dict[str, Any]) -> None:
    viewer = await actors("viewer", division="440115")
    assert (await api.get("/worklist", params=query, headers=viewer)).status_code == 422


async def test_one_statement(api: httpx.AsyncClient, actors: Actors, shell: Shell) -> None:
    """Everything that waits, whatever it is: one statement beside those that recognise the caller and
    say whose people the transaction may see."""
    organizer = await actors("organizer", division="440000")
    await worklist(api, organizer)  # the first of a process learns that this is more than one statement
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(shell.engine.sync_engine, "before_cursor_execute", note)
    try:
        assert (await api.get("/worklist", headers=organizer)).status_code == 200
    finally:
        event.remove(shell.engine.sync_engine, "before_cursor_execute", note)
    assert sum("UNION ALL" in statement for statement in seen) == 1
    assert len(seen) <= 5


def test_every_kind_has_words_and_a_list() -> None:
    assert set(rules.WORDS) == set(rules.LISTS) == set(TaskKind)
    assert rules.link(TaskKind.RESPONSIBILITY_MISSING, "440115") == "/responsibility-findings?division=440115"


SOURCE = """
    WITH body AS (
        INSERT INTO authorities (id, version, name, division_code, status)
        VALUES (:other, 1, '南沙区政务数据局', '440115', 'active') RETURNING id)
    INSERT INTO registry_sources
        (id, version, code, name, authority_id, division_code, divisions, source_rank, scheme, state)
    SELECT :id, 1, 'nansha', '南沙', id, '440115', ARRAY['440115'], 50, 'either', 'active' FROM body
"""
_MESSAGE = """
    INSERT INTO registry_events
        (id, version, source_id, webhook_id, body_hash, body_cipher, type, state, division_code,
         waiting_for, problem, problem_code)
    SELECT :id, 1, id, '{0}', '\\x00', '\\x00', 'organization.changed', '{0}', '440115', {1}, {2}, {3}
    FROM registry_sources
"""
QUARANTINED = _MESSAGE.format(
    "quarantined", "NULL", """jsonb_build_object('code', 'x')""", "'unknown_division'"
)
PARKED = _MESSAGE.format("parked", "'organization'", "NULL", "NULL")
FINDING = """
    INSERT INTO organization_findings
        (id, version, organization_id, kind, fact, key, evidence, digest, state)
    VALUES (:id, 1, :organization, 'sources_disagree', 'name', '', '{}', 'x', 'open')
"""
EXCEPTION = """
    INSERT INTO credit_code_exceptions
        (id, version, credit_code, division_code, evidence, state, requested_by, requested_by_name)
    VALUES (:id, 1, '51440115MJL123456X', '440115', 'x', 'requested', :other, 'x')
"""
GRANT = """
    INSERT INTO grants
        (id, version, user_id, role, segregation, division_code, valid, state, requested_by)
    SELECT :id, 1, a.id, 'organizer', 'business', '440115', daterange(current_date, NULL), 'requested', b.id
    FROM users a JOIN users b ON a.id < b.id LIMIT 1
"""
_REASON = """
    INSERT INTO no_party_organization_reasons
        (id, reason_id, version, organization_id, reason, valid, recorded)
    VALUES (:id, :id, 1, :organization, '{0}', daterange({1}, {2}), tstzrange(clock_timestamp(), NULL))
"""
REASON = _REASON.format("newly_registered", "current_date - 30", "CAST(:until AS date)")
LATER = _REASON.format("dormant", "CAST(:until AS date)", "CAST(:until AS date) + 300")
