"""The feed of events over HTTP, in commit order."""

import asyncio
from typing import ClassVar
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.events import Event
from app.core.work import Shell, begin
from tests.make import identity as make
from tests.make import party_organizations


class SomethingHappened(Event):
    """A public event of tests."""

    type: ClassVar[str] = "test.happened"
    subject_type: ClassVar[str] = "test"
    number: int


@pytest.fixture
async def integrator(shell: Shell) -> make.Caller:
    """A national integrator."""
    return await make.caller(shell, "integrator")


async def quiet(shell: Shell) -> None:
    """Wait until no transaction of the whole cluster, another test's either, is older than the last event."""
    seen = text(
        "SELECT coalesce((SELECT max(xid) FROM events), '0') < pg_snapshot_xmin(pg_current_snapshot())"
    )
    for _ in range(600):
        async with begin(shell, SYSTEM, reading=True) as work:
            if await work.scalar(seen):
                return
        await asyncio.sleep(0.05)
    raise AssertionError("some transaction of the cluster does not end")


async def happen(shell: Shell, number: int, division: str | None = "440115", *, alone: bool = True) -> None:
    """One event, in a transaction of its own; `alone` waits until the feed may show it."""
    async with begin(shell, SYSTEM) as work:
        work.announce(SomethingHappened(subject=uuid7(), division_code=division, number=number))
    if alone:
        await quiet(shell)


async def feed(api: httpx.AsyncClient, by: make.Caller, **params: object) -> dict[str, object]:
    """One call of the feed."""
    answer = await api.get("/events", params={"type": "test.happened", **params}, headers=by.headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def numbers(page: dict[str, object]) -> list[int]:
    """The numbers of a page of test events."""
    return [e["data"]["number"] for e in page["items"]]


async def test_what_happens_comes_once_in_order(
    api: httpx.AsyncClient, integrator: make.Caller, shell: Shell
) -> None:
    for n in range(5):
        await happen(shell, n)
    first = await feed(api, integrator, limit=3)
    assert (numbers(first), first["has_more"]) == ([0, 1, 2], True)
    second = await feed(api, integrator, limit=3, cursor=first["next_cursor"])
    assert (numbers(second), second["has_more"]) == ([3, 4], False)
    nothing = await feed(api, integrator, cursor=second["next_cursor"])
    assert (numbers(nothing), nothing["next_cursor"]) == ([], second["next_cursor"])
    await happen(shell, 5)
    assert numbers(await feed(api, integrator, cursor=second["next_cursor"])) == [5]
    event = first["items"][0]
    assert (event["type"], event["subject_type"], event["division_code"]) == (
        "test.happened",
        "test",
        "440115",
    )
    assert event["data"] == {"number": 0}


async def test_a_late_commit_is_waited_for(
    api: httpx.AsyncClient, integrator: make.Caller, shell: Shell
) -> None:
    """Polling by id or time would pass over the slow transaction for good."""
    async with begin(shell, SYSTEM) as slow:
        slow.announce(SomethingHappened(subject=uuid7(), number=1))
        await slow.session.flush()
        await happen(shell, 2, alone=False)
        before = await feed(api, integrator)
        assert numbers(before) == []
    await quiet(shell)
    after = await feed(api, integrator, **({"cursor": c} if (c := before["next_cursor"]) else {}))
    assert sorted(numbers(after)) == [1, 2]


async def test_a_poller_misses_nothing_among_many_writers(
    api: httpx.AsyncClient, integrator: make.Caller, shell: Shell
) -> None:
    async def write(writer: int) -> None:
        for n in range(20):
            async with begin(shell, SYSTEM) as work:
                work.announce(SomethingHappened(subject=uuid7(), number=writer * 100 + n))
                await work.session.flush()
                await asyncio.sleep((writer * 7 + n) % 5 / 200)

    writers = asyncio.gather(*(write(w) for w in range(6)))
    seen: list[int] = []
    cursor: dict[str, object] = {}
    while True:
        over = writers.done()
        if over:
            await quiet(shell)
        page = await feed(api, integrator, limit=7, **cursor)
        seen += numbers(page)
        if page["next_cursor"]:
            cursor = {"cursor": page["next_cursor"]}
        if over and not page["has_more"]:
            break
    await writers
    assert sorted(seen) == sorted(w * 100 + n for w in range(6) for n in range(20))


async def test_one_reads_the_events_of_the_scope(
    api: httpx.AsyncClient, integrator: make.Caller, shell: Shell
) -> None:
    for n, division in enumerate(("440115", "140300", None)):
        await happen(shell, n, division)
    guangdong = await make.caller(shell, "integrator", "440000")
    assert numbers(await feed(api, guangdong)) == [0]
    assert numbers(await feed(api, integrator)) == [0, 1, 2]
    assert numbers(await feed(api, integrator, division="140000")) == [1]
    whole = await feed(api, integrator, include_total="true", limit=1)
    assert whole["total"] == 3


async def test_one_reads_the_events_of_ones_bodies(api: httpx.AsyncClient, shell: Shell) -> None:
    organizer = await make.caller(shell, "organizer", "440000")
    mine = await party_organizations.body(api, organizer.headers)
    await party_organizations.body(api, organizer.headers, name="南沙区志愿服务联合党支部")
    caller = await make.caller(shell, "integrator", party_organization_id=UUID(mine["id"]))
    await quiet(shell)
    answer = await api.get("/events", headers=caller.headers)
    assert {e["subject_id"] for e in answer.json()["items"]} == {mine["id"]}
    whole = await api.get("/events", headers=organizer.headers)
    assert len({e["subject_id"] for e in whole.json()["items"]}) == 2


async def test_what_is_not_public_stays_inside(api: httpx.AsyncClient, integrator: make.Caller) -> None:
    answer = await api.get("/events", params={"type": "user.registered"}, headers=integrator.headers)
    assert answer.json()["items"] == []


@pytest.mark.parametrize("role", ["reviewer", "registry", "security_admin", "audit_admin", "display"])
async def test_others_read_no_feed(api: httpx.AsyncClient, shell: Shell, role: str) -> None:
    other = await make.caller(shell, role)
    assert (await api.get("/events", headers=other.headers)).status_code == 403


async def test_a_cursor_belongs_to_its_filter(
    api: httpx.AsyncClient, integrator: make.Caller, shell: Shell
) -> None:
    await happen(shell, 1)
    cursor = (await feed(api, integrator))["next_cursor"]
    refused = await api.get("/events", params={"cursor": cursor}, headers=integrator.headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")
    broken = await api.get("/events", params={"cursor": "AAAA"}, headers=integrator.headers)
    assert broken.status_code == 400
