"""The transfer of a member's relations (组织关系转接): until accepted the sender answers (条例第25条)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID


class TransferState(StrEnum):
    """An expired letter is a warning, never a state: it loses nobody."""

    REQUESTED = "requested"
    SENT = "sent"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CANCELLED = "cancelled"


OPEN: Final = frozenset({TransferState.REQUESTED, TransferState.SENT})
_NEXT: Final = {
    TransferState.REQUESTED: frozenset({TransferState.SENT, TransferState.CANCELLED}),
    TransferState.SENT: frozenset({TransferState.ACCEPTED, TransferState.RETURNED, TransferState.CANCELLED}),
}


def may_become(state: TransferState, following: TransferState) -> bool:
    """Whether a transfer may go from one state to another; the last three end it."""
    return following in _NEXT.get(state, frozenset())


class TransferRange(StrEnum):
    """How far it goes: within one committee, within a province, or across provinces."""

    WITHIN_COMMITTEE = "within_committee"
    WITHIN_PROVINCE = "within_province"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Holder:
    """A body that is to hold the relations of members."""

    id: UUID
    kind: str
    formation: str | None
    active: bool
    committee: UUID | None
    province: str | None


NOWHERE: Final = ("没有这个在任的党组织", "there is no such active Party organization")
NO_COMMITTEE: Final = (
    "上级没有基层党委, 不能向全国范围转出",
    "no committee above the branch may send relations nation-wide",
)


def range_of(sender: Holder, receiver: Holder) -> TransferRange:
    """How far a transfer between two bodies goes."""
    if sender.committee is not None and sender.committee == receiver.committee:
        return TransferRange.WITHIN_COMMITTEE
    if sender.province is not None and sender.province == receiver.province:
        return TransferRange.WITHIN_PROVINCE
    return TransferRange.NATIONAL


def letter_until(issued_on: date, days: int) -> date:
    """The last day of an introduction letter (介绍信)."""
    return issued_on + timedelta(days=days)
