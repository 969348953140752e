"""Who answers for an organization; what it owes; what waits."""

from datetime import timedelta
from typing import Any

from tests.architecture.calls.party_organizations import TODAY, committee
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World

WHY = {"reason": "区委组织部会议纪要〔2026〕3号"}


async def an_organization(world: World) -> dict[str, str]:
    return {"organization_id": (await world.do("register_organization"))["id"]}


@call
async def get_responsibility(world: World) -> Call:
    return Call(path=await an_organization(world))


@call
async def get_responsibility_history(world: World) -> Call:
    return Call(path=await an_organization(world))


@call
async def override_responsibility(world: World) -> Call:
    path = await an_organization(world)
    top = await committee(world)
    answer = await world.send("get_responsibility", Call(path=path, by=await world.caller("organizer")))
    body = {"party_organization_id": top["id"], "until": f"{TODAY + timedelta(days=60)}", **WHY}
    return Call(path=path, body=body, if_match=answer.headers["etag"])


@call
async def end_responsibility_override(world: World) -> Call:
    overridden = await override_responsibility(world)
    response = await world.send("override_responsibility", overridden)
    return Call(path=overridden.path, body=WHY, if_match=response.headers["etag"])


@call
async def list_responsibility_findings(world: World) -> Call:
    for _ in range(3):
        await recent(world)
    return Call()


@call
async def start_responsibility_run(_: World) -> Call:
    return Call(body={"division": "440115", "dry_run": True})


@call
async def preview_responsibility(_: World) -> Call:
    return Call(body={"kind": "association", "registration_mode": "direct", "division_code": "440115"})


# --- duties ------------------------------------------------------------------------------------------------


@call
async def list_duties(world: World) -> Call:
    await recent(world)
    return Call()


async def duty(world: World, kind: str, path: dict[str, str]) -> dict[str, Any]:
    """A duty of an organization."""
    found = await world.get("list_organization_duties", **path)
    (one,) = [item for item in found["items"] if item["kind"] == kind]
    return dict(one)


async def with_duty(world: World, kind: str, body: Any) -> Call:
    """A call that does a duty of a new organization."""
    path = await recent(world)
    return Call(path=path, body=body, if_match=(await duty(world, kind, path))["etag"])


async def recent(world: World) -> dict[str, str]:
    """An organization that was registered lately, so that its duties are open."""
    day = f"{TODAY - timedelta(days=20)}"
    return {"organization_id": (await world.do("register_organization", established_on=day))["id"]}


@call
async def get_duty(world: World) -> Call:
    found = await duty(world, "commitment_letter", await recent(world))
    return Call(path={"duty_id": found["id"]})


@call
async def list_organization_duties(world: World) -> Call:
    return Call(path=await recent(world))


@call
async def receive_commitment_letter(world: World) -> Call:
    return await with_duty(world, *DONE["receive_commitment_letter"])


@call
async def record_member_survey(world: World) -> Call:
    return await with_duty(world, *DONE["record_member_survey"])


async def after(world: World, kind: str, *before: str) -> tuple[dict[str, str], dict[str, Any]]:
    """An organization some of whose duties are done, and the next one."""
    path = await recent(world)
    for name, done in ((n, DONE[n]) for n in before):
        now = await duty(world, done[0], path)
        await world.sent(name, Call(path=path, body=done[1], if_match=now["etag"]))
    return path, await duty(world, kind, path)


DONE: dict[str, tuple[str, dict[str, Any]]] = {
    "receive_commitment_letter": ("commitment_letter", {"received_on": f"{TODAY - timedelta(days=10)}"}),
    "record_member_survey": (
        "member_survey",
        {
            "received_on": f"{TODAY - timedelta(days=10)}",
            "staff_count": 6,
            "full_time_staff_count": 5,
            "full_member_count": 4,
            "probationary_member_count": 0,
            "full_time_full_member_count": 3,
        },
    ),
}


@call
async def hand_over_papers(world: World) -> Call:
    path, now = await after(world, "hand_over", *DONE)
    top = await committee(world)
    body = {"handed_over_on": f"{TODAY - timedelta(days=5)}", "party_organization_id": top["id"]}
    return Call(path=path, body=body, if_match=now["etag"])


@call
async def name_setup_contact(world: World) -> Call:
    path, now = await after(world, "setup_contact", *DONE)
    body = {"name": "李示例", "phone": "13800138000", "named_on": f"{TODAY - timedelta(days=5)}"}
    return Call(path=path, body=body, if_match=now["etag"])


@call
async def reveal_setup_contact(world: World) -> Call:
    named = await name_setup_contact(world)
    await world.sent("name_setup_contact", named)
    return Call(path=named.path, body={"purpose": "set_up_contact", "reason": "上门指导"})


@call
async def waive_duty(world: World) -> Call:
    now = await duty(world, "commitment_letter", await recent(world))
    return Call(path={"duty_id": now["id"]}, body=WHY, if_match=now["etag"])


@call
async def reopen_duty(world: World) -> Call:
    waived = await world.do("waive_duty")
    return Call(path={"duty_id": waived["id"]}, body=WHY, if_match=waived["etag"])


@call
async def get_worklist(world: World) -> Call:
    await recent(world)
    return Call()
