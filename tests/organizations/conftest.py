"""Who works with the ledger in these tests."""

from dataclasses import dataclass

import pytest

from tests.conftest import Actors

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Desk:
    """The callers of these tests: organizers of places, a clerk and a viewer of Nansha, an approver."""

    nation: Headers
    guangzhou: Headers
    clerk: Headers
    viewer: Headers
    ningbo: Headers
    approver: Headers


@pytest.fixture
async def desk(actors: Actors) -> Desk:
    """The people of these tests, signed in."""
    return Desk(
        nation=await actors("organizer", division="100000"),
        guangzhou=await actors("organizer", division="440100"),
        clerk=await actors("clerk", division="440115"),
        viewer=await actors("viewer", division="440115"),
        ningbo=await actors("organizer", division="330200"),
        approver=await actors("approver", division="440000"),
    )
