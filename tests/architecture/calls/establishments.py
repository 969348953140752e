"""Establishing: requests and their steps."""

from typing import Any

from tests.architecture.calls.party_organizations import committee
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


async def asked(world: World) -> dict[str, Any]:
    """A request for a joint branch whose members come from outside."""
    top = await committee(world)
    organization = await world.do("register_organization")
    return {
        "name": f"南沙区第{world.serial()}联合党支部",
        "kind": "branch",
        "formation": "joint",
        "division_code": "440115",
        "parent_id": top["id"],
        "request_document": "南志协〔2026〕3号",
        "requested_on": "2026-01-31",
        "organization_ids": [organization["id"]],
        "others": {"full_members": 3, "members": 4},
    }


@call
async def request_establishment(world: World) -> Call:
    return Call(body=await asked(world))


@call
async def list_establishments(world: World) -> Call:
    for _ in range(3):
        await world.do("request_establishment")
    return Call()


async def a_step(world: World, before: str, body: Any) -> Call:
    made = await world.do(before)
    return Call(path={"establishment_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def get_establishment(world: World) -> Call:
    return Call(path=(await a_step(world, "request_establishment", None)).path)


@call
async def approve_establishment(world: World) -> Call:
    return await a_step(
        world, "request_establishment", {"on": "2026-02-20", "document": "南社党〔2026〕12号"}
    )


@call
async def return_establishment(world: World) -> Call:
    return await a_step(world, "request_establishment", {"on": "2026-02-05", "reason": "缺少党员名册"})


@call
async def reject_establishment(world: World) -> Call:
    return await a_step(world, "request_establishment", {"on": "2026-02-05", "reason": "可并入现有支部"})


@call
async def withdraw_establishment(world: World) -> Call:
    return await a_step(world, "request_establishment", {"on": "2026-02-05", "reason": "改为联合组建"})


@call
async def resubmit_establishment(world: World) -> Call:
    again = {**await asked(world), "requested_on": "2026-02-10"}
    return await a_step(world, "return_establishment", again)


@call
async def report_establishment_election(world: World) -> Call:
    result = {"held_on": "2026-03-01", "due": 3, "present": 3, "seats": 1, "document": "关于选举结果的报告"}
    return await a_step(world, "approve_establishment", result)


@call
async def repeat_establishment_election(world: World) -> Call:
    return await a_step(world, "report_establishment_election", {"on": "2026-03-02", "reason": "选票未封存"})


@call
async def finish_establishment(world: World) -> Call:
    return await a_step(
        world, "report_establishment_election", {"on": "2026-03-10", "document": "南社党〔2026〕20号"}
    )
