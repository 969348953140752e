"""Is it alive, is it ready, how does it do: `/livez`, `/readyz`, `/metrics`."""

from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from app.core import work
from app.core.access import SYSTEM
from app.core.middleware import Metrics
from app.core.work import Shell

LAG_SECONDS = 300


def install(app: FastAPI, metrics: Metrics) -> None:
    """Add the three addresses outside the API's base path."""

    async def livez(_: Request) -> Response:
        return Response('{"status":"alive"}', media_type="application/json")

    async def readyz(request: Request) -> Response:
        checks = await readiness(request.app.state.shell)
        good = all(check["ok"] for check in checks.values())
        body = {"status": "ready" if good else "not_ready", "checks": checks}
        return Response(orjson.dumps(body), 200 if good else 503, media_type="application/json")

    async def exposed(_: Request) -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    app.add_route("/livez", livez, include_in_schema=False)
    app.add_route("/readyz", readyz, include_in_schema=False)
    app.add_route("/metrics", exposed, include_in_schema=False)


async def readiness(shell: Shell) -> dict[str, dict[str, Any]]:
    """The database answers, the migrations are at their head, and the worker keeps up."""
    try:
        async with work.begin(shell, SYSTEM, reading=True) as unit:
            head = await unit.scalar(text("SELECT version_num FROM alembic_version"))
            lag = await unit.scalar(
                text(
                    "SELECT coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float8 "
                    "FROM events WHERE reacted_at IS NULL AND attempts < 5"
                )
            )
    except Exception as error:  # noqa: BLE001 (whatever is wrong with the database, the answer is "not ready")
        return {"database": {"ok": False, "kind": type(error).__name__}}
    return {
        "database": {"ok": True},
        "migrations": {"ok": head == shell.migration_head, "at": head, "head": shell.migration_head},
        "worker": {"ok": lag < LAG_SECONDS, "lag_seconds": round(lag, 1)},
    }
