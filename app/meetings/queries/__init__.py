"""What is asked of organization life: each select begins at the caller's scope."""

from app.meetings.queries.appraisals import get_for_update as appraisal_for_update
from app.meetings.queries.appraisals import grades_of, page_grades
from app.meetings.queries.appraisals import page as page_appraisals
from app.meetings.queries.appraisals import read as read_appraisal
from app.meetings.queries.bodies import Candidate, Place, body, built, candidates
from app.meetings.queries.life import (
    OwedTerm,
    Total,
    held_by,
    ranking,
    totals,
    training_hours,
)
from app.meetings.queries.meetings import attendance_of, get_for_update, page, page_attendance, read

__all__ = [
    "Candidate",
    "OwedTerm",
    "Place",
    "Total",
    "appraisal_for_update",
    "attendance_of",
    "body",
    "built",
    "candidates",
    "get_for_update",
    "grades_of",
    "held_by",
    "page",
    "page_appraisals",
    "page_attendance",
    "page_grades",
    "ranking",
    "read",
    "read_appraisal",
    "totals",
    "training_hours",
]
