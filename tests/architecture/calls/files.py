"""Files."""

from app.core.access import Role
from tests.architecture.calls.registry import Call, Headers, call
from tests.architecture.calls.world import World


@call
async def upload_file(world: World) -> Call:
    content = f"社会组织名称,编号\n协会,{world.serial()}\n".encode()
    return Call(query={"name": "ledger.csv"}, content=content, headers={"Content-Type": "text/csv"})


async def stored(world: World) -> Call:
    """A file and the clerk who uploaded it."""
    made = await world.do("upload_file")
    return Call(path={"file_id": made["id"]}, if_match=made["etag"], by=await world.caller(Role.CLERK))


@call
async def get_file(world: World) -> Call:
    return await stored(world)


@call
async def download_file(world: World) -> Call:
    return await stored(world)


@call
async def remove_file(world: World) -> Call:
    return await stored(world)


LEDGER = "社会组织名称,社会组织类型,成立登记日期,联系电话\n"


async def ledger(world: World) -> tuple[str, Headers]:
    """A ledger of two rows, one of which will be refused, and the clerk who uploaded it."""
    serial = world.serial()
    content = f"{LEDGER}第{serial}读书会,社会团体,2020-05-04,\n第{serial}书画社,社会团体,去年,\n".encode()
    made = await world.sent("upload_file", Call(query={"name": "ledger.csv"}, content=content))
    return made["id"], await world.caller(Role.CLERK)


async def imported(world: World) -> Call:
    """An import that the worker has done."""
    made = await world.do("start_import")
    await world.worked()
    return Call(path={"import_id": made["id"]})


@call
async def start_import(world: World) -> Call:
    file_id, clerk = await ledger(world)
    return Call(body={"file_id": file_id, "division_code": "440115"}, by=clerk)


@call
async def list_imports(world: World) -> Call:
    await world.do("start_import")
    await imported(world)
    return Call()


@call
async def list_import_columns(_: World) -> Call:
    return Call()


@call
async def download_import_template(_: World) -> Call:
    return Call(query={"format": "xlsx"})


@call
async def get_import(world: World) -> Call:
    return await imported(world)


@call
async def list_import_rows(world: World) -> Call:
    return await imported(world)


@call
async def download_import_errors(world: World) -> Call:
    return await imported(world)


async def reconciled(world: World) -> Call:
    """A reconciliation that the worker has done: its file lists one organization that is not here."""
    await world.do("register_organization")
    made = await world.do("start_reconciliation")
    await world.worked()
    now = await world.get("get_reconciliation", reconciliation_id=made["id"])
    return Call(path={"reconciliation_id": made["id"]}, if_match=now["etag"])


async def difference(world: World, kind: str) -> Call:
    """A difference of a kind that nobody has settled."""
    there = await reconciled(world)
    listed = Call(path=there.path, query={"kind": kind})
    item = (await world.sent("list_reconciliation_differences", listed))["items"][0]
    return Call(path={**there.path, "difference_id": item["id"]}, if_match=item["etag"])


@call
async def start_reconciliation(world: World) -> Call:
    return await start_import(world)


@call
async def list_reconciliations(world: World) -> Call:
    await world.do("start_reconciliation")
    await reconciled(world)
    return Call()


@call
async def get_reconciliation(world: World) -> Call:
    return await reconciled(world)


@call
async def list_reconciliation_differences(world: World) -> Call:
    return await reconciled(world)


@call
async def accept_reconciliation_differences(world: World) -> Call:
    there = await reconciled(world)
    return Call(path=there.path, if_match=there.if_match, body={"kind": "only_in_file"})


@call
async def accept_reconciliation_difference(world: World) -> Call:
    return await difference(world, "only_in_file")


@call
async def explain_reconciliation_difference(world: World) -> Call:
    there = await difference(world, "only_in_file")
    return Call(path=there.path, if_match=there.if_match, body={"reason": "另行登记"})


@call
async def open_reconciliation_finding(world: World) -> Call:
    there = await difference(world, "only_here")
    return Call(path=there.path, if_match=there.if_match, body={"reason": "请核实"})
