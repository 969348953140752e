"""The verbs of imports and reconciliations."""

from app.imports.commands.reconciling import KIND as RECONCILIATION
from app.imports.commands.reconciling import chunk as reconciliation_chunk
from app.imports.commands.reconciling import start as start_reconciliation
from app.imports.commands.running import KIND as IMPORT
from app.imports.commands.running import chunk as import_chunk
from app.imports.commands.running import forget_old
from app.imports.commands.running import start as start_import
from app.imports.commands.settling import KIND as ACCEPTANCE
from app.imports.commands.settling import accept, accept_all, explain, open_finding
from app.imports.commands.settling import chunk as acceptance_chunk

__all__ = [
    "ACCEPTANCE",
    "IMPORT",
    "RECONCILIATION",
    "accept",
    "accept_all",
    "acceptance_chunk",
    "explain",
    "forget_old",
    "import_chunk",
    "open_finding",
    "reconciliation_chunk",
    "start_import",
    "start_reconciliation",
]
