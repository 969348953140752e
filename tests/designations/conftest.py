"""The callers of these tests."""

import pytest

from tests.conftest import Actors

Headers = dict[str, str]


@pytest.fixture
async def organizer(actors: Actors) -> Headers:
    """An organizer of Shaanxi."""
    return await actors("organizer", division="610000")
