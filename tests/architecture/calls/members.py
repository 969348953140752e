"""Members and the transfers of their relations."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World
from tests.make.members import id_number


async def a_branch(world: World) -> str:
    made = await world.do("establish_party_organization")
    return str(made["id"])


@call
async def record_member(world: World) -> Call:
    serial = world.serial()
    return Call(
        body={
            "name": "测试员甲",
            "id_number": id_number(serial),
            "phone": "13800138000",
            "status": "full",
            "joined": {"on": "1999-01-01", "precision": "year"},
            "full": {"on": "2000-07-01", "precision": "day"},
            "party_organization_id": await a_branch(world),
            "affiliated_on": "2018-03-01",
        }
    )


async def a_member(world: World, body: Any = None, **changes: Any) -> Call:
    made = await world.do("record_member", **changes)
    return Call(path={"member_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_members(world: World) -> Call:
    branch = await a_branch(world)
    for _ in range(3):
        await world.do("record_member", party_organization_id=branch)
    return Call(query={"party_organization_id": branch})


@call
async def count_members(world: World) -> Call:
    await world.do("record_member")
    return Call(query={"division": "440115"})


@call
async def find_members(world: World) -> Call:
    await world.do("record_member")
    return Call(body={"name": "测试员甲"})


@call
async def get_member(world: World) -> Call:
    return Call(path=(await a_member(world)).path)


@call
async def change_member(world: World) -> Call:
    return await a_member(world, {"phone": "13900139000", "employment": "part_time"})


@call
async def get_member_history(world: World) -> Call:
    return Call(path=(await a_member(world)).path)


@call
async def reveal_member(world: World) -> Call:
    made = await a_member(world)
    body = {"fields": ["name", "phone"], "purpose": "organization_life", "reason": "通知参加组织生活"}
    return Call(path=made.path, body=body)


@call
async def suspend_member(world: World) -> Call:
    return await a_member(world, {"abroad": True, "document": "南社党〔2026〕7号", "on": "2026-01-05"})


@call
async def restore_member(world: World) -> Call:
    suspended = await world.do("suspend_member")
    return Call(
        path={"member_id": suspended["id"]},
        if_match=suspended["etag"],
        body={"document": "南社党〔2026〕9号", "on": "2026-02-05"},
    )


@call
async def end_member(world: World) -> Call:
    return await a_member(world, {"kind": "deceased", "on": "2026-01-05"})


@call
async def restrict_member(world: World) -> Call:
    body = {"kind": "probation_within_party", "from_on": "2026-01-05", "document": "南纪〔2026〕1号"}
    return await a_member(world, body)


@call
async def end_member_restriction(world: World) -> Call:
    started = await restrict_member(world)
    found = await world.sent("restrict_member", started)
    row = found["restrictions"][0]
    return Call(path={**started.path, "link_id": row["id"]}, if_match=row["etag"], body={"on": "2026-02-05"})


@call
async def start_member_participation(world: World) -> Call:
    body = {"party_organization_id": await a_branch(world), "kind": "floating", "from_on": "2026-01-05"}
    return await a_member(world, body)


@call
async def end_member_participation(world: World) -> Call:
    started = await start_member_participation(world)
    found = await world.sent("start_member_participation", started)
    row = found["participations"][0]
    return Call(path={**started.path, "link_id": row["id"]}, if_match=row["etag"], body={"on": "2026-02-05"})


@call
async def request_transfer(world: World) -> Call:
    return await a_member(world, {"to_party_organization_id": await a_branch(world), "reason": "工作调动"})


async def a_transfer(world: World, before: str, body: Any) -> Call:
    made = await world.do(before)
    return Call(path={"transfer_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_transfers(world: World) -> Call:
    for _ in range(3):
        await world.do("request_transfer")
    return Call(query={"state": "requested"})


@call
async def get_transfer(world: World) -> Call:
    return Call(path=(await a_transfer(world, "request_transfer", None)).path)


@call
async def send_transfer(world: World) -> Call:
    return await a_transfer(world, "request_transfer", {"letter_number": "NS2026-0007"})


@call
async def accept_transfer(world: World) -> Call:
    return await a_transfer(world, "send_transfer", {})


@call
async def return_transfer(world: World) -> Call:
    return await a_transfer(world, "send_transfer", {"reason": "材料不全"})


@call
async def cancel_transfer(world: World) -> Call:
    return await a_transfer(world, "request_transfer", {"reason": "不再调动"})
