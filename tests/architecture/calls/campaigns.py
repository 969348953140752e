"""Campaigns, their targets, progress."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World

STREET = "440115"


@call
async def plan_campaign(world: World) -> Call:
    return Call(
        body={
            "kind": "hundred_days",
            "name": f"南沙区第{world.serial()}次百日攻坚",
            "document": "南社工〔2026〕3号",
            "division_code": STREET,
            "starts_on": "2026-03-01",
        }
    )


async def a_campaign(world: World, body: Any = None, **changes: Any) -> Call:
    made = await world.do("plan_campaign", **changes)
    return _to(made, body)


def _to(made: dict[str, Any], body: Any = None) -> Call:
    return Call(path={"campaign_id": made["id"]}, if_match=made["etag"], body=body)


async def drawn(world: World, body: Any = None, many: int = 1) -> Call:
    for _ in range(many):
        await world.do("register_organization")
    call = await a_campaign(world, {"list": "uncovered", "as_of": "2026-03-01"})
    return _to(await world.sent("draw_campaign_targets", call), body)


async def started(world: World, body: Any = None, many: int = 1) -> Call:
    return _to(await world.sent("start_campaign", await drawn(world, many=many)), body)


async def a_target(world: World, body: Any = None) -> Call:
    found = await world.sent("list_campaign_targets", await list_campaign_targets(world))
    one = found["items"][0]
    return Call(path={"target_id": one["id"]}, if_match=one["etag"], body=body)


@call
async def list_campaigns(world: World) -> Call:
    for _ in range(3):
        await a_campaign(world)
    return Call(query={"division": STREET, "kind": "hundred_days"})


@call
async def get_campaign(world: World) -> Call:
    return Call(path=(await drawn(world)).path)


@call
async def change_campaign(world: World) -> Call:
    return await a_campaign(world, {"name": "南沙区百日攻坚(修订)", "starts_on": "2026-03-02"})


@call
async def draw_campaign_targets(world: World) -> Call:
    await world.do("register_organization")
    return await a_campaign(world, {"list": "uncovered", "as_of": "2026-03-01"})


@call
async def start_campaign(world: World) -> Call:
    return await drawn(world)


@call
async def assign_campaign_targets(world: World) -> Call:
    body = await world.do("establish_party_organization")
    owner = {"kind": "party_organization", "id": body["id"]}
    return await started(world, {"division": STREET, "owner": owner, "due_on": "2026-05-01"})


@call
async def finish_campaign(world: World) -> Call:
    return await started(world, {"remaining_reason": "党员人数不足, 转入日常工作。"})


@call
async def get_campaign_progress(world: World) -> Call:
    return Call(path=(await started(world)).path, query={"as_of": "2026-03-10"})


@call
async def get_campaign_wall_chart(world: World) -> Call:
    return Call(path=(await started(world)).path)


@call
async def get_campaign_report(world: World) -> Call:
    made = await world.sent("finish_campaign", await finish_campaign(world))
    return Call(path={"campaign_id": made["id"]})


@call
async def list_campaign_responsibilities(world: World) -> Call:
    campaign = await started(world, many=2)
    path = campaign.path
    found = await world.sent("list_campaign_targets", Call(query={"campaign_id": path["campaign_id"]}))
    owner = {"kind": "party_organization", "id": (await world.do("establish_party_organization"))["id"]}
    order = {"target_ids": [found["items"][0]["id"]], "owner": owner}
    await world.sent("assign_campaign_targets", Call(path=path, body=order, if_match=campaign.if_match))
    return Call(path=path)


@call
async def list_campaign_targets(world: World) -> Call:
    return Call(query={"campaign_id": (await started(world, many=3)).path["campaign_id"], "state": "open"})


@call
async def get_campaign_target(world: World) -> Call:
    return Call(path=(await a_target(world)).path)


@call
async def close_campaign_target(world: World) -> Call:
    return await a_target(world, {"note": "已成立联合党支部, 批复见南社党〔2026〕8号。"})


@call
async def reopen_campaign_target(world: World) -> Call:
    made = await world.sent("close_campaign_target", await close_campaign_target(world))
    return Call(
        path={"target_id": made["id"]}, if_match=made["etag"], body={"reason": "回访发现党支部未实际运转。"}
    )
