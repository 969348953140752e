"""Organization life: meetings, reports, appraisals."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


async def a_branch(world: World, members: int = 2) -> tuple[str, list[str]]:
    """A branch with members: their ids."""
    branch = str((await world.do("establish_party_organization"))["id"])
    people = [
        str((await world.do("record_member", party_organization_id=branch))["id"]) for _ in range(members)
    ]
    return branch, people


@call
async def record_meeting(world: World) -> Call:
    branch, people = await a_branch(world)
    return Call(
        body={
            "party_organization_id": branch,
            "kind": "theme_day",
            "held_on": "2026-03-05",
            "topic": "学习《中国共产党章程》",
            "hours": "2.0",
            "rest": "present",
            "attendance": [{"member_id": people[0], "state": "leave", "reason": "work"}],
        }
    )


async def a_meeting(world: World, body: Any = None) -> Call:
    made = await world.do("record_meeting")
    return Call(path={"meeting_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_meetings(world: World) -> Call:
    planned = await record_meeting(world)
    for day in (5, 6, 7):
        changed = {**planned.body, "held_on": f"2026-03-{day:02d}"}
        await world.sent("record_meeting", Call(body=changed))
    return Call(query={"party_organization_id": planned.body["party_organization_id"]})


@call
async def get_meeting(world: World) -> Call:
    return Call(path=(await a_meeting(world)).path)


@call
async def change_meeting(world: World) -> Call:
    return await a_meeting(world, {"minutes_document": "会议记录2026-3"})


@call
async def cancel_meeting(world: World) -> Call:
    return await a_meeting(world, {"reason": "重复登记"})


@call
async def list_meeting_attendance(world: World) -> Call:
    return Call(path=(await a_meeting(world)).path)


@call
async def record_attendance(world: World) -> Call:
    planned = await record_meeting(world)
    made = await world.sent("record_meeting", planned)
    entry = {"member_id": planned.body["attendance"][0]["member_id"], "state": "present", "chair": True}
    return Call(path={"meeting_id": made["id"]}, if_match=made["etag"], body={"attendance": [entry]})


@call
async def get_organization_life(world: World) -> Call:
    made = await world.do("record_meeting")
    return Call(path={"body_id": made["party_organization"]["id"]}, query={"year": "2026"})


@call
async def sum_up_organization_life(world: World) -> Call:
    await world.do("record_meeting")
    return Call(query={"year": "2026", "division": "440100"})


@call
async def rank_organization_life(world: World) -> Call:
    for _ in range(2):
        await world.do("record_meeting")
    return Call(query={"year": "2026", "division": "440115"})


@call
async def list_training_hours(world: World) -> Call:
    branch, _ = await a_branch(world, 3)
    return Call(query={"year": "2026", "party_organization_id": branch})


@call
async def open_appraisal(world: World) -> Call:
    branch, _ = await a_branch(world)
    return Call(body={"party_organization_id": branch, "year": 2026, "on": "2026-10-08"})


async def at_verdict(world: World) -> tuple[dict[str, Any], dict[str, str]]:
    """An appraisal at the step of the verdict, and its address."""
    made = await world.do("open_appraisal")
    path = {"appraisal_id": made["id"]}
    for _ in range(3):
        made = await world.sent("advance_appraisal", Call(path=path, if_match=made["etag"], body={}))
    return made, path


@call
async def list_appraisals(world: World) -> Call:
    for _ in range(2):
        await world.do("open_appraisal")
    return Call(query={"year": "2026"})


@call
async def get_appraisal(world: World) -> Call:
    return Call(path={"appraisal_id": (await world.do("open_appraisal"))["id"]})


@call
async def advance_appraisal(world: World) -> Call:
    made = await world.do("open_appraisal")
    return Call(path={"appraisal_id": made["id"]}, if_match=made["etag"], body={})


@call
async def list_appraisal_grades(world: World) -> Call:
    return Call(path={"appraisal_id": (await world.do("open_appraisal"))["id"]})


@call
async def grade_members(world: World) -> Call:
    made, path = await at_verdict(world)
    roll = await world.get("list_appraisal_grades", **path)
    grades = [{"member_id": line["member"]["id"], "grade": "qualified"} for line in roll["items"]]
    return Call(path=path, if_match=made["etag"], body={"grades": grades})
