"""Terms, posts and elections over HTTP."""

from typing import Any

import httpx

from tests.make import members as people

Headers = dict[str, str]
REVIEW = {"reviewed_on": "2024-05-20", "opinion": "suitable", "document": "考察材料〔2024〕1号"}


def ballot(role: str, votes: dict[str, int], seats: int = 1, **fields: Any) -> dict[str, Any]:
    """A vote of an assembly of eight, all present; a candidate for secretary brings a review."""
    review = {"review": REVIEW} if role == "secretary" else {}
    return {
        "role": role,
        "kind": "assembly",
        "due": 8,
        "present": 8,
        "seats": seats,
        "candidates": [{"member_id": who, "votes": count, **review} for who, count in votes.items()],
        **fields,
    }


def record(*ballots: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An election of 1 June 2024."""
    return {
        "held_on": "2024-06-01",
        "ballots": list(ballots),
        "document": "选举结果报告〔2024〕1号",
        **fields,
    }


async def members(
    api: httpx.AsyncClient, headers: Headers, body_id: str, number: int = 8, first: int = 1
) -> list[str]:
    """So many full members of a branch: their ids."""
    made = [
        await people.member(api, headers, body_id, serial, name=f"测试员{serial:03d}")
        for serial in range(first, first + number)
    ]
    return [str(member["id"]) for member in made]


async def post(
    api: httpx.AsyncClient, headers: Headers, address: str, body: Any, status: int = 201, **more: str
) -> dict[str, Any]:
    """A POST that must answer with this status."""
    answer = await api.post(address, json=body, headers={**headers, **more})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def confirm(
    api: httpx.AsyncClient, headers: Headers, election: dict[str, Any], status: int = 200, **fields: Any
) -> dict[str, Any]:
    """The superior's consent."""
    body = {"on": "2024-06-10", "document": "穗社党复〔2024〕3号", **fields}
    return await post(
        api,
        headers,
        f"/party-elections/{election['id']}/confirm",
        body,
        status,
        **{"If-Match": election["etag"]},
    )
