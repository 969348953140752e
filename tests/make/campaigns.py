"""Campaigns over HTTP, and places with many organizations, made by few statements; invented data."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy.dialects.postgresql import Range

from app.core import bulk
from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.work import Shell, begin
from app.organizations.models import Organization, OrganizationPeriod
from app.party_organizations.models import Cover

Headers = dict[str, str]
SINCE, KNOWN = date(2016, 5, 4), datetime(2016, 5, 4, tzinfo=UTC)


async def organizations(shell: Shell, count: int, *divisions: str, **fields: Any) -> list[UUID]:
    """So many associations, in these divisions by turns, with what coverage counts of them."""
    ids = [uuid7() for _ in range(count)]
    rows, periods = [], []
    for number, each in enumerate(ids):
        division = divisions[number % len(divisions)]
        plan = {
            "kind": "association",
            "registration_mode": "direct",
            "registration_status": "normal",
            "division_code": division,
            "decoupled": False,
        }
        rows.append(
            {
                "id": each,
                "version": 1,
                "name": f"{division}第{number + 1}协会",
                "is_trade_association": False,
                "foreign_related": False,
                "established_on": SINCE,
                **plan,
                **fields,
            }
        )
        periods.append(
            {"organization_id": each, "valid": Range(SINCE, None), "recorded": Range(KNOWN, None), **plan}
        )
    async with begin(shell, SYSTEM) as work:
        await bulk.insert(work, Organization, rows)
        await bulk.insert(work, OrganizationPeriod, periods)
        work.mark(ids)
    return ids


async def covered(
    shell: Shell, body_id: str, ids: Sequence[UUID], since: Sequence[date] = (date(2017, 1, 1),)
) -> None:
    """These organizations are covered by a body, since these days by turns."""
    async with begin(shell, SYSTEM) as work:
        await bulk.insert(
            work,
            Cover,
            [
                {
                    "cover_id": uuid7(),
                    "version": 1,
                    "party_organization_id": UUID(body_id),
                    "organization_id": each,
                    "formation": "joint",
                    "valid": Range(since[number % len(since)], None),
                    "recorded": Range(KNOWN, None),
                }
                for number, each in enumerate(ids)
            ],
        )
        work.mark(ids)


async def post(
    api: httpx.AsyncClient, headers: Headers, address: str, tag: str | None = None, **fields: Any
) -> dict[str, Any]:
    """A verb that must succeed: what came of it."""
    match = {} if tag is None else {"If-Match": tag}
    answer = await api.post(address, json=fields, headers={**headers, **match})
    assert answer.is_success, answer.text
    return dict(answer.json())


async def get(api: httpx.AsyncClient, headers: Headers, address: str, **query: Any) -> dict[str, Any]:
    """What is read."""
    answer = await api.get(address, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def campaign(
    api: httpx.AsyncClient,
    headers: Headers,
    *,
    drawn_from: str | None = "uncovered",
    start: bool = True,
    **fields: Any,
) -> dict[str, Any]:
    """A hundred days in Guangzhou from 1 March 2026, drawn as of that day and started, unless said
    otherwise: the representation."""
    plan = {
        "kind": "hundred_days",
        "name": "广州市社会组织党建百日攻坚",
        "division_code": "440100",
        "starts_on": "2026-03-01",
        **fields,
    }
    made = await post(api, headers, "/campaigns", **plan)
    address = f"/campaigns/{made['id']}"
    if drawn_from is not None:
        order = {"list": drawn_from, "as_of": plan["starts_on"]}
        made = await post(api, headers, f"{address}/draw", made["etag"], **order)
    return await post(api, headers, f"{address}/start", made["etag"]) if start else made
