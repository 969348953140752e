"""Party organizations: the tree, covers, functions, and reasons for having none."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World

TODAY = (datetime.now(UTC) + timedelta(hours=8)).date()


@call
async def establish_party_organization(world: World) -> Call:
    organization = await world.do("register_organization")
    return Call(
        body={
            "name": f"南沙区第{world.serial()}联合党支部",
            "kind": "branch",
            "formation": "joint",
            "division_code": "440115",
            "founded_on": "2016-07-01",
            "covers": [{"organization_id": organization["id"], "from_on": "2017-01-01"}],
        }
    )


async def committee(world: World) -> dict[str, Any]:
    """A committee that other bodies can hang below."""
    name = f"南沙区第{world.serial()}社会组织党委"
    return await world.do(
        "establish_party_organization", kind="committee", formation="regional", name=name, covers=[]
    )


async def a_body(world: World, body: Any = None) -> Call:
    made = await world.do("establish_party_organization")
    return Call(path={"party_organization_id": made["id"]}, if_match=made["etag"], body=body)


async def below(world: World, count: int) -> str:
    """The id of a committee with bodies below it."""
    top = await committee(world)
    for _ in range(count):
        await world.do("establish_party_organization", parent_id=top["id"])
    identifier: str = top["id"]
    return identifier


@call
async def list_party_organizations(world: World) -> Call:
    return Call(query={"parent": await below(world, 3)})


@call
async def count_party_organizations(world: World) -> Call:
    await world.do("establish_party_organization")
    return Call(query={"division": "440115"})


@call
async def get_party_organization(world: World) -> Call:
    return Call(path=(await a_body(world)).path)


@call
async def change_party_organization(world: World) -> Call:
    return await a_body(world, {"name": f"南沙区第{world.serial()}功能型党支部"})


@call
async def move_party_organization(world: World) -> Call:
    top = await committee(world)
    return await a_body(world, {"parent_id": top["id"], "on": "2020-01-01"})


@call
async def change_party_organization_formation(world: World) -> Call:
    return await a_body(world, {"formation": "regional", "on": "2021-01-01"})


@call
async def dissolve_party_organization(world: World) -> Call:
    return await a_body(world, {"on": "2024-01-01", "reason": "党员转出"})


@call
async def get_party_organization_tree(world: World) -> Call:
    return Call(path={"party_organization_id": await below(world, 2)})


@call
async def list_party_organization_parents(world: World) -> Call:
    moved = await world.do("move_party_organization")
    return Call(path={"party_organization_id": moved["id"]})


@call
async def get_party_organization_history(world: World) -> Call:
    record = await world.do("upgrade_party_organization")
    return Call(path={"party_organization_id": record["party_organization"]["id"]})


@call
async def list_division_committees(world: World) -> Call:  # noqa: ARG001 (each entry is asked alike)
    return Call(query={"level": "county", "division": "440100"})


@call
async def count_division_committees(world: World) -> Call:  # noqa: ARG001 (each entry is asked alike)
    return Call(query={"level": "county", "division": "440000"})


# --- covers ------------------------------------------------------------------------------------------------


@call
async def start_cover(world: World) -> Call:
    organization = await world.do("register_organization")
    made = await a_body(world, {"organization_id": organization["id"], "from_on": "2018-01-01"})
    return Call(path=made.path, body=made.body)


@call
async def list_covers(world: World) -> Call:
    made = await a_body(world)
    for _ in range(2):
        organization = await world.do("register_organization")
        body = {"organization_id": organization["id"], "from_on": "2018-01-01"}
        await world.sent("start_cover", Call(path=made.path, body=body))
    return Call(path=made.path)


async def a_cover(world: World, body: Any = None) -> Call:
    started = await start_cover(world)
    cover = await world.sent("start_cover", started)
    return Call(path={**started.path, "cover_id": cover["id"]}, if_match=cover["etag"], body=body)


@call
async def get_cover(world: World) -> Call:
    return Call(path=(await a_cover(world)).path)


@call
async def end_cover(world: World) -> Call:
    return await a_cover(world, {"on": "2024-01-01", "reason": "left"})


@call
async def cancel_cover(world: World) -> Call:
    return await a_cover(world, {"reason": "录入有误"})


@call
async def get_organization_coverage(world: World) -> Call:
    made = await world.do("establish_party_organization")
    found = await world.get("list_covers", party_organization_id=made["id"])
    return Call(path={"organization_id": found["items"][0]["organization"]["id"]})


# --- functions ---------------------------------------------------------------------------------------------


@call
async def assign_party_organization_function(world: World) -> Call:
    """Each for an industry of its own: one body answers for an industry in a division."""
    industry = f"industry_{world.serial()}"
    body = {"function": "industry_committee", "division_code": "440115", "industry": industry}
    top = await committee(world)
    return Call(path={"party_organization_id": top["id"]}, body={**body, "from_on": "2019-01-01"})


@call
async def list_party_organization_functions(world: World) -> Call:
    for _ in range(3):
        await world.do("assign_party_organization_function")
    return Call()


async def a_function(world: World, body: Any = None) -> Call:
    assigned = await assign_party_organization_function(world)
    made = await world.sent("assign_party_organization_function", assigned)
    path = {**assigned.path, "function_id": made["id"]}
    return Call(path=path, if_match=made["etag"], body=body)


@call
async def get_party_organization_function(world: World) -> Call:
    return Call(path=(await a_function(world)).path)


@call
async def end_party_organization_function(world: World) -> Call:
    return await a_function(world, {"on": "2024-01-01"})


# --- reasons -----------------------------------------------------------------------------------------------


@call
async def give_no_party_organization_reason(world: World) -> Call:
    organization = await world.do("register_organization")
    body = {
        "reason": "no_full_members",
        "from_on": f"{TODAY - timedelta(days=30)}",
        "until_on": f"{TODAY + timedelta(days=120)}",
    }
    return Call(path={"organization_id": organization["id"]}, body=body)


async def a_reason(world: World, body: Any = None) -> Call:
    given = await give_no_party_organization_reason(world)
    made = await world.sent("give_no_party_organization_reason", given)
    return Call(path=given.path, if_match=made["etag"], body=body)


@call
async def list_no_party_organization_reasons(world: World) -> Call:
    for _ in range(3):
        await a_reason(world)
    return Call()


@call
async def get_no_party_organization_reason(world: World) -> Call:
    return Call(path=(await a_reason(world)).path)


@call
async def end_no_party_organization_reason(world: World) -> Call:
    return await a_reason(world, {"on": f"{TODAY - timedelta(days=1)}"})


@call
async def cancel_no_party_organization_reason(world: World) -> Call:
    return await a_reason(world)
