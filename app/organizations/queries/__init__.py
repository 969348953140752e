"""What the ledger answers; each select begins at what the caller may see."""

from app.organizations.queries.checks import (
    Place,
    authorities_abolished_on,
    holder_of,
    identified,
    officer,
    phone,
    places,
    reveals_since,
)
from app.organizations.queries.findings import (
    accepted,
    exception,
    exception_for_update,
    exceptions,
    finding,
    finding_for_update,
    findings,
    is_open,
    own_findings,
)
from app.organizations.queries.history import as_fact, facts, history, statements
from app.organizations.queries.ledger import page, read, written
from app.organizations.queries.overview import overview
from app.organizations.queries.records import (
    REGISTERS,
    clause,
    clause_row,
    clauses,
    key_of,
    officers,
    record,
    records,
)
from app.organizations.queries.search import search, search_entries, search_rows
from app.organizations.queries.sight import find, found, get_for_update, listed, lock, visible, writable

__all__ = [
    "REGISTERS",
    "Place",
    "accepted",
    "as_fact",
    "authorities_abolished_on",
    "clause",
    "clause_row",
    "clauses",
    "exception",
    "exception_for_update",
    "exceptions",
    "facts",
    "find",
    "finding",
    "finding_for_update",
    "findings",
    "found",
    "get_for_update",
    "history",
    "holder_of",
    "identified",
    "is_open",
    "key_of",
    "listed",
    "lock",
    "officer",
    "officers",
    "overview",
    "own_findings",
    "page",
    "phone",
    "places",
    "read",
    "record",
    "records",
    "reveals_since",
    "search",
    "search_entries",
    "search_rows",
    "statements",
    "visible",
    "writable",
    "written",
]
