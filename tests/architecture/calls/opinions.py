"""Prior opinions, attendance rights, consultations."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


async def between(world: World) -> dict[str, Any]:
    """An organization and a Party organization, as fields."""
    organization = await world.do("register_organization")
    body = await world.do("establish_party_organization")
    return {"organization_id": organization["id"], "party_organization_id": body["id"]}


@call
async def put_matter_forward(world: World) -> Call:
    matter = {"kind": "expenditure", "subject": "购置办公用房", "amount": "500000.00"}
    return Call(body={**await between(world), **matter, "asked_on": "2026-09-01"})


async def a_matter(world: World, body: Any = None) -> Call:
    made = await world.do("put_matter_forward")
    return Call(path={"matter_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_matters(world: World) -> Call:
    for _ in range(2):
        await world.do("put_matter_forward")
    return Call(query={"kind": "expenditure"})


@call
async def get_matter(world: World) -> Call:
    return Call(path=(await a_matter(world)).path)


@call
async def count_matters(world: World) -> Call:
    await world.do("record_matter_outcome")
    return Call(query={"division": "440115"})


@call
async def give_prior_opinion(world: World) -> Call:
    return await a_matter(world, {"opinion": "suggest", "text": "建议公开招标。", "on": "2026-09-05"})


@call
async def record_matter_outcome(world: World) -> Call:
    made = await world.do("give_prior_opinion")
    return Call(
        path={"matter_id": made["id"]},
        if_match=made["etag"],
        body={"outcome": "adopted", "document": "理事会决议2026-4", "on": "2026-09-20"},
    )


@call
async def grant_attendance_right(world: World) -> Call:
    right = {"role": "secretary", "council": "council", "document": "章程第三十条", "from_on": "2026-01-05"}
    return Call(body={**await between(world), **right})


@call
async def list_attendance_rights(world: World) -> Call:
    for _ in range(2):
        await world.do("grant_attendance_right")
    return Call(query={"current": "true"})


@call
async def end_attendance_right(world: World) -> Call:
    made = await world.do("grant_attendance_right")
    return Call(path={"right_id": made["id"]}, if_match=made["etag"], body={"on": "2026-10-05"})


@call
async def record_consultation(world: World) -> Call:
    talk = {"kind": "consultation", "held_on": "2026-10-15", "subject": "党员示范岗"}
    return Call(body={**await between(world), **talk})


@call
async def list_consultations(world: World) -> Call:
    for _ in range(2):
        await world.do("record_consultation")
    return Call(query={"kind": "consultation"})
