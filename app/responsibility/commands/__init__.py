"""The verbs of responsibility."""

from app.responsibility.commands.determinations import determine, determine_many
from app.responsibility.commands.overrides import close_overrides, end_override, override
from app.responsibility.commands.runs import (
    KIND,
    redetermine_body,
    redetermine_chunk,
    redetermine_division,
    start_run,
)

__all__ = [
    "KIND",
    "close_overrides",
    "determine",
    "determine_many",
    "end_override",
    "override",
    "redetermine_body",
    "redetermine_chunk",
    "redetermine_division",
    "start_run",
]
