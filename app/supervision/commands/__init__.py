"""Rounds, findings, how they are put right, and what departments have to do."""

from app.supervision.commands.findings import candidates, judge, plan, record, report
from app.supervision.commands.matrix import assign, end
from app.supervision.commands.notices import draft_notice
from app.supervision.commands.rounds import close, draw, open_round, visit

__all__ = [
    "assign",
    "candidates",
    "close",
    "draft_notice",
    "draw",
    "end",
    "judge",
    "open_round",
    "plan",
    "record",
    "report",
    "visit",
]
