"""What the commands say: plain sentences, results on standard output, everything else on standard error."""

from typing import NoReturn

import typer
from rich.console import Console

out = Console(markup=False, highlight=False, soft_wrap=True)
err = Console(markup=False, highlight=False, soft_wrap=True, stderr=True)


def say(message: str) -> None:
    """A result, or how far it is."""
    out.print(message)


def warn(message: str) -> None:
    """Something that mends itself, and should be known."""
    err.print(message, style="yellow")


def fail(message: str) -> NoReturn:
    """Why it does not go on, and what to do."""
    err.print(message, style="red")
    raise typer.Exit(1)
