"""Rosters in and out."""

from typing import Any

from app.core.access import Role
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World
from tests.make.members import id_number

HEADINGS = "姓名,公民身份号码,党员状态,入党日期,转正日期,所在党支部\n"


@call
async def start_roster_import(world: World) -> Call:
    """A roster of two rows, one of which will be refused."""
    branch = await world.do("establish_party_organization")
    row = f"测试员乙,{id_number(world.serial())},正式党员,1999-07,2000-07-01,{branch['id']}\n"
    content = f"{HEADINGS}{row}测试员丙,,正式党员,去年,2000-07-01,{branch['id']}\n".encode()
    made = await world.sent("upload_file", Call(query={"name": "roster.csv"}, content=content))
    body = {"kind": "members", "file_id": made["id"], "division_code": "440115"}
    return Call(body=body, by=await world.caller(Role.CLERK))


async def imported(world: World) -> Call:
    made = await world.do("start_roster_import")
    await world.worked()
    return Call(path={"import_id": made["id"]})


@call
async def list_roster_imports(world: World) -> Call:
    for _ in range(3):
        await imported(world)
    return Call()


@call
async def download_roster_template(_: World) -> Call:
    return Call(query={"kind": "members", "format": "xlsx"})


@call
async def get_roster_import(world: World) -> Call:
    return await imported(world)


@call
async def list_roster_import_rows(world: World) -> Call:
    return await imported(world)


@call
async def download_roster_import_errors(world: World) -> Call:
    return await imported(world)


@call
async def request_roster_export(world: World) -> Call:
    await world.do("record_member")
    body = {
        "division_code": "440115",
        "columns": ["name", "status", "branch"],
        "unmasked": ["name"],
        "purpose": "党员组织关系排查",
        "reason": "年度核对名册",
    }
    return Call(body=body, by=await world.newcomer(Role.CLERK))


async def asked(world: World, body: Any = None) -> Call:
    made = await world.do("request_roster_export")
    return Call(path={"export_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_roster_exports(world: World) -> Call:
    for _ in range(3):
        await world.do("request_roster_export")
    return Call(query={"state": "requested"}, by=await world.caller(Role.ORGANIZER))


@call
async def get_roster_export(world: World) -> Call:
    found = await asked(world)
    return Call(path=found.path, by=await world.caller(Role.ORGANIZER))


@call
async def decide_roster_export(world: World) -> Call:
    return await asked(world, {"approve": True, "reason": "同意"})


@call
async def download_roster_export(world: World) -> Call:
    call_ = await request_roster_export(world)
    made = await world.sent("request_roster_export", call_)
    order = {"approve": True, "reason": "同意"}
    path = {"export_id": made["id"]}
    await world.sent("decide_roster_export", Call(path, body=order, if_match=made["etag"]))
    await world.worked()
    return Call(path=path, by=call_.by)
