"""What each rate counts: 组织覆盖率, 工作覆盖率, 应建已建率 and their like, in words and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

NATION: Final = "100000"
MONTHS_MOST: Final = 120
LINES_MOST: Final = 1000


class RateCode(StrEnum):
    """The rates that the data allows now."""

    ORGANIZATION_COVERAGE = "organization_coverage"
    WORK_COVERAGE = "work_coverage"
    SHOULD_HAVE_ESTABLISHED = "should_have_established"
    SINGLE_FORMATION = "single_formation"
    CHARTER = "charter"
    CORE_VALUES = "core_values"
    FOUR_CLEARS = "four_clears"


class RatePart(StrEnum):
    """Which organizations of a rate a list shows; the gap is the denominator without the numerator."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    GAP = "gap"


class CoverageBasis(StrEnum):
    """To which division an organization belongs: a provincial body in a district counts once per basis."""

    REGISTRATION = "registration"
    DOMICILE = "domicile"
    RESPONSIBILITY = "responsibility"


class LinesBy(StrEnum):
    """Into which lines an answer is split."""

    NONE = "none"
    DIVISION = "division"
    KIND = "kind"
    BODY = "body"


class LedBy(StrEnum):
    """Who leads, beside the body that is asked for: that body itself, nobody, or a body from elsewhere."""

    DIRECT = "direct"
    NOBODY = "nobody"
    ELSEWHERE = "elsewhere"


class ExceptionsMode(StrEnum):
    """Whether organizations with a reason for having no Party organization stay in the denominator."""

    COUNTED = "counted"
    EXCLUDED = "excluded"


class LineKind(StrEnum):
    """What a line stands for."""

    TOTAL = "total"
    DIVISION = "division"
    OWN = "own"
    KIND = "kind"
    BODY = "body"
    NOBODY = "nobody"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Counting:
    """The rule pack `coverage` in force: which organizations count, and what counts for them."""

    code: str
    version: str
    source: str
    active_statuses: tuple[str, ...]
    kinds: tuple[str, ...]
    work_covering_kinds: tuple[str, ...]
    instructors_cover: bool
    joint_counts_as_established: bool
    complete_wordings: tuple[str, ...]


def counting(code: str, version: str, source: str, content: Mapping[str, Any]) -> Counting:
    """A rule pack `coverage` as the rules know it."""
    return Counting(
        code=code,
        version=version,
        source=source,
        active_statuses=tuple(content["active_statuses"]),
        kinds=tuple(content["kinds"]),
        work_covering_kinds=tuple(content["work_covering_kinds"]),
        instructors_cover=bool(content.get("instructors_cover", True)),
        joint_counts_as_established=bool(content["joint_counts_as_established"]),
        complete_wordings=tuple(content["complete_wordings"]),
    )


@dataclass(frozen=True, slots=True)
class Threshold:
    """From how many members on an organization must establish, in one jurisdiction, for a time."""

    jurisdiction: str | None
    depth: int
    since: date
    until: date | None
    basis: str
    at_least: int


@dataclass(frozen=True, slots=True)
class Pack:
    """A published rule pack `establishment`; `depth` is how far its jurisdiction lies below the nation."""

    jurisdiction: str | None
    depth: int
    effective_on: date
    version: str
    content: Mapping[str, Any]


def thresholds(packs: Sequence[Pack]) -> tuple[Threshold, ...]:
    """The thresholds of all packs, the deepest jurisdiction first; each version holds until the next one.

    An organization is judged by the first whose jurisdiction holds it (domain: 应建 ≥ 3 full members)."""
    found: list[Threshold] = []
    ordered = sorted(packs, key=lambda p: (-p.depth, p.jurisdiction or "", p.effective_on, p.version))
    for number, pack in enumerate(ordered):
        later = next(
            (p.effective_on for p in ordered[number + 1 :] if p.jurisdiction == pack.jurisdiction), None
        )
        if later == pack.effective_on:
            continue
        found += [
            Threshold(
                pack.jurisdiction,
                pack.depth,
                pack.effective_on,
                later,
                entry["basis"],
                int(entry["at_least"]),
            )
            for entry in pack.content.get("thresholds", ())
            if entry["must_establish"]
        ]
    return tuple(found)


def percent(numerator: int, denominator: int) -> str | None:
    """A share in hundredths of a percent, rounded half up as the documents do; None of nothing."""
    if denominator == 0:
        return None
    hundredths = (numerator * 20_000 + denominator) // (2 * denominator)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def month_ends(since: date, until: date, today: date) -> tuple[date, ...]:
    """The last day of each month from `since` to `until`; of the month that runs, today."""
    days: list[date] = []
    first = since.replace(day=1)
    while first <= min(until, today) and len(days) <= MONTHS_MOST:
        following = (first + timedelta(days=32)).replace(day=1)
        days.append(min(following - timedelta(days=1), today))
        first = following
    return tuple(days)


def ranks(shares: Sequence[tuple[int, int]]) -> list[int | None]:
    """Places of (numerator, denominator) by quotient, the highest first: 1, 2, 2, 4; nothing has none."""
    quotients = [Fraction(above, below) if below else None for above, below in shares]
    known = [quotient for quotient in quotients if quotient is not None]
    return [None if q is None else 1 + sum(other > q for other in known) for q in quotients]


WITHOUT_MEMBERS: Final = ("service_institution", "foundation", "intermediary")
"""Kinds that by their nature have no members (会员), so that a member count cannot be missing."""
