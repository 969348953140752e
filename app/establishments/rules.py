"""Establishing a Party organization as a process: 请示 → 上级批复 → 党员大会选举 → 报批选举结果.

Three full members and more establish a branch, 50 a general branch, 100 a committee; a joint branch covers as
a rule five units at most (《中国共产党支部工作条例(试行)》; the local guides count differently). The numbers,
whom they count, and the term of the reply are data: `structure` of the rule pack `establishment`."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.party_organizations.rules import KIND_WORDS, BodyKind, Formation

Words = tuple[str, str]


class EstablishmentState(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    RETURNED = "returned"
    APPROVED = "approved"
    ELECTED = "elected"
    ESTABLISHED = "established"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_S = EstablishmentState
NEXT: Final[Mapping[EstablishmentState, frozenset[EstablishmentState]]] = {
    _S.REQUESTED: frozenset({_S.APPROVED, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.REQUESTED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.ELECTED, _S.ESTABLISHED, _S.WITHDRAWN}),
    _S.ELECTED: frozenset({_S.ESTABLISHED, _S.APPROVED}),
}
"""From an election back to the reply: its result was not confirmed, and it is held again."""


def may_become(state: EstablishmentState, following: EstablishmentState) -> bool:
    return following in NEXT.get(state, frozenset())


class SizeBasis(StrEnum):
    """Whom a threshold counts: full members or all, everywhere or among the full-time staff."""

    FULL_MEMBERS = "full_members"
    MEMBERS = "members"
    FULL_TIME_FULL_MEMBERS = "full_time_full_members"
    FULL_TIME_MEMBERS = "full_time_members"


BASIS_WORDS: Final[dict[SizeBasis, Words]] = {
    SizeBasis.FULL_MEMBERS: ("正式党员", "full members"),
    SizeBasis.MEMBERS: ("党员", "members"),
    SizeBasis.FULL_TIME_FULL_MEMBERS: ("专职工作人员中的正式党员", "full members among the full-time staff"),
    SizeBasis.FULL_TIME_MEMBERS: ("专职工作人员中的党员", "members among the full-time staff"),
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many members there are, by each basis."""

    full_members: int = 0
    members: int = 0
    full_time_full_members: int = 0
    full_time_members: int = 0

    def of(self, basis: SizeBasis) -> int:
        number: int = getattr(self, basis.value)
        return number

    def plus(self, other: "Numbers") -> "Numbers":
        return Numbers(*(getattr(self, b.value) + getattr(other, b.value) for b in SizeBasis))


@dataclass(frozen=True, slots=True)
class Size:
    """How many members a body of a kind has, by which basis, and who says so."""

    kind: BodyKind
    basis: SizeBasis
    at_least: int
    at_most: int | None
    source: str
    verified: bool
    pack_id: UUID


@dataclass(frozen=True, slots=True)
class JointLimit:
    """How many units a joint branch covers."""

    organizations_at_most: int
    source: str
    verified: bool
    pack_id: UUID


@dataclass(frozen=True, slots=True)
class Structure:
    """The sizes that hold in a division: what its own pack does not say is said above it."""

    sizes: Mapping[BodyKind, Size]
    joint: JointLimit | None
    reply_months: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a body may not be established: the code, in both languages, and the facts behind it."""

    code: str
    words: Words
    facts: Mapping[str, Any]
    excusable: bool = False


def reply_due(requested_on: date, months: int) -> date:
    """The last day for the reply: the same day some months later, or the end of a shorter month."""
    year, month = divmod(requested_on.year * 12 + requested_on.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(requested_on.day, last))


def reasons_of_size(
    kind: BodyKind, formation: Formation | None, organizations: int, numbers: Numbers, structure: Structure
) -> list[Reason]:
    """What speaks against a body of this kind by its size: each can be excused by an approved exception."""
    found = []
    size = structure.sizes.get(kind)
    if size is not None and numbers.of(size.basis) < size.at_least:
        counted, (zh, en) = numbers.of(size.basis), BASIS_WORDS[size.basis]
        kind_zh, kind_en = KIND_WORDS[kind]
        facts = {
            "basis": size.basis.value,
            "counted": counted,
            "at_least": size.at_least,
            "source": size.source,
        }
        words = (
            f"{zh}{counted}名, 设立{kind_zh}须{size.at_least}名以上({size.source})",
            f"{counted} {en}: a {kind_en} needs {size.at_least} ({size.source})",
        )
        found.append(Reason("too_few_members", words, facts, excusable=True))
    joint = structure.joint
    if (
        joint is not None
        and kind is BodyKind.BRANCH
        and formation is Formation.JOINT
        and organizations > joint.organizations_at_most
    ):
        facts = {
            "counted": organizations,
            "at_most": joint.organizations_at_most,
            "source": joint.source,
        }
        words = (
            f"联合党支部覆盖{organizations}个单位, 一般不超过{joint.organizations_at_most}个({joint.source})",
            f"{organizations} units: a joint branch covers {joint.organizations_at_most} ({joint.source})",
        )
        found.append(Reason("too_many_organizations", words, facts, excusable=True))
    return found


def blocking(reasons: list[Reason], *, excused: bool) -> list[Reason]:
    """What remains when an exception is given: everything at once, or nothing."""
    return [reason for reason in reasons if not (excused and reason.excusable)]
