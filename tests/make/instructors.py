"""Instructors over HTTP; invented people."""

from typing import Any

import httpx

Headers = dict[str, str]


async def instructor(api: httpx.AsyncClient, headers: Headers, body_id: str, **fields: Any) -> dict[str, Any]:
    """Somebody who serves Guangzhou for three years, unless said otherwise: the representation."""
    plan = {
        "name": "测试员乙",
        "phone": "13800138001",
        "source": "dispatched",
        "party_organization_id": body_id,
        "division_code": "440100",
        "from_on": "2025-01-01",
        "until_on": "2028-01-01",
        **fields,
    }
    made = await api.post("/instructors", json=plan, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def assign(
    api: httpx.AsyncClient, headers: Headers, instructor_id: str, organization_id: str, **fields: Any
) -> httpx.Response:
    """Give an organization to an instructor."""
    plan = {
        "instructor_id": instructor_id,
        "organization_id": organization_id,
        "from_on": "2025-03-01",
        **fields,
    }
    return await api.post("/instructor-assignments", json=plan, headers=headers)


async def act(
    api: httpx.AsyncClient, headers: Headers, address: str, tag: str, **fields: Any
) -> httpx.Response:
    """A verb on something of which the caller holds this ETag."""
    return await api.post(address, json=fields, headers={**headers, "If-Match": tag})


async def read(api: httpx.AsyncClient, headers: Headers, instructor_id: str) -> dict[str, Any]:
    """An instructor as they are now."""
    got = await api.get(f"/instructors/{instructor_id}", headers=headers)
    assert got.status_code == 200, got.text
    return dict(got.json())
