"""What is asked of the ledger of members. Row-level security holds below every statement here."""

from app.members.queries.ledger import (
    count,
    find,
    get_for_update,
    history,
    known_by_id_number,
    page,
    person_of,
    read,
    visible,
)
from app.members.queries.links import (
    affiliation_now,
    participation_for_update,
    restriction_for_update,
    status_now,
)
from app.members.queries.places import (
    body_in_scope,
    holder,
    lock_emptied,
    lock_holder,
    organization_in_scope,
    path_to,
)
from app.members.queries.transfers import (
    open_of,
    page_transfers,
    read_transfer,
    transfer_for_update,
    transfer_in_sight,
)

__all__ = [
    "affiliation_now",
    "body_in_scope",
    "count",
    "find",
    "get_for_update",
    "history",
    "holder",
    "known_by_id_number",
    "lock_emptied",
    "lock_holder",
    "open_of",
    "organization_in_scope",
    "page",
    "page_transfers",
    "participation_for_update",
    "path_to",
    "person_of",
    "read",
    "read_transfer",
    "restriction_for_update",
    "status_now",
    "transfer_for_update",
    "transfer_in_sight",
    "visible",
]
