"""Party organizations over HTTP."""

from typing import Any
from uuid import UUID

import httpx

Headers = dict[str, str]


async def body(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> dict[str, Any]:
    """An established branch in Nansha unless said otherwise: its representation."""
    plan = {
        "name": "南沙区青年志愿者协会党支部",
        "kind": "branch",
        "formation": "joint",
        "division_code": "440115",
        "founded_on": "2016-07-01",
        **fields,
    }
    made = await api.post("/party-organizations/establish", json=plan, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def cover(
    api: httpx.AsyncClient, headers: Headers, body_id: str, organization_id: UUID | str, **fields: Any
) -> dict[str, Any]:
    """A cover: its representation."""
    plan = {"organization_id": str(organization_id), "from_on": "2017-01-01", **fields}
    made = await api.post(f"/party-organizations/{body_id}/covers", json=plan, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def read(api: httpx.AsyncClient, headers: Headers, body_id: str) -> dict[str, Any]:
    """A Party organization as it is now."""
    got = await api.get(f"/party-organizations/{body_id}", headers=headers)
    assert got.status_code == 200, got.text
    return dict(got.json())


async def act(
    api: httpx.AsyncClient, headers: Headers, body_id: str, verb: str, **fields: Any
) -> httpx.Response:
    """A verb on a body in its present version."""
    tag = (await read(api, headers, body_id))["etag"]
    return await api.post(
        f"/party-organizations/{body_id}/{verb}", json=fields, headers={**headers, "If-Match": tag}
    )
