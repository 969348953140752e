"""Two-way entry and cross appointment (双向进入、交叉任职): who is one person, when, and the two rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID


class MatchState(StrEnum):
    """Names that agree are proposed; whether they are one person says somebody who knows."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class CrossRate(StrEnum):
    """双向进入、交叉任职, and 主要负责人兼任书记 (Yangquan)."""

    TWO_WAY_ENTRY = "two_way_entry"
    PRINCIPAL_IS_SECRETARY = "principal_is_secretary"


class RatePart(StrEnum):
    """Which organizations of a rate: those that count, all, or those that are missing."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    GAP = "gap"


Words = tuple[str, str]
LABELS: Final[Mapping[CrossRate, Words]] = {
    CrossRate.TWO_WAY_ENTRY: ("双向进入、交叉任职", "two-way entry and cross appointment"),
    CrossRate.PRINCIPAL_IS_SECRETARY: ("主要负责人兼任书记", "principal officer who is secretary"),
}
_DENOMINATOR: Final[Words] = (
    "分母: 当日登记状态正常、有党委(党总支、党支部)覆盖的社会组织, 每个计一次, 按党组织所在区划或隶属归属",
    (
        "denominator: organizations registered as normal and covered by a committee, general branch or"
        " branch that day, each once, placed by the Party organization"
    ),
)
DEFINITIONS: Final[Mapping[CrossRate, Words]] = {
    CrossRate.TWO_WAY_ENTRY: (
        "分子: 其中当日有负责人(理事、监事等)经确认同时在覆盖它的党组织任职的; " + _DENOMINATOR[0],
        "numerator: of these, with an officer who, as somebody confirmed, held a post in the Party"
        " organization that covers it; " + _DENOMINATOR[1],
    ),
    CrossRate.PRINCIPAL_IS_SECRETARY: (
        "分子: 其中当日主要负责人经确认兼任覆盖它的党组织书记的; " + _DENOMINATOR[0],
        "numerator: of these, whose principal officer was, as somebody confirmed, the secretary of the Party"
        " organization that covers it; " + _DENOMINATOR[1],
    ),
}


def percent(numerator: int, denominator: int) -> str | None:
    """Half up, two decimals; none of nothing: 472 of 659 are 71.62, 272 are 41.27 (Yangquan)."""
    if denominator == 0:
        return None
    share = Decimal(100 * numerator) / Decimal(denominator)
    return str(share.quantize(Decimal("0.01"), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of days."""

    since: date
    until: date | None

    def together(self, *others: "Period") -> "Period | None":
        """The days that this and the others share."""
        every = (self, *others)
        since = max(each.since for each in every)
        until = min((each.until for each in every if each.until is not None), default=None)
        return Period(since, until) if until is None or since < until else None


@dataclass(frozen=True, slots=True)
class Office:
    """An office of an organization: whose, by the index of the name, which, and when.

    A name has one index, and while its key is rotated another (`name_next_blind`); it is `sought` by both."""

    organization_id: UUID
    name_blind: bytes
    name_next_blind: bytes | None
    sought: tuple[bytes, ...]
    title: str
    is_principal: bool
    period: Period


@dataclass(frozen=True, slots=True)
class Held:
    """A post of a body: which member's, by id and by the index of the name, and when."""

    id: UUID
    body_id: UUID
    member_id: UUID
    name_blind: bytes
    role: str
    period: Period


@dataclass(frozen=True, slots=True)
class Covered:
    """That a body covers an organization for a time."""

    body_id: UUID
    organization_id: UUID
    period: Period


@dataclass(frozen=True, slots=True)
class Together:
    """An office and a post under one name, while the body covered the organization."""

    office: Office
    post: Held
    period: Period


def together(
    offices: Mapping[UUID, list[Office]], posts: Mapping[UUID, list[Held]], covers: list[Covered]
) -> list[Together]:
    """Every office and post that share a name and a time, for each body and organization it covers."""
    found = []
    for cover in covers:
        for office in offices.get(cover.organization_id, ()):
            for post in posts.get(cover.body_id, ()):
                if post.name_blind in office.sought:
                    period = office.period.together(post.period, cover.period)
                    if period is not None:
                        found.append(Together(office, post, period))
    return found
