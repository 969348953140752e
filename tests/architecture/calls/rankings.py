"""Rankings."""

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


@call
async def make_ranking(world: World) -> Call:
    await world.do("register_organization")
    return Call(
        body={
            "ranked": "divisions",
            "division_code": "440100",
            "as_of": "2026-06-30",
            "title": f"第{world.serial()}期综合排名",
        }
    )


@call
async def list_rankings(world: World) -> Call:
    for _ in range(3):
        await world.do("make_ranking")
    return Call(query={"division": "440100"})


@call
async def get_ranking(world: World) -> Call:
    return Call(path={"ranking_id": (await world.do("make_ranking"))["id"]})


@call
async def verify_ranking(world: World) -> Call:
    return Call(path={"ranking_id": (await world.do("make_ranking"))["id"]})
