"""What is known of a case when a rule is asked: the engine sees nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from app.development.rules.pack import HelperRole, Words
from app.reference.rules import Calendar


class CaseState(StrEnum):
    """`ended`: the membership or application ended for another reason; `removed`: 取消资格."""

    OPEN = "open"
    COMPLETED = "completed"
    REMOVED = "removed"
    ENDED = "ended"


class StepOutcome(StrEnum):
    """How an attempt at a step ended."""

    PASSED = "passed"
    REJECTED = "rejected"
    EXTENDED = "extended"


class PaperState(StrEnum):
    """A returned paper is handed in again; each has its own reason."""

    RECEIVED = "received"
    RETURNED = "returned"


class ObjectionResult(StrEnum):
    """What became of a publicity's objections (公示反映)."""

    NONE = "none"
    SETTLED = "settled"
    UPHELD = "upheld"


class ReviewConclusion(StrEnum):
    """The conclusion of a political review (政治审查); its findings are sealed."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Helper:
    """A contact or introducer, as a member is today."""

    role: HelperRole
    full: bool
    restricted: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote of the branch meeting: `in_favour` counts the written opinions that came before the count."""

    on: date
    due: int
    present: int
    in_favour: int
    against: int
    abstained: int
    written: int
    anonymous: bool


@dataclass(frozen=True, slots=True)
class Publicity:
    """A publicity (公示) for a step."""

    from_on: date
    working_days: int
    closed_on: date | None
    result: ObjectionResult | None


@dataclass(frozen=True, slots=True)
class PoliticalReview:
    """When the review was concluded, and how."""

    on: date
    conclusion: ReviewConclusion


@dataclass(frozen=True, slots=True)
class Training:
    """A training: so many days, or class hours."""

    on: date
    days: int
    hours: int


@dataclass(frozen=True, slots=True)
class Approver:
    """The body that decides: whether it stands above the branch, and why it may not."""

    above: bool
    refused: Words | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """What a quota leaves: places at the tightest level, and whether that level is a hard limit."""

    left: int
    enforced: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """A case as it stands on a day."""

    today: date
    done: Mapping[str, date] = field(default_factory=dict)
    papers: Mapping[str, PaperState] = field(default_factory=dict)
    helpers: Sequence[Helper] = ()
    appraisals: Sequence[date] = ()
    trainings: Sequence[Training] = ()
    ballots: Mapping[str, Ballot] = field(default_factory=dict)
    publicities: Mapping[str, Publicity] = field(default_factory=dict)
    review: PoliticalReview | None = None
    form_number: str | None = None
    extended_months: int = 0
    general_branch_between: bool = False
    leaving: bool = False
    counted_in: int | None = None
    """The year in which the case took a place of a quota."""
    places: Places | None = None
    approver: Approver | None = None
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A step as somebody wants to record it."""

    on: date
    age: int | None = None
    exception: str | None = None
    deliberated_on: date | None = None


def with_facts(facts: Facts, **changes: Any) -> Facts:
    """The same facts but for some."""
    return replace(facts, **changes)
