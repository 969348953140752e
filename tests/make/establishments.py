"""Requests to establish a Party organization, over HTTP."""

from typing import Any

import httpx

Headers = dict[str, str]


def asked(committee: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A request for a joint branch in Nansha."""
    return {
        "name": "南沙区青年志愿者协会联合党支部",
        "kind": "branch",
        "formation": "joint",
        "division_code": "440115",
        "parent_id": committee["id"],
        "request_document": "南志协〔2026〕3号",
        "requested_on": "2026-01-31",
        **fields,
    }


async def take(
    api: httpx.AsyncClient, headers: Headers, case: dict[str, Any], verb: str, **fields: Any
) -> httpx.Response:
    """A step of a request in the version that is held."""
    return await api.post(
        f"/establishments/{case['id']}/{verb}",
        json=fields,
        headers={**headers, "If-Match": case["etag"]},
    )
