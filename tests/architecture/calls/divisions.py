"""Divisions, and the authorities of their administrations."""

from datetime import date
from typing import Any

from app.divisions import formats
from tests.architecture.calls.reference import administrator
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World

SOURCE = "测试用, 非真实文件"
COUNTIES = [row.code for row in formats.current() if row.code[:2] in {"51", "53"} and row.code[4:] != "00"]


@call
async def list_divisions(_: World) -> Call:
    return Call(query={"division": "440100"})


@call
async def add_division(world: World) -> Call:
    body = {
        "code": f"440115{world.serial():06d}",
        "name": "明珠湾街道",
        "kind": "subdistrict",
        "level": "township",
        "parent_code": "440115",
        "from_on": "2020-01-01",
        "source": SOURCE,
    }
    return Call(body=body, by=await administrator(world))


async def a_division(world: World, body: Any = None) -> Call:
    made = await world.do("add_division")
    return Call(path={"code": made["code"]}, if_match=made["etag"], body=body, by=await administrator(world))


@call
async def import_division_table(world: World) -> Call:
    """Complete for the townships of a county that has none: each time another county."""
    county = COUNTIES[world.serial() % len(COUNTIES)]
    rows = [
        {
            "code": f"{county}001",
            "name": "第一街道",
            "kind": "subdistrict",
            "level": "township",
            "parent_code": county,
        }
    ]
    body = {
        "effective_on": "2026-01-01",
        "source": SOURCE,
        "dry_run": False,
        "division_code": county,
        "levels": ["township"],
        "entries": rows,
    }
    return Call(body=body, by=await administrator(world))


@call
async def get_division(_: World) -> Call:
    return Call(path={"code": "440115"})


@call
async def correct_division(world: World) -> Call:
    return await a_division(world, {"name": "明珠湾镇", "kind": "town", "source": SOURCE})


@call
async def list_division_children(_: World) -> Call:
    return Call(path={"code": "440100"})


@call
async def get_division_path(_: World) -> Call:
    return Call(path={"code": "440115"})


@call
async def get_division_history(_: World) -> Call:
    return Call(path={"code": "440115"})


@call
async def rename_division(world: World) -> Call:
    return await a_division(world, {"name": "灵山岛街道", "effective_on": "2024-01-01", "source": SOURCE})


@call
async def move_division(world: World) -> Call:
    return await a_division(world, {"parent_code": "440113", "effective_on": "2024-01-01", "source": SOURCE})


@call
async def abolish_division(world: World) -> Call:
    body = {"effective_on": "2024-01-01", "kind": "abolished", "successors": [], "source": SOURCE}
    return await a_division(world, body)


# --- authorities -------------------------------------------------------------------------------------------


@call
async def record_authority(world: World) -> Call:
    body = {
        "name": f"广州市南沙区第{world.serial()}局",
        "division_code": "440115",
        "roles": [{"role": "supervisory_unit", "from_on": "2010-01-01"}],
    }
    return Call(body=body)


@call
async def list_authorities(world: World) -> Call:
    for _ in range(3):
        await world.do("record_authority")
    return Call()


async def an_authority(world: World, body: Any = None) -> Call:
    made = await world.do("record_authority")
    return Call(path={"authority_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def get_authority(world: World) -> Call:
    return Call(path=(await an_authority(world)).path)


@call
async def change_authority(world: World) -> Call:
    return await an_authority(world, {"name": f"广州市南沙区第{world.serial()}办公室"})


@call
async def abolish_authority(world: World) -> Call:
    return await an_authority(world, {"on": "2024-01-01", "reason": "机构改革"})


@call
async def give_authority_role(world: World) -> Call:
    return await an_authority(world, {"role": "registration_authority", "from_on": "2019-03-01"})


async def a_role(world: World, body: Any) -> Call:
    made = await world.do("record_authority")
    path = {"authority_id": made["id"], "role_id": made["roles"][0]["id"]}
    return Call(path=path, if_match=made["etag"], body=body)


@call
async def end_authority_role(world: World) -> Call:
    return await a_role(world, {"on": f"{date(2024, 1, 1)}"})


@call
async def cancel_authority_role(world: World) -> Call:
    return await a_role(world, None)
