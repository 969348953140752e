"""The verbs of duties."""

from app.duties.commands.contacts import name_setup_contact, reveal_setup_contact
from app.duties.commands.openings import (
    close_for_ended,
    open_registration_duties,
    open_registration_duties_many,
    refresh,
    reprice_deadlines,
)
from app.duties.commands.papers import (
    hand_over_papers,
    receive_commitment_letter,
    record_member_survey,
    reopen,
    waive,
)

__all__ = [
    "close_for_ended",
    "hand_over_papers",
    "name_setup_contact",
    "open_registration_duties",
    "open_registration_duties_many",
    "receive_commitment_letter",
    "record_member_survey",
    "refresh",
    "reopen",
    "reprice_deadlines",
    "reveal_setup_contact",
    "waive",
]
