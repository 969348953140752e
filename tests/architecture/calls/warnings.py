"""Warnings about Party organizations."""

from app.core.access import SYSTEM
from app.core.work import begin
from app.warnings import commands
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


@call
async def list_paralysis_warnings(world: World) -> Call:
    for _ in range(3):
        await world.do("establish_party_organization")
    async with begin(world.shell, SYSTEM) as work:
        await commands.look(work)
    return Call(query={"kind": "no_secretary"})


@call
async def count_paralysis_warnings(_: World) -> Call:
    return Call(query={"division": "440115"})
