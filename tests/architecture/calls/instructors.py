"""Instructors, their assignments and visits, suggestions, leaders' contracts."""

from typing import Any

from tests.architecture.calls.members import a_branch
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


@call
async def appoint_instructor(world: World) -> Call:
    return Call(
        body={
            "name": "测试员乙",
            "phone": "13800138001",
            "source": "dispatched",
            "origin": "retiree",
            "batch": "2026年第一批",
            "home_unit": "南沙区教育局",
            "industries": ["education"],
            "duties": ["organizer"],
            "party_organization_id": await a_branch(world),
            "division_code": "440100",
            "from_on": "2026-01-01",
            "until_on": "2029-01-01",
        }
    )


async def an_instructor(world: World, body: Any = None, **changes: Any) -> Call:
    made = await world.do("appoint_instructor", **changes)
    return Call(path={"instructor_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_instructors(world: World) -> Call:
    branch = await a_branch(world)
    for _ in range(3):
        await world.do("appoint_instructor", party_organization_id=branch)
    return Call(query={"party_organization_id": branch, "serving": "true", "free": "true"})


@call
async def count_instruction(world: World) -> Call:
    await world.do("record_visit")
    return Call(query={"division": "440100", "from_on": "2026-01-01"})


@call
async def get_instructor(world: World) -> Call:
    return Call(path=(await an_instructor(world)).path)


@call
async def change_instructor(world: World) -> Call:
    return await an_instructor(world, {"capacity": 4, "home_unit": "南沙区民政局"})


@call
async def get_instructor_history(world: World) -> Call:
    made = await world.do("assign_instructor")
    return Call(path={"instructor_id": made["instructor"]["id"]})


@call
async def renew_instructor(world: World) -> Call:
    return await an_instructor(world, {"until_on": "2030-01-01", "document": "南社党〔2026〕8号"})


@call
async def end_instructor(world: World) -> Call:
    return await an_instructor(world, {"on": "2026-06-01", "reason": "工作调动"})


@call
async def hand_over_assignments(world: World) -> Call:
    made = await world.do("assign_instructor")
    giver = await world.sent("get_instructor", Call(path={"instructor_id": made["instructor"]["id"]}))
    taker = await world.do("appoint_instructor")
    return Call(
        path={"instructor_id": giver["id"]},
        if_match=giver["etag"],
        body={"to_instructor_id": taker["id"], "on": "2026-06-01"},
    )


@call
async def assess_instructor(world: World) -> Call:
    return await an_instructor(world, {"kind": "yearly", "year": 2025, "grade": "qualified"})


@call
async def reveal_instructor(world: World) -> Call:
    body = {"fields": ["phone"], "purpose": "guidance", "reason": "约定走访时间"}
    return Call(path=(await an_instructor(world)).path, body=body)


@call
async def record_visit(world: World) -> Call:
    made = await world.do("assign_instructor")
    return Call(
        path={"instructor_id": made["instructor"]["id"]},
        body={
            "organization_id": made["organization"]["id"],
            "kind": "visit",
            "held_on": "2026-03-02",
            "persons_met": 3,
            "members_found": 2,
            "follow_up": "补报党员情况调查表",
            "follow_up_due_on": "2026-03-31",
        },
    )


# -------------------------------------------------------------------------------------------- assignments


@call
async def assign_instructor(world: World) -> Call:
    instructor, organization = await world.do("appoint_instructor"), await world.do("register_organization")
    return Call(
        body={
            "instructor_id": instructor["id"],
            "organization_id": organization["id"],
            "from_on": "2026-02-01",
        }
    )


async def an_assignment(world: World, body: Any = None) -> Call:
    made = await world.do("assign_instructor", until_on="2028-01-01")
    return Call(path={"assignment_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_instructor_assignments(world: World) -> Call:
    instructor = await world.do("appoint_instructor")
    for _ in range(3):
        await world.do("assign_instructor", instructor_id=instructor["id"])
    return Call(query={"instructor_id": instructor["id"]})


@call
async def get_instructor_assignment(world: World) -> Call:
    return Call(path=(await an_assignment(world)).path)


@call
async def recall_instructor(world: World) -> Call:
    return await an_assignment(world, {"on": "2026-06-01"})


@call
async def renew_instructor_assignment(world: World) -> Call:
    return await an_assignment(world, {"until_on": "2028-06-01"})


# ------------------------------------------------------------------------------------------------- visits


@call
async def list_visits(world: World) -> Call:
    visit = await record_visit(world)
    for _ in range(3):
        await world.sent("record_visit", visit)
    return Call(query={"instructor_id": visit.path["instructor_id"]})


async def a_visit(world: World, body: Any = None) -> Call:
    made = await world.sent("record_visit", await record_visit(world))
    return Call(path={"visit_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def get_visit(world: World) -> Call:
    return Call(path=(await a_visit(world)).path)


@call
async def close_follow_up(world: World) -> Call:
    return await a_visit(world, {"on": "2026-03-20"})


# -------------------------------------------------------------------------------------------- suggestions


@call
async def suggest_instructors(world: World) -> Call:  # noqa: ARG001 (each entry is asked alike)
    return Call(body={"division": "440115"})


async def suggested(world: World, many: int = 1) -> list[dict[str, Any]]:
    """Suggestions of one run, made by the worker."""
    await world.do("appoint_instructor")
    for _ in range(many):
        await world.do("register_organization")
    run = await world.do("suggest_instructors")
    await world.worked()
    found = await world.sent("list_instructor_suggestions", Call(query={"operation_id": run["id"]}))
    return list(found["items"])


@call
async def list_instructor_suggestions(world: World) -> Call:
    found = await suggested(world, 3)
    return Call(query={"operation_id": found[0]["operation_id"]})


@call
async def accept_instructor_suggestion(world: World) -> Call:
    found = (await suggested(world))[0]
    return Call(path={"suggestion_id": found["id"]}, if_match=found["etag"])


@call
async def decline_instructor_suggestion(world: World) -> Call:
    found = (await suggested(world))[0]
    return Call(path={"suggestion_id": found["id"]}, if_match=found["etag"], body={"reason": "已有其他安排"})


@call
async def accept_instructor_suggestions(world: World) -> Call:
    found = (await suggested(world))[0]
    return Call(body={"operation_id": found["operation_id"]})


# ---------------------------------------------------------------------------------------------- contracts


@call
async def sign_leader_contract(world: World) -> Call:
    return Call(
        body={
            "kind": "leader_contract",
            "name": "测试员丙",
            "post": "区委两新工委委员",
            "party_organization_id": await a_branch(world),
            "division_code": "440115",
            "from_on": "2026-01-01",
        }
    )


async def a_contract(world: World, body: Any = None, **changes: Any) -> Call:
    made = await world.do("sign_leader_contract", **changes)
    return Call(path={"contract_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_leader_contracts(world: World) -> Call:
    branch = await a_branch(world)
    for _ in range(3):
        await world.do("sign_leader_contract", party_organization_id=branch)
    return Call(query={"party_organization_id": branch})


@call
async def get_leader_contract(world: World) -> Call:
    return Call(path=(await a_contract(world)).path)


@call
async def end_leader_contract(world: World) -> Call:
    return await a_contract(world, {"on": "2026-06-01"})


@call
async def add_contract_target(world: World) -> Call:
    organization = await world.do("register_organization")
    return await a_contract(world, {"organization_id": organization["id"], "from_on": "2026-02-01"})


async def a_target(world: World) -> tuple[Call, dict[str, Any]]:
    added = await add_contract_target(world)
    contract = await world.sent("add_contract_target", added)
    return added, contract["targets"][0]


@call
async def move_contract_target(world: World) -> Call:
    added, target = await a_target(world)
    return Call(
        path={**added.path, "target_id": target["id"]},
        if_match=target["etag"],
        body={"progress": "under_way", "note": "已上门一次"},
    )


@call
async def record_leader_visit(world: World) -> Call:
    added, target = await a_target(world)
    return Call(
        path=added.path,
        body={"organization_id": target["organization"]["id"], "kind": "visit", "held_on": "2026-03-02"},
    )
