"""The verbs of rounds."""

from app.rounds.commands.applying import apply, end_cultivation, record_visit
from app.rounds.commands.applying import submit as submit_application
from app.rounds.commands.applying import write as write_self_scores
from app.rounds.commands.closing import answer as answer_objection
from app.rounds.commands.closing import close as close_review
from app.rounds.commands.closing import decide, raise_objection
from app.rounds.commands.drawing import declare as declare_interest
from app.rounds.commands.drawing import draw as draw_reviewers
from app.rounds.commands.drawing import replace as replace_reviewer
from app.rounds.commands.reviewing import rule as rule_on_sheet
from app.rounds.commands.reviewing import submit as submit_review
from app.rounds.commands.rounds import open_round
from app.rounds.commands.verifying import verify

__all__ = [
    "answer_objection",
    "apply",
    "close_review",
    "decide",
    "declare_interest",
    "draw_reviewers",
    "end_cultivation",
    "open_round",
    "raise_objection",
    "record_visit",
    "replace_reviewer",
    "rule_on_sheet",
    "submit_application",
    "submit_review",
    "verify",
    "write_self_scores",
]
