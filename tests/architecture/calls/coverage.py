"""Rates, and the organizations behind them."""

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


async def some(world: World, **query: str) -> Call:
    """A question about a division that has organizations, covered ones and others."""
    for _ in range(2):
        await world.do("register_organization")
    await world.do("establish_party_organization")
    return Call(query={"division": "440115", **query})


@call
async def get_coverage(world: World) -> Call:
    return await some(world, by="division")


@call
async def list_coverage_organizations(world: World) -> Call:
    return await some(world)


@call
async def get_coverage_series(world: World) -> Call:
    return await some(world, **{"from": "2026-01-01", "until": "2026-03-31"})


@call
async def list_blank_spots(world: World) -> Call:
    return await some(world)


@call
async def get_coverage_ranking(_: World) -> Call:
    return Call(query={"division": "440100"})
