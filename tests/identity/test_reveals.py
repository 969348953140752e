"""Reveals of every kind: one budget a day, however they are asked for; and nothing personal is cached."""

import asyncio

import httpx

from app.core.events import EVENTS
from app.core.work import Shell
from tests.conftest import Actors
from tests.make import organizations as make

WHY = {"purpose": "supervision", "reason": "核实"}


async def test_racing_reveals_stay_within_one_budget(
    api: httpx.AsyncClient, shell: Shell, actors: Actors
) -> None:
    clerk = await actors("clerk", division="440115")
    row = await make.organization(api, clerk, contact_phone="13800138000")
    shell.settings = shell.settings.model_copy(update={"reveals_per_day": 3})
    address = f"/organizations/{row['id']}/contact/reveal"
    answers = await asyncio.gather(*(api.post(address, json=WHY, headers=clerk) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [429] * 5
    assert {a.json()["code"] for a in answers if a.status_code == 429} == {"reveal_quota_used"}
    assert {
        "organization.phone_revealed",
        "setup_contact.revealed",
        "registry_event.revealed",
    } <= {name for name, event in EVENTS.items() if event.reveals}
    # what names people is never kept by a browser; what names none may be, under its ETag
    for path in (f"/organizations/{row['id']}", "/organizations", "/me", "/me?x=1"):
        assert (await api.get(path, headers=clerk)).headers["cache-control"] == "no-store", path
    shared = await api.get("/divisions/440115", headers=clerk)
    assert shared.headers["cache-control"] == "private, no-cache"
