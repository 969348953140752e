"""What is asked of standards and of the ledger's figures."""

from app.scoring.queries.figures import computed, figures
from app.scoring.queries.standards import (
    check,
    compare,
    division_in_scope,
    export,
    get,
    get_for_update,
    lies_below,
    lock_standard,
    next_number,
    page,
    read,
    shipped_hashes,
    standard,
)

__all__ = [
    "check",
    "compare",
    "computed",
    "division_in_scope",
    "export",
    "figures",
    "get",
    "get_for_update",
    "lies_below",
    "lock_standard",
    "next_number",
    "page",
    "read",
    "shipped_hashes",
    "standard",
]
