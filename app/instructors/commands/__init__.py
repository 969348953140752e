"""The verbs of instructors' work."""

from app.instructors.commands.contracts import add_target, move_target
from app.instructors.commands.contracts import end as end_contract
from app.instructors.commands.contracts import sign as sign_contract
from app.instructors.commands.people import appoint, assess, change, end, renew, reveal
from app.instructors.commands.serving import assign, end_for_organization, hand_over, recall
from app.instructors.commands.serving import renew as renew_assignment
from app.instructors.commands.suggesting import KIND, accept, accept_one, ask, decline, suggest
from app.instructors.commands.visits import by_instructor, by_leader, follow_up

__all__ = [
    "KIND",
    "accept",
    "accept_one",
    "add_target",
    "appoint",
    "ask",
    "assess",
    "assign",
    "by_instructor",
    "by_leader",
    "change",
    "decline",
    "end",
    "end_contract",
    "end_for_organization",
    "follow_up",
    "hand_over",
    "move_target",
    "recall",
    "renew",
    "renew_assignment",
    "reveal",
    "sign_contract",
    "suggest",
]
