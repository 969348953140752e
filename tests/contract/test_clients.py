"""The document through other people's tools: two linters, and two generated TypeScript clients that work.

The tools come from npm in the exact versions of `clients/package.json`, into `.contract/`. Without node and
npm, `make proof` says so and leaves this file out.
"""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.cli.documents import render
from tests.architecture.calls import World
from tests.conftest import ROOT, Database
from tests.contract.serving import served

CLIENTS = Path(__file__).parent / "clients"
HERE = ROOT / ".contract"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}


async def run(*command: str, **environment: str) -> str:
    """What a tool says. Fails with it when the tool fails."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=HERE,
        env={**os.environ, **QUIET, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    assert process.returncode == 0, f"{' '.join(command)}\n{said.decode()}\n{complained.decode()}"
    return said.decode()


async def tool(name: str, *arguments: str) -> str:
    return await run(str(HERE / "node_modules" / ".bin" / name), *arguments)


@pytest.fixture(scope="module", autouse=True)
def workshop() -> None:
    """The tools, installed once for each version of their list, and the document of today."""
    HERE.mkdir(exist_ok=True)
    wanted = (CLIENTS / "package.json").read_bytes()
    present = HERE / "node_modules" / "installed.json"
    for file in CLIENTS.iterdir():
        shutil.copy(file, HERE / file.name)
    if not present.exists() or present.read_bytes() != wanted:
        asyncio.run(run("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"))
        present.write_bytes(wanted)
    (HERE / "openapi.json").write_text(render(), encoding="utf-8")


async def test_redocly_finds_no_error() -> None:
    await tool("redocly", "lint", "openapi.json", "--config", "redocly.yaml")


async def test_spectral_finds_no_error() -> None:
    said = await tool("spectral", "lint", "openapi.json", "--ruleset", "spectral.yaml", "-F", "warn")
    assert "No results" in said


async def prepare(world: World) -> tuple[str, str, int]:
    """Five organizations: a clerk's token, the id of the one to edit, and how many there are."""
    made = [await world.do("register_organization") for _ in range(5)]
    caller = await world.caller("clerk")
    return caller["Authorization"].removeprefix("Bearer "), made[0]["id"], len(made)


async def test_generated_clients_compile_and_work(database: Database, tmp_path: Path) -> None:
    """Both list and page, edit with the ETag, are told of stale and wrong edits, and upload a file."""
    await asyncio.gather(
        tool(
            "openapi-typescript", "openapi.json", "-o", "first/schema.d.ts", "--default-non-nullable", "false"
        ),
        tool("openapi-ts", "-f", "openapi-ts.config.mjs"),
    )
    await tool("tsc", "--project", "tsconfig.json")
    async with served(database, tmp_path) as (world, address):
        token, organization, count = await prepare(world)
        settings = {"JICENG_ADDRESS": address, "JICENG_TOKEN": token, "JICENG_ORGANIZATION": organization}
        first = json.loads(await run("node", "built/first.js", **settings))
        second = json.loads(await run("node", "built/second.js", **settings))
    expect(first, count, organization, "示例第一协会", "首份台账.csv")
    expect(second, count, organization, "示例第三协会", "再份台账.csv")


def expect(done: dict[str, Any], count: int, organization: str, name: str, file: str) -> None:
    assert done["total"] == count == len(set(done["listed"]))
    assert organization in done["listed"]
    assert done["edited"] == name
    assert done["stale"] == {"status": 412, "code": "stale_version"}
    assert done["invalid"] == {"status": 422, "code": "invalid", "pointers": ["/name"]}
    assert done["refused"]["status"] == 401
    assert done["uploaded"] == file
