"""The callers of these tests, and the bodies that they change."""

from typing import Any

import httpx
import pytest

from tests.conftest import Actors
from tests.make import party_organizations as make

Headers = dict[str, str]


@pytest.fixture
async def organizer(actors: Actors) -> Headers:
    """An organizer of Guangdong."""
    return await actors("organizer", division="440000")


@pytest.fixture
async def stranger(actors: Actors) -> Headers:
    """An organizer of another province."""
    return await actors("organizer", division="140000")


@pytest.fixture
async def committee(api: httpx.AsyncClient, organizer: Headers) -> dict[str, Any]:
    """A committee above the bodies that change."""
    return await make.body(
        api,
        organizer,
        kind="committee",
        formation="regional",
        name="南沙区社会组织党委",
        founded_on="2010-01-01",
    )
