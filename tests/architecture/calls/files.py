"""Files."""

from app.core.access import Role
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


@call
async def upload_file(world: World) -> Call:
    content = f"社会组织名称,编号\n协会,{world.serial()}\n".encode()
    return Call(query={"name": "ledger.csv"}, content=content, headers={"Content-Type": "text/csv"})


async def stored(world: World) -> Call:
    """A file and the clerk who uploaded it."""
    made = await world.do("upload_file")
    return Call(path={"file_id": made["id"]}, if_match=made["etag"], by=await world.caller(Role.CLERK))


@call
async def get_file(world: World) -> Call:
    return await stored(world)


@call
async def download_file(world: World) -> Call:
    return await stored(world)


@call
async def remove_file(world: World) -> Call:
    return await stored(world)
