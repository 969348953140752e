"""Cross appointments."""

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


async def a_pair(world: World) -> str:
    """A body whose post holder has the name of the president of an organization that it covers."""
    post = await world.do("appoint_to_party_post")
    branch = str(post["party_organization"]["id"])
    organization = await world.do("register_organization")
    cover = {"organization_id": organization["id"], "from_on": "2026-01-05"}
    await world.sent("start_cover", Call(path={"party_organization_id": branch}, body=cover))
    board = {
        "elected_on": "2026-01-05",
        "officers": [{"name": "测试员甲", "post": "会长", "is_principal": True}],
    }
    await world.sent(
        "elect_organization_officers", Call(path={"organization_id": organization["id"]}, body=board)
    )
    return branch


@call
async def propose_cross_appointments(world: World) -> Call:
    return Call(body={"party_organization_id": await a_pair(world)})


async def a_match(world: World, **body: str) -> Call:
    branch = await a_pair(world)
    await world.sent("propose_cross_appointments", Call(body={"party_organization_id": branch}))
    found = await world.sent("list_cross_appointments", Call(query={"party_organization_id": branch}))
    match = found["items"][0]
    return Call(path={"cross_appointment_id": match["id"]}, if_match=match["etag"], body=body)


@call
async def list_cross_appointments(world: World) -> Call:
    for _ in range(2):
        await a_match(world)
    return Call(query={"state": "proposed"})


@call
async def get_cross_appointment_rates(world: World) -> Call:
    await a_pair(world)
    return Call(query={"division": "440115"})


@call
async def list_cross_appointment_organizations(world: World) -> Call:
    for _ in range(2):
        await a_pair(world)
    return Call(query={"part": "denominator"})


@call
async def confirm_cross_appointment(world: World) -> Call:
    return await a_match(world, reason="本人核实")


@call
async def reject_cross_appointment(world: World) -> Call:
    return await a_match(world, reason="同名不同人")
