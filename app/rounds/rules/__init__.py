"""Rounds: their words, who may apply, who reviews, who comes before whom."""

from app.rounds.rules.drawing import Draw, candidates_of, draw, next_one
from app.rounds.rules.eligibility import Facts, Reason, reasons
from app.rounds.rules.ranking import Standing, ranked
from app.rounds.rules.words import (
    ApplicationState,
    CultivationEnd,
    InterestKind,
    ObjectionState,
    RaisedBy,
    ReplacedFor,
    ReviewState,
    RoundLevel,
    RoundPhase,
    RoundTieRule,
    RoundUse,
    SiteVisitKind,
    SubjectKind,
)

__all__ = [
    "ApplicationState",
    "CultivationEnd",
    "Draw",
    "Facts",
    "InterestKind",
    "ObjectionState",
    "RaisedBy",
    "Reason",
    "ReplacedFor",
    "ReviewState",
    "RoundLevel",
    "RoundPhase",
    "RoundTieRule",
    "RoundUse",
    "SiteVisitKind",
    "Standing",
    "SubjectKind",
    "candidates_of",
    "draw",
    "next_one",
    "ranked",
    "reasons",
]
