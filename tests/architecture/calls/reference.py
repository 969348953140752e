"""Calendar, dictionaries, rule packs; operations, audit entries, events."""

from tests.architecture.calls.registry import Call, Headers, call
from tests.architecture.calls.world import NATION, World


async def administrator(world: World) -> Headers:
    """Reference data of the nation is the nation's."""
    return await world.caller("system_admin", NATION)


# --- calendar ----------------------------------------------------------------------------------------------


@call
async def list_calendar_years(_: World) -> Call:
    return Call()


@call
async def get_calendar_year(_: World) -> Call:
    return Call(path={"year": "2026"})


@call
async def get_working_day(_: World) -> Call:
    return Call(query={"start_on": "2026-03-02", "days": 5})


@call
async def replace_calendar_year(world: World) -> Call:
    year = str(2030 + world.serial() % 160)
    now = await world.get("get_calendar_year", year=year)
    body = {
        "source": "测试用, 非真实文件",
        "complete": False,
        "days": [{"day": f"{year}-01-01", "is_working": False, "name": "元旦"}],
    }
    return Call(path={"year": year}, body=body, if_match=now["etag"], by=await administrator(world))


# --- dictionaries ------------------------------------------------------------------------------------------


@call
async def list_dictionaries(_: World) -> Call:
    return Call()


async def growing(world: World) -> str:
    found = await world.sent("list_dictionaries", Call(query={"growing": "true"}))
    code: str = found["items"][0]["code"]
    return code


@call
async def get_dictionary(world: World) -> Call:
    return Call(path={"code": await growing(world)})


@call
async def add_dictionary_item(world: World) -> Call:
    code = await growing(world)
    now = await world.get("get_dictionary", code=code)
    body = {"code": f"value_{world.serial()}", "label_zh": "某种", "label_en": "A kind"}
    return Call(path={"code": code}, body=body, if_match=now["etag"], by=await administrator(world))


@call
async def change_dictionary_item(world: World) -> Call:
    made = await add_dictionary_item(world)
    now = await world.sent("add_dictionary_item", made)
    path = {"code": now["code"], "item_code": made.body["code"]}
    body = {"label_zh": "另一种", "deprecated": True}
    return Call(path=path, body=body, if_match=now["etag"], by=await administrator(world))


# --- rule packs --------------------------------------------------------------------------------------------


@call
async def draft_rule_pack(world: World) -> Call:
    found = await world.sent("list_rule_packs", Call(query={"kind": "registration_duties"}))
    pack = found["items"][0]
    body = {name: pack[name] for name in ("kind", "code", "content", "source")}
    body |= {"version": f"9.{world.serial()}", "jurisdiction_code": None, "effective_on": "2150-01-01"}
    return Call(body=body, by=await administrator(world))


@call
async def list_rule_packs(_: World) -> Call:
    return Call()


async def a_draft(world: World) -> Call:
    draft = await world.do("draft_rule_pack")
    return Call(path={"pack_id": draft["id"]}, if_match=draft["etag"], by=await administrator(world))


@call
async def get_rule_pack(world: World) -> Call:
    return Call(path=(await a_draft(world)).path)


@call
async def change_rule_pack(world: World) -> Call:
    draft = await a_draft(world)
    return Call(path=draft.path, body={"effective_on": "2151-01-01"}, if_match=draft.if_match, by=draft.by)


@call
async def publish_rule_pack(world: World) -> Call:
    draft = await a_draft(world)
    second = await world.newcomer("system_admin", NATION)
    return Call(path=draft.path, if_match=draft.if_match, by=second)


# --- operations --------------------------------------------------------------------------------------------


@call
async def list_operations(world: World) -> Call:
    for _ in range(3):
        await world.do("start_responsibility_run")
    return Call(by=await world.caller("organizer"))


async def an_operation(world: World) -> Call:
    started = await world.do("start_responsibility_run")
    organizer = await world.caller("organizer")
    return Call(path={"operation_id": started["id"]}, if_match=started["etag"], by=organizer)


@call
async def get_operation(world: World) -> Call:
    operation = await an_operation(world)
    return Call(path=operation.path, by=operation.by)


@call
async def cancel_operation(world: World) -> Call:
    return await an_operation(world)


# --- audit and events --------------------------------------------------------------------------------------


@call
async def list_audit_entries(world: World) -> Call:
    for _ in range(3):
        await world.do("register_user")
    return Call(query={"action": "user.registered"})


@call
async def read_audit_entry(world: World) -> Call:
    await world.do("register_user")
    found = await world.sent("list_audit_entries", Call(query={"action": "user.registered", "limit": 1}))
    return Call(path={"entry_id": found["items"][0]["id"]})


@call
async def stream_events(world: World) -> Call:
    await world.do("register_organization")
    return Call(query={"seconds": 0})


@call
async def list_events(world: World) -> Call:
    for _ in range(3):
        await world.do("register_organization")
    return Call()
