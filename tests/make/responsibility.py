"""A city with everybody who could answer, over HTTP: Guangzhou and its district Nansha; all invented data."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.make import authorities, party_organizations

Headers = dict[str, str]


@dataclass(slots=True)
class City:
    """The bodies and authorities that were set up, by name."""

    api: httpx.AsyncClient
    headers: Headers
    bodies: dict[str, str] = field(default_factory=dict)
    authorities: dict[str, str] = field(default_factory=dict)

    async def body(self, name: str, division: str, **fields: Any) -> str:
        """A Party committee that stands in a division."""
        plan = {"kind": "committee", "formation": "regional", "division_code": division, **fields}
        made = await party_organizations.body(self.api, self.headers, name=name, **plan)
        self.bodies[name] = made["id"]
        return str(made["id"])

    async def function(
        self, body: str, function: str, division: str, since: str = "2018-01-01", industry: str | None = None
    ) -> str:
        """A part that a body plays for a division."""
        plan = {"function": function, "division_code": division, "from_on": since, "industry": industry}
        made = await self.api.post(
            f"/party-organizations/{self.bodies[body]}/functions",
            json={key: value for key, value in plan.items() if value is not None},
            headers=self.headers,
        )
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def authority(self, name: str, division: str, *roles: str, body: str | None = None) -> str:
        """An authority with its roles and, perhaps, its Party body."""
        fields: dict[str, Any] = {"roles": [{"role": role, "from_on": "2018-01-01"} for role in roles]}
        if body is not None:
            fields["party_organization_id"] = self.bodies[body]
        made = await authorities.authority(
            self.api, self.headers, name=name, division_code=division, **fields
        )
        self.authorities[name] = made["id"]
        return str(made["id"])

    async def organization(self, **fields: Any) -> dict[str, Any]:
        """An association that Nansha registered directly, unless said otherwise: its representation."""
        plan = {
            "name": "南沙区青年志愿者协会",
            "kind": "association",
            "registration_mode": "direct",
            "division_code": "440115",
            "established_on": "2026-03-02",
            **fields,
        }
        made = await self.api.post("/organizations", json=plan, headers=self.headers)
        assert made.status_code == 201, made.text
        return dict(made.json())

    async def answer(self, organization_id: str, **query: str) -> dict[str, Any]:
        """Who answers for an organization."""
        found = await self.api.get(
            f"/organizations/{organization_id}/responsibility", params=query, headers=self.headers
        )
        assert found.status_code == 200, found.text
        return {**found.json(), "etag": found.headers["ETag"]}


async def city(api: httpx.AsyncClient, headers: Headers) -> City:
    """Nansha's committee for social organizations, the city's, the committee that guides, and a bureau."""
    made = City(api, headers)
    await made.body("广州市社会组织党委", "440100")
    await made.function("广州市社会组织党委", "comprehensive_committee", "440100")
    await made.body("南沙区社会组织党委", "440115")
    await made.function("南沙区社会组织党委", "comprehensive_committee", "440115")
    await made.body("南沙区委两新工委", "440115", kind="working_committee", formation=None)
    await made.authority("南沙区委社会工作部", "440115", "social_work_department", body="南沙区委两新工委")
    await made.body("南沙区民政局党委", "440115")
    await made.authority(
        "南沙区民政局", "440115", "registration_authority", "civil_affairs", body="南沙区民政局党委"
    )
    await made.body("南沙区教育局党委", "440115")
    await made.authority("南沙区教育局", "440115", "supervisory_unit", body="南沙区教育局党委")
    return made


async def street(api: httpx.AsyncClient, administrator: Headers, code: str, name: str, parent: str) -> None:
    """A street office, which the national table of divisions does not have."""
    plan = {
        "code": code,
        "name": name,
        "kind": "subdistrict",
        "level": "township",
        "parent_code": parent,
        "from_on": "2015-01-01",
        "source": "test",
    }
    made = await api.post("/divisions", json=plan, headers=administrator)
    assert made.status_code == 201, made.text
