"""Reads of signs, notices, addressees, and who stands where to them."""

from app.notices.queries.addressees import (
    extension_asked,
    past_due,
    provisional,
    standing_answer,
    unanswered,
)
from app.notices.queries.addressees import page as addressees
from app.notices.queries.addressees import read as addressee
from app.notices.queries.documents import document
from app.notices.queries.notices import figures, numbers, page, read, sign, signs
from app.notices.queries.sight import (
    addressee_for_update,
    addressees_of,
    get_for_update,
    rectifications_of,
)
from app.notices.queries.sight import sign as sign_in_scope
from app.notices.queries.targets import Target, is_ours, issuer_name
from app.notices.queries.targets import found as targets
from app.notices.queries.targets import named as target_name

__all__ = [
    "Target",
    "addressee",
    "addressee_for_update",
    "addressees",
    "addressees_of",
    "document",
    "extension_asked",
    "figures",
    "get_for_update",
    "is_ours",
    "issuer_name",
    "numbers",
    "page",
    "past_due",
    "provisional",
    "read",
    "rectifications_of",
    "sign",
    "sign_in_scope",
    "signs",
    "standing_answer",
    "target_name",
    "targets",
    "unanswered",
]
