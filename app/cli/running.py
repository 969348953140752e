"""`jiceng run`: the whole service in the foreground.

The database server starts while the application is loaded: each takes about as long as the other."""

import time
from typing import Annotated

import typer

from app.cli import console, embedded, lazy
from app.cli.embedded import database
from app.cli.processes import listening, stopping

Processes = Annotated[int, typer.Option(min=1, max=64, help="API processes that share the port.")]


def run(processes: Processes = 1) -> None:
    """Run everything: PostgreSQL, migrations, reference data, API and worker.

    PostgreSQL is our own unless DATABASE_URL is set. Ctrl-C stops it all. After a crash, power cut or
    `kill -9` the next start goes on where it was."""
    began = time.monotonic()
    given = embedded.settings()
    if given.database_url is None and not (given.data_dir / "postgres").exists():
        console.say(f"Making a database in {given.data_dir.resolve()} …")
    with (
        stopping() as stop,
        listening(given.host, given.port) as listener,
        database(given, meanwhile=lambda: lazy.module("app.cli.service")) as (known, supervisor),
    ):
        lazy.module("app.cli.service").run(
            known, supervisor, listener, stop, processes=processes, began=began
        )
