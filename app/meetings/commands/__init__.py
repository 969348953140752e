"""The verbs of organization life, and its reports, which ask the rule packs."""

from app.meetings.commands.appraisals import advance, grade, open_appraisal
from app.meetings.commands.recording import attend, cancel, change, record
from app.meetings.commands.reports import organization_life, rank, sum_up, training_hours

__all__ = [
    "advance",
    "attend",
    "cancel",
    "change",
    "grade",
    "open_appraisal",
    "organization_life",
    "rank",
    "record",
    "sum_up",
    "training_hours",
]
