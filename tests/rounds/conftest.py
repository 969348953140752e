"""The callers of these tests."""

import httpx
import pytest

from tests.conftest import Actors

Headers = dict[str, str]


@pytest.fixture
async def chair(actors: Actors) -> Headers:
    """An organizer of Guangzhou: opens rounds, draws, closes."""
    return await actors("organizer", division="440100")


@pytest.fixture
async def clerk(actors: Actors) -> Headers:
    """A clerk of Nansha: applies for the organizations there."""
    return await actors("clerk", division="440115")


@pytest.fixture
async def approver(actors: Actors) -> Headers:
    """The second person."""
    return await actors("approver", division="440100")


@pytest.fixture
async def anyone(api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Somebody who is not signed in."""
    return api
