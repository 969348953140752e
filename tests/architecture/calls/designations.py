"""Designations, re-checks, proposals, what is public."""

from typing import Any

from app.core.access import Role
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


@call
async def designate(world: World) -> Call:
    organization = await world.do("register_organization")
    serial = world.serial()
    authority = await world.do("record_authority", name=f"示例社会工作部{serial}", division_code="440100")
    return Call(
        body={
            "kind": "grade",
            "grade": 4,
            "organization_id": organization["id"],
            "authority_id": authority["id"],
            "plaque_number": f"4A-{serial:04d}",
            "batch": 1,
            "document": "穗民函〔2026〕8号",
            "from_on": "2026-03-01",
        }
    )


async def a_designation(world: World, body: Any = None) -> Call:
    made = await world.do("designate")
    return Call(path={"designation_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_designations(world: World) -> Call:
    for _ in range(2):
        await world.do("designate")
    return Call(query={"division": "440100", "kind": "grade", "in_force": "true"})


@call
async def count_designations(world: World) -> Call:
    await world.do("designate")
    return Call(query={"division": "440100"})


@call
async def get_published_designations(world: World) -> Call:
    await world.do("designate")
    return Call(query={"division": "440100", "kind": "grade"})


@call
async def get_designation(world: World) -> Call:
    return Call(path=(await a_designation(world)).path)


@call
async def check_designation(world: World) -> Call:
    found = {"year": 2026, "outcome": "rectify", "checked_on": "2026-10-01", "note": "台账需补齐"}
    return await a_designation(world, found)


@call
async def propose_designation_change(world: World) -> Call:
    plan = {"kind": "downgrade", "to_grade": 3, "reason": "年度复核未通过", "document": "穗民函〔2026〕20号"}
    return await a_designation(world, plan)


@call
async def decide_designation_change(world: World) -> Call:
    made = await world.do("propose_designation_change")
    return Call(
        path={"designation_id": made["id"], "change_id": made["changes"][0]["id"]},
        if_match=made["etag"],
        body={"approve": True, "note": "同意"},
        by=await world.caller(Role.APPROVER),
    )
