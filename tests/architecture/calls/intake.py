"""Registries: their sources and secrets, what they push, and what becomes of it."""

import json
from datetime import UTC, datetime
from typing import Any

from app import worker
from app.core import signing
from tests.architecture.calls.registry import CALLS, Call, call
from tests.architecture.calls.world import World
from tests.make import intake as make
from tests.make.organizations import wrong_check_digit


@call
async def read_signature_vectors(_: World) -> Call:
    return Call()


@call
async def read_registry_examples(_: World) -> Call:
    return Call()


# --- sources -----------------------------------------------------------------------------------------------


@call
async def add_registry_source(world: World) -> Call:
    roles = [{"role": "registration_authority", "from_on": "2013-01-01"}]
    authority = await world.do("record_authority", roles=roles)
    serial = world.serial()
    return Call(
        body={
            "code": f"nansha-{serial}",
            "name": f"南沙区登记系统{serial}",
            "authority_id": authority["id"],
            "divisions": ["440115"],
        }
    )


@call
async def list_registry_sources(world: World) -> Call:
    for _ in range(3):
        await world.do("add_registry_source")
    return Call()


async def a_source(world: World, body: Any = None) -> Call:
    made = await world.do("add_registry_source")
    return Call(path={"source_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def read_registry_source(world: World) -> Call:
    return Call(path=(await a_source(world)).path)


@call
async def amend_registry_source(world: World) -> Call:
    return await a_source(world, {"name": f"南沙区登记系统{world.serial()}"})


@call
async def approve_registry_source(world: World) -> Call:
    """Asked for by another than whoever approves."""
    other = await world.newcomer("security_admin")
    made = await CALLS["add_registry_source"](world)
    asked = Call(body={**made.body, "source_rank": 60}, by=other)
    source = await world.sent("add_registry_source", asked)
    return Call(path={"source_id": source["id"]}, if_match=source["etag"])


@call
async def rotate_registry_source_secret(world: World) -> Call:
    return Call(path=(await a_source(world)).path, body={"overlap_hours": 24})


@call
async def list_registry_source_secrets(world: World) -> Call:
    rotated = await rotate_registry_source_secret(world)
    for _ in range(3):
        await world.sent("rotate_registry_source_secret", rotated)
    return Call(path=rotated.path)


@call
async def revoke_registry_source_secret(world: World) -> Call:
    listed = await list_registry_source_secrets(world)
    secret = (await world.sent("list_registry_source_secrets", listed))["items"][0]
    return Call(path={**listed.path, "secret_id": secret["id"]}, if_match=secret["etag"])


# --- messages ----------------------------------------------------------------------------------------------


async def registry(world: World) -> tuple[dict[str, str], str, str]:
    """A source: where it lies, its code, its secret."""
    source = await world.do("add_registry_source")
    path = {"source_id": source["id"]}
    made = await world.sent("rotate_registry_source_secret", Call(path=path, body={"overlap_hours": 24}))
    return path, source["code"], made["secret"]


def pushed(source: str, secret: str, message: dict[str, Any]) -> Call:
    body = json.dumps(message, ensure_ascii=False).encode()
    headers = signing.sign(
        [secret], f"msg_{datetime.now(UTC).timestamp()}".replace(".", "_"), datetime.now(UTC), body
    )
    headers["Content-Type"] = "application/json"
    return Call(path={"source": source}, content=body, headers=headers)


def registered(world: World, **fields: Any) -> dict[str, Any]:
    return make.registered(
        **{"credit_code": world.credit_code(), "name": f"第{world.serial()}登记协会"} | fields
    )


@call
async def push_registry_message(world: World) -> Call:
    _, source, secret = await registry(world)
    return pushed(source, secret, registered(world))


@call
async def list_registry_events(world: World) -> Call:
    _, source, secret = await registry(world)
    for _ in range(3):
        await world.sent("push_registry_message", pushed(source, secret, registered(world)))
    return Call(query={"source": source})


@call
async def list_registry_source_gaps(world: World) -> Call:
    path, source, secret = await registry(world)
    for sequence in (1, 4, 9, 12):
        await world.sent(
            "push_registry_message", pushed(source, secret, registered(world, sequence=sequence))
        )
    return Call(path=path)


async def an_event(world: World, body: Any = None, **fields: Any) -> Call:
    """A message that was quarantined: it registers outside its source's divisions."""
    _, source, secret = await registry(world)
    message = registered(world, **{"division_code": "440106"} | fields)
    taken = await world.sent("push_registry_message", pushed(source, secret, message))
    await worker._inbox(world.shell, lambda: False)
    path = {"event_id": taken["id"]}
    return Call(path=path, body=body, if_match=(await world.get("read_registry_event", **path))["etag"])


@call
async def read_registry_event(world: World) -> Call:
    _, source, secret = await registry(world)
    taken = await world.sent("push_registry_message", pushed(source, secret, registered(world)))
    return Call(path={"event_id": taken["id"]})


@call
async def replay_registry_events(world: World) -> Call:
    await an_event(world)
    return Call(body={"problem_code": "outside_registration_divisions"})


@call
async def replay_registry_event(world: World) -> Call:
    return await an_event(world)


@call
async def mend_registry_event(world: World) -> Call:
    return await an_event(
        world, {"message": registered(world), "reason": "登记系统的区划代码写错, 已电话核实"}
    )


@call
async def dismiss_registry_event(world: World) -> Call:
    return await an_event(world, {"reason": "非本区登记"})


@call
async def reveal_registry_event(world: World) -> Call:
    return Call(path=(await read_registry_event(world)).path, body={"reason": "核对原始报文"})


@call
async def ask_to_accept_certificate(world: World) -> Call:
    code = wrong_check_digit(world.serial() + 300_000)
    evidence = {"evidence": "证书原件扫描件已核对, 发证机关书面确认", "file_digest": "9f" * 32}
    return await an_event(world, evidence, division_code="440115", credit_code=code)


@call
async def decide_on_certificate(world: World) -> Call:
    asked = await ask_to_accept_certificate(world)
    now = await world.sent("ask_to_accept_certificate", asked)
    return Call(path=asked.path, body={"accept": True, "reason": "证书属实"}, if_match=now["etag"])
