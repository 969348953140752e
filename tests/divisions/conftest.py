"""Divisions over HTTP: the national table and two callers."""

import httpx
import pytest

from app.core.access import Role
from app.core.work import Shell
from tests.conftest import Actors
from tests.make import divisions

Headers = dict[str, str]


@pytest.fixture
async def country(shell: Shell) -> None:
    """The national table is there."""
    await divisions.country(shell)


@pytest.fixture
async def admin(country: None, actors: Actors) -> Headers:
    """A system administrator of the nation."""
    del country
    return await actors(Role.SYSTEM_ADMIN, division="100000")


@pytest.fixture
async def clerk(country: None, actors: Actors) -> Headers:
    """A clerk of Nansha: may read all divisions and change none."""
    del country
    return await actors(Role.CLERK, division="440115")


@pytest.fixture
async def zone(api: httpx.AsyncClient, admin: Headers) -> str:
    """A development zone below Nansha, since 2020."""
    await divisions.division(api, admin, "44011A")
    return "44011A"
