"""The command line: `jiceng …`."""

import typer

from app.cli import (
    accounts,
    calendars,
    databases,
    demo,
    documents,
    keyring,
    registries,
    service,
    verification,
)

app = typer.Typer(
    name="jiceng",
    help="基层 Jiceng: the registry-grade JSON service for Party-building work in social organizations.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command()(service.run)
app.command()(service.serve)
app.command()(service.worker)
app.command()(accounts.token)
app.command()(accounts.administrator)
app.command()(keyring.keys)
app.command()(documents.openapi)
app.command()(demo.demo)
app.command()(verification.verify)
app.add_typer(databases.commands, name="db")
app.add_typer(registries.app, name="registry-source")
app.add_typer(calendars.app, name="calendar")
