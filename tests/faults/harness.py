"""Senders that retry, a service whose processes are killed, and the equations that must come out."""

import asyncio
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from app.core import signing
from tests.make.organizations import credit_code

ROOT = Path(__file__).parents[2]
SOURCE = "nansha-civil-affairs"
READY_WITHIN = 300.0
PATIENCE = 120.0
STANDSTILL = 45.0
"""Seconds without progress: longer than the lease of what a killed worker held."""


@dataclass(slots=True)
class Service:
    """`jiceng run` in a directory of its own, on a durable PostgreSQL of its own."""

    directory: Path
    port: int
    build: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("JICENG", "DATABASE"))}
        place = {"DATA_DIR": str(self.directory), "PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        with (self.directory / "service.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("launcher.py")), self.build, "run"],
                env=clean | place,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def workers(self) -> list[psutil.Process]:
        """The API and the worker: forked children, not PostgreSQL."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if "postgres" not in child.name()]

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.directory / "postgres" / "postmaster.pid").read_text().split()[0]))

    async def ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        async with httpx.AsyncClient(base_url=self.base, trust_env=False) as client:
            while time.monotonic() < deadline:
                try:
                    if (await client.get("/readyz", timeout=3)).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError((self.directory / "service.log").read_text()[-3000:])

    def kill_one(self, dice: random.Random) -> None:
        """Kill -9 the API or the worker."""
        found = self.workers()
        if found:
            dice.choice(found).kill()

    def kill_postgres(self, dice: random.Random) -> None:
        """Kill -9 the postmaster, or one of its backends, which makes the whole cluster recover."""
        try:
            master = self.postmaster()
            backends = [p for p in master.children() if "jiceng" in " ".join(p.cmdline())]
            dice.choice([master, *backends[:3]]).kill()
        except (psutil.NoSuchProcess, FileNotFoundError, ValueError, IndexError):
            return


@dataclass(slots=True)
class Ledger:
    """What the senders know: each message by its id, which of them were acknowledged, and the staff that
    each organization has by the last of its changes. Beside it: how the service answered meanwhile."""

    sent: dict[str, bytes] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    rude: int = 0
    served: list[tuple[float, float]] = field(default_factory=list)

    def recoveries(self, kills: list[float]) -> list[float]:
        """Seconds from each kill to the first acknowledgement of what was sent after it."""
        found = (min((end for begun, end in self.served if begun >= at), default=None) for at in kills)
        return [end - at for end, at in zip(found, kills, strict=True) if end is not None]


@dataclass(slots=True)
class Senders:
    """Registries that push registrations and changes of what they registered, and retry what was not
    acknowledged, with the same id and a new signature, as Standard Webhooks 1.0 has it. Each rests for
    `pause` seconds after a message."""

    service: Service
    secret: str
    ledger: Ledger
    pause: float = 0.0
    stopped: bool = False
    given_up: float = 0.0

    async def run(self, count: int) -> None:
        async with httpx.AsyncClient(base_url=self.service.base, trust_env=False, timeout=10) as client:
            await asyncio.gather(*(self._send(client) for _ in range(count)))

    async def _send(self, client: httpx.AsyncClient) -> None:
        while not self.stopped:
            code = credit_code(len(self.ledger.sent) + 1)
            await self._push(client, code, registration(code))
            for day in (3, 4):
                if not self.stopped:
                    self.ledger.staff[code] = len(self.ledger.sent)
                    await self._push(client, code, change(code, self.ledger.staff[code], day))

    async def _push(self, client: httpx.AsyncClient, code: str, message: dict[str, Any]) -> None:
        message_id = f"msg_{secrets.token_hex(12)}"
        body = json.dumps(message, ensure_ascii=False).encode()
        self.ledger.sent[message_id], self.ledger.codes[message_id] = body, code
        await self._until_acknowledged(client, message_id, body)
        await asyncio.sleep(self.pause)

    async def _until_acknowledged(self, client: httpx.AsyncClient, message_id: str, body: bytes) -> None:
        while not self.given_up or time.monotonic() < self.given_up:
            headers = signing.sign([self.secret], message_id, datetime.now(UTC), body)
            begun = time.monotonic()
            try:
                response = await client.post(
                    f"/api/v1/webhooks/registries/{SOURCE}",
                    content=body,
                    headers={**headers, "Content-Type": "application/json"},
                )
            except httpx.TransportError:
                self.ledger.retries += 1
                await asyncio.sleep(0.1)
                continue
            if response.status_code == httpx.codes.ACCEPTED:
                self.ledger.acknowledged.add(message_id)
                self.ledger.served.append((begun, time.monotonic()))
                return
            self.ledger.retries += 1
            if response.status_code != 503 or "retry-after" not in response.headers:
                self.ledger.rude += 1
            if response.status_code < httpx.codes.INTERNAL_SERVER_ERROR and response.status_code != 429:
                self.ledger.refused[message_id] = response.status_code
                return
            await asyncio.sleep(0.2)

    def finish(self) -> None:
        """No new messages; what is unknown is driven to an end."""
        self.stopped, self.given_up = True, time.monotonic() + PATIENCE


def registration(code: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "type": "organization.registered",
        "occurred_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "effective_on": "2026-03-02",
        "data": {
            "credit_code": code,
            "name": f"广州市南沙区示例{code[8:17]}协会",
            "kind": "association",
            "registration_mode": "direct",
            "division_code": "440115",
            "registration_authority": {"name": "广州市南沙区民政局", "division_code": "440115"},
        },
    }


def change(code: str, staff: int, day: int) -> dict[str, Any]:
    """A change of the staff that takes effect on a day after the registration."""
    return registration(code) | {
        "type": "organization.changed",
        "effective_on": f"2026-03-{day:02d}",
        "data": {"organization": {"credit_code": code}, "changes": {"staff_count": staff}},
    }


async def play(
    service: Service,
    *,
    kills: int,
    kill: Callable[[random.Random], None],
    senders: int,
    seed: int,
    settled: bool = True,
    pause: float = 0.0,
) -> tuple[Ledger, dict[str, int]]:
    """Push while killing; then drive everything to an end (what is stored is applied, if `settled`), and
    count."""
    dice, ledger, killed = random.Random(seed), Ledger(), []  # noqa: S311 (which process dies)
    await service.ready()
    secret = json.loads((service.directory / "registry.json").read_text())["secret"]
    party = Senders(service, secret, ledger, pause)
    sending = asyncio.create_task(party.run(senders))
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(0.3, 0.9))
        kill(dice)
        killed.append(time.monotonic())
        await service.ready()
    party.finish()
    await sending
    await service.ready()
    longest = max(ledger.recoveries(killed), default=0.0)
    figures = {"retries": ledger.retries, "longest_recovery_ms": round(longest * 1000)}
    return ledger, figures | await count(service, ledger, settled=settled)


async def count(service: Service, ledger: Ledger, *, settled: bool) -> dict[str, int]:
    """The equations of a run, once the worker has applied what is stored: what was sent, acknowledged and
    stored is one number, and the rest is zero."""
    passwords = json.loads((service.directory / "postgres.json").read_text())
    connection = await asyncpg.connect(
        host=str(service.directory / "postgres"),
        user="jiceng_owner",
        password=passwords["jiceng_owner"],
        database="jiceng",
    )
    try:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            assert await connection.fetchval("SELECT current_setting($1)", name) == "on", name
        if settled:
            await caught_up(connection)
        stored = dict(await connection.fetch("SELECT webhook_id, state FROM registry_events"))
        staff = dict(await connection.fetch("SELECT credit_code, staff_count FROM organizations"))
        registered = dict(await connection.fetch(REGISTERED))
        twice = await connection.fetchval(TWICE)
        half = await connection.fetchval(HALF)
        audited = await connection.fetchval(
            "SELECT count(*) FROM audit_entries WHERE action = 'registry_event.received'"
        )
    finally:
        await connection.close()
    done = ledger.acknowledged
    return {
        "sent": len(ledger.sent),
        "acknowledged": len(done),
        "stored": len(stored),
        "refused": len(ledger.refused),
        "rude": ledger.rude,
        "lost": sum(1 for each in done if each not in stored),
        "ghost": sum(1 for each in stored if each not in ledger.sent),
        "not_applied": sum(1 for each in done if stored.get(each, "applied") != "applied"),
        "missing": sum(1 for code in {ledger.codes[e] for e in done} if code not in registered),
        "twice": twice + sum(times - 1 for times in registered.values()),
        "half": half,
        "wrong": sum(1 for code in registered if staff[code] != ledger.staff.get(code)),
        "audit_gap": abs(audited - len(stored)),
    }


async def caught_up(connection: asyncpg.Connection) -> None:
    """Wait until all is applied, or nothing has moved for a while: what is left counts as not applied."""
    last, since = None, time.monotonic()
    while time.monotonic() < since + STANDSTILL:
        left = await connection.fetch(WAITING)
        if not left:
            return
        if left != last:
            last, since = left, time.monotonic()
        await asyncio.sleep(0.3)


WAITING = """
SELECT state, count(*), sum(attempts) FROM registry_events
WHERE state IN ('pending', 'parked') GROUP BY state ORDER BY state
"""
"""A change that was taken up before its registration is parked until that is applied."""
REGISTERED = """
SELECT o.credit_code, (SELECT count(*) FROM audit_entries a
    WHERE a.subject_id = o.id AND a.action = 'organization.registered') FROM organizations o
"""
TWICE = """
SELECT count(*) FROM (
    SELECT e.id FROM registry_events e LEFT JOIN organization_facts f ON f.event_id = e.id
    WHERE e.state = 'applied' AND e.type = 'organization.changed' GROUP BY e.id HAVING count(f.id) <> 1
    UNION ALL
    SELECT f.event_id FROM organization_facts f WHERE f.event_id IS NOT NULL
    GROUP BY f.event_id, f.organization_id, f.fact HAVING count(*) > 1
) AS other_than_once
"""
"""Messages whose effect is there other than exactly once."""
HALF = """
SELECT count(*) FROM organizations o
WHERE NOT EXISTS (SELECT FROM organization_periods p
        WHERE p.organization_id = o.id AND upper_inf(p.recorded))
    OR NOT EXISTS (SELECT FROM responsibilities r
        WHERE r.organization_id = o.id AND r.relation = 'lead' AND upper_inf(r.recorded))
    OR NOT EXISTS (SELECT FROM organization_facts f WHERE f.organization_id = o.id)
    OR (SELECT count(*) FROM duties d WHERE d.organization_id = o.id) < 3
"""
"""Organizations of which a part is missing that the same transaction writes."""
