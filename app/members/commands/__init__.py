"""The verbs of the ledger of members."""

from app.members.commands.ages import age_on
from app.members.commands.clocks import rewind
from app.members.commands.grid import assign, change_unit, close_unit, open_unit, release
from app.members.commands.handing import hand_over, move
from app.members.commands.ledger import ask_above, change, enter, find, record, reveal
from app.members.commands.links import (
    end_participation,
    end_restriction,
    restrict,
    start_participation,
)
from app.members.commands.requests import copy as copy_person
from app.members.commands.requests import decide_request, execute_request, record_request, settle_retention
from app.members.commands.retention import list_due
from app.members.commands.statuses import advance_status, conclude, end, restore, suspend
from app.members.commands.transfers import accept, cancel, request, send, send_back
from app.members.commands.verifications import decide as decide_verification

__all__ = [
    "accept",
    "advance_status",
    "age_on",
    "ask_above",
    "assign",
    "cancel",
    "change",
    "change_unit",
    "close_unit",
    "conclude",
    "copy_person",
    "decide_request",
    "decide_verification",
    "end",
    "end_participation",
    "end_restriction",
    "enter",
    "execute_request",
    "find",
    "hand_over",
    "list_due",
    "move",
    "open_unit",
    "record",
    "record_request",
    "release",
    "request",
    "restore",
    "restrict",
    "reveal",
    "rewind",
    "send",
    "send_back",
    "settle_retention",
    "start_participation",
    "suspend",
]
