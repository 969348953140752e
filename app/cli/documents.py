"""`jiceng openapi`: the contract as a file that a change can be read from."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from app.cli import breaking, console
from app.main import create_app
from app.settings import Settings

FILE = Path(__file__).parents[2] / "openapi" / "openapi.json"
RELEASED = FILE.with_name("released.json")


def openapi(
    *,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it is fresh.")] = False,
    against: Annotated[
        Path | None, typer.Option(help="Fail on what breaks clients of this older document.")
    ] = None,
    release: Annotated[bool, typer.Option("--release", help="Write openapi/released.json too.")] = False,
) -> None:
    """Write openapi/openapi.json, the document that /openapi.json shows."""
    fresh = render()
    if against is not None:
        _compare(against, json.loads(fresh))
        return
    if check:
        if not FILE.exists() or FILE.read_text(encoding="utf-8") != fresh:
            console.fail("openapi/openapi.json is stale: run `make openapi` and read the difference.")
        console.say("openapi/openapi.json is fresh.")
        return
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(fresh, encoding="utf-8")
    console.say(f"Wrote {FILE}.")
    if release:
        bare = breaking.bare(json.loads(fresh))
        RELEASED.write_text(json.dumps(bare, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        console.say(f"Wrote {RELEASED}: later changes are compared with it.")


def _compare(file: Path, new: dict[str, Any]) -> None:
    """Say what breaks clients of an older document; fail unless the version says so (docs/adr/0011)."""
    old = json.loads(file.read_text(encoding="utf-8"))
    found = breaking.breaks(old, new)
    for entry in found:
        console.say(str(entry))
    if found and not breaking.allowed(old, new):
        version = old["info"]["version"]
        console.fail(
            f"{len(found)} changes break clients of {version}: mend them, or begin a new major version."
        )
    console.say(f"Nothing breaks clients of {file.name}." if not found else "The major version says so.")


def render() -> str:
    """The document, the same on every machine. No database is asked."""
    with tempfile.TemporaryDirectory() as directory:
        settings = Settings(
            database_url=SecretStr("postgresql+asyncpg://nobody@localhost/nothing"),
            data_dir=Path(directory),
            production=False,
            public_docs=True,
        )
        document = create_app(settings).openapi()
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
