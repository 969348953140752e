"""The command line: `jiceng …`.

A command is one line of `COMMANDS`. Its module is loaded when it is called: `jiceng db url` does not pay for
what `jiceng demo` needs.
"""

import typer

from app.cli.lazy import Commands, Table

COMMANDS: Table = {
    "run": ("app.cli.running:run", "Run everything: PostgreSQL, migrations, reference data, API and worker."),
    "serve": ("app.cli.service:serve", "Run the API alone."),
    "worker": ("app.cli.service:worker", "Run the background worker alone."),
    "token": ("app.cli.accounts:token", "Print a bearer token of a user with one role."),
    "administrator": ("app.cli.accounts:administrator", "Make one of the first administrators."),
    "backup": ("app.cli.backups:backup", "Write a backup of the database while it serves."),
    "restore": ("app.cli.backups:restore", "Read a backup into an empty database."),
    "keys": ("app.cli.keyring:app", "The keys that seal fields: make, list, rotate, retire."),
    "db": ("app.cli.databases:commands", "The database: its tables, its addresses, a prompt."),
    "registry-source": ("app.cli.registries:app", "Registries that push: add one, change its secret."),
    "calendar": ("app.cli.calendars:app", "Working days: show a year, load one, reckon a deadline."),
    "import": ("app.cli.imports:take_in", "Take a ledger (.xlsx, .csv) into the running service."),
    "demo": ("app.cli.demo:demo", "Play the demonstration against the running service."),
    "reindex": ("app.cli.searching:reindex", "Bring what organizations are found by into line."),
    "verify": ("app.cli.verification:verify", "Recompute what no constraint can say, and compare."),
    "openapi": ("app.cli.documents:openapi", "Write openapi/openapi.json."),
}

app = typer.Typer(
    name="jiceng",
    cls=Commands.of(COMMANDS),
    help="基层 Jiceng: the registry-grade JSON service for Party-building work in social organizations.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def _group() -> None:
    """Makes a group of an application that registers no command itself."""
