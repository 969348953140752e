"""What a member survey counted becomes facts of the organization, through the worker."""

import httpx

from app import worker
from app.core.work import Shell
from tests.make import duties as make
from tests.make.duties import SURVEY
from tests.make.responsibility import City


async def test_a_survey_states_the_counts(api: httpx.AsyncClient, shell: Shell, city: City) -> None:
    organization = (await city.organization())["id"]
    await make.settle(api, city.headers, organization, "member-survey", received_on="2026-03-02", **SURVEY)
    counts = await worker.drain(shell)
    assert counts["failed"] == 0
    assert (await worker.drain(shell))["reacted"] == 0
    shown = (await api.get(f"/organizations/{organization}", headers=city.headers)).json()
    full, probationary = SURVEY["full_member_count"], SURVEY["probationary_member_count"]
    assert shown["party_member_count"] == full + probationary
    for fact in ("staff_count", "full_member_count", "full_time_full_member_count"):
        assert shown[fact] == SURVEY[fact]
    facts = (await api.get(f"/organizations/{organization}/facts", headers=city.headers)).json()["items"]
    assert {f["reason"] for f in facts if f["fact"] == "party_member_count"} == {"member_survey"}
