"""Authorities over HTTP, named as in the source documents; all invented data."""

from typing import Any

import httpx

Headers = dict[str, str]


async def authority(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> dict[str, Any]:
    """An authority: the civil affairs department of Guangdong unless said otherwise."""
    plan = {
        "name": "广东省民政厅",
        "division_code": "440000",
        "roles": [
            {"role": "registration_authority", "from_on": "1998-10-25"},
            {"role": "civil_affairs", "from_on": "1998-10-25"},
        ],
        **fields,
    }
    made = await api.post("/authorities", json=plan, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def approval_bureau(api: httpx.AsyncClient, headers: Headers) -> dict[str, Any]:
    """A bureau that registers in Nansha since the reform of 2019."""
    roles = [
        {"role": "registration_authority", "from_on": "2019-03-01"},
        {"role": "approval_bureau", "from_on": "2019-03-01"},
    ]
    return await authority(api, headers, name="广州市南沙区行政审批局", division_code="440115", roles=roles)


async def education_bureau(api: httpx.AsyncClient, headers: Headers) -> dict[str, Any]:
    """A department that supervises organizations and answers for an industry."""
    roles = [
        {"role": "supervisory_unit", "from_on": "2004-06-01"},
        {"role": "industry_authority", "industry": "education", "from_on": "2004-06-01"},
    ]
    return await authority(api, headers, name="广州市教育局", division_code="440100", roles=roles)
