"""A country with its rule packs, a city with its bodies, and the callers of these tests."""

import httpx
import pytest

from app.core.work import Shell
from tests.conftest import Actors
from tests.make import ledger
from tests.make import responsibility as make


@pytest.fixture
async def country(shell: Shell, actors: Actors) -> Actors:
    """The divisions and the rule packs; gives what makes callers."""
    await ledger.country(shell)
    await ledger.packs(shell)
    return actors


@pytest.fixture
async def organizer(country: Actors) -> dict[str, str]:
    """An organizer of Guangdong."""
    return await country("organizer", division="440000")


@pytest.fixture
async def city(api: httpx.AsyncClient, organizer: dict[str, str]) -> make.City:
    """Guangzhou with its district Nansha."""
    return await make.city(api, organizer)


@pytest.fixture
async def clerk(country: Actors) -> dict[str, str]:
    """A clerk of Nansha."""
    return await country("clerk", division="440115")


@pytest.fixture
async def stranger(country: Actors) -> dict[str, str]:
    """An organizer of another province."""
    return await country("organizer", division="140000")
