"""The ledger: organizations and their verbs, findings, exceptions."""

from collections.abc import Mapping
from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World
from tests.make.organizations import wrong_check_digit

REASON = {"reason": "按规定办理"}
ENDING = {"effective_on": "2024-03-01", "reason": "会员代表大会决议", "evidence": "穗民管〔2024〕1号"}


def organization(made: Mapping[str, Any], body: Any = None) -> Call:
    """A call to what was just made, in its present version."""
    return Call(path={"organization_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def register_organization(world: World) -> Call:
    return Call(
        body={
            "name": f"广州市南沙区第{world.serial()}青年志愿者协会",
            "kind": "association",
            "registration_mode": "direct",
            "division_code": "440115",
            "credit_code": world.credit_code(),
            "established_on": "2016-05-04",
            "staff_count": 6,
            "full_member_count": 4,
            "legal_representative": "陈示例",
            "contact_name": "李示例",
            "contact_phone": "13800138000",
        }
    )


@call
async def list_organizations(world: World) -> Call:
    for _ in range(3):
        await world.do("register_organization")
    return Call(query={"division": "440115"})


@call
async def search_organizations(world: World) -> Call:
    for _ in range(3):
        await world.do("register_organization")
    return Call(query={"q": "qingnianzhiyuan", "division": "440115"})


@call
async def get_organization(world: World) -> Call:
    return Call(path=organization(await world.do("register_organization")).path)


@call
async def change_organization(world: World) -> Call:
    made = await world.do("register_organization")
    return organization(made, {"staff_count": 9, "effective_on": "2020-01-01"})


@call
async def get_organization_overview(world: World) -> Call:
    return await get_organization(world)


@call
async def list_organization_facts(world: World) -> Call:
    return await get_organization(world)


@call
async def get_organization_history(world: World) -> Call:
    return await get_organization(world)


@call
async def reveal_organization_contact(world: World) -> Call:
    made = await get_organization(world)
    return Call(path=made.path, body={"purpose": "set_up_contact", **REASON})


# --- verbs -------------------------------------------------------------------------------------------------


@call
async def deregister_organization(world: World) -> Call:
    return organization(await world.do("register_organization"), ENDING)


@call
async def revoke_organization(world: World) -> Call:
    return organization(await world.do("register_organization"), {**ENDING, "license": True})


@call
async def restore_organization(world: World) -> Call:
    ended = await world.do("deregister_organization")
    return organization(ended, {"effective_on": "2025-03-01", **REASON})


@call
async def merge_organization(world: World) -> Call:
    other = await world.do("register_organization")
    return organization(await world.do("register_organization"), {**ENDING, "into_id": other["id"]})


@call
async def undo_organization_merger(world: World) -> Call:
    return organization(await world.do("merge_organization"), REASON)


@call
async def split_organization(world: World) -> Call:
    others = [(await world.do("register_organization"))["id"] for _ in range(2)]
    return organization(
        await world.do("register_organization"), {**ENDING, "into_ids": others, "survives": False}
    )


@call
async def correct_organization(world: World) -> Call:
    made = await world.do("register_organization")
    return organization(made, {"facts": {"staff_count": 7}, "evidence": "现场核实记录", **REASON})


# --- findings ----------------------------------------------------------------------------------------------


async def with_finding(world: World) -> dict[str, Any]:
    """A foundation with the credit code of an association: one finding."""
    return await world.do("register_organization", kind="foundation")


@call
async def list_organization_findings(world: World) -> Call:
    for _ in range(3):
        await with_finding(world)
    return Call()


@call
async def list_findings_of_organization(world: World) -> Call:
    made = await with_finding(world)
    changed = organization(made, {"credit_code": world.credit_code(), "effective_on": "2020-01-01"})
    await world.sent("change_organization", changed)
    return Call(path=changed.path)


async def a_finding(world: World, body: Any = None) -> Call:
    path = {"organization_id": (await with_finding(world))["id"]}
    found = await world.sent("list_findings_of_organization", Call(path=path))
    finding = found["items"][0]
    return Call(path={"finding_id": finding["id"]}, if_match=finding["etag"], body=body)


@call
async def get_organization_finding(world: World) -> Call:
    return Call(path=(await a_finding(world)).path)


@call
async def close_organization_finding(world: World) -> Call:
    return await a_finding(world, REASON)


# --- genuine certificates with a wrong check digit ---------------------------------------------------------


@call
async def request_credit_code_exception(world: World) -> Call:
    code = wrong_check_digit(world.serial() + 200_000)
    return Call(
        body={"credit_code": code, "division_code": "440115", "evidence": "证书原件与登记机关书面确认"}
    )


@call
async def list_credit_code_exceptions(world: World) -> Call:
    for _ in range(3):
        await world.do("request_credit_code_exception")
    return Call()


async def an_exception(world: World, body: Any = None) -> Call:
    made = await world.do("request_credit_code_exception")
    return Call(path={"exception_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def get_credit_code_exception(world: World) -> Call:
    return Call(path=(await an_exception(world)).path)


@call
async def approve_credit_code_exception(world: World) -> Call:
    return await an_exception(world, REASON)


@call
async def refuse_credit_code_exception(world: World) -> Call:
    return await an_exception(world, REASON)
