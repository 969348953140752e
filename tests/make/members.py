"""Members over HTTP; invented people, whose ID numbers are of places and days that nobody was born at."""

from typing import Any

import httpx
from stdnum.cn import ric

from tests.make import party_organizations as bodies

Headers = dict[str, str]
NAME, PHONE = "测试员甲", "13800138000"


def id_number(serial: int) -> str:
    """An ID number with its check digit: born in 1950, of a county code that was never given out."""
    body = (
        f"44019919500101{serial:03d}"
        if serial < 1000
        else f"440199{19500101 + serial // 1000}{serial % 1000:03d}"
    )
    return body + ric.calc_check_digit(body + "0")


def plan(body_id: str, serial: int = 1, **fields: Any) -> dict[str, Any]:
    """A full member as entered, unless said otherwise."""
    return {
        "name": NAME,
        "id_number": id_number(serial),
        "phone": PHONE,
        "status": "full",
        "joined": {"on": "1999-07-01", "precision": "year"},
        "full": {"on": "2000-07-01", "precision": "day"},
        "party_organization_id": body_id,
        "affiliated_on": "2018-03-01",
        **fields,
    }


async def branch(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> str:
    """The id of a branch."""
    return str((await bodies.body(api, headers, **fields))["id"])


async def committee(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> str:
    """The id of a committee, which may send relations nation-wide."""
    plan = {"kind": "committee", "formation": "regional", "name": "南沙区社会组织党委", **fields}
    return str((await bodies.body(api, headers, **plan))["id"])


async def member(
    api: httpx.AsyncClient, headers: Headers, body_id: str, serial: int = 1, **fields: Any
) -> dict[str, Any]:
    """A recorded member: its representation."""
    made = await api.post("/members", json=plan(body_id, serial, **fields), headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def read(api: httpx.AsyncClient, headers: Headers, member_id: str) -> dict[str, Any]:
    """A member as it is now."""
    got = await api.get(f"/members/{member_id}", headers=headers)
    assert got.status_code == 200, got.text
    return dict(got.json())


async def act(
    api: httpx.AsyncClient, headers: Headers, address: str, tag: str, **fields: Any
) -> httpx.Response:
    """A verb on something of which the caller holds this ETag."""
    return await api.post(address, json=fields, headers={**headers, "If-Match": tag})
