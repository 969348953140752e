"""The verbs of divisions. Each change of the tree keeps its closure in the same transaction."""

from app.divisions.commands.changes import abolish, add, correct, move, rename
from app.divisions.commands.closure import rebuild, rehang
from app.divisions.commands.imports import import_table
from app.divisions.commands.loading import load_defaults

__all__ = [
    "abolish",
    "add",
    "correct",
    "import_table",
    "load_defaults",
    "move",
    "rebuild",
    "rehang",
    "rename",
]
