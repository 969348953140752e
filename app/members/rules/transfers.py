"""The transfer of a member's relations (组织关系转接): until accepted the sender answers (条例第25条)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.members.rules.membership import Wrong


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


def wrong_with_holder(holder: Holder | None, pointer: str) -> list[Wrong]:
    """Whether a body can hold a member's relations: every member belongs to one branch (条例第25条);
    a temporary branch takes over no relations (《中国共产党支部工作条例(试行)》)."""
    if holder is None or not holder.active:
        words = ("没有这个在任的党组织", "there is no such active Party organization")
        return [Wrong(pointer, "no_such_body", words)]
    if holder.kind != "branch":
        words = ("党员的组织关系须编入党支部", "a member belongs to a branch")
        return [Wrong(pointer, "not_a_branch", words)]
    if holder.formation == "temporary":
        words = ("临时党支部不接转组织关系", "a temporary branch takes over no relations")
        return [Wrong(pointer, "temporary_branch", words)]
    return []


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
