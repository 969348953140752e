"""The verbs of the ledger of members."""

from app.members.commands.ledger import change, find, record, reveal
from app.members.commands.links import (
    end_participation,
    end_restriction,
    restrict,
    start_participation,
)
from app.members.commands.statuses import end, restore, suspend
from app.members.commands.transfers import accept, cancel, request, send, send_back

__all__ = [
    "accept",
    "cancel",
    "change",
    "end",
    "end_participation",
    "end_restriction",
    "find",
    "record",
    "request",
    "restore",
    "restrict",
    "reveal",
    "send",
    "send_back",
    "start_participation",
    "suspend",
]
