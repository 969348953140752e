"""The verbs of establishing."""

from app.establishments.commands.deciding import answer, approve
from app.establishments.commands.finishing import finish, report_election
from app.establishments.commands.requesting import request, resubmit, withdraw
from app.establishments.commands.structures import structure_of

__all__ = [
    "answer",
    "approve",
    "finish",
    "report_election",
    "request",
    "resubmit",
    "structure_of",
    "withdraw",
]
