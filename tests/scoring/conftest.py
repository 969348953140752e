"""The callers of these tests."""

import pytest

from tests.conftest import Actors

Headers = dict[str, str]


@pytest.fixture
async def organizer(actors: Actors) -> Headers:
    """An organizer of Guangdong."""
    return await actors("organizer", division="440000")


@pytest.fixture
async def national(actors: Actors) -> Headers:
    """An organizer of the nation, who sees every province's standards."""
    return await actors("organizer", division="100000")


@pytest.fixture
async def approver(actors: Actors) -> Headers:
    """Their second person."""
    return await actors("approver", division="440000")
