"""Designations (命名、授牌): what may be named by whom, what it needs, and what follows from it.

评星晋级 (Xi'an 2020): the city names up to four stars, the province inspects five; three and more need a
pairing agreement. Grades hold five years (民政部令第39号). What differs by place is the pack
`designation`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final


class DesignationKind(StrEnum):
    """示范点, 星级, 等级, 考评结果."""

    DEMONSTRATION = "demonstration"
    STAR = "star"
    GRADE = "grade"
    APPRAISAL = "appraisal"


class DesignationLevel(StrEnum):
    """The level of who designates: that of the division of the authority."""

    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    NATION = "nation"


class DesignationEnd(StrEnum):
    """Why a designation ended before its time."""

    PROMOTED = "promoted"
    RENEWED = "renewed"
    DOWNGRADED = "downgraded"
    REVOKED = "revoked"


class ChangeKind(StrEnum):
    """What is proposed: a lower star or grade, or none."""

    DOWNGRADE = "downgrade"
    REVOKE = "revoke"


class ChangeState(StrEnum):
    """What became of a proposal; the second person decides."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class RecheckOutcome(StrEnum):
    """What a yearly re-check found: in order, to be put right, no longer as designated."""

    PASSED = "passed"
    RECTIFY = "rectify"
    FAILED = "failed"


GRADED: Final = frozenset({DesignationKind.STAR, DesignationKind.GRADE})
ROUND_LEVELS: Final = {
    "district": "county",
    "city": "prefecture",
    "province": "province",
    "national": "nation",
}
"""The level of a round by that of the authority that holds it."""

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "level_may_not": ("该级机关不能作此命名", "an authority of this level may not designate so high"),
    "pairing_missing": ("未持有有效的结对共建协议", "there is no pairing agreement in force"),
    "step_too_high": ("每轮只能晋升规定的级数", "the rule allows fewer steps up at once"),
    "lower_than_present": (
        "低于现有命名, 请走降级程序",
        "it is lower than the present one: propose a downgrade",
    ),
    "subject_ended": ("该组织已不存续", "it has ended, or is dissolved"),
    "round_not_decided": ("该轮评选尚未决定", "the round is not decided"),
    "not_selected": ("结果未入选或被一票否决", "the result is not selected, or was vetoed"),
    "use_differs": ("该结果不是此类评选的结果", "the result is of a round for something else"),
    "band_differs": ("与结果的档次不符", "it is not the band of the result"),
    "level_differs": ("命名机关的层级与该轮评选不符", "the round was held at another level"),
    "cultivation_missing": ("命名前须经培育", "the rule asks for cultivation before"),
}


@dataclass(frozen=True, slots=True)
class KindRule:
    """What the pack says of one kind."""

    kind: DesignationKind
    levels: Mapping[str, int]
    pairing_from: int | None
    steps: int | None
    validity_years: int | None
    cultivation: bool


@dataclass(frozen=True, slots=True)
class Target:
    """So many designations of a kind in force, by such a day."""

    code: str
    title: tuple[str, str]
    kind: DesignationKind
    grade: int | None
    number: int
    due_on: date | None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A result, as far as a designation depends on it."""

    use: str
    level: str
    band: str | None
    selected: bool
    frozen: bool
    cultivated: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A designation as asked for, with what is known of its subject on the day."""

    kind: DesignationKind
    grade: int | None
    level: str
    present: int | None
    held: bool
    paired: bool
    alive: bool
    result: Decided | None


def kind_rule(content: Mapping[str, Any], kind: DesignationKind) -> KindRule | None:
    """What the pack `designation` says of a kind."""
    for given in content["kinds"]:
        if given["kind"] == kind:
            return KindRule(
                kind,
                {each["level"]: int(each["up_to"]) for each in given["levels"]},
                given["pairing_from"],
                given["steps"],
                given["validity_years"],
                bool(given["cultivation"]),
            )
    return None


def targets(content: Mapping[str, Any]) -> list[Target]:
    """The targets of the pack `designation`."""
    return [
        Target(
            given["code"],
            (given["title"]["zh"], given["title"]["en"]),
            DesignationKind(given["kind"]),
            given["grade"],
            int(given["number"]),
            date.fromisoformat(given["due_on"]) if given["due_on"] else None,
            given["source"],
            bool(given["verified"]),
        )
        for given in content["targets"]
    ]


def grade_of(band: str | None) -> int | None:
    """The star or grade that a band names (`star_3`, `3a`); None where it names none."""
    found = re.search(r"[1-5]", band or "")
    return int(found[0]) if found else None


def reasons(asked: Asked, rule: KindRule) -> list[str]:
    """Every reason against a designation, by its code in `WORDS`."""
    grade, found = asked.grade or 0, []
    if asked.level not in rule.levels or grade > rule.levels[asked.level]:
        found.append("level_may_not")
    if not asked.alive:
        found.append("subject_ended")
    if rule.pairing_from is not None and grade >= rule.pairing_from and not asked.paired:
        found.append("pairing_missing")
    if asked.held and grade < (asked.present or 0):
        found.append("lower_than_present")
    if asked.result is not None:
        found += _of_result(asked, asked.result, rule)
    return found


def _of_result(asked: Asked, result: Decided, rule: KindRule) -> list[str]:
    grade, present = asked.grade or 0, asked.present or 0
    wrong = {
        "round_not_decided": not result.frozen,
        "not_selected": not result.selected,
        "use_differs": result.use != asked.kind,
        "level_differs": ROUND_LEVELS.get(result.level) != asked.level,
        "band_differs": asked.kind in GRADED and grade_of(result.band) not in {None, asked.grade},
        "step_too_high": asked.held and rule.steps is not None and grade > present + rule.steps,
        "cultivation_missing": rule.cultivation and not result.cultivated,
    }
    return [code for code, is_so in wrong.items() if is_so]


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def percent(part: int, whole: int) -> str | None:
    """A share with one decimal, half up, as the documents state it (17 of 59: 28.8)."""
    return str((Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)) if whole else None
