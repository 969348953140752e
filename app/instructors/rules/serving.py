"""Instructors (党建指导员) and their service: kinds, terms, capacity, and what an assignment must keep to.

Sources 选派、选任、招募 are Guangdong's (2018, 两批88名); the finer origins are Ningbo's (2018, 第5条)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.instructors.rules.matching import Weights


class InstructorKind(StrEnum):
    """党建指导员, or the lighter 联络员."""

    INSTRUCTOR = "instructor"
    LIAISON_OFFICER = "liaison_officer"


class InstructorSource(StrEnum):
    """How they came to serve: 选派、选任、招募."""

    DISPATCHED = "dispatched"
    APPOINTED = "appointed"
    RECRUITED = "recruited"


class AssignmentKind(StrEnum):
    """How close: 一对一, 点对点 (Yangquan 2021), or in general."""

    GENERAL = "general"
    ONE_TO_ONE = "one_to_one"
    POINT_TO_POINT = "point_to_point"


class AssignmentEndReason(StrEnum):
    """Why an assignment ended before its last day."""

    RECALLED = "recalled"
    HANDED_OVER = "handed_over"
    INSTRUCTOR_ENDED = "instructor_ended"
    ORGANIZATION_ENDED = "organization_ended"
    PARTY_ORGANIZATION_ESTABLISHED = "party_organization_established"
    RECORDED_IN_ERROR = "recorded_in_error"


class VisitKind(StrEnum):
    """How an organization was met: 上门指导, by phone or message, a meeting, a training, and so on."""

    VISIT = "visit"
    CONTACT = "contact"
    MEETING = "meeting"
    TRAINING = "training"


class AssessmentKind(StrEnum):
    """年度考核 and 任期考核."""

    YEARLY = "yearly"
    TERM = "term"


class Grade(StrEnum):
    """优秀、合格、基本合格、不合格."""

    EXCELLENT = "excellent"
    QUALIFIED = "qualified"
    BARELY_QUALIFIED = "barely_qualified"
    UNQUALIFIED = "unqualified"


class Outcome(StrEnum):
    """What followed an assessment: 提醒、函询、诫勉, or 清退 (Guang'an)."""

    NONE = "none"
    REMINDED = "reminded"
    INQUIRED = "inquired"
    ADMONISHED = "admonished"
    REMOVED = "removed"


class ContractKind(StrEnum):
    """委员定点联系 of Party organizations (Guangdong); 三包, a county and ten organizations (Yangquan)."""

    FIXED_CONTACT = "fixed_contact"
    LEADER_CONTRACT = "leader_contract"


class Progress(StrEnum):
    """How far a leader's target is."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"


class SuggestionState(StrEnum):
    """What became of a suggestion; `superseded` when what it was made of has changed."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Period:
    """Days `[since, until)`."""

    since: date
    until: date

    def within(self, other: "Period") -> bool:
        """Whether every day of it lies in the other."""
        return other.since <= self.since and self.until <= other.until


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class InstructionPack:
    """What a jurisdiction counts with: the capacity of one who has none of their own, a leader's quota, and
    how much each difference weighs in a suggestion."""

    capacity: int
    capacity_at_most: int
    contract_quota: int
    weights: Weights


def instruction_pack(content: Mapping[str, Any]) -> InstructionPack:
    """The pack `instruction` as its rules read it."""
    return InstructionPack(
        int(content["capacity"]),
        int(content["capacity_at_most"]),
        int(content["contract_quota"]),
        Weights(**{name: int(value) for name, value in content["weights"].items()}),
    )


def free_slot(taken: Collection[int], capacity: int) -> int | None:
    """The lowest place of an instructor that nothing holds in a period; None when all are held."""
    return next((slot for slot in range(1, capacity + 1) if slot not in taken), None)


def wrong_with_term(term: Period, capacity: int, pack: InstructionPack) -> list[Wrong]:
    """What is wrong with a term or a capacity."""
    found = []
    if term.until <= term.since:
        words = ("任期的终止日期须晚于起始日期", "the term must end after it begins")
        found.append(Wrong("/until_on", "empty_period", words))
    if not 1 <= capacity <= pack.capacity_at_most:
        words = (
            f"联系数须为1至{pack.capacity_at_most}家",
            f"the capacity must be from 1 to {pack.capacity_at_most}",
        )
        found.append(Wrong("/capacity", "capacity_range", words))
    return found


def wrong_with_assignment(asked: Period, term: Period) -> list[Wrong]:
    """What is wrong with the days of an assignment, given the instructor's term."""
    if asked.until <= asked.since:
        words = ("终止日期须晚于起始日期", "it must end after it begins")
        return [Wrong("/until_on", "empty_period", words)]
    if not asked.within(term):
        words = (
            f"须在任期{term.since.isoformat()}至{term.until.isoformat()}之内",
            f"must lie in the instructor's term from {term.since.isoformat()} to {term.until.isoformat()}",
        )
        pointer = "/from_on" if asked.since < term.since else "/until_on"
        return [Wrong(pointer, "outside_term", words)]
    return []
