"""Members and the transfers of their relations."""

from typing import Any

from app.core.access import SYSTEM
from app.core.work import begin
from app.members import commands as members
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World
from tests.make.members import id_number


async def a_branch(world: World) -> str:
    made = await world.do("establish_party_organization")
    return str(made["id"])


@call
async def record_member(world: World) -> Call:
    serial = world.serial()
    return Call(
        body={
            "name": "测试员甲",
            "id_number": id_number(serial),
            "phone": "13800138000",
            "status": "full",
            "joined": {"on": "1999-01-01", "precision": "year"},
            "full": {"on": "2000-07-01", "precision": "day"},
            "party_organization_id": await a_branch(world),
            "affiliated_on": "2018-03-01",
        }
    )


async def a_member(world: World, body: Any = None, **changes: Any) -> Call:
    made = await world.do("record_member", **changes)
    return Call(path={"member_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_members(world: World) -> Call:
    branch = await a_branch(world)
    for _ in range(3):
        await world.do("record_member", party_organization_id=branch)
    return Call(query={"party_organization_id": branch})


@call
async def count_members(world: World) -> Call:
    await world.do("record_member")
    return Call(query={"division": "440115"})


@call
async def find_members(world: World) -> Call:
    await world.do("record_member")
    return Call(body={"name": "测试员甲"})


@call
async def get_member(world: World) -> Call:
    return Call(path=(await a_member(world)).path)


@call
async def change_member(world: World) -> Call:
    return await a_member(world, {"phone": "13900139000", "employment": "part_time"})


@call
async def get_member_history(world: World) -> Call:
    return Call(path=(await a_member(world)).path)


@call
async def reveal_member(world: World) -> Call:
    made = await a_member(world)
    body = {"fields": ["name", "phone"], "purpose": "organization_life", "reason": "通知参加组织生活"}
    return Call(path=made.path, body=body)


@call
async def suspend_member(world: World) -> Call:
    return await a_member(world, {"abroad": True, "document": "南社党〔2026〕7号", "on": "2026-01-05"})


@call
async def restore_member(world: World) -> Call:
    suspended = await world.do("suspend_member")
    return Call(
        path={"member_id": suspended["id"]},
        if_match=suspended["etag"],
        body={"document": "南社党〔2026〕9号", "on": "2026-02-05"},
    )


@call
async def end_member(world: World) -> Call:
    return await a_member(world, {"kind": "deceased", "on": "2026-01-05"})


@call
async def restrict_member(world: World) -> Call:
    body = {"kind": "probation_within_party", "from_on": "2026-01-05", "document": "南纪〔2026〕1号"}
    return await a_member(world, body)


@call
async def end_member_restriction(world: World) -> Call:
    started = await restrict_member(world)
    found = await world.sent("restrict_member", started)
    row = found["restrictions"][0]
    return Call(path={**started.path, "link_id": row["id"]}, if_match=row["etag"], body={"on": "2026-02-05"})


@call
async def start_member_participation(world: World) -> Call:
    body = {"party_organization_id": await a_branch(world), "kind": "floating", "from_on": "2026-01-05"}
    return await a_member(world, body)


@call
async def end_member_participation(world: World) -> Call:
    started = await start_member_participation(world)
    found = await world.sent("start_member_participation", started)
    row = found["participations"][0]
    return Call(path={**started.path, "link_id": row["id"]}, if_match=row["etag"], body={"on": "2026-02-05"})


@call
async def move_member(world: World) -> Call:
    applicant = {"status": "applicant", "joined": None, "full": None, "applied_on": "2024-01-05"}
    body = {"to_party_organization_id": await a_branch(world), "on": "2026-01-05", "reason": "工作单位变动"}
    return await a_member(world, body, **applicant)


async def grid_plan(world: World) -> dict[str, Any]:
    """A township of this world, with a body above it."""
    place = await world.do("add_division")
    return {
        "name": f"第{world.serial()}网格",
        "division_code": place["code"],
        "party_organization_id": await a_branch(world),
        "responsible_member_id": None,
        "opened_on": "2026-01-05",
    }


@call
async def open_grid_unit(world: World) -> Call:
    return Call(body=await grid_plan(world))


async def a_unit(world: World, body: Any = None) -> Call:
    made = await world.do("open_grid_unit")
    return Call(path={"unit_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_grid_units(world: World) -> Call:
    for _ in range(3):
        await world.do("open_grid_unit")
    return Call(query={"open": "true"})


@call
async def get_grid_unit(world: World) -> Call:
    return Call(path=(await a_unit(world)).path)


@call
async def change_grid_unit(world: World) -> Call:
    return await a_unit(world, {"name": f"第{world.serial()}网格"})


@call
async def get_grid_unit_contents(world: World) -> Call:
    return Call(path=(await assigned(world)).path)


@call
async def assign_to_grid_unit(world: World) -> Call:
    member = await world.do("record_member")
    return await a_unit(world, {"member_id": member["id"], "on": "2026-02-05"})


async def assigned(world: World) -> Call:
    sent = await assign_to_grid_unit(world)
    now = await world.sent("assign_to_grid_unit", sent)
    body = {"member_id": sent.body["member_id"], "on": "2026-03-05"}
    return Call(path=sent.path, if_match=now["etag"], body=body)


@call
async def release_from_grid_unit(world: World) -> Call:
    return await assigned(world)


@call
async def close_grid_unit(world: World) -> Call:
    return await a_unit(world, {"on": "2026-02-05"})


async def a_verification(world: World, body: Any = None) -> Call:
    """Somebody of one branch whom a clerk of another wanted to enter: an organizer sees both."""
    there = await world.do("establish_party_organization", division_code="440106", name="天河区党支部")
    number = id_number(world.serial())
    await world.do("record_member", party_organization_id=there["id"], id_number=number)
    asked = await record_member(world)
    near = await world.caller("clerk", "440115")
    refused = await world.send("record_member", Call(body={**asked.body, "id_number": number}, by=near))
    assert refused.json()["code"] == "person_needs_verification", refused.text
    found = await world.sent("list_person_verifications", Call(query={"state": "open"}))
    row = found["items"][0]
    return Call(path={"verification_id": row["id"]}, if_match=row["etag"], body=body)


@call
async def list_person_verifications(world: World) -> Call:
    for _ in range(2):
        await a_verification(world)
    return Call(query={"state": "open"})


@call
async def get_person_verification(world: World) -> Call:
    return Call(path=(await a_verification(world)).path)


@call
async def decide_person_verification(world: World) -> Call:
    return await a_verification(world, {"outcome": "same_person", "reason": "核对档案"})


@call
async def record_person_request(world: World) -> Call:
    made = await a_member(world)
    body = {
        "kind": "access",
        "received_on": "2026-11-02",
        "identity_proof": "当面核对身份证件",
        "details": "请提供本人信息副本",
    }
    return Call(path=made.path, body=body)


async def a_request(world: World, body: Any = None, *, kind: str = "access", granted: bool = False) -> Call:
    made = await world.do("record_person_request", kind=kind)
    call = Call(path={"request_id": made["id"]}, if_match=made["etag"], body=body)
    if granted:
        ground = {"access": "access_due", "correction": "correction_due"}[kind]
        decision = {"grant": True, "legal_ground": ground, "reason": "依法办理"}
        decided = await world.sent(
            "decide_person_request", Call(call.path, body=decision, if_match=call.if_match)
        )
        call = Call(path=call.path, if_match=decided["etag"], body=body)
    return call


@call
async def list_person_requests(world: World) -> Call:
    for _ in range(3):
        await world.do("record_person_request")
    return Call(query={"state": "received"})


@call
async def get_person_request(world: World) -> Call:
    return Call(path=(await a_request(world)).path)


@call
async def decide_person_request(world: World) -> Call:
    return await a_request(world, {"grant": True, "legal_ground": "access_due", "reason": "依法办理"})


@call
async def execute_person_request(world: World) -> Call:
    body = {"correction": {"phone": "13900139000"}}
    return await a_request(world, body, kind="correction", granted=True)


@call
async def copy_person(world: World) -> Call:
    return await a_request(world, granted=True)


async def a_retention(world: World, body: Any = None) -> Call:
    """An error of the ledger, which the daily job lists."""
    made = await a_member(world, {"kind": "recorded_in_error", "on": "2026-01-05", "reason": "重复登记"})
    await world.sent("end_member", made)
    async with begin(world.shell, SYSTEM) as work:
        await members.list_due(work)
    found = (await world.sent("list_person_retentions", Call(query={"state": "due"})))["items"]
    row = next(each for each in found if each["member_id"] == made.path["member_id"])
    return Call(path={"retention_id": row["id"]}, if_match=row["etag"], body=body)


@call
async def list_person_retentions(world: World) -> Call:
    for _ in range(3):
        await a_retention(world)
    return Call(query={"state": "due"})


@call
async def settle_person_retention(world: World) -> Call:
    return await a_retention(world, {"erase": True, "reason": "保存期满"})


@call
async def request_transfer(world: World) -> Call:
    return await a_member(world, {"to_party_organization_id": await a_branch(world), "reason": "工作调动"})


async def a_transfer(world: World, before: str, body: Any) -> Call:
    made = await world.do(before)
    return Call(path={"transfer_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_transfers(world: World) -> Call:
    for _ in range(3):
        await world.do("request_transfer")
    return Call(query={"state": "requested"})


@call
async def get_transfer(world: World) -> Call:
    return Call(path=(await a_transfer(world, "request_transfer", None)).path)


@call
async def send_transfer(world: World) -> Call:
    return await a_transfer(world, "request_transfer", {"letter_number": "NS2026-0007"})


@call
async def accept_transfer(world: World) -> Call:
    return await a_transfer(world, "send_transfer", {})


@call
async def return_transfer(world: World) -> Call:
    return await a_transfer(world, "send_transfer", {"reason": "材料不全"})


@call
async def cancel_transfer(world: World) -> Call:
    return await a_transfer(world, "request_transfer", {"reason": "不再调动"})
