"""The worker: nothing lost, nothing twice, nothing that blocks the rest (F2, F14)."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

from sqlalchemy import text

from app import reactions, worker
from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.work import begin
from app.intake import commands
from tests.conftest import Database
from tests.intake.conftest import Office
from tests.make import intake as make
from tests.make.organizations import rows

NOW = "UPDATE registry_events SET due_at = clock_timestamp() WHERE state = 'pending'"


class KilledError(Exception):
    """The end of a worker in the middle of its work."""


async def do(office: Office, statement: str, **values: object) -> None:
    async with begin(office.shell, SYSTEM) as work:
        await work.execute(text(statement), values)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < end, "it did not come to that in time"
        await asyncio.sleep(0.05)


async def test_a_message_that_always_fails_is_quarantined_after_five_attempts(office: Office) -> None:
    poison, good = await office.push(make.registered(1), make.registered(2))
    await do(office, "UPDATE registry_events SET body_cipher = 'x' WHERE id = CAST(:id AS uuid)", id=poison)
    first = await office.drain()
    assert first["put_off"] >= 1
    assert (first["applied"], first["quarantined"]) == (1, 0)
    assert await office.state(good) == "applied"
    for _ in range(4):
        await do(office, NOW)
        await office.drain()
    event = await make.event(office.api, office.organizer, poison)
    assert (event["state"], event["attempts"]) == ("quarantined", 5)
    assert event["problem"]["code"] == "attempts_exhausted"


async def test_a_message_that_killed_its_worker_five_times_is_not_tried_a_sixth_time(office: Office) -> None:
    poison, good = await office.push(make.registered(1), make.registered(2))
    await do(office, "UPDATE registry_events SET attempts = 5 WHERE id = CAST(:id AS uuid)", id=poison)
    await office.drain()
    assert (await office.problem(poison))["code"] == "attempts_exhausted"
    assert await office.state(good) == "applied"


async def test_what_a_dead_worker_had_claimed_is_taken_up_when_its_lease_ends(office: Office) -> None:
    (event_id,) = await office.push(make.registered())
    async with begin(office.shell, SYSTEM) as work:
        assert [str(one) for one in await commands.claim(work, 10)] == [event_id]
    assert (await office.drain())["applied"] == 0
    lease = await rows(office.shell, "SELECT due_at - clock_timestamp() AS left FROM registry_events")
    assert 0 < lease[0]["left"].total_seconds() <= 60
    await do(office, NOW)
    assert (await office.drain())["applied"] == 1


async def test_an_attempt_that_dies_half_way_leaves_nothing(office: Office) -> None:
    (event_id,) = await office.push(make.registered())
    async with begin(office.shell, SYSTEM) as work:
        await commands.claim(work, 10)
    async with begin(office.shell, SYSTEM) as work:
        assert await commands.apply(work, uuid7()) == "gone"
    with suppress(KilledError):
        async with begin(office.shell, SYSTEM) as work:
            assert await commands.apply(work, UUID(event_id)) == "applied"
            raise KilledError
    assert await office.organizations() == []
    await do(office, NOW)
    assert (await office.drain())["applied"] == 1


async def test_workers_at_once_apply_each_message_once(office: Office) -> None:
    changes = [
        make.changed({"staff_count": n}, serial, f"2021-01-{n:02}") for serial in (1, 2, 3) for n in (1, 2, 3)
    ]
    ids = await office.push(*changes, *(make.registered(serial) for serial in (1, 2, 3)))
    done = await asyncio.gather(*(worker.drain(office.shell) for _ in range(4)))
    await office.drain()
    assert [await office.state(one) for one in ids] == ["applied"] * len(ids)
    applied = sum(counts["applied"] for counts in done)
    assert applied <= len(ids)
    counted = await rows(
        office.shell,
        "SELECT event_id, fact, count(*) AS n FROM organization_facts GROUP BY 1, 2 HAVING count(*) > 1",
    )
    assert counted == []
    assert [one["staff_count"] for one in await office.organizations()] == [3, 3, 3]


async def test_the_worker_wakes_when_a_message_comes_and_stops_when_told(office: Office) -> None:
    settings = office.shell.settings.model_copy(update={"worker_poll_seconds": 60.0})
    office.shell.settings = settings
    stop = asyncio.Event()
    task = asyncio.create_task(worker.work_until(stop, office.shell))

    async def listening() -> bool:
        return bool(
            await rows(
                office.shell,
                "SELECT 1 AS one FROM pg_stat_activity WHERE application_name = :a",
                a="jiceng-worker",
            )
        )

    await until(listening)
    await asyncio.sleep(1)
    (event_id,) = await office.push(make.registered(1))

    async def applied() -> bool:
        return await office.state(event_id) == "applied"

    await until(applied)
    await rows(
        office.shell,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :a",
        a="jiceng-worker",
    )
    (event_id,) = await office.push(make.registered(2))
    await until(applied)
    stop.set()
    await asyncio.wait_for(task, 10)


async def test_sigterm_ends_the_process_cleanly(office: Office, database: Database) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": database.app_url,
        "DATA_DIR": str(office.shell.settings.data_dir),
        "JICENG_WORKER_POLL_SECONDS": "0.2",
    }
    process = subprocess.Popen(  # noqa: ASYNC220 (the process is the subject)
        [
            sys.executable,
            "-c",
            "from app import worker; from app.settings import Settings; worker.run(Settings())",
        ],
        env=environment,
    )
    try:
        (event_id,) = await office.push(make.registered())

        async def applied() -> bool:
            return await office.state(event_id) == "applied"

        await until(applied, 60)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 15) == 0
    finally:
        process.kill()
        process.wait()


async def test_a_reaction_that_fails_is_tried_five_times_and_stops_nobody(office: Office) -> None:
    broken = uuid7()
    await do(
        office,
        "INSERT INTO events (id, type, subject_type, subject_id, data, public, actor_id)"
        " VALUES (:id, 'credit_code_exception.approved', 'credit_code_exception', :id, '{}', false, :id)",
        id=broken,
    )
    await office.push(make.registered())
    assert (await office.drain())["failed"] == 1
    for _ in range(6):
        await office.drain()
    (left,) = await rows(office.shell, "SELECT attempts, failure, id FROM events WHERE reacted_at IS NULL")
    assert (left["id"], left["attempts"]) == (broken, 5)
    assert left["failure"].startswith("KeyError at ")


async def test_daily_work_is_done_once_a_day_and_bytes_are_dropped_after_their_time(office: Office) -> None:
    assert (await office.drain())["daily"] == len(reactions.DAILY)
    assert (await office.drain())["daily"] == 0
    message = make.registered()
    first = await make.push(office.api, office.source, message, "msg_1")
    await office.drain()
    await do(office, "UPDATE registry_events SET received_at = received_at - interval '200 days'")
    await do(office, "UPDATE data_versions SET version = 'yesterday' WHERE name LIKE 'daily:%'")
    assert (await office.drain())["daily"] == len(reactions.DAILY)
    event = await make.event(office.api, office.organizer, first.json()["id"])
    assert (event["state"], event["body_kept"]) == ("applied", False)
    again = await make.push(office.api, office.source, message, "msg_1")
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    other = await make.push(office.api, office.source, make.registered(name="另一组织"), "msg_1")
    assert other.status_code == 409
    gone = await office.api.post(
        f"/registry-events/{first.json()['id']}/reveal", json={"reason": "核对"}, headers=office.organizer
    )
    assert (gone.status_code, gone.json()["code"]) == (409, "registry_event_body_forgotten")
