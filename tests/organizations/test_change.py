"""Stating what changed, and correcting what was stated wrongly, over HTTP."""

import asyncio
from datetime import date, timedelta

import httpx

from app.core.work import Shell
from tests.make import organizations as make
from tests.organizations.conftest import Desk

TODAY = date.today()  # noqa: DTZ011


async def test_absent_and_null_differ(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk, industry="education", staff_count=8)
    changed = await make.patch(api, desk.clerk, row["id"], industry=None, name="改名后的协会")
    assert changed.status_code == 200, changed.text
    assert (changed.json()["industry"], changed.json()["staff_count"]) == (None, 8)
    assert changed.headers["etag"] == changed.json()["etag"] != row["etag"]
    refused = await make.patch(api, desk.clerk, row["id"], name=None)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/name"


async def test_a_change_needs_the_version_it_changes(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    place, body = f"/organizations/{row['id']}", {"staff_count": 9}
    assert (await api.patch(place, json=body, headers=desk.clerk)).status_code == 428
    first = await api.patch(place, json=body, headers={**desk.clerk, "If-Match": row["etag"]})
    assert first.status_code == 200
    stale = await api.patch(place, json={"staff_count": 10}, headers={**desk.clerk, "If-Match": row["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert (await make.read(api, desk.clerk, row["id"]))["staff_count"] == 9


async def test_of_many_editors_of_one_version_one_succeeds(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    headers = {**desk.clerk, "If-Match": row["etag"]}
    answers = await asyncio.gather(
        *(
            api.patch(f"/organizations/{row['id']}", json={"staff_count": n}, headers=headers)
            for n in range(6)
        )
    )
    assert sorted(a.status_code for a in answers) == [200] + [412] * 5
    winner = next(a for a in answers if a.status_code == 200)
    assert (await make.read(api, desk.clerk, row["id"])) == winner.json()


async def test_what_says_nothing_is_refused(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    answer = await make.patch(api, desk.clerk, row["id"], reason="无")
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_stated")
    answer = await make.patch(api, desk.clerk, row["id"], registration_status="deregistered")
    assert answer.status_code == 422
    answer = await make.patch(api, desk.clerk, row["id"], merged_into_id=row["id"])
    assert answer.status_code == 422


async def test_two_changes_of_one_day_both_count_and_the_later_rules(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    row = await make.organization(api, desk.clerk)
    for count in (9, 3, 7):
        assert (await make.patch(api, desk.clerk, row["id"], staff_count=count)).status_code == 200
    assert (await make.read(api, desk.clerk, row["id"]))["staff_count"] == 7
    facts = await api.get(f"/organizations/{row['id']}/facts?fact=staff_count", headers=desk.clerk)
    assert [(f["value"], f["sequence"]) for f in facts.json()["items"]] == [(7, 4), (3, 3), (9, 2)]


async def test_a_change_of_the_past_leaves_the_present_alone(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.guangzhou)
    changes = [{"division_code": "440106"}, {"division_code": "440103", "effective_on": "2020-01-01"}]
    for change in changes:
        answer = await make.patch(api, desk.guangzhou, row["id"], **change)
        assert answer.status_code == 200, answer.text
    assert answer.json()["division"]["code"] == "440106"
    history = await api.get(f"/organizations/{row['id']}/history?as_of=2021-01-01", headers=desk.guangzhou)
    assert [p["division"]["code"] for p in history.json()["periods"]] == ["440103"]


async def test_a_person_does_not_move_an_organization_out_of_the_scope(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    row = await make.organization(api, desk.clerk)
    answer = await make.patch(api, desk.clerk, row["id"], division_code="440106")
    assert (answer.status_code, answer.json()["code"]) == (403, "division_outside_scope")
    assert (await make.patch(api, desk.guangzhou, row["id"], division_code="440106")).status_code == 200
    gone = await api.get(f"/organizations/{row['id']}", headers=desk.clerk)
    assert gone.status_code == 404


async def test_a_neighbour_gets_the_bytes_of_a_random_id(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    random = "01990000-0000-7000-8000-000000000000"
    tag = {"If-Match": '"1"'}
    reads = ["", "/overview", "/facts", "/history", "/officers", "/penalties", "/coverage", "/findings"]
    for path in reads:
        there, nowhere = [
            await api.get(f"/organizations/{i}{path}", headers=desk.ningbo) for i in (row["id"], random)
        ]
        assert there.status_code == nowhere.status_code == 404, path
        assert there.content == nowhere.content
    ending = {"effective_on": "2024-01-01", "reason": "x"}
    for verb, body in {
        "deregister": ending,
        "revoke": {**ending, "license": False},
        "restore": {"reason": "x"},
        "merge": {**ending, "into_id": random},
        "undo-merge": {"reason": "x"},
        "split": {**ending, "into_ids": [random], "survives": True},
        "correct": {"facts": {"staff_count": 1}, "reason": "x"},
        "penalties": {"penalty": "fine", "decided_on": "2024-01-01"},
        "officers/elect": {"elected_on": "2024-01-01", "officers": []},
        "contact/reveal": {"purpose": "supervision", "reason": "x"},
    }.items():
        there, nowhere = [
            await api.post(f"/organizations/{i}/{verb}", json=body, headers={**desk.ningbo, **tag})
            for i in (row["id"], random)
        ]
        assert there.status_code == nowhere.status_code == 404, (verb, there.text)
        assert there.content == nowhere.content


async def test_what_a_registry_states_for_the_day_is_not_changed_but_corrected(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
    await make.stated(shell, organization_id, {"staff_count": 5}, make.by_registry(TODAY, 2))
    answer = await make.patch(api, desk.guangzhou, organization_id, staff_count=6)
    assert (answer.status_code, answer.json()["code"]) == (409, "fact_outranked")
    assert answer.json()["errors"][0]["pointer"] == "/staff_count"
    corrected = await make.act(
        api, desk.guangzhou, organization_id, "correct",
        facts={"staff_count": 6}, reason="实地核查", evidence="核查表12",
    )  # fmt: skip
    assert corrected.status_code == 200, corrected.text
    assert corrected.json()["staff_count"] == 6


async def test_a_correction_stands_until_the_registry_confirms_it(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1), name="错字协会")
    corrected = await make.act(
        api, desk.guangzhou, organization_id, "correct", facts={"name": "对字协会"}, reason="证书为准"
    )
    assert corrected.json()["name"] == "对字协会"
    place = f"/organizations/{organization_id}/findings"
    items = (await api.get(place, headers=desk.guangzhou)).json()["items"]
    assert [(f["kind"], f["fact"], f["state"]) for f in items] == [
        ("registry_contradicts_correction", "name", "open")
    ]
    assert items[0]["evidence"]["registry"]["value"] == "错字协会"
    await make.stated(shell, organization_id, {"name": "错字协会"}, make.by_registry("2019-01-02", 2))
    assert (await make.read(api, desk.clerk, organization_id))["name"] == "对字协会"
    await make.stated(shell, organization_id, {"name": "对字协会"}, make.by_registry("2019-01-02", 3))
    items = (await api.get(place, headers=desk.guangzhou)).json()["items"]
    assert {f["state"] for f in items} == {"closed"}
    assert {f["closed_by"] for f in items} == {None}
    names = (await api.get(f"/organizations/{organization_id}/history", headers=desk.clerk)).json()["names"]
    assert [n["name"] for n in names] == ["对字协会"]


async def test_a_registry_that_says_otherwise_later_rules_from_then_and_is_a_finding(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
    await make.act(
        api, desk.guangzhou, organization_id, "correct",
        facts={"kind": "foundation"}, reason="证书为准", effective_on="2020-01-01",
    )  # fmt: skip
    await make.stated(
        shell, organization_id, {"kind": "service_institution"}, make.by_registry("2022-01-01", 2)
    )
    place = f"/organizations/{organization_id}"
    assert (await make.read(api, desk.clerk, organization_id))["kind"] == "service_institution"
    history = (await api.get(f"{place}/history", headers=desk.clerk)).json()
    assert [(p["kind"], p["from_on"]) for p in history["periods"]] == [
        ("association", "2019-01-02"), ("foundation", "2020-01-01"), ("service_institution", "2022-01-01"),
    ]  # fmt: skip
    found = (await api.get(f"{place}/findings?state=open", headers=desk.clerk)).json()["items"]
    assert "registry_overrides_correction" in {f["kind"] for f in found}


async def test_a_finding_closed_by_a_person_stays_closed(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1), name="错字协会")
    await make.act(api, desk.guangzhou, organization_id, "correct", facts={"name": "对字"}, reason="证书")
    listed = (await api.get("/organization-findings?state=open", headers=desk.guangzhou)).json()["items"]
    finding = next(f for f in listed if f["kind"] == "registry_contradicts_correction")
    assert finding["allowed_actions"] == ["close"]
    place = f"/organization-findings/{finding['id']}"
    body = {"reason": "已函告登记机关"}
    assert (await api.post(f"{place}/close", json=body, headers=desk.guangzhou)).status_code == 428
    tag = {"If-Match": finding["etag"]}
    assert (await api.post(f"{place}/close", json=body, headers={**desk.clerk, **tag})).status_code == 403
    hidden = await api.post(f"{place}/close", json=body, headers={**desk.ningbo, **tag})
    assert hidden.status_code == 404
    closed = await api.post(f"{place}/close", json=body, headers={**desk.guangzhou, **tag})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    again = await api.post(
        f"{place}/close", json=body, headers={**desk.guangzhou, "If-Match": closed.headers["etag"]}
    )
    assert (again.status_code, again.json()["code"]) == (409, "finding_already_closed")
    await make.stated(shell, organization_id, {"staff_count": 4}, make.by_registry("2020-01-01", 2))
    open_now = await api.get(f"/organizations/{organization_id}/findings?state=open", headers=desk.clerk)
    assert open_now.json()["items"] == []


async def test_only_who_decides_corrects(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.clerk)
    answer = await make.act(api, desk.clerk, row["id"], "correct", facts={"staff_count": 1}, reason="x")
    assert answer.status_code == 403
    for verb, body in {
        "deregister": {"effective_on": "2024-01-01", "reason": "x"},
        "undo-merge": {"reason": "x"},
    }.items():
        assert (await make.act(api, desk.clerk, row["id"], verb, **body)).status_code == 403
    answer = await make.act(api, desk.guangzhou, row["id"], "correct", facts={}, reason="x")
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_stated")
    tomorrow = (TODAY + timedelta(days=2)).isoformat()
    answer = await make.act(
        api, desk.guangzhou, row["id"], "correct",
        facts={"staff_count": 1}, reason="x", effective_on=tomorrow,
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "effective_on_in_future")


async def test_the_same_push_twice_changes_and_announces_nothing(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
    for _ in range(3):
        await make.stated(shell, organization_id, {"staff_count": 4}, make.by_registry("2020-01-01", 2))
    announced = await make.rows(shell, "SELECT 1 FROM events WHERE type = 'organization.changed'")
    stored = await make.rows(shell, "SELECT 1 FROM organization_facts WHERE fact = 'staff_count'")
    assert (len(announced), len(stored)) == (1, 1)
    assert (await make.read(api, desk.clerk, organization_id))["etag"] == '"2"'


async def test_statements_cannot_be_rewritten_by_the_api(shell: Shell, desk: Desk) -> None:
    del desk
    await make.registered(shell, make.by_registry("2019-01-02", 1))
    privileges = await make.rows(
        shell,
        "SELECT has_table_privilege('organization_facts', p) AS may FROM unnest("
        "ARRAY['INSERT', 'SELECT', 'UPDATE', 'DELETE']) AS p",
    )
    assert [p["may"] for p in privileges] == [True, True, False, False]
