"""Dues: standards, payments, arrears, reductions."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


async def a_payer(world: World) -> dict[str, Any]:
    """A member with a standard since January: their representation."""
    made = await world.do("record_member")
    await world.sent("set_dues_standard", Call(path={"member_id": made["id"]}, body=standard()))
    return made


def standard() -> dict[str, Any]:
    return {"income_class": "employed", "income": "5000.01", "from_month": "2026-01"}


@call
async def set_dues_standard(world: World) -> Call:
    return Call(path={"member_id": (await world.do("record_member"))["id"]}, body=standard())


@call
async def get_dues_account(world: World) -> Call:
    return Call(path={"member_id": (await a_payer(world))["id"]})


@call
async def list_dues(world: World) -> Call:
    branch = (await a_payer(world))["party_organization"]["id"]
    await world.do("record_member", party_organization_id=branch)
    return Call(query={"month": "2026-05", "party_organization_id": branch})


@call
async def count_dues(world: World) -> Call:
    await a_payer(world)
    return Call(query={"month": "2026-05", "division": "440115"})


@call
async def list_dues_arrears(world: World) -> Call:
    for _ in range(2):
        await a_payer(world)
    return Call(query={"division": "440115", "at_least": "3"})


@call
async def collect_dues(world: World) -> Call:
    made = await a_payer(world)
    payment = {"member_id": made["id"], "from_month": "2026-01", "through_month": "2026-03"}
    return Call(
        body={
            "party_organization_id": made["party_organization"]["id"],
            "paid_on": "2026-04-02",
            "payments": [payment],
        }
    )


@call
async def cancel_dues_payment(world: World) -> Call:
    collected = await collect_dues(world)
    taken = await world.sent("collect_dues", collected)
    account = await world.get("get_dues_account", member_id=collected.body["payments"][0]["member_id"])
    tag = next(p["etag"] for p in account["payments"] if p["id"] == taken["receipts"][0]["id"])
    return Call(path={"payment_id": taken["receipts"][0]["id"]}, if_match=tag, body={"reason": "重复登记"})


@call
async def apply_for_dues_reduction(world: World) -> Call:
    return Call(
        body={
            "member_id": (await a_payer(world))["id"],
            "amount": "20.00",
            "from_month": "2026-05",
            "through_month": "2026-12",
            "hardship": "illness",
            "document": "减免申请2026-3",
        }
    )


@call
async def list_dues_reductions(world: World) -> Call:
    for _ in range(2):
        await world.do("apply_for_dues_reduction")
    return Call(query={"state": "requested"})


async def a_reduction(world: World, before: str = "apply_for_dues_reduction") -> Call:
    made = await world.do(before)
    return Call(
        path={"reduction_id": made["id"]}, if_match=made["etag"], body={"document": "南社党〔2026〕7号"}
    )


@call
async def get_dues_reduction(world: World) -> Call:
    return Call(path=(await a_reduction(world)).path)


@call
async def agree_to_dues_reduction(world: World) -> Call:
    return await a_reduction(world)


@call
async def approve_dues_reduction(world: World) -> Call:
    return await a_reduction(world, "agree_to_dues_reduction")


@call
async def reject_dues_reduction(world: World) -> Call:
    return await a_reduction(world)
