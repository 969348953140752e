"""The verbs of imports and reconciliations."""

from app.imports.commands.running import KIND as IMPORT
from app.imports.commands.running import chunk as import_chunk
from app.imports.commands.running import forget_old
from app.imports.commands.running import start as start_import

__all__ = ["IMPORT", "forget_old", "import_chunk", "start_import"]
