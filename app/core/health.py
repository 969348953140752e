"""Is it alive, is it ready, how does it do: `/livez`, `/readyz`, `/metrics`.

Ready is what this process needs to answer: the database, its tables, room on the disk, and not being about to
end. What others owe (the worker, a standby, whoever holds a transaction open) makes it `degraded`, with 200:
taking the API away as well would mend none of it. No check names a host, a path or a value.
"""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text

from app.core import work
from app.core.access import SYSTEM
from app.core.middleware import Metrics
from app.core.work import Shell

LAG_SECONDS = 300
"""A worker that is so far behind, or a standby, is reported."""
HELD_SECONDS = 60
"""So long may a transaction keep events from being told; the service's own stand for 15 s at most."""
LAG_BYTES = 1024**3
FREE_BYTES, FREE_SHARE = 512 * 1024**2, 0.1
"""Below the first nothing is accepted any more; below the second it is reported."""
REQUIRED = frozenset({"process", "database", "migrations", "disk"})

Checks = dict[str, dict[str, Any]]

STATE = text("""
SELECT (SELECT version_num FROM alembic_version) AS revision,
    coalesce((SELECT extract(epoch FROM clock_timestamp() - min(occurred_at))
        FROM events WHERE reacted_at IS NULL AND attempts < 5), 0)::float8 AS reactions,
    coalesce((SELECT extract(epoch FROM clock_timestamp() - min(due_at))
        FROM registry_events WHERE state = 'pending' AND due_at <= clock_timestamp()), 0)::float8 AS inbox,
    coalesce((SELECT extract(epoch FROM clock_timestamp() - min(occurred_at))
        FROM events WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())), 0)::float8 AS untold,
    pg_snapshot_xmin(pg_current_snapshot())::text AS horizon,
    pg_snapshot_xmax(pg_current_snapshot())::text AS next,
    coalesce((SELECT max(xid) FROM events) >= pg_snapshot_xmax(pg_current_snapshot()), false) AS ahead,
    pg_is_in_recovery() AS standby,
    CASE WHEN pg_is_in_recovery() THEN
        extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 END AS replayed,
    (SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical') AS standbys,
    (SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT active) AS away,
    CASE WHEN pg_is_in_recovery() THEN 0 ELSE coalesce((
        SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))
        FROM pg_replication_slots WHERE slot_type = 'physical'), 0) END::float8 AS bytes
""")
"""Everything in one round trip. Each part is answered by an index, however long the tables are."""


@dataclass(slots=True)
class Horizon:
    """Since when the oldest transaction that runs has been the oldest. Any session of the whole server holds
    it, of any database, and prepared transactions do: who reads `pg_stat_activity` finds out which."""

    at: str = ""
    since: float = field(default_factory=time.monotonic)

    def held(self, at: str, following: str) -> float:
        """Seconds that it has stood still while something runs."""
        if at != self.at or at == following:
            self.at, self.since = at, time.monotonic()
        return time.monotonic() - self.since


class Gauges:
    """What `/readyz` finds, as numbers to watch."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, told: str, *labels: str) -> Gauge:
            return Gauge(f"jiceng_{name}", told, labels, registry=registry)

        self.ready = gauge("ready", "1 when this process is ready")
        self.good = gauge("check_ok", "1 when a check of /readyz is good", "check")
        self.numbers = gauge("check_value", "What a check of /readyz found", "check", "value")

    def show(self, checks: Checks) -> None:
        self.ready.set(_ready(checks))
        self.good.clear()
        self.numbers.clear()
        for name, check in checks.items():
            self.good.labels(name).set(check["ok"])
            for key, value in check.items():
                if key != "ok" and isinstance(value, int | float):
                    self.numbers.labels(name, key).set(value)


def install(app: FastAPI, metrics: Metrics) -> None:
    """Add the three addresses outside the API's base path."""
    horizon, gauges = Horizon(), Gauges(metrics.registry)

    async def look(request: Request) -> Checks:
        state = request.app.state
        checks = await readiness(state.shell, horizon)
        return {"process": {"ok": not getattr(state, "draining", False)}, **checks}

    async def livez(_: Request) -> Response:
        return Response('{"status":"alive"}', media_type="application/json")

    async def readyz(request: Request) -> Response:
        checks = await look(request)
        ready = _ready(checks)
        faults = [name for name, check in checks.items() if not check["ok"] or check.get("low")]
        status = "not_ready" if not ready else "degraded" if faults else "ready"
        body = {"status": status, "failing": faults, "checks": checks}
        return Response(orjson.dumps(body), 200 if ready else 503, media_type="application/json")

    async def exposed(request: Request) -> Response:
        gauges.show(await look(request))
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    app.add_route("/livez", livez, include_in_schema=False)
    app.add_route("/readyz", readyz, include_in_schema=False)
    app.add_route("/metrics", exposed, include_in_schema=False)


async def readiness(shell: Shell, horizon: Horizon) -> Checks:
    """Each check by name: whether it is good, and the numbers that it is judged by."""
    checks: Checks = {"disk": disk(shell.settings.data_dir)}
    try:
        async with work.begin(shell, SYSTEM, reading=True) as unit:
            found = (await unit.execute(STATE)).one()
    except Exception as error:  # noqa: BLE001 (whatever is wrong with the database, the answer is "not ready")
        return {"database": {"ok": False, "kind": type(error).__name__}, **checks}
    held = horizon.held(found.horizon, found.next)
    checks["database"] = {"ok": True, "standby": found.standby}
    head = shell.migration_head
    checks["migrations"] = {"ok": found.revision == head, "at": found.revision, "head": head}
    checks["worker"] = {
        "ok": max(found.reactions, found.inbox) < LAG_SECONDS,
        "lag_seconds": round(found.reactions, 1),
        "inbox_seconds": round(found.inbox, 1),
    }
    checks["events"] = {
        "ok": max(found.untold, held) < HELD_SECONDS and not found.ahead,
        "untold_seconds": round(found.untold, 1),
        "transaction_seconds": round(held, 1),
        "counter_behind": found.ahead,
    }
    if found.standbys or found.standby:
        late = found.replayed or 0.0
        checks["replication"] = {
            "ok": not found.away and found.bytes < LAG_BYTES and late < LAG_SECONDS,
            "standbys": found.standbys,
            "away": found.away,
            "lag_bytes": int(found.bytes),
            "lag_seconds": round(late, 1),
        }
    return checks


def disk(place: Path) -> dict[str, Any]:
    """Room where DATA_DIR lies, or will."""
    there = place.absolute()
    while not there.exists():
        there = there.parent
    usage = shutil.disk_usage(there)
    low = usage.free < usage.total * FREE_SHARE
    return {"ok": usage.free >= FREE_BYTES, "low": low, "free_bytes": usage.free, "total_bytes": usage.total}


def _ready(checks: Checks) -> bool:
    return all(check["ok"] for name, check in checks.items() if name in REQUIRED)
