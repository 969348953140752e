"""Reference data over HTTP: what the release ships, and its callers."""

import pytest

from app.core.access import SYSTEM, Role
from app.core.work import Shell, begin
from app.reference import commands
from tests.conftest import Actors

Headers = dict[str, str]


@pytest.fixture
async def shipped(shell: Shell) -> None:
    """Calendar, dictionaries and rule packs are there."""
    async with begin(shell, SYSTEM) as work:
        await commands.load_defaults(work)


@pytest.fixture
async def admin(shipped: None, actors: Actors) -> Headers:
    """A system administrator."""
    del shipped
    return await actors(Role.SYSTEM_ADMIN, division="100000")


@pytest.fixture
async def colleague(shipped: None, actors: Actors) -> Headers:
    """Another one."""
    del shipped
    return await actors(Role.SYSTEM_ADMIN, division="100000")


@pytest.fixture
async def clerk(shipped: None, actors: Actors) -> Headers:
    """A clerk of Nansha: reads and changes nothing here."""
    del shipped
    return await actors(Role.CLERK, division="440115")
