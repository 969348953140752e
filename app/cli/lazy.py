"""Commands whose modules are loaded when they are called: the one place that imports by name."""

import gc
from importlib import import_module
from types import ModuleType

import typer
from typer import _click as click
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

Table = dict[str, tuple[str, str]]
"""A command's name; where it lies (`module:attribute`, a function or a Typer); what it does, in a line."""


def module(name: str) -> ModuleType:
    """A module, loaded now, without collecting garbage: what it makes stays. That saves a sixth."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        if collecting:
            gc.enable()


def load(name: str, where: str) -> click.Command:
    """The command that lies there."""
    place, _, attribute = where.partition(":")
    found = getattr(module(place), attribute)
    if not isinstance(found, typer.Typer):
        function, found = found, typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
        found.command(name)(function)
    command = get_command(found)
    command.name = name
    return command


class Commands(TyperGroup):
    """A group that knows its commands by name; the list of `--help` is made without loading any."""

    table: Table

    @classmethod
    def of(cls, table: Table) -> type["Commands"]:
        """A group of these commands."""
        return type(cls.__name__, (cls,), {"table": table})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (Click's signature)
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (the same)
        return load(cmd_name, self.table[cmd_name][0]) if cmd_name in self.table else None

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the table's lines in place of the commands themselves."""
        lines: dict[str, click.Command] = {
            n: TyperCommand(n, help=line) for n, (_, line) in self.table.items()
        }
        shown = TyperGroup(name=self.name, commands=lines, params=self.params, help=self.help)
        shown.format_help(ctx, formatter)
