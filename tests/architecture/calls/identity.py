"""Sessions, one's own account, users, grants, keys."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from app.identity import rules
from tests.architecture.calls.registry import Call, Headers, call
from tests.architecture.calls.world import World

PASSWORD = "crimson-ladder-47-harbour"


async def temporary(world: World) -> dict[str, str]:
    """A person who was given a temporary password: what signs in."""
    user = await world.do("register_user")
    reset = await world.sent("reset_password", Call(path={"user_id": user["id"]}, if_match=user["etag"]))
    return {"login_name": user["login_name"], "password": reset["password"]}


async def person(world: World) -> tuple[dict[str, str], Headers]:
    """A person with a password of one's own, who has signed in with it."""
    given = await temporary(world)
    opened = await world.sent("sign_in", Call(body=given))
    body = {"current_password": given["password"], "new_password": PASSWORD}
    await world.sent("change_my_password", Call(body=body, by=bearer(opened)))
    given["password"] = PASSWORD
    return given, bearer(await world.sent("sign_in", Call(body=given)))


def bearer(opened: dict[str, Any]) -> Headers:
    return {"Authorization": f"Bearer {opened['token']}"}


# --- sessions and one's own account ------------------------------------------------------------------------


@call
async def sign_in(world: World) -> Call:
    return Call(body=await temporary(world))


@call
async def list_my_sessions(world: World) -> Call:
    given, headers = await person(world)
    await world.sent("sign_in", Call(body=given))
    return Call(by=headers)


@call
async def sign_out(world: World) -> Call:
    return Call(by=await world.newcomer("clerk"))


@call
async def end_session(world: World) -> Call:
    given, headers = await person(world)
    other = await world.sent("sign_in", Call(body=given))
    return Call(path={"session_id": other["id"]}, by=headers)


@call
async def reauthenticate(world: World) -> Call:
    given, headers = await person(world)
    return Call(body={"password": given["password"]}, by=headers)


@call
async def read_me(_: World) -> Call:
    return Call()


@call
async def change_my_password(world: World) -> Call:
    _, headers = await person(world)
    return Call(body={"current_password": PASSWORD, "new_password": "velvet-anchor-58-meadow"}, by=headers)


@call
async def enrol_my_second_factor(world: World) -> Call:
    return Call(by=(await person(world))[1])


@call
async def confirm_my_second_factor(world: World) -> Call:
    _, headers = await person(world)
    made = await world.sent("enrol_my_second_factor", Call(by=headers))
    code = rules.totp(base64.b32decode(made["secret"]), rules.totp_step(datetime.now(UTC)))
    return Call(body={"code": code}, by=headers)


# --- users -------------------------------------------------------------------------------------------------


@call
async def register_user(world: World) -> Call:
    return Call(
        body={
            "login_name": f"person-{world.serial()}",
            "display_name": "李明",
            "kind": "person",
            "division_code": "440115",
            "phone": "13800138000",
        }
    )


@call
async def list_users(world: World) -> Call:
    for _ in range(3):
        await world.do("register_user")
    return Call()


async def a_user(world: World, body: Any = None) -> Call:
    user = await world.do("register_user")
    return Call(path={"user_id": user["id"]}, if_match=user["etag"], body=body)


@call
async def read_user(world: World) -> Call:
    return Call(path=(await a_user(world)).path)


@call
async def change_user(world: World) -> Call:
    return await a_user(world, {"display_name": "李明明"})


@call
async def disable_user(world: World) -> Call:
    return await a_user(world)


@call
async def enable_user(world: World) -> Call:
    disabled = await world.do("disable_user")
    return Call(path={"user_id": disabled["id"]}, if_match=disabled["etag"])


@call
async def reset_password(world: World) -> Call:
    return await a_user(world)


@call
async def reset_second_factor(world: World) -> Call:
    confirmed = await CONFIRMED(world)
    me = await world.get("read_me", by=confirmed.by)
    await world.sent("confirm_my_second_factor", confirmed)
    user = await world.get("read_user", user_id=me["id"])
    return Call(path={"user_id": user["id"]}, if_match=user["etag"])


CONFIRMED = confirm_my_second_factor


# --- grants ------------------------------------------------------------------------------------------------


@call
async def request_grant(world: World) -> Call:
    user = await world.do("register_user")
    return Call(
        body={"user_id": user["id"], "role": "organizer", "division_code": "440115", "reason": "按规定办理"}
    )


@call
async def list_grants(world: World) -> Call:
    for _ in range(3):
        await world.do("request_grant")
    return Call()


async def a_grant(world: World) -> Call:
    grant = await world.do("request_grant")
    return Call(path={"grant_id": grant["id"]}, if_match=grant["etag"])


@call
async def read_grant(world: World) -> Call:
    return Call(path=(await a_grant(world)).path)


@call
async def approve_grant(world: World) -> Call:
    return await a_grant(world)


@call
async def revoke_grant(world: World) -> Call:
    return await a_grant(world)


# --- keys --------------------------------------------------------------------------------------------------


@call
async def issue_api_key(world: World) -> Call:
    user = await world.do("register_user", kind="machine", phone=None)
    until = datetime.now(UTC) + timedelta(days=30)
    return Call(body={"user_id": user["id"], "name": "登记系统", "expires_at": f"{until:%Y-%m-%dT%H:%M:%SZ}"})


@call
async def list_api_keys(world: World) -> Call:
    for _ in range(3):
        await world.do("issue_api_key")
    return Call(query={"live": "true"})


async def a_key(world: World) -> Call:
    issued = await world.do("issue_api_key")
    key = await world.get("read_api_key", key_id=issued["id"])
    return Call(path={"key_id": key["id"]}, if_match=key["etag"])


@call
async def read_api_key(world: World) -> Call:
    return Call(path={"key_id": (await world.do("issue_api_key"))["id"]})


@call
async def revoke_api_key(world: World) -> Call:
    return await a_key(world)
