"""The tables of rounds."""

from app.rounds.models.results import Objection, Result
from app.rounds.models.reviews import Interest, Mark, Review, Ruling
from app.rounds.models.rounds import Application, Evidence, Round, SelfScore, SiteVisit

__all__ = [
    "Application",
    "Evidence",
    "Interest",
    "Mark",
    "Objection",
    "Result",
    "Review",
    "Round",
    "Ruling",
    "SelfScore",
    "SiteVisit",
]
