"""Supervision (督导): rounds, what they find, how it is put right, who is weak, which department does what.

Yangquan (2021): 督导8次、单位17家, 后进党组织, 相关部门具体职责. Guangdong: 经费使用情况抽查.
Xi'an: 扶弱帮差."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

Words = tuple[str, str]


class SupervisionKind(StrEnum):
    """督导, or 经费使用情况抽查."""

    SUPERVISION = "supervision"
    FUND_USE = "fund_use"


class SupervisionState(StrEnum):
    """Whether a round still goes on."""

    OPEN = "open"
    CLOSED = "closed"


class SupervisionFindingState(StrEnum):
    """To be put right, said to be put right, accepted by a second person."""

    OPEN = "open"
    REPORTED = "reported"
    CLOSED = "closed"


class SupervisionVerdict(StrEnum):
    """What the second person says."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class WeakBasis(StrEnum):
    """What a rule on weak organizations looks at."""

    PARALYSIS_WARNING = "paralysis_warning"
    FINDINGS_OVERDUE = "findings_overdue"


class DutyPart(StrEnum):
    """牵头 or 配合."""

    LEAD = "lead"
    ASSIST = "assist"


WEAK: Final = "weak_organization"
METHOD: Final = "sha256(seed:id)"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class WeakRule:
    """A rule by which somebody counts as weak."""

    code: str
    basis: WeakBasis
    at_least: int
    words: Words
    source: str


@dataclass(frozen=True, slots=True)
class SupervisionPack:
    """What a jurisdiction asks: days by kind of finding, and its rules on weak organizations."""

    working_days: Mapping[str, int]
    weak: tuple[WeakRule, ...]


def supervision_pack(content: Mapping[str, Any]) -> SupervisionPack:
    """The pack `supervision` as the rules read it."""
    return SupervisionPack(
        {each["code"]: int(each["working_days"]) for each in content["findings"]},
        tuple(
            WeakRule(
                each["code"],
                WeakBasis(each["basis"]),
                int(each["at_least"]),
                (each["zh"], each["en"]),
                each["source"],
            )
            for each in content["weak"]
        ),
    )


def drawn(seed: str, ids: Iterable[UUID], count: int) -> list[UUID]:
    """A sample that anybody can draw again: the ids whose SHA-256 of `seed:id` are the lowest.

    Each id has the same chance, whatever the order of the list, and nobody can choose: the seed is on record
    before (a date and the number of a lottery draw, say)."""
    keyed = {hashlib.sha256(f"{seed}:{each}".encode()).digest(): each for each in ids}
    return [keyed[key] for key in sorted(keyed)[:count]]


def fingerprint(ids: Iterable[UUID]) -> str:
    """The hash of what a sample was drawn from: the ids in order, one on a line."""
    return hashlib.sha256("\n".join(sorted(str(each) for each in ids)).encode()).hexdigest()


def one_of(given: Mapping[str, UUID | None], pointer: str, words: Words) -> list[Wrong]:
    """What is wrong unless exactly one is given."""
    named = [name for name, value in given.items() if value is not None]
    return [] if len(named) == 1 else [Wrong(pointer, "one_of", words)]


def letter(name: str, statement: str, due: date) -> tuple[str, ...]:
    """The paragraphs of a notice about a finding: what was found, what is asked, until when."""
    return (
        f"督导中发现{name}存在以下问题:",
        *statement.splitlines(),
        f"请于{due.year}年{due.month}月{due.day}日前完成整改,并报送整改情况和佐证材料。",
    )
