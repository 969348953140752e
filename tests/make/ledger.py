"""Organizations as the ledger keeps them, row by row: for slices below it, and for histories in bulk."""

from datetime import date
from uuid import UUID

from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.work import Shell, begin

SINCE = date(2015, 1, 1)


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
    row = {
        "id": uuid7(),
        "name": name,
        "kind": kind,
        "status": "deregistered" if ended_on else status,
        "division": division,
        "domicile": domicile or division,
        "since": since,
        "ended": ended_on,
    }
    async with begin(shell, SYSTEM) as work:
        await work.execute(_ORGANIZATION, row)
        await work.execute(_PERIOD, {**row, "period": uuid7(), "status": status, "until": ended_on})
        if ended_on:
            ended = {"period": uuid7(), "status": "deregistered", "since": ended_on, "until": None}
            await work.execute(_PERIOD, {**row, **ended})
    return UUID(str(row["id"]))


_ORGANIZATION = text(
    "INSERT INTO organizations (id, version, name, kind, registration_mode, registration_status,"
    " division_code, domicile_division_code, established_on, ended_on, decoupled, is_trade_association,"
    " foreign_related)"
    " VALUES (:id, 1, :name, :kind, 'direct', :status, :division, :domicile, :since, :ended,"
    " false, false, false)"
)
_PERIOD = text(
    "INSERT INTO organization_periods (id, organization_id, valid, recorded, registration_status, kind,"
    " division_code, domicile_division_code, registration_mode, decoupled)"
    " VALUES (:period, :id, daterange(:since, :until), tstzrange(clock_timestamp(), NULL), :status, :kind,"
    " :division, :domicile, 'direct', false)"
)
