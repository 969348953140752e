"""Supervision notices over HTTP; invented data."""

from typing import Any

import httpx

Headers = dict[str, str]


async def sign(
    api: httpx.AsyncClient, headers: Headers, body_id: str, text: str = "穗社党"
) -> dict[str, Any]:
    """A 机关代字 of a body: its representation."""
    plan = {"sign": text, "party_organization_id": body_id}
    made = await api.post("/document-signs", json=plan, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


def plan(sign_id: str | None, *targets: dict[str, str], **fields: Any) -> dict[str, Any]:
    """A supervision letter to be answered in ten working days, unless said otherwise."""
    return {
        "kind": "supervision_letter",
        "title": "关于报送党组织覆盖情况的督办函",
        "paragraphs": [
            {"level": 1, "text": "一、有关情况"},
            {"level": 0, "text": "你单位尚未报送党员情况调查表，请于期限前报送。"},
        ],
        "addressees": list(targets),
        "answer_days": 10,
        **({"sign_id": sign_id} if sign_id else {}),
        **fields,
    }


async def draft(api: httpx.AsyncClient, headers: Headers, body: dict[str, Any]) -> dict[str, Any]:
    """A draft: its representation."""
    made = await api.post("/notices", json=body, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def act(
    api: httpx.AsyncClient, headers: Headers, address: str, tag: str | None = None, **fields: Any
) -> httpx.Response:
    """A verb on something, with the ETag that the caller holds."""
    match = {"If-Match": tag} if tag else {}
    return await api.post(address, json=fields, headers={**headers, **match})


async def step(
    api: httpx.AsyncClient, headers: Headers, row: dict[str, Any], verb: str, **fields: Any
) -> dict[str, Any]:
    """A verb on a notice that must succeed: its representation then."""
    done = await act(api, headers, f"/notices/{row['id']}/{verb}", row["etag"], **fields)
    assert done.is_success, done.text
    return dict(done.json())


async def approved(
    api: httpx.AsyncClient, clerk: Headers, second: Headers, body: dict[str, Any]
) -> dict[str, Any]:
    """A notice that a second person has approved."""
    row = await step(api, clerk, await draft(api, clerk, body), "submit")
    return await step(api, second, row, "approve")


async def issued(
    api: httpx.AsyncClient, clerk: Headers, second: Headers, body: dict[str, Any]
) -> dict[str, Any]:
    """A notice as it was issued."""
    return await step(api, second, await approved(api, clerk, second, body), "issue")


async def addressee(api: httpx.AsyncClient, headers: Headers, addressee_id: str) -> dict[str, Any]:
    """An addressee as it is now."""
    got = await api.get(f"/notice-addressees/{addressee_id}", headers=headers)
    assert got.status_code == 200, got.text
    return dict(got.json())
