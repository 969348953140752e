"""Census of members' organization relations (党员组织关系清查): verdicts, and what the ledger has to do next.

A verdict changes nothing by itself: it proposes a verb of the ledger of members, which a person does."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class RoundState(StrEnum):
    """A closed round keeps its report."""

    OPEN = "open"
    CLOSED = "closed"


class Verdict(StrEnum):
    """在册、已转出、失联、口袋党员、重复、去世; found people stand beside the roll (`not_in_ledger`)."""

    CONFIRMED = "confirmed"
    MOVED = "moved"
    CONTACT_LOST = "contact_lost"
    POCKET = "pocket"
    DUPLICATE = "duplicate"
    DECEASED = "deceased"
    NOT_IN_LEDGER = "not_in_ledger"


VERDICT_WORDS: Final[dict[Verdict, tuple[str, str]]] = {
    Verdict.CONFIRMED: ("在册", "On the roll and here"),
    Verdict.MOVED: ("已离开, 须转接", "Gone elsewhere: relations to transfer"),
    Verdict.CONTACT_LOST: ("失联", "Contact lost"),
    Verdict.POCKET: ("口袋党员", "Relations never handed in"),
    Verdict.DUPLICATE: ("重复登记", "Recorded twice"),
    Verdict.DECEASED: ("去世", "Deceased"),
    Verdict.NOT_IN_LEDGER: ("清查发现, 未在册", "Found, not in the ledger"),
}


class Proposal(StrEnum):
    """The operation of the ledger that settles a difference, by its operation id."""

    REQUEST_TRANSFER = "request_transfer"
    CHANGE_MEMBER = "change_member"
    END_MEMBER = "end_member"
    RECORD_MEMBER = "record_member"


PROPOSALS: Final[dict[Verdict, Proposal]] = {
    Verdict.MOVED: Proposal.REQUEST_TRANSFER,
    Verdict.CONTACT_LOST: Proposal.CHANGE_MEMBER,
    Verdict.POCKET: Proposal.REQUEST_TRANSFER,
    Verdict.DUPLICATE: Proposal.END_MEMBER,
    Verdict.DECEASED: Proposal.END_MEMBER,
    Verdict.NOT_IN_LEDGER: Proposal.RECORD_MEMBER,
}
"""A pocket member (口袋党员) carries the letter about: the relations go where the letter says."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]
