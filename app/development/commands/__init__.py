"""The verbs of development."""

from app.development.commands.closing import extend_probation, remove, restart
from app.development.commands.opening import open_case
from app.development.commands.quotas import allot, change_quota
from app.development.commands.records import (
    add_records,
    close_publicity,
    name_helpers,
    object_to_publicity,
    record_papers,
    record_vote,
    start_publicity,
)
from app.development.commands.reminding import follow, remind
from app.development.commands.reviews import record_review, reveal_review
from app.development.commands.showing import show
from app.development.commands.steps import advance, reject

__all__ = [
    "add_records",
    "advance",
    "allot",
    "change_quota",
    "close_publicity",
    "extend_probation",
    "follow",
    "name_helpers",
    "object_to_publicity",
    "open_case",
    "record_papers",
    "record_review",
    "record_vote",
    "reject",
    "remind",
    "remove",
    "restart",
    "reveal_review",
    "show",
    "start_publicity",
]
