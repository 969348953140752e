"""Supervision: rounds, findings, the matrix of departments."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World

PAPER = [{"document": "督导记录第3号"}]


@call
async def open_supervision_round(world: World) -> Call:
    organization = await world.do("register_organization")
    instructor = await world.do("appoint_instructor")
    return Call(
        body={
            "kind": "supervision",
            "title": f"第{world.serial()}轮督导",
            "division_code": "440100",
            "from_on": "2026-03-01",
            "until_on": "2026-12-31",
            "document": "穗社工委〔2026〕5号",
            "team": [{"instructor_id": instructor["id"], "leads": True}],
            "units": [{"organization_id": organization["id"]}],
        }
    )


async def a_round(world: World, body: Any = None) -> Call:
    made = await world.do("open_supervision_round")
    return Call(path={"round_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_supervision_rounds(world: World) -> Call:
    for _ in range(3):
        await world.do("open_supervision_round")
    return Call(query={"division": "440100", "state": "open"})


@call
async def get_supervision_round(world: World) -> Call:
    return Call(path=(await a_round(world)).path)


@call
async def draw_supervision_sample(world: World) -> Call:
    ids = [(await world.do("register_organization"))["id"] for _ in range(3)]
    return await a_round(world, {"seed": "2026-03-02 417", "count": 2, "organization_ids": ids})


@call
async def record_supervision_visit(world: World) -> Call:
    made = await world.do("open_supervision_round")
    finding = {"kind": "problem", "statement": "三会一课记录不全。", "evidence": PAPER}
    return Call(
        path={"round_id": made["id"], "unit_id": made["units"][0]["id"]},
        if_match=made["etag"],
        body={"held_on": "2026-03-02", "note": "查台账、座谈。", "findings": [finding]},
    )


@call
async def close_supervision_round(world: World) -> Call:
    return await a_round(world, {"on": "2026-06-30", "report": "督导两家单位, 发现问题三项。"})


@call
async def count_supervision(world: World) -> Call:
    await world.do("record_supervision_visit")
    return Call(query={"division": "440100", "from_on": "2026-01-01"})


# ----------------------------------------------------------------------------------------------- findings


@call
async def record_supervision_finding(world: World) -> Call:
    organization = await world.do("register_organization")
    return Call(
        body={
            "kind": "weak_organization",
            "organization_id": organization["id"],
            "statement": "一年以上未开展活动。",
            "evidence": PAPER,
            "found_on": "2026-03-02",
        }
    )


async def a_finding(world: World, body: Any = None) -> Call:
    made = await world.do("record_supervision_finding")
    return Call(path={"finding_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_supervision_findings(world: World) -> Call:
    for _ in range(3):
        await world.do("record_supervision_finding")
    return Call(query={"division": "440115", "kind": "weak_organization"})


@call
async def list_weak_candidates(world: World) -> Call:
    for _ in range(2):
        organization = await world.do("register_organization")
        for _ in range(2):
            await world.do("record_supervision_finding", kind="problem", organization_id=organization["id"])
    return Call(query={"division": "440115"})


@call
async def get_supervision_finding(world: World) -> Call:
    return Call(path=(await a_finding(world)).path)


@call
async def plan_supervision_finding(world: World) -> Call:
    instructor = await world.do("appoint_instructor")
    measures = [{"measure": "每月到点指导一次", "due_on": "2026-06-30"}]
    return await a_finding(world, {"helper_instructor_id": instructor["id"], "measures": measures})


@call
async def report_supervision_finding(world: World) -> Call:
    body = {"measure": "已补开会议并规范记录。", "done_on": "2026-04-01", "evidence": PAPER}
    return await a_finding(world, body)


@call
async def judge_supervision_finding(world: World) -> Call:
    reported = await world.sent("report_supervision_finding", await report_supervision_finding(world))
    return Call(
        path={"finding_id": reported["id"]},
        if_match=reported["etag"],
        body={"verdict": "accepted", "reason": "佐证材料齐全"},
        by=await world.caller("approver"),
    )


@call
async def draft_finding_notice(world: World) -> Call:
    sign = await world.do("register_document_sign")
    body = {"sign_id": sign["id"], "title": "关于整改督导问题的督办函", "answer_days": 10}
    return await a_finding(world, body)


# ------------------------------------------------------------------------------------------------- matrix


@call
async def assign_department_duty(world: World) -> Call:
    department = await world.do("record_authority")
    return Call(
        body={
            "authority_id": department["id"],
            "matter": "establishment",
            "part": "lead",
            "duty": "指导社会组织登记时同步采集党建信息。",
            "source": "阳两新〔2021〕2号",
            "from_on": "2026-01-01",
        }
    )


@call
async def list_department_duties(world: World) -> Call:
    for _ in range(3):
        await world.do("assign_department_duty")
    return Call(query={"matter": "establishment", "as_of": "2026-06-30"})


@call
async def end_department_duty(world: World) -> Call:
    made = await world.do("assign_department_duty")
    return Call(path={"duty_id": made["id"]}, if_match=made["etag"], body={"on": "2026-06-30"})
