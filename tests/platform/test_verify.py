"""`jiceng verify` finds nothing in a healthy ledger, and whatever a hand in the database has changed."""

from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest

from app.cli import recomputing, world
from app.cli.verification import CHECKS
from app.core.access import SYSTEM
from app.core.work import Shell, Work, begin
from app.divisions import queries as divisions
from tests.conftest import Actors
from tests.make import organizations, party_organizations

Check = Callable[[Work], Awaitable[list[str]]]


async def faults(shell: Shell, check: Check) -> list[str]:
    async with begin(shell, SYSTEM) as work:
        return await check(work)


@pytest.fixture
async def ledger(shell: Shell, api: httpx.AsyncClient, actors: Actors) -> dict[str, str]:
    """The demonstration's world, an organization, and a branch below its responsible committee."""
    await world.seed(shell)
    headers = await actors("organizer", division="440000")
    made = await organizations.organization(api, headers)
    await party_organizations.body(api, headers)
    return made


HANDS: dict[str, tuple[Check, str]] = {
    "a division's ancestor is lost": (
        divisions.verify,
        "DELETE FROM division_closure WHERE ancestor_code = '440000' AND descendant_code = '440115'",
    ),
    "a body's ancestor is lost": (
        recomputing.party_organizations,
        "DELETE FROM party_organization_closure WHERE depth = 1",
    ),
    "a body hangs deeper": (
        recomputing.party_organizations,
        "UPDATE party_organization_closure SET depth = 5 WHERE depth = 1",
    ),
    "a name is overwritten": (recomputing.folds, "UPDATE organizations SET name = '另一个名字'"),
    "a status is overwritten": (
        recomputing.folds,
        "UPDATE organizations SET registration_status = 'revoked'",
    ),
    "the timeline is overwritten": (recomputing.folds, "UPDATE organization_periods SET decoupled = true"),
    "the timeline is lost": (recomputing.folds, "DELETE FROM organization_periods"),
    "the facts are lost": (recomputing.folds, "DELETE FROM organization_facts"),
    "a responsibility is lost": (recomputing.responsibilities, "DELETE FROM responsibilities"),
}


async def test_a_healthy_ledger(shell: Shell, ledger: dict[str, str]) -> None:
    assert ledger["id"]
    for name, check in CHECKS.items():
        assert await faults(shell, check) == [], name


@pytest.mark.parametrize("hand", HANDS)
async def test_a_hand_in_the_database_is_found(
    shell: Shell, ledger: dict[str, str], owner_url: str, hand: str
) -> None:
    assert ledger["id"]
    check, statement = HANDS[hand]
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", "", 1))
    done = await connection.execute(statement)
    await connection.close()
    assert not done.endswith(" 0"), "the hand must have changed something"
    assert await faults(shell, check)
