"""Signing on by a provider, the providers, their rules and identities."""

import atexit
import functools
from contextlib import ExitStack
from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World
from tests.make import provider as idp
from tests.make.provider import Provider


@functools.cache
def listening() -> Provider:
    """The one provider of this process, until it ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(idp.running())


async def a_provider(world: World) -> tuple[dict[str, Any], Provider]:
    """A provider that answers, under an issuer of its own."""
    provider = listening()
    shell = world.shell
    shell.settings = shell.settings.model_copy(update={"outbound_hosts": (provider.host,)})
    added = await world.do(
        "add_identity_provider",
        issuer=f"{provider.issuer}/{world.serial()}",
        authorization_endpoint=f"{provider.issuer}/authorize",
        token_endpoint=f"{provider.issuer}/token",
        key_set_url=f"{provider.issuer}/keys",
    )
    return added, provider


# --- signing on --------------------------------------------------------------------------------------------


@call
async def list_sign_on_providers(world: World) -> Call:
    await a_provider(world)
    return Call()


@call
async def start_sign_on(world: World) -> Call:
    added, _ = await a_provider(world)
    return Call(path={"code": added["code"]}, body={"redirect_uri": idp.BACK})


@call
async def finish_sign_on(world: World) -> Call:
    added, provider = await a_provider(world)
    await world.do("request_identity_provider_rule", provider_id=added["id"], role="clerk")
    begun = await world.sent(
        "start_sign_on", Call(path={"code": added["code"]}, body={"redirect_uri": idp.BACK})
    )
    back = provider.allow(begun["redirect_url"], iss=added["issuer"], groups=["jiceng-clerks"])
    return Call(path={"code": added["code"]}, body={**back, "ticket": begun["ticket"]})


# --- providers ---------------------------------------------------------------------------------------------


@call
async def add_identity_provider(world: World) -> Call:
    serial = world.serial()
    return Call(
        body={
            "code": f"sso-{serial}",
            "name": "省统一身份认证",
            "division_code": "440000",
            "issuer": f"https://sso-{serial}.example.gov.cn",
            "client_id": idp.CLIENT,
            "client_secret": idp.SECRET,
            "redirect_uris": [idp.BACK],
            "algorithms": ["ES256"],
        }
    )


@call
async def list_identity_providers(world: World) -> Call:
    for _ in range(3):
        await world.do("add_identity_provider")
    return Call()


@call
async def read_identity_provider(world: World) -> Call:
    return Call(path={"provider_id": (await world.do("add_identity_provider"))["id"]})


@call
async def change_identity_provider(world: World) -> Call:
    added = await world.do("add_identity_provider")
    return Call(path={"provider_id": added["id"]}, body={"state": "suspended"}, if_match=added["etag"])


# --- rules -------------------------------------------------------------------------------------------------


@call
async def request_identity_provider_rule(world: World) -> Call:
    added = await world.do("add_identity_provider")
    return Call(
        body={
            "provider_id": added["id"],
            "claim": "groups",
            "match": "equals",
            "value": "jiceng-clerks",
            "role": "organizer",
            "division_code": "440115",
        }
    )


@call
async def list_identity_provider_rules(world: World) -> Call:
    for _ in range(3):
        await world.do("request_identity_provider_rule")
    return Call()


async def a_rule(world: World) -> Call:
    rule = await world.do("request_identity_provider_rule")
    return Call(path={"rule_id": rule["id"]}, if_match=rule["etag"])


@call
async def read_identity_provider_rule(world: World) -> Call:
    return Call(path=(await a_rule(world)).path)


@call
async def approve_identity_provider_rule(world: World) -> Call:
    return await a_rule(world)


@call
async def revoke_identity_provider_rule(world: World) -> Call:
    return await a_rule(world)


# --- identities --------------------------------------------------------------------------------------------


@call
async def link_external_identity(world: World) -> Call:
    user = await world.do("register_user")
    added = await world.do("add_identity_provider")
    return Call(body={"user_id": user["id"], "provider_id": added["id"], "subject": "248289761001"})


@call
async def list_external_identities(world: World) -> Call:
    for _ in range(3):
        await world.do("link_external_identity")
    return Call()


async def an_identity(world: World) -> Call:
    identity = await world.do("link_external_identity")
    return Call(path={"identity_id": identity["id"]}, if_match=identity["etag"])


@call
async def read_external_identity(world: World) -> Call:
    return Call(path=(await an_identity(world)).path)


@call
async def unlink_external_identity(world: World) -> Call:
    return await an_identity(world)
