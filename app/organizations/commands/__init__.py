"""The verbs of the ledger, by the human route and by registries alike."""

from app.organizations.commands.bulk import RowOutcome, register_many, row_of
from app.organizations.commands.endings import deregister, restore, revoke
from app.organizations.commands.exceptions import decide as decide_exception
from app.organizations.commands.exceptions import request as request_exception
from app.organizations.commands.findings import close as close_finding
from app.organizations.commands.findings import note_absence
from app.organizations.commands.ledger import correct, record_facts, register
from app.organizations.commands.phones import reveal_contact, reveal_officer
from app.organizations.commands.records import (
    change_officer,
    record,
    record_by_hand,
    record_officers,
    withdraw,
    withdraw_by_hand,
    withdraw_clause,
)
from app.organizations.commands.search import index
from app.organizations.commands.successions import merge, split, undo_merge

__all__ = [
    "RowOutcome",
    "change_officer",
    "close_finding",
    "correct",
    "decide_exception",
    "deregister",
    "index",
    "merge",
    "note_absence",
    "record",
    "record_by_hand",
    "record_facts",
    "record_officers",
    "register",
    "register_many",
    "request_exception",
    "restore",
    "reveal_contact",
    "reveal_officer",
    "revoke",
    "row_of",
    "split",
    "undo_merge",
    "withdraw",
    "withdraw_by_hand",
    "withdraw_clause",
]
