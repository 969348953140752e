"""The callers of these tests."""

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
async def branch(api: httpx.AsyncClient, organizer: Headers) -> str:
    """A regional branch that covers whatever a test has it cover."""
    made = await party_organizations.body(
        api, organizer, formation="regional", division_code="440100", name="广州市社会组织区域党支部"
    )
    return str(made["id"])


@pytest.fixture
def several(api: httpx.AsyncClient, organizer: Headers) -> Organizations:
    """Registers organizations in Nansha through the service: their ids."""

    async def make(count: int) -> list[str]:
        made = [
            await organizations.organization(
                api, organizer, name=f"南沙区第{n}志愿者协会", credit_code=organizations.credit_code(700 + n)
            )
            for n in range(count)
        ]
        return [str(row["id"]) for row in made]

    return make
