"""The verbs of Party organizations."""

from app.party_organizations.commands.bodies import change, change_formation, dissolve, establish, move
from app.party_organizations.commands.covers import cancel_cover, end_cover, end_covers, start_cover
from app.party_organizations.commands.functions import assign_function, end_function
from app.party_organizations.commands.powers import powers_as, powers_of
from app.party_organizations.commands.reasons import cancel_reason, end_reason, give_reason

__all__ = [
    "assign_function",
    "cancel_cover",
    "cancel_reason",
    "change",
    "change_formation",
    "dissolve",
    "end_cover",
    "end_covers",
    "end_function",
    "end_reason",
    "establish",
    "give_reason",
    "move",
    "powers_as",
    "powers_of",
    "start_cover",
]
