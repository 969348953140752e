"""What is asked of rosters: imports and exports in sight, names looked up, members to be listed."""

from app.rosters.queries.exports import (
    asked_today,
    body_covered,
    export_file,
    export_for_update,
    export_of,
    listed,
    page_exports,
    read_export,
)
from app.rosters.queries.imports import errors_file, import_of, page_imports, page_rows, read_import
from app.rosters.queries.names import (
    bodies_named,
    choices,
    covered,
    divisions_named,
    organizations_named,
    same_body,
)

__all__ = [
    "asked_today",
    "bodies_named",
    "body_covered",
    "choices",
    "covered",
    "divisions_named",
    "errors_file",
    "export_file",
    "export_for_update",
    "export_of",
    "import_of",
    "listed",
    "organizations_named",
    "page_exports",
    "page_imports",
    "page_rows",
    "read_export",
    "read_import",
    "same_body",
]
