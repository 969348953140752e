"""Ends, returns, mergers and splits over HTTP: nothing is deleted, and what hangs on them follows."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.core.work import Shell
from tests.make import organizations as make
from tests.make import party_organizations
from tests.organizations.conftest import Desk

END = {"effective_on": "2024-03-01", "reason": "会员大会决议", "evidence": "粤民函〔2024〕3号"}


async def statuses(api: httpx.AsyncClient, headers: dict[str, str], organization_id: str | UUID) -> list[Any]:
    history = await api.get(f"/organizations/{organization_id}/history", headers=headers)
    return [(p["registration_status"], p["from_on"], p["until_on"]) for p in history.json()["periods"]]


async def test_a_deregistration_ends_the_organization_and_its_covers(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    row = await make.organization(api, desk.guangzhou)
    body = await party_organizations.body(api, desk.guangzhou)
    await party_organizations.cover(api, desk.guangzhou, body["id"], row["id"])
    place = f"/organizations/{row['id']}"
    assert (await api.get(f"{place}/coverage", headers=desk.guangzhou)).json()["covered"] is True
    ended = await make.act(api, desk.guangzhou, row["id"], "deregister", **END)
    assert ended.status_code == 200, ended.text
    shown = ended.json()
    assert (shown["registration_status"], shown["ended_on"]) == ("deregistered", "2024-03-01")
    assert "deregister" not in shown["allowed_actions"]
    assert "restore" in shown["allowed_actions"]
    assert await statuses(api, desk.clerk, row["id"]) == [
        ("normal", make.ESTABLISHED, "2024-03-01"),
        ("deregistered", "2024-03-01", None),
    ]
    coverage = (await api.get(f"{place}/coverage", headers=desk.guangzhou)).json()
    assert coverage["covered"] is False
    assert [c["until_on"] for c in coverage["past_covers"]] == ["2024-03-01"]
    again = await make.act(api, desk.guangzhou, row["id"], "deregister", **END)
    assert (again.status_code, again.json()["code"]) == (409, "already_ended")


async def test_duties_of_a_new_organization_lapse_with_its_end(api: httpx.AsyncClient, desk: Desk) -> None:
    today = date.today()  # noqa: DTZ011
    yesterday = (today - timedelta(days=2)).isoformat()
    row = await make.organization(api, desk.guangzhou, established_on=yesterday)
    overview = (await api.get(f"/organizations/{row['id']}/overview", headers=desk.guangzhou)).json()
    assert {d["state"] for d in overview["duties"]} == {"open"}
    ended = await make.act(
        api, desk.guangzhou, row["id"], "deregister",
        effective_on=(today - timedelta(days=1)).isoformat(), reason="误设",
    )  # fmt: skip
    assert ended.status_code == 200, ended.text
    overview = (await api.get(f"/organizations/{row['id']}/overview", headers=desk.guangzhou)).json()
    assert "open" not in {d["state"] for d in overview["duties"]}


@pytest.mark.parametrize(("license_only", "status"), [(False, "revoked"), (True, "license_revoked")])
async def test_a_revocation_says_which_one_it_was(
    api: httpx.AsyncClient, desk: Desk, license_only: bool, status: str
) -> None:
    row = await make.organization(api, desk.guangzhou)
    revoked = await make.act(api, desk.guangzhou, row["id"], "revoke", license=license_only, **END)
    assert (revoked.status_code, revoked.json()["registration_status"]) == (200, status)
    later = {**END, "effective_on": "2024-09-01"}
    liquidated = await make.act(api, desk.guangzhou, row["id"], "deregister", **later)
    assert liquidated.status_code == 200, liquidated.text
    assert liquidated.json()["ended_on"] == "2024-03-01"


async def test_an_end_lies_neither_before_the_beginning_nor_in_the_future(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    row = await make.organization(api, desk.guangzhou)
    for day, code in {"2015-01-01": "ends_before_beginning", "2199-01-01": "effective_on_in_future"}.items():
        answer = await make.act(api, desk.guangzhou, row["id"], "deregister", effective_on=day, reason="x")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await make.read(api, desk.clerk, row["id"]))["registration_status"] == "normal"


async def test_a_restoration_goes_on_from_its_day(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.guangzhou)
    early = await make.act(api, desk.guangzhou, row["id"], "restore", reason="x")
    assert (early.status_code, early.json()["code"]) == (409, "not_ended")
    await make.act(api, desk.guangzhou, row["id"], "revoke", license=False, **END)
    restored = await make.act(
        api, desk.guangzhou, row["id"], "restore", effective_on="2024-08-01", reason="行政判决"
    )
    assert (restored.status_code, restored.json()["ended_on"]) == (200, None), restored.text
    assert [s[0] for s in await statuses(api, desk.clerk, row["id"])] == ["normal", "revoked", "normal"]


async def test_an_end_recorded_by_mistake_never_was(api: httpx.AsyncClient, desk: Desk, shell: Shell) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
    ended = {"registration_status": "deregistered"}
    await make.stated(shell, organization_id, ended, make.by_registry("2023-01-01", 2))
    restored = await make.act(api, desk.guangzhou, organization_id, "restore", reason="登记系统误推")
    assert restored.status_code == 200, restored.text
    assert [s[0] for s in await statuses(api, desk.clerk, organization_id)] == ["normal"]
    found = await api.get(f"/organizations/{organization_id}/findings?state=open", headers=desk.clerk)
    assert [f["kind"] for f in found.json()["items"]] == ["registry_contradicts_correction"]
    await make.stated(shell, organization_id, ended, make.by_registry("2023-01-01", 3))
    assert (await make.read(api, desk.clerk, organization_id))["registration_status"] == "normal"


async def test_a_merger_and_its_undoing(api: httpx.AsyncClient, desk: Desk) -> None:
    gone = await make.organization(api, desk.guangzhou, name="甲协会")
    stays = await make.organization(api, desk.guangzhou, name="乙协会")
    merged = await make.act(api, desk.guangzhou, gone["id"], "merge", into_id=stays["id"], **END)
    assert merged.status_code == 200, merged.text
    assert merged.json()["merged_into"] == {"id": stays["id"], "name": "乙协会"}
    assert merged.json()["registration_status"] == "merged"
    assert "undo_merge" in merged.json()["allowed_actions"]
    history = (await api.get(f"/organizations/{gone['id']}/history", headers=desk.clerk)).json()
    assert [(s["succession"], s["successor"]["name"], s["withdrawn"]) for s in history["successions"]] == [
        ("merged_into", "乙协会", False)
    ]
    undone = await make.act(api, desk.guangzhou, gone["id"], "undo-merge", reason="合并决议被撤销")
    assert undone.status_code == 200, undone.text
    assert (undone.json()["merged_into"], undone.json()["registration_status"]) == (None, "normal")
    assert [s[0] for s in await statuses(api, desk.clerk, gone["id"])] == ["normal"]
    history = (await api.get(f"/organizations/{gone['id']}/history", headers=desk.clerk)).json()
    assert [s["withdrawn"] for s in history["successions"]] == [True]
    again = await make.act(api, desk.guangzhou, gone["id"], "undo-merge", reason="x")
    assert (again.status_code, again.json()["code"]) == (409, "not_merged")
    facts = (await api.get(f"/organizations/{gone['id']}/facts", headers=desk.clerk)).json()["items"]
    assert {f["value"] for f in facts if f["fact"] == "registration_status"} == {"normal", "merged"}


async def test_a_successor_must_be_there_and_another(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.guangzhou)
    elsewhere = await make.organization(api, desk.ningbo, name="宁波协会", division_code="330200")
    ended = await make.organization(api, desk.guangzhou, name="已终止协会")
    await make.act(api, desk.guangzhou, ended["id"], "deregister", **END)
    for into_id, code in {
        row["id"]: "successor_itself",
        elsewhere["id"]: "successor_unknown",
        "01990000-0000-7000-8000-000000000000": "successor_unknown",
        ended["id"]: "successor_ended",
    }.items():
        answer = await make.act(api, desk.guangzhou, row["id"], "merge", into_id=into_id, **END)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"] == [
            {**answer.json()["errors"][0], "pointer": "/into_id", "code": code}
        ]


async def test_a_split_with_and_without_an_end(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(api, desk.guangzhou)
    parts = [await make.organization(api, desk.guangzhou, name=name) for name in ("东会", "西会")]
    ids = [part["id"] for part in parts]
    derived = await make.act(api, desk.guangzhou, row["id"], "split", into_ids=ids[:1], survives=True, **END)
    assert (derived.status_code, derived.json()["registration_status"]) == (200, "normal"), derived.text
    later = {**END, "effective_on": "2024-10-01"}
    split = await make.act(api, desk.guangzhou, row["id"], "split", into_ids=ids, survives=False, **later)
    assert (split.status_code, split.json()["registration_status"]) == (200, "split")
    history = (await api.get(f"/organizations/{row['id']}/history", headers=desk.clerk)).json()
    assert {s["successor"]["name"] for s in history["successions"]} == {"东会", "西会"}
    refused = await make.act(
        api, desk.guangzhou, row["id"], "split", into_ids=[row["id"], ids[0]], survives=True, **later
    )
    assert refused.json()["errors"][0]["pointer"] == "/into_ids/0"


async def test_two_mergers_at_once_do_not_cross(api: httpx.AsyncClient, desk: Desk) -> None:
    one = await make.organization(api, desk.guangzhou, name="甲协会")
    other = await make.organization(api, desk.guangzhou, name="乙协会")
    await make.act(api, desk.guangzhou, one["id"], "merge", into_id=other["id"], **END)
    back = await make.act(api, desk.guangzhou, other["id"], "merge", into_id=one["id"], **END)
    assert back.status_code == 422
    assert back.json()["errors"][0]["code"] == "successor_ended"


async def test_a_registry_may_state_the_end_before_the_change_that_came_first(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
    await make.stated(
        shell, organization_id, {"registration_status": "deregistered"}, make.by_registry("2023-01-01", 9)
    )
    await make.stated(shell, organization_id, {"name": "改名协会"}, make.by_registry("2021-01-01", 5))
    row = await make.read(api, desk.clerk, organization_id)
    assert (row["name"], row["registration_status"]) == ("改名协会", "deregistered")
    await make.stated(shell, organization_id, {"name": "终止后改名"}, make.by_registry("2024-01-01", 10))
    found = await api.get(f"/organizations/{organization_id}/findings", headers=desk.clerk)
    assert [f["kind"] for f in found.json()["items"]] == ["changed_after_end"]
