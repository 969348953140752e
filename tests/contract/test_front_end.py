"""The snippets of docs/front-end.md are one program: it runs against the service as it stands on the page."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from app import worker
from tests.architecture.calls import World
from tests.conftest import ROOT, Database
from tests.contract.serving import served
from tests.contract.test_clients import CLIENTS, HERE, run, tool, workshop
from tests.make import identity as make

GUIDE = (ROOT / "docs" / "front-end.md").read_text(encoding="utf-8")
LOGIN, PASSWORD = "wang.fang", make.PASSWORD

__all__ = ["workshop"]


def blocks(language: str) -> list[str]:
    """The code of the page in one language, in its order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@asynccontextmanager
async def working(world: World) -> AsyncIterator[None]:
    """The worker, beside the service."""

    async def drain() -> None:
        while True:
            await worker.drain(world.shell)
            await asyncio.sleep(0.2)

    task = asyncio.create_task(drain())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def prepare(world: World, address: str) -> None:
    """An organizer of Guangdong who has a password, and organizations to find."""
    world.api.base_url = f"{address}/api/v1"
    administrator = await make.caller(world.shell, "security_admin", standing_proof=True)
    person = await make.person(world.api, administrator, LOGIN, display_name="王芳")
    granted = await make.grant(world.api, administrator, person["id"], "clerk")
    assert granted.is_success, granted.text
    for _ in range(3):
        await world.do("register_organization")


async def test_the_snippets_run_from_top_to_bottom(database: Database, tmp_path: Path) -> None:
    parts = [
        (CLIENTS / "guide_before.mjs").read_text(),
        *blocks("js"),
        (CLIENTS / "guide_after.mjs").read_text(),
    ]
    assert len(parts) >= 14
    (HERE / "guide.mjs").write_text("\n".join(parts), encoding="utf-8")
    async with served(database, tmp_path) as (world, address):
        await prepare(world, address)
        async with working(world):
            said = {"JICENG_ADDRESS": address, "JICENG_LOGIN": LOGIN, "JICENG_PASSWORD": PASSWORD}
            done = json.loads(await asyncio.wait_for(run("node", "guide.mjs", **said), 120))
    assert done["menu"] == {"ledger": True, "register": True, "liveList": True}
    assert done["home"] == "440000"
    assert len(done["names"]) == 3
    assert done["same"] is True
    assert sorted(done["wrong"]) == ["established_on", "staff_count"]
    assert (done["staff"], done["stale"], done["outcome"]) == (9, "stale_version", "succeeded")
    assert done["events"]
    assert (done["label"], done["unknown"]) == ("社会团体", "never_was")


async def test_the_client_of_the_page_compiles() -> None:
    """The command of the page, then its program."""
    assert any("openapi-typescript" in block for block in blocks("sh"))
    await tool("openapi-typescript", "openapi.json", "-o", "jiceng.d.ts")
    (HERE / "guide.ts").write_text("\n".join(blocks("ts")), encoding="utf-8")
    await tool(
        "tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "esnext",
        "--moduleResolution", "bundler", "--types", "node", "guide.ts",
    )  # fmt: skip
