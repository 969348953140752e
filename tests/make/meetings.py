"""Meetings over HTTP."""

from typing import Any

import httpx

Headers = dict[str, str]


def plan(body_id: str, **fields: Any) -> dict[str, Any]:
    """A theme day at which everybody was, unless said otherwise."""
    return {
        "party_organization_id": body_id,
        "kind": "theme_day",
        "held_on": "2026-03-05",
        "topic": "学习《中国共产党章程》",
        "rest": "present",
        **fields,
    }


async def meeting(api: httpx.AsyncClient, headers: Headers, body_id: str, **fields: Any) -> dict[str, Any]:
    """A recorded meeting: its representation."""
    made = await api.post("/meetings", json=plan(body_id, **fields), headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())
