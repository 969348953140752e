"""The callers of these tests, and a place in which they act."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.conftest import Actors
from tests.make import organizations, party_organizations

Headers = dict[str, str]
Organizations = Callable[[int], Awaitable[list[str]]]


@pytest.fixture
async def organizer(actors: Actors) -> Headers:
    """An organizer of Guangdong."""
    return await actors("organizer", division="440000")


@pytest.fixture
async def committee(api: httpx.AsyncClient, organizer: Headers) -> str:
    """The body that manages the instructors of these tests."""
    made = await party_organizations.body(
        api,
        organizer,
        kind="committee",
        formation="regional",
        division_code="440100",
        name="广州市社会组织党委",
    )
    return str(made["id"])


@pytest.fixture
def several(api: httpx.AsyncClient, organizer: Headers) -> Organizations:
    """Makes organizations in Nansha: their ids."""

    async def make(count: int) -> list[str]:
        made = [
            await organizations.organization(
                api,
                organizer,
                name=f"南沙区第{number}志愿者协会",
                credit_code=organizations.credit_code(500 + number),
            )
            for number in range(count)
        ]
        return [row["id"] for row in made]

    return make
