"""Reads of rounds, applications, reviews, results and reports."""

from app.rounds.queries.applications import interest, results, review, reviews
from app.rounds.queries.applications import page as applications
from app.rounds.queries.applications import read as application
from app.rounds.queries.asking import (
    division_decided,
    exists,
    lies_below,
    review_decided,
    round_decided_of,
    rounds_of_reviewer,
    standard_version,
    waiting_seats,
)
from app.rounds.queries.pool import barred, pool, seats
from app.rounds.queries.reports import calibration, figures, losses
from app.rounds.queries.rounds import page, published, read
from app.rounds.queries.sheets import (
    audited_hash,
    closed_rounds,
    evidence_files,
    first_seats,
    frozen_sheets,
    open_objections,
    results_for_update,
    results_of,
    sheet,
    sheets_of,
)
from app.rounds.queries.sight import (
    application_for_update,
    objection_for_update,
    open_to,
    review_for_update,
    review_place,
    round_for_update,
    round_id_of,
    round_of,
    round_of_objection,
)
from app.rounds.queries.subjects import subject

__all__ = [
    "application",
    "application_for_update",
    "applications",
    "audited_hash",
    "barred",
    "calibration",
    "closed_rounds",
    "division_decided",
    "evidence_files",
    "exists",
    "figures",
    "first_seats",
    "frozen_sheets",
    "interest",
    "lies_below",
    "losses",
    "objection_for_update",
    "open_objections",
    "open_to",
    "page",
    "pool",
    "published",
    "read",
    "results",
    "results_for_update",
    "results_of",
    "review",
    "review_decided",
    "review_for_update",
    "review_place",
    "reviews",
    "round_decided_of",
    "round_for_update",
    "round_id_of",
    "round_of",
    "round_of_objection",
    "rounds_of_reviewer",
    "seats",
    "sheet",
    "sheets_of",
    "standard_version",
    "subject",
    "waiting_seats",
]
