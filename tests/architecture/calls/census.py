"""Census rounds."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


async def a_branch_with_members(world: World) -> str:
    branch = str((await world.do("establish_party_organization"))["id"])
    for _ in range(2):
        await world.do("record_member", party_organization_id=branch)
    return branch


@call
async def open_census_round(world: World) -> Call:
    return Call(
        body={
            "name": "2026年党员组织关系清查",
            "party_organization_id": await a_branch_with_members(world),
            "document": "南社党〔2026〕11号",
        }
    )


async def a_round(world: World, body: Any = None) -> Call:
    made = await world.do("open_census_round")
    return Call(path={"round_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_census_rounds(world: World) -> Call:
    for _ in range(2):
        await world.do("open_census_round")
    return Call(query={"state": "open"})


@call
async def get_census_round(world: World) -> Call:
    return Call(path=(await a_round(world)).path)


@call
async def list_census_lines(world: World) -> Call:
    return Call(path=(await a_round(world)).path)


@call
async def give_census_verdicts(world: World) -> Call:
    opened = await a_round(world)
    lines = (await world.get("list_census_lines", **opened.path))["items"]
    verdicts = [{"line_id": lines[0]["id"], "verdict": "contact_lost"}]
    body = {"verdicts": verdicts, "confirm_rest_of": lines[0]["party_organization"]["id"]}
    return Call(path=opened.path, if_match=opened.if_match, body=body)


@call
async def record_census_find(world: World) -> Call:
    planned = await open_census_round(world)
    made = await world.sent("open_census_round", planned)
    body = {"party_organization_id": planned.body["party_organization_id"], "name": "测试员乙"}
    return Call(path={"round_id": made["id"]}, body=body)


@call
async def close_census_round(world: World) -> Call:
    given = await give_census_verdicts(world)
    made = await world.sent("give_census_verdicts", given)
    return Call(path=given.path, if_match=made["etag"], body={"document": "南社党〔2026〕15号"})
