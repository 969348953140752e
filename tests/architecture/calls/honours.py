"""Honours and brand projects."""

from typing import Any

from tests.architecture.calls.members import a_branch
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


@call
async def record_honour(world: World) -> Call:
    member = await world.do("record_member")
    return Call(
        body={
            "member_id": member["id"],
            "kind": "double_strong",
            "title": "双强党组织书记",
            "level": "prefecture",
            "year": 2025,
            "awarded_by": "中共广州市委社会工作部",
            "awarded_on": "2025-07-01",
            "document": "穗社党〔2025〕9号",
        }
    )


async def an_honour(world: World, body: Any = None) -> Call:
    made = await world.do("record_honour")
    return Call(path={"honour_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_honours(world: World) -> Call:
    for _ in range(2):
        await world.do("record_honour")
    return Call(query={"division": "440100", "withdrawn": "false"})


@call
async def count_honours(world: World) -> Call:
    await world.do("record_honour")
    return Call(query={"division": "440100", "from_year": 2020})


@call
async def get_honour(world: World) -> Call:
    return Call(path=(await an_honour(world)).path)


@call
async def correct_honour(world: World) -> Call:
    return await an_honour(world, {"level": "province", "document": "粤社党〔2025〕4号"})


@call
async def withdraw_honour(world: World) -> Call:
    return await an_honour(world, {"on": "2026-06-01", "reason": "revoked"})


@call
async def record_brand_project(world: World) -> Call:
    return Call(
        body={
            "party_organization_id": await a_branch(world),
            "name": "红色管家",
            "theme": "社区治理",
            "summary": "党员志愿者为老旧小区办实事。",
            "from_on": "2026-01-01",
        }
    )


async def a_brand(world: World, body: Any = None) -> Call:
    made = await world.do("record_brand_project")
    return Call(path={"brand_project_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_brand_projects(world: World) -> Call:
    for _ in range(2):
        await world.do("record_brand_project")
    return Call(query={"division": "440100", "running": "true"})


@call
async def get_brand_project(world: World) -> Call:
    return Call(path=(await a_brand(world)).path)


@call
async def end_brand_project(world: World) -> Call:
    return await a_brand(world, {"on": "2026-06-01", "reason": "completed"})
