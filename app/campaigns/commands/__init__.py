"""The verbs of campaigns."""

from app.campaigns.commands.drawing import KIND, draw, draw_list
from app.campaigns.commands.moving import assign, close, follow, follow_all, reopen
from app.campaigns.commands.running import change, finish, plan, start

__all__ = [
    "KIND",
    "assign",
    "change",
    "close",
    "draw",
    "draw_list",
    "finish",
    "follow",
    "follow_all",
    "plan",
    "reopen",
    "start",
]
