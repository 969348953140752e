"""The verbs of the ledger of members."""

from app.members.commands.ages import age_on
from app.members.commands.handing import hand_over
from app.members.commands.ledger import change, find, record, reveal
from app.members.commands.links import (
    end_participation,
    end_restriction,
    restrict,
    start_participation,
)
from app.members.commands.statuses import advance_status, conclude, end, restore, suspend
from app.members.commands.transfers import accept, cancel, request, send, send_back

__all__ = [
    "accept",
    "advance_status",
    "age_on",
    "cancel",
    "change",
    "conclude",
    "end",
    "end_participation",
    "end_restriction",
    "find",
    "hand_over",
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
