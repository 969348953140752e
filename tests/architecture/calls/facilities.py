"""Venues, service centres, training bases."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


@call
async def record_facility(world: World) -> Call:
    body = await world.do("establish_party_organization")
    return Call(
        body={
            "kind": "venue",
            "name": f"示例党建阵地{world.serial()}",
            "level": "county",
            "division_code": "440115",
            "party_organization_id": body["id"],
            "address": "广州市南沙区示例路1号",
            "from_on": "2026-01-10",
        }
    )


async def a_facility(world: World, body: Any = None) -> Call:
    made = await world.do("record_facility")
    return Call(path={"facility_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_facilities(world: World) -> Call:
    for _ in range(2):
        await world.do("record_facility")
    return Call(query={"division": "440100", "kind": "venue", "open": "true"})


@call
async def count_facilities(world: World) -> Call:
    await world.do("check_facility")
    return Call(query={"division": "440100"})


@call
async def get_facility(world: World) -> Call:
    return Call(path=(await a_facility(world)).path)


@call
async def correct_facility(world: World) -> Call:
    return await a_facility(world, {"shared": True, "address": "广州市南沙区示例路2号"})


@call
async def check_facility(world: World) -> Call:
    features = [
        {"feature": "place", "present": True, "evidence": "现场照片2026-3"},
        {"feature": "books", "present": False, "evidence": None},
    ]
    return await a_facility(world, {"on": "2026-03-02", "features": features})


@call
async def end_facility(world: World) -> Call:
    return await a_facility(world, {"on": "2026-06-01", "reason": "moved", "note": "迁往新址"})
