"""Work: one actor, one clock, one transaction, and a pool that nothing makes dirty."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.core import db, idempotency, work
from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.work import PreconditionForgottenError, Shell, Work
from tests.core import sample
from tests.core.sample import THING


@pytest.fixture
def shell(served: FastAPI) -> Shell:
    found: Shell = served.state.shell
    return found


def thing(name: str = "一件", late: int | None = None) -> sample.Thing:
    return sample.Thing(id=uuid7(), name=name, division_code="440115", late=late)


async def write(
    shell: Shell, row: sample.Thing, *, first: sample.Thing | None = None, fail: type[Exception] | None = None
) -> None:
    """One unit of work that announces what it wrote, keeps what came first, and may fail at its end."""
    async with work.begin(shell, SYSTEM) as unit:
        if first is not None:
            unit.session.add(first)
            await unit.keep()
        unit.session.add(row)
        unit.announce(sample.ThingMade(subject=row.id, name=row.name))
        await unit.session.flush()
        if fail is not None:
            raise fail


async def test_all_is_committed_together_or_nothing(shell: Shell, sql: asyncpg.Connection) -> None:
    async with work.begin(shell, SYSTEM) as unit:
        made = thing()
        unit.session.add(made)
        unit.announce(sample.ThingMade(subject=made.id, division_code="440115", name="一件"))
    with pytest.raises(ZeroDivisionError):
        await write(shell, thing("b"), fail=ZeroDivisionError)
    assert await sql.fetchval("SELECT array_agg(name) FROM things") == ["一件"]
    audited = await sql.fetchrow("SELECT * FROM audit_entries")
    happened = await sql.fetchrow("SELECT * FROM events")
    assert audited["action"] == happened["type"] == "thing.made"
    assert audited["subject_id"] == happened["subject_id"] == made.id
    assert audited["division_code"] == happened["division_code"] == "440115"
    assert audited["data"] == happened["data"] == '{"name": "一件"}'
    assert audited["xid"] == happened["xid"]
    assert (audited["actor_kind"], audited["actor_name"]) == ("system", "jiceng")
    assert happened["reacted_at"] is None


async def test_the_audit_can_only_grow(sql: asyncpg.Connection, clerk: httpx.AsyncClient) -> None:
    await clerk.post("/things", json=THING)
    for statement in (
        "UPDATE audit_entries SET actor_name = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "DROP TABLE audit_entries",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.execute(statement)


async def test_a_commit_that_fails_raises(shell: Shell, sql: asyncpg.Connection) -> None:
    await write(shell, thing("a", late=1))
    with pytest.raises(DBAPIError):
        await write(shell, thing("b", late=1))
    assert await sql.fetchval("SELECT count(*) FROM things") == 1


async def test_a_forgotten_version_is_not_committed(shell: Shell, sql: asyncpg.Connection) -> None:
    with pytest.raises(PreconditionForgottenError):
        async with work.begin(shell, SYSTEM, if_match=frozenset({'"1"'})) as unit:
            unit.session.add(thing())
    assert await sql.fetchval("SELECT count(*) FROM things") == 0


async def test_the_clock_is_the_databases(shell: Shell, sql: asyncpg.Connection) -> None:
    async with work.begin(shell, SYSTEM) as unit:
        assert abs(unit.now - await sql.fetchval("SELECT clock_timestamp()")) < timedelta(seconds=5)
        assert unit.now.tzinfo is UTC
        assert unit.now < await unit.instant()
        assert unit.since(hours=72) == unit.now - timedelta(hours=72)


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_today_is_shanghais(now: datetime, today: date) -> None:
    assert Work(None, SYSTEM, now, None, None).today == today  # type: ignore[arg-type]


async def test_reading_opens_no_transaction_and_leaves_none(shell: Shell) -> None:
    async with work.begin(shell, SYSTEM, reading=True) as unit:
        seen = [await unit.scalar(select(func.now())) for _ in range(2)]
        assert seen[0] < seen[1]
    async with work.begin(shell, SYSTEM) as unit:
        seen = [await unit.scalar(select(func.now())) for _ in range(2)]
        assert seen[0] == seen[1]


async def test_what_is_kept_outlives_a_refusal(shell: Shell, sql: asyncpg.Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        await write(shell, thing("lost"), first=thing("kept"), fail=ZeroDivisionError)
    assert await sql.fetchval("SELECT array_agg(name) FROM things") == ["kept"]


async def test_old_keys_are_forgotten(shell: Shell, clerk: httpx.AsyncClient) -> None:
    for key in ("old", "new"):
        assert (
            await clerk.post("/things", json=THING | {"name": key}, headers={"Idempotency-Key": key})
        ).is_success
    async with work.begin(shell, SYSTEM) as unit:
        await unit.execute(
            text("UPDATE idempotency_keys SET created_at = now() - interval '73 hours' WHERE key = 'old'")
        )
    async with work.begin(shell, SYSTEM) as unit:
        assert await idempotency.forget_old(unit) == 1
        assert await idempotency.forget_old(unit) == 0


# --- nothing makes the pool dirty --------------------------------------------------------------------------


async def sessions(sql: asyncpg.Connection) -> list[Any]:
    return [
        row["state"]
        for row in await sql.fetch(
            "SELECT state FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    ]


async def test_cancelled_requests_leave_nothing(
    clerk: httpx.AsyncClient, shell: Shell, sql: asyncpg.Connection
) -> None:
    """Sixty requests are cancelled wherever they are: each wrote all or nothing, no connection is left in a
    transaction, and the pool gives connections without any trace of them."""
    chance = random.Random(20261122)  # noqa: S311 (nothing secret)
    done = []

    async def one(number: int) -> None:
        response = await clerk.post("/things/slow", json=THING | {"name": f"n{number}"}, timeout=30)
        if response.status_code == 204:
            done.append(f"n{number}")

    for batch in range(12):
        tasks = [asyncio.create_task(one(batch * 5 + i)) for i in range(5)]
        for task in tasks:
            await asyncio.sleep(chance.uniform(0, 0.08))
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(50):
        if "active" not in (states := await sessions(sql)):
            break
        await asyncio.sleep(0.1)
    assert all(state == "idle" for state in states), states
    assert shell.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert len(done) < 60
    stored = {row["name"] for row in await sql.fetch("SELECT name FROM things")}
    assert set(done) <= stored
    for number in range(60, 72):
        response = await clerk.post("/things", json=THING | {"name": f"n{number}"})
        assert response.status_code == 201
    assert await sql.fetchval("SELECT count(*) FROM audit_entries") == 12
    async with shell.engine.connect() as connection:
        assert (
            await connection.scalar(text("SELECT current_setting('transaction_isolation')"))
            == "read committed"
        )


async def test_no_connection_waits_for_ever(owner_url: str) -> None:
    """Also on a server that is not ours, where the role has no limits of its own."""
    engine = db.make_engine(owner_url)
    async with engine.connect() as connection:
        for name, limit in db.LIMITS.items():
            assert await connection.scalar(text(f"SHOW {name}")) == limit
    await engine.dispose()


async def test_isolation_returns_to_normal_after_a_read(clerk: httpx.AsyncClient, shell: Shell) -> None:
    """Reads autocommit on the same pool: the next write on that connection is a transaction again."""
    for number in range(6):
        assert (await clerk.get("/things")).status_code == 200
        refused = await clerk.post(
            "/things/slow", json=THING | {"name": f"n{number}", "parent_id": str(UUID(int=1))}
        )
        assert refused.status_code == 409
    assert (await clerk.get("/things")).json()["items"] == []
    assert shell.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_read_may_take_its_time_and_the_limit_holds_again(shell: Shell) -> None:
    limit = text("SHOW statement_timeout")
    async with work.begin(shell, SYSTEM, reading=True) as unit:
        async with unit.unhurried(30):
            assert await unit.scalar(limit) == "30s"
        assert await unit.scalar(limit) == db.LIMITS["statement_timeout"]
        with pytest.raises(ZeroDivisionError):
            async with unit.unhurried(30):
                raise ZeroDivisionError
        assert await unit.scalar(limit) == db.LIMITS["statement_timeout"]
