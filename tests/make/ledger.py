"""Organizations as the ledger keeps them, row by row: for slices below it, and for histories in bulk."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.work import Shell, Work, begin
from app.divisions import commands as divisions

SINCE = date(2015, 1, 1)
APP = Path(__file__).parents[2] / "app"


async def country(shell: Shell) -> None:
    """The national table of divisions, unless this database has it."""
    async with begin(shell, SYSTEM) as work:
        await divisions.load_defaults(work)


async def organization(
    shell: Shell,
    *,
    division: str = "440115",
    domicile: str | None = None,
    name: str = "南沙区青年志愿者协会",
    kind: str = "association",
    status: str = "normal",
    since: date = SINCE,
    ended_on: date | None = None,
) -> UUID:
    """A registered organization with its one period; with `ended_on` a second one, deregistered."""
    async with begin(shell, SYSTEM) as work:
        return await add_organization(
            work, division, domicile or division, name, kind, status, since, ended_on
        )


async def add_organization(
    work: Work,
    division: str,
    domicile: str | None,
    name: str,
    kind: str,
    status: str,
    since: date,
    ended_on: date | None,
) -> UUID:
    """The same inside a transaction that is already open."""
    row = {
        "id": uuid7(),
        "name": name,
        "kind": kind,
        "status": "deregistered" if ended_on else status,
        "division": division,
        "domicile": domicile,
        "since": since,
        "ended": ended_on,
    }
    await work.execute(_ORGANIZATION, row)
    await work.execute(_PERIOD, {**row, "period": uuid7(), "status": status, "until": ended_on})
    if ended_on:
        ended = {"period": uuid7(), "status": "deregistered", "since": ended_on, "until": None}
        await work.execute(_PERIOD, {**row, **ended})
    return row["id"]


_ORGANIZATION = text(
    "INSERT INTO organizations (id, version, name, kind, registration_mode, registration_status, division_code,"
    " domicile_division_code, established_on, ended_on, decoupled, is_trade_association, foreign_related)"
    " VALUES (:id, 1, :name, :kind, 'direct', :status, :division, :domicile, :since, :ended,"
    " false, false, false)"
)
_PERIOD = text(
    "INSERT INTO organization_periods (id, organization_id, valid, recorded, registration_status, kind,"
    " division_code, domicile_division_code, registration_mode, decoupled)"
    " VALUES (:period, :id, daterange(:since, :until), tstzrange(clock_timestamp(), NULL), :status, :kind,"
    " :division, :domicile, 'direct', false)"
)


async def packs(shell: Shell) -> None:
    """The rule packs that ship with the slices, published, unless this database has them."""
    async with begin(shell, SYSTEM) as work:
        for file in sorted(APP.glob("*/data/rule_packs/*.json")):
            pack = json.loads(file.read_text())
            values = {**pack, "id": uuid7(), "effective_on": date.fromisoformat(pack["effective_on"])}
            await work.execute(_PACK, {**values, "content": json.dumps(pack["content"], ensure_ascii=False)})


_PACK = text(
    "INSERT INTO rule_packs (id, kind, code, version, jurisdiction_code, effective_on, source, content, state,"
    " published_at, revision) VALUES (:id, :kind, :code, :version, :jurisdiction_code, :effective_on, :source,"
    " CAST(:content AS jsonb), 'published', now(), 1) ON CONFLICT DO NOTHING"
)
