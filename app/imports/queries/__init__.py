"""What is asked of imports and reconciliations, and what their rows name."""

from app.imports.queries.imports import (
    earlier,
    errors_file,
    of_operation,
    page,
    read,
    refused_after,
    rows,
    visible,
)
from app.imports.queries.lookups import (
    Names,
    authority_name,
    choices,
    covered,
    here,
    named,
    same_names,
)

__all__ = [
    "Names",
    "authority_name",
    "choices",
    "covered",
    "earlier",
    "errors_file",
    "here",
    "named",
    "of_operation",
    "page",
    "read",
    "refused_after",
    "rows",
    "same_names",
    "visible",
]
