"""Organizations over HTTP and as registries state them; invented data only."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text
from stdnum.cn import uscc

from app.core.access import SYSTEM, Role
from app.core.db import uuid7
from app.core.work import Shell, begin
from app.identity import commands as identity
from app.organizations import commands, rules

Headers = dict[str, str]
NAME = "广州市南沙区青年志愿者协会"
NANSHA, GUANGZHOU, NINGBO = "440115", "440100", "330200"
ESTABLISHED = "2016-05-04"
REGISTRY = "gz_civil_affairs"


def credit_code(serial: int = 1, *, kind: str = "51", division: str = NANSHA) -> str:
    """A credit code with its check digit."""
    body = f"{kind}{division}MJL{serial:06d}"
    return body + uscc.calc_check_digit(body)


def wrong_check_digit(serial: int = 1) -> str:
    """A credit code whose last character is another than it should be."""
    code = credit_code(serial)
    return code[:17] + ("1" if code[17] != "1" else "2")


def registration(**fields: Any) -> dict[str, Any]:
    """A registration as it is posted: an association in Nansha unless said otherwise."""
    return {
        "name": NAME,
        "kind": "association",
        "registration_mode": "direct",
        "division_code": NANSHA,
        "established_on": ESTABLISHED,
        **fields,
    }


async def organization(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> dict[str, Any]:
    """A registered organization: its representation."""
    made = await api.post("/organizations", json=registration(**fields), headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def read(api: httpx.AsyncClient, headers: Headers, organization_id: str | UUID) -> dict[str, Any]:
    """An organization as it is now."""
    got = await api.get(f"/organizations/{organization_id}", headers=headers)
    assert got.status_code == 200, got.text
    return dict(got.json())


async def patch(
    api: httpx.AsyncClient, headers: Headers, organization_id: str | UUID, **fields: Any
) -> httpx.Response:
    """A change in the present version."""
    tag = (await read(api, headers, organization_id))["etag"]
    return await api.patch(
        f"/organizations/{organization_id}", json=fields, headers={**headers, "If-Match": tag}
    )


async def act(
    api: httpx.AsyncClient, headers: Headers, organization_id: str | UUID, verb: str, **fields: Any
) -> httpx.Response:
    """A verb in the present version."""
    tag = (await read(api, headers, organization_id))["etag"]
    return await api.post(
        f"/organizations/{organization_id}/{verb}", json=fields, headers={**headers, "If-Match": tag}
    )


async def add(
    api: httpx.AsyncClient, headers: Headers, organization_id: str | UUID, kind: str, **fields: Any
) -> dict[str, Any]:
    """A dated record: its representation."""
    made = await api.post(f"/organizations/{organization_id}/{kind}", json=fields, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


def by_registry(
    effective_on: date | str, sequence: int | None = None, *, source: str = REGISTRY, rank: int = 50
) -> rules.Origin:
    """The origin of what a registry states."""
    day = date.fromisoformat(effective_on) if isinstance(effective_on, str) else effective_on
    return rules.Origin(source, rank, sequence, None, day)


async def stated(
    shell: Shell, organization_id: str | UUID, facts: Mapping[str, Any], origin: rules.Origin
) -> None:
    """What a registry states of an organization, as intake has it stated."""
    async with begin(shell, SYSTEM) as work:
        await commands.record_facts(work, UUID(str(organization_id)), facts, origin)


async def registered(shell: Shell, origin: rules.Origin, **fields: Any) -> UUID:
    """An organization that a registry registers."""
    said = rules.Registration(
        name=fields.pop("name", NAME),
        kind=rules.OrganizationKind(fields.pop("kind", "association")),
        registration_mode=rules.RegistrationMode(fields.pop("registration_mode", "direct")),
        division_code=fields.pop("division_code", NANSHA),
        **fields,
    )
    async with begin(shell, SYSTEM) as work:
        return (await commands.register(work, said, origin)).id


async def rows(shell: Shell, statement: str, **values: Any) -> list[dict[str, Any]]:
    """What a statement finds in the database."""
    async with shell.engine.connect() as connection:
        found = await connection.execute(text(statement), values)
        return [dict(row) for row in found.mappings()]


async def two_hats(shell: Shell, division: str = NANSHA) -> Headers:
    """One person who is clerk and approver at once."""
    async with begin(shell, SYSTEM) as work:
        made = await identity.ensure_actor(work, Role.CLERK, division_code=division)
        await work.execute(_SECOND_HAT, {"id": uuid7(), "user": made.user_id})
    return {"Authorization": f"Bearer {made.token}"}


_SECOND_HAT = text(
    "INSERT INTO grants (id, version, user_id, role, segregation, division_code, valid, state)"
    " SELECT :id, 1, user_id, 'approver', segregation, division_code, valid, state FROM grants"
    " WHERE user_id = :user"
)


async def execute(shell: Shell, statement: str, **values: Any) -> None:
    """A change that no verb makes."""
    async with shell.engine.begin() as connection:
        await connection.execute(text(statement), values)


async def also(shell: Shell, *, division: str, body: UUID) -> Headers:
    """One organizer with two grants: a division's subtree and a Party body's."""
    async with begin(shell, SYSTEM) as work:
        made = await identity.ensure_actor(work, Role.ORGANIZER, division_code=division)
        await work.execute(_SECOND_AXIS, {"id": uuid7(), "user": made.user_id, "body": body})
    return {"Authorization": f"Bearer {made.token}"}


_SECOND_AXIS = text(
    "INSERT INTO grants (id, version, user_id, role, segregation, party_organization_id, valid, state)"
    " SELECT :id, 1, user_id, role, segregation, :body, valid, state FROM grants WHERE user_id = :user"
)
