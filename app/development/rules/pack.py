"""The steps of development as a rule pack says them: nothing here knows how many there are.

《中国共产党发展党员工作细则》 gives the duties; how offices slice them (25 steps, 7, 22+3, 29, …) is data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final
from uuid import UUID

Words = tuple[str, str]
"""A text in Chinese and in English."""

PROBATION_END: Final = "probation_end"
"""The anchor of terms that count from the end of the probation, whenever that is."""


class Force(StrEnum):
    """What a term does to a step that misses it: statute blocks, or asks for the special reason on record;
    practice warns."""

    BLOCK = "block"
    EXCEPTION = "exception"
    WARN = "warn"


class Doer(StrEnum):
    """Who takes a step. What the committee or its superior does is recorded by who may decide there."""

    APPLICANT = "applicant"
    BRANCH = "branch"
    COMMITTEE = "committee"
    SUPERIOR = "superior"


ABOVE: Final = frozenset({Doer.COMMITTEE, Doer.SUPERIOR})
"""Steps of the approving body and above: the branch cannot take them for itself."""


class HelperRole(StrEnum):
    """培养联系人 and 入党介绍人."""

    CONTACT = "contact"
    INTRODUCER = "introducer"


class RecordKind(StrEnum):
    """What is put on record on the way: 谈话, 考察, 培训, 思想汇报."""

    CONVERSATION = "conversation"
    APPRAISAL = "appraisal"
    TRAINING = "training"
    THOUGHT_REPORT = "thought_report"


class VoteOf(StrEnum):
    """Whom a majority is counted on: all who are due (应到会), or those present."""

    DUE = "due"
    PRESENT = "present"


class Status(StrEnum):
    """What a step makes of the member, in this order and no other."""

    ACTIVIST = "activist"
    DEVELOPMENT_TARGET = "development_target"
    PROBATIONARY = "probationary"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who says so: the article, its source, and whether its text was seen."""

    article: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Term:
    """So long after an anchor: a step that was taken, or the end of the probation. A negative one lies
    before it."""

    since: str
    force: Force
    rule: Rule
    months: int = 0
    days: int = 0
    working_days: int = 0


@dataclass(frozen=True, slots=True)
class VoteRule:
    """What a vote needs: quorum and majority, each more than this share."""

    quorum_over: tuple[int, int]
    yes_over: tuple[int, int]
    yes_of: VoteOf
    anonymous: bool


@dataclass(frozen=True, slots=True)
class HelpersRule:
    """How many full members stand by the applicant in a role."""

    role: HelperRole
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class AppraisalRule:
    """考察: how many by this step, and at most so many months between two."""

    since: str
    at_least: int
    every_months: int


@dataclass(frozen=True, slots=True)
class TrainingRule:
    """短期集中培训: so many days or so many class hours."""

    days: int
    hours: int


@dataclass(frozen=True, slots=True)
class Lapse:
    """What was not decided so long after a step has lapsed: the case goes on from an earlier one."""

    since: str
    months: int
    back_to: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Becomes:
    """The status that a step gives the member, and the day from which: the step's own, or an anchor's."""

    status: Status
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One step."""

    code: str
    stage: str
    title: Words
    doer: Doer
    rule: Rule
    after: tuple[str, ...] = ()
    not_before: tuple[Term, ...] = ()
    not_after: tuple[Term, ...] = ()
    minimum_age: int | None = None
    papers: tuple[str, ...] = ()
    helpers: HelpersRule | None = None
    appraisals: AppraisalRule | None = None
    training: TrainingRule | None = None
    political_review_months: int | None = None
    vote: VoteRule | None = None
    publicity_working_days: int | None = None
    approval: bool = False
    numbered_form: bool = False
    warns_of_leaving: bool = False
    becomes: Becomes | None = None
    lapses: tuple[Lapse, ...] = ()


@dataclass(frozen=True, slots=True)
class ProbationRule:
    """预备期: from which step, how long, and how long it may be prolonged once."""

    since: str
    months: int
    extend_at_least: int
    extend_at_most: int
    extended_at: str
    asked_again_at: str
    rule: Rule


@dataclass(frozen=True)
class Pack:
    """The steps of a jurisdiction. A running case stays on the pack it began with."""

    stages: Mapping[str, Words]
    nodes: tuple[Node, ...]
    papers: Mapping[str, Words]
    probation: ProbationRule
    quota_counts_at: str | None = None
    priority_groups: Mapping[str, Words] = field(default_factory=dict)
    remind_days: tuple[int, ...] = ()
    pack_id: UUID | None = None

    @cached_property
    def by_code(self) -> Mapping[str, Node]:
        return {node.code: node for node in self.nodes}

    @property
    def first(self) -> Node:
        return next(node for node in self.nodes if not node.after)

    def reopened_from(self, code: str) -> frozenset[str]:
        """A step and all that rests on it: what is to be taken again when a case goes back to it."""
        found = {code}
        while more := {n.code for n in self.nodes if n.code not in found and found & set(n.after)}:
            found |= more
        return frozenset(found)

    def makes(self, status: Status) -> Node | None:
        """The step that gives a status."""
        return next((n for n in self.nodes if n.becomes is not None and n.becomes.status is status), None)
