"""`jiceng openapi`: the contract as a file that a change can be read from."""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from app.cli import console
from app.main import create_app
from app.settings import Settings

FILE = Path(__file__).parents[2] / "openapi" / "openapi.json"


def openapi(
    *, check: Annotated[bool, typer.Option("--check", help="Only say whether it is fresh.")] = False
) -> None:
    """Write openapi/openapi.json, the document that /openapi.json shows."""
    fresh = render()
    if check:
        if not FILE.exists() or FILE.read_text(encoding="utf-8") != fresh:
            console.fail("openapi/openapi.json is stale: run `make openapi` and read the difference.")
        console.say("openapi/openapi.json is fresh.")
        return
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(fresh, encoding="utf-8")
    console.say(f"Wrote {FILE}.")


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
