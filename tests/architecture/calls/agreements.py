"""Pairing agreements."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


@call
async def sign_agreement(world: World) -> Call:
    holder = await world.do("establish_party_organization")
    partner = await world.do("register_organization")
    return Call(
        body={
            "party_organization_id": holder["id"],
            "counterparts": [
                {"organization_id": partner["id"]},
                {"unit_name": "示例村", "unit_kind": "village"},
            ],
            "title": "党建共建协议书",
            "signed_on": "2026-03-01",
            "until_on": "2028-03-01",
            "items": [{"text": "每季度联合开展一次主题党日", "done_on": None}],
        }
    )


async def an_agreement(world: World, body: Any = None) -> Call:
    made = await world.do("sign_agreement")
    return Call(path={"agreement_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_agreements(world: World) -> Call:
    for _ in range(2):
        await world.do("sign_agreement")
    return Call(query={"division": "440100", "in_force": "true"})


@call
async def count_agreements(world: World) -> Call:
    await world.do("sign_agreement")
    return Call(query={"division": "440100"})


@call
async def get_agreement(world: World) -> Call:
    return Call(path=(await an_agreement(world)).path)


@call
async def correct_agreement(world: World) -> Call:
    return await an_agreement(world, {"until_on": "2029-03-01", "number": "南社党共建〔2026〕3号"})


@call
async def end_agreement(world: World) -> Call:
    return await an_agreement(world, {"on": "2026-06-01", "reason": "fulfilled"})
