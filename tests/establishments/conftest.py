"""The callers of these tests, and what they ask for."""

from typing import Any

import httpx
import pytest

from tests.conftest import Actors
from tests.make import members as people
from tests.make import party_organizations as make

Headers = dict[str, str]


@pytest.fixture
async def organizer(actors: Actors) -> Headers:
    """An organizer of Guangdong."""
    return await actors("organizer", division="440000")


@pytest.fixture
async def clerk(actors: Actors) -> Headers:
    """A clerk of Nansha."""
    return await actors("clerk", division="440115")


@pytest.fixture
async def stranger(actors: Actors) -> Headers:
    """An organizer of another province."""
    return await actors("organizer", division="140000")


@pytest.fixture
async def committee(api: httpx.AsyncClient, organizer: Headers) -> dict[str, Any]:
    """The committee that answers: of Guangzhou, above the clerk's district."""
    return await make.body(
        api,
        organizer,
        kind="committee",
        formation="regional",
        name="广州市社会组织党委",
        division_code="440100",
        founded_on="2010-01-01",
    )


@pytest.fixture
async def members(api: httpx.AsyncClient, organizer: Headers) -> list[str]:
    """Three full members of a branch in Nansha, the last of them among the full-time staff."""
    branch = await people.branch(api, organizer, name="南沙街道流动党员党支部")
    made = [
        await people.member(
            api, organizer, branch, serial, employment="full_time_staff" if serial == 3 else None
        )
        for serial in (1, 2, 3)
    ]
    return [one["id"] for one in made]
