"""Supervision notices: kinds, life, numbers, secrecy, the ladder."""

from app.notices.rules.escalation import PACK, Ladder, Rung, ladder
from app.notices.rules.life import (
    ENDED,
    LABELS,
    OWING,
    TALKS,
    URGENCY_LABELS,
    AddresseeKind,
    AddresseeState,
    ExtensionState,
    NoticeKind,
    NoticeState,
    NumberState,
    RectificationState,
    TalkLevel,
    Urgency,
    Wrong,
    post_name,
)
from app.notices.rules.numbers import document_number, is_recorded_number, is_sign
from app.notices.rules.secrecy import PUBLIC, is_marked

__all__ = [
    "ENDED",
    "LABELS",
    "OWING",
    "PACK",
    "PUBLIC",
    "TALKS",
    "URGENCY_LABELS",
    "AddresseeKind",
    "AddresseeState",
    "ExtensionState",
    "Ladder",
    "NoticeKind",
    "NoticeState",
    "NumberState",
    "RectificationState",
    "Rung",
    "TalkLevel",
    "Urgency",
    "Wrong",
    "document_number",
    "is_marked",
    "is_recorded_number",
    "is_sign",
    "ladder",
    "post_name",
]
