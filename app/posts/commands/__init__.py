"""The verbs of posts, terms and elections."""

from app.posts.commands.elections import by_elect, confirm, record_election, reelect, refuse_result
from app.posts.commands.holding import (
    appoint,
    end_for_body,
    end_for_member,
    end_post,
    hand_over_body,
    leave_bodies,
    reveal,
    review,
)
from app.posts.commands.terms import extend, record_congress, record_term, remind

__all__ = [
    "appoint",
    "by_elect",
    "confirm",
    "end_for_body",
    "end_for_member",
    "end_post",
    "extend",
    "hand_over_body",
    "leave_bodies",
    "record_congress",
    "record_election",
    "record_term",
    "reelect",
    "refuse_result",
    "remind",
    "reveal",
    "review",
]
