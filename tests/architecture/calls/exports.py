"""Lists as files."""

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


@call
async def request_export(_: World) -> Call:
    return Call(body={"list": "list_divisions", "filters": {"level": "province"}, "format": "csv"})


@call
async def list_exports(world: World) -> Call:
    for _ in range(2):
        await world.do("request_export")
    return Call()


@call
async def get_export(world: World) -> Call:
    made = await world.do("request_export")
    return Call(path={"export_id": made["id"]})
