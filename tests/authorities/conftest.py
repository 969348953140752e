"""The callers of these tests."""

import pytest

from tests.conftest import Actors


@pytest.fixture
async def organizer(actors: Actors) -> dict[str, str]:
    """An organizer of Guangdong."""
    return await actors("organizer", division="440000")


@pytest.fixture
async def clerk(actors: Actors) -> dict[str, str]:
    """A clerk of Nansha."""
    return await actors("clerk", division="440115")


@pytest.fixture
async def stranger(actors: Actors) -> dict[str, str]:
    """An organizer of another province."""
    return await actors("organizer", division="140000")
