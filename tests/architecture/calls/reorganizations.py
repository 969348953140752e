"""Reorganizing: upgraded, merged, split."""

from typing import Any

from tests.architecture.calls.party_organizations import committee
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World

DOCUMENT = "南社党〔2026〕15号"


async def a_branch(world: World, body: Any) -> Call:
    top = await committee(world)
    made = await world.do("establish_party_organization", parent_id=top["id"])
    return Call(path={"party_organization_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def upgrade_party_organization(world: World) -> Call:
    order = {"kind": "general_branch", "on": "2026-02-01", "document": DOCUMENT}
    return await a_branch(world, {**order, "exception_document": "南社党会〔2026〕3号"})


@call
async def merge_party_organizations(world: World) -> Call:
    goes = await world.do("establish_party_organization")
    order = {"on": "2026-03-01", "document": DOCUMENT, "reason": "撤并小散支部"}
    return await a_branch(world, {**order, "party_organization_ids": [goes["id"]]})


@call
async def split_party_organization(world: World) -> Call:
    part = {"name": f"南沙区第{world.serial()}联合党支部", "formation": "joint"}
    order = {"parts": [part], "on": "2026-03-01", "document": DOCUMENT, "reason": "具备单独组建条件"}
    return await a_branch(world, {**order, "exception_document": "南社党会〔2026〕3号"})


@call
async def list_reorganizations(world: World) -> Call:
    for _ in range(3):
        await world.do("merge_party_organizations")
    return Call()


@call
async def get_reorganization(world: World) -> Call:
    made = await world.do("merge_party_organizations")
    return Call(path={"reorganization_id": made["id"]})
