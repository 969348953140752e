"""Venues (阵地), service centres and training bases: what each must have, and how many there should be.

六有: a venue has its place, equipment, sign, Party flag, books and rules (Yangquan 2021). A training base
does five things in one: 听、看、练、带、评 (Xi'an 2020). Centres of counties and townships are counted
against the targets of a rule pack (甬民党〔2018〕14号)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final


class FacilityKind(StrEnum):
    """阵地, 服务中心, 实训基地."""

    VENUE = "venue"
    SERVICE_CENTER = "service_center"
    TRAINING_BASE = "training_base"


class CenterKind(StrEnum):
    """What a service centre is: 党群服务中心, 孵化园, 社会组织服务中心."""

    PARTY_MASS = "party_mass"
    INCUBATOR = "incubator"
    ORGANIZATION_SERVICE = "organization_service"


class FacilityLevel(StrEnum):
    """At which level it was set up."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    COMMUNITY = "community"


class Feature(StrEnum):
    """六有 of a venue, and 听看练带评 of a training base."""

    PLACE = "place"
    EQUIPMENT = "equipment"
    SIGN = "sign"
    PARTY_FLAG = "party_flag"
    BOOKS = "books"
    RULES = "rules"
    LISTEN = "listen"
    LOOK = "look"
    PRACTISE = "practise"
    LEAD = "lead"
    REVIEW = "review"


class FacilityEnd(StrEnum):
    """Why it is no more, or that it never was."""

    CLOSED = "closed"
    MOVED = "moved"
    MERGED = "merged"
    RECORDED_IN_ERROR = "recorded_in_error"


SIX_HAVE: Final = (
    Feature.PLACE,
    Feature.EQUIPMENT,
    Feature.SIGN,
    Feature.PARTY_FLAG,
    Feature.BOOKS,
    Feature.RULES,
)
FIVE_FUNCTIONS: Final = (Feature.LISTEN, Feature.LOOK, Feature.PRACTISE, Feature.LEAD, Feature.REVIEW)
FEATURES: Final[Mapping[FacilityKind, tuple[Feature, ...]]] = {
    FacilityKind.VENUE: SIX_HAVE,
    FacilityKind.SERVICE_CENTER: (),
    FacilityKind.TRAINING_BASE: FIVE_FUNCTIONS,
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """So many facilities of a kind in each division of a level; in such a share of them, by such a day."""

    code: str
    title: tuple[str, str]
    facility: FacilityKind
    level: str
    at_least: int
    at_most: int | None
    share: Decimal
    due_on: date | None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a target is: units in all, those with enough, those with too many, and who is short."""

    units: int
    reached: int
    above: int
    short: tuple[str, ...]
    percent: Decimal | None
    met: bool
    overdue: bool


def targets(content: Mapping[str, Any]) -> list[Target]:
    """The pack `facility_targets` as its rules read it."""
    return [
        Target(
            code=given["code"],
            title=(given["title"]["zh"], given["title"]["en"]),
            facility=FacilityKind(given["facility"]),
            level=given["level"],
            at_least=int(given["at_least"]),
            at_most=given["at_most"],
            share=Decimal(given["share"]),
            due_on=date.fromisoformat(given["due_on"]) if given["due_on"] else None,
            source=given["source"],
            verified=bool(given["verified"]),
        )
        for given in content["targets"]
    ]


def progress(target: Target, counts: Mapping[str, int], on: date) -> Progress:
    """How far a target is on a day, from the number of facilities of each unit; rates are rounded half up."""
    short = tuple(code for code, count in counts.items() if count < target.at_least)
    reached = len(counts) - len(short)
    percent = (
        (Decimal(reached) * 100 / len(counts)).quantize(Decimal("0.01"), ROUND_HALF_UP) if counts else None
    )
    met = bool(counts) and Decimal(reached) * 100 >= target.share * len(counts)
    return Progress(
        units=len(counts),
        reached=reached,
        above=sum(target.at_most is not None and count > target.at_most for count in counts.values()),
        short=short,
        percent=percent,
        met=met,
        overdue=not met and target.due_on is not None and target.due_on < on,
    )


def wrong_with_kind(
    kind: FacilityKind, *, center: bool, teaching: bool, legal: bool, owned: bool
) -> list[Wrong]:
    """What does not belong to a kind: each has its own."""
    found = []
    if center != (kind is FacilityKind.SERVICE_CENTER):
        words = ("服务中心须填类别, 其他不填", "a service centre says which kind it is, nothing else does")
        found.append(Wrong("/center_kind", "center_kind", words))
    if teaching and kind is not FacilityKind.TRAINING_BASE:
        words = ("只有实训基地可为现场教学点", "only a training base is a teaching point")
        found.append(Wrong("/teaching_point_level", "teaching_point", words))
    if legal and kind is not FacilityKind.SERVICE_CENTER:
        words = ("只有服务中心登记为法人", "only a service centre is registered as a legal entity")
        found.append(Wrong("/legal_entity", "legal_entity", words))
    if not owned and kind is FacilityKind.VENUE:
        words = ("阵地须填所属党组织或社会组织", "a venue belongs to a Party organization or an organization")
        found.append(Wrong("/party_organization_id", "no_owner", words))
    return found


def wrong_with_check(kind: FacilityKind, features: Sequence[Feature]) -> list[Wrong]:
    """What is wrong with a check: features of another kind of facility, or one twice."""
    known: Collection[Feature] = FEATURES[kind]
    found, seen = [], set()
    for number, feature in enumerate(features):
        if feature not in known:
            words = ("该类设施没有这一项", "this kind of facility has no such feature")
            found.append(Wrong(f"/features/{number}/feature", "not_of_this_kind", words))
        elif feature in seen:
            words = ("同一项不能重复", "the same feature is given twice")
            found.append(Wrong(f"/features/{number}/feature", "feature_twice", words))
        seen.add(feature)
    return found
