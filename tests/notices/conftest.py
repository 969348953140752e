"""The callers of these tests, the body that issues, and whom it addresses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.conftest import Actors
from tests.make import notices as make
from tests.make import organizations, party_organizations

Headers = dict[str, str]
Organizations = Callable[[int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Office:
    """A city's committee: who drafts, who approves and issues, who answers in the county; its sign."""

    clerk: Headers
    organizer: Headers
    county: Headers
    body_id: str
    sign_id: str


@pytest.fixture
async def office(api: httpx.AsyncClient, actors: Actors) -> Office:
    """The committee of social organizations of Guangzhou."""
    organizer = await actors("organizer", division="440000")
    body: dict[str, Any] = await party_organizations.body(
        api,
        organizer,
        kind="committee",
        formation="regional",
        division_code="440100",
        name="中共广州市社会组织委员会",
    )
    sign = await make.sign(api, organizer, body["id"])
    return Office(
        clerk=await actors("clerk", division="440100"),
        organizer=organizer,
        county=await actors("clerk", division="440115"),
        body_id=str(body["id"]),
        sign_id=str(sign["id"]),
    )


@pytest.fixture
def several(api: httpx.AsyncClient, office: Office) -> Organizations:
    """Makes organizations in Nansha: their ids."""

    async def made(count: int) -> list[str]:
        rows = [
            await organizations.organization(
                api,
                office.organizer,
                name=f"南沙区第{number}志愿者协会",
                credit_code=organizations.credit_code(700 + number),
            )
            for number in range(count)
        ]
        return [row["id"] for row in rows]

    return made
