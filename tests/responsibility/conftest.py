"""A city with its bodies, and the callers of these tests."""

import httpx
import pytest

from tests.conftest import Actors
from tests.make import responsibility as make


@pytest.fixture
async def organizer(actors: Actors) -> dict[str, str]:
    """An organizer of Guangdong."""
    return await actors("organizer", division="440000")


@pytest.fixture
async def city(api: httpx.AsyncClient, organizer: dict[str, str]) -> make.City:
    """Guangzhou with its district Nansha."""
    return await make.city(api, organizer)


@pytest.fixture
async def clerk(actors: Actors) -> dict[str, str]:
    """A clerk of Nansha."""
    return await actors("clerk", division="440115")


@pytest.fixture
async def stranger(actors: Actors) -> dict[str, str]:
    """An organizer of another province."""
    return await actors("organizer", division="140000")
