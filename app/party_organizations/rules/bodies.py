"""Party organizations: which kinds there are, and what may be recorded of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final


class BodyKind(StrEnum):
    """Kinds of Party bodies; a work team (党的工作小组, Ningbo 2018) is no statutory organization, and a
    leading group (党组) leads a unit from within: neither counts."""

    WORKING_COMMITTEE = "working_committee"
    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    GROUP = "group"
    WORK_TEAM = "work_team"
    DISCIPLINE_COMMITTEE = "discipline_committee"
    LEADING_GROUP = "leading_group"


KIND_WORDS: Final[dict[BodyKind, tuple[str, str]]] = {
    BodyKind.WORKING_COMMITTEE: ("党工委", "working committee"),
    BodyKind.COMMITTEE: ("党委", "committee"),
    BodyKind.GENERAL_BRANCH: ("党总支", "general branch"),
    BodyKind.BRANCH: ("党支部", "branch"),
    BodyKind.GROUP: ("党小组", "group"),
    BodyKind.WORK_TEAM: ("党的工作小组", "work team"),
    BodyKind.DISCIPLINE_COMMITTEE: ("纪委(纪工委)", "discipline committee"),
    BodyKind.LEADING_GROUP: ("党组", "leading group"),
}

PRIMARY: Final = frozenset({BodyKind.COMMITTEE, BodyKind.GENERAL_BRANCH, BodyKind.BRANCH})
"""What counts in totals and in organization coverage: 430 = 7 + 6 + 417 (Guangdong 2018)."""

COVERING: Final = PRIMARY | {BodyKind.GROUP, BodyKind.WORK_TEAM}
"""What may cover an organization; a working committee leads and a discipline body inspects."""


FUNCTIONING: Final = PRIMARY | {BodyKind.WORKING_COMMITTEE}
"""What may answer for a division as comprehensive, industry, local or leading body."""


class Formation(StrEnum):
    """How a body came about: 单独、联合、区域、挂靠组建 (Guangdong), and the four later forms."""

    SINGLE = "single"
    JOINT = "joint"
    REGIONAL = "regional"
    ATTACHED = "attached"
    INDUSTRY = "industry"
    FUNCTIONAL = "functional"
    TEMPORARY = "temporary"
    FLOATING = "floating"


class BodyLevel(StrEnum):
    """The level of the division a body belongs to; it is the division's own, never read from digits."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    ZONE = "zone"


class BodyFunction(StrEnum):
    """Parts that a body plays for a division in 分级负责、条块结合、区域兜底."""

    COMPREHENSIVE_COMMITTEE = "comprehensive_committee"
    INDUSTRY_COMMITTEE = "industry_committee"
    LOCAL_COMMITTEE = "local_committee"
    LEADING_COMMITTEE = "leading_committee"


class NoBodyReason(StrEnum):
    """Why an organization has no Party organization (未建立原因)."""

    NO_FULL_MEMBERS = "no_full_members"
    FEWER_THAN_THREE = "fewer_than_three_full_members"
    NEWLY_REGISTERED = "newly_registered"
    RELATIONS_ELSEWHERE = "relations_elsewhere"
    DORMANT = "dormant"
    BEING_DISSOLVED = "being_dissolved"
    OTHER = "other"


class CoverEndReason(StrEnum):
    """Why a cover ended."""

    LEFT = "left"
    TAKEN_OVER = "taken_over"
    REFORMED = "reformed"
    PARTY_ORGANIZATION_DISSOLVED = "party_organization_dissolved"
    ORGANIZATION_ENDED = "organization_ended"
    RECORDED_IN_ERROR = "recorded_in_error"


def counts_as_primary(kind: BodyKind) -> bool:
    """Whether totals and organization coverage count this kind."""
    return kind in PRIMARY


_PARENTS: Final[dict[BodyKind, frozenset[BodyKind]]] = {
    BodyKind.WORKING_COMMITTEE: frozenset({BodyKind.WORKING_COMMITTEE, BodyKind.COMMITTEE}),
    BodyKind.COMMITTEE: frozenset({BodyKind.WORKING_COMMITTEE, BodyKind.COMMITTEE}),
    BodyKind.GENERAL_BRANCH: frozenset({BodyKind.WORKING_COMMITTEE, BodyKind.COMMITTEE}),
    BodyKind.BRANCH: frozenset({BodyKind.WORKING_COMMITTEE, BodyKind.COMMITTEE, BodyKind.GENERAL_BRANCH}),
    BodyKind.GROUP: PRIMARY,
    BodyKind.WORK_TEAM: PRIMARY | {BodyKind.WORKING_COMMITTEE},
    BodyKind.DISCIPLINE_COMMITTEE: frozenset(
        {BodyKind.WORKING_COMMITTEE, BodyKind.COMMITTEE, BodyKind.DISCIPLINE_COMMITTEE}
    ),
    BodyKind.LEADING_GROUP: frozenset({BodyKind.WORKING_COMMITTEE, BodyKind.COMMITTEE}),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of days `[since, until)`; `until` None means still running."""

    since: date
    until: date | None = None

    @property
    def empty(self) -> bool:
        return self.until is not None and self.until <= self.since

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def cut(self, on: date) -> "Period | None":
        """What is left when it ends on `on`; None when nothing is."""
        until = on if self.until is None else min(on, self.until)
        return Period(self.since, until) if self.since < until else None

    def reaches(self, on: date) -> bool:
        """Whether any day of it is `on` or later."""
        return self.until is None or self.until > on


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


IN_FUTURE: Final = (
    "不能晚于今天, 请改为今天或更早的日期",
    "lies in the future: give today or an earlier day",
)


@dataclass(frozen=True, slots=True)
class Superior:
    """What matters of a body under which another is to hang."""

    kind: BodyKind
    founded_on: date
    active: bool


def wrong_with_body(
    kind: BodyKind, formation: Formation | None, founded_on: date, today: date
) -> list[Wrong]:
    """What is wrong with a body as such."""
    found = []
    if kind in PRIMARY and formation is None:
        words = (
            "党委、党总支、党支部须注明组建形式",
            "a committee, general branch or branch needs its formation",
        )
        found.append(Wrong("/formation", "formation_required", words))
    if founded_on > today:
        found.append(Wrong("/founded_on", "in_future", IN_FUTURE))
    return found


def wrong_with_place(
    kind: BodyKind, founded_on: date, superior: Superior, since: date, today: date, *, pointer: str
) -> list[Wrong]:
    """What is wrong with hanging a body below another from a day on, which the field `pointer` gives."""
    found = []
    if not superior.active:
        words = ("上级党组织已撤销, 请另选上级", "the superior body is dissolved: choose another")
        found.append(Wrong("/parent_id", "parent_dissolved", words))
    if superior.kind not in _PARENTS[kind]:
        zh, en = KIND_WORDS[kind], KIND_WORDS[superior.kind]
        words = (f"{zh[0]}不能隶属于{en[0]}", f"a {zh[1]} cannot hang below a {en[1]}")
        found.append(Wrong("/parent_id", "kind_of_parent", words))
    if since > today:
        found.append(Wrong(pointer, "in_future", IN_FUTURE))
    if since < max(founded_on, superior.founded_on):
        words = ("早于其中一方的成立日期", "lies before one of the two bodies was founded")
        found.append(Wrong(pointer, "before_foundation", words))
    return found


def wrong_with_cover(kind: BodyKind, founded_on: date, period: Period, today: date) -> list[Wrong]:
    """What is wrong with a body covering an organization over a period."""
    found = []
    if kind not in COVERING:
        zh, en = KIND_WORDS[kind]
        words = (f"{zh}不直接覆盖社会组织", f"a {en} covers no organization itself")
        found.append(Wrong("", "kind_does_not_cover", words))
    if period.since < founded_on:
        words = ("早于党组织的成立日期", "lies before the body was founded")
        found.append(Wrong("/from_on", "before_foundation", words))
    if period.since > today:
        found.append(Wrong("/from_on", "in_future", IN_FUTURE))
    if period.until is not None and period.until > today:
        found.append(Wrong("/until_on", "in_future", IN_FUTURE))
    if period.empty:
        words = ("须晚于开始日期", "must be later than the first day")
        found.append(Wrong("/until_on", "empty_period", words))
    return found


def wrong_with_function(
    kind: BodyKind,
    function: BodyFunction,
    industry: str | None,
    since: date,
    *,
    founded_on: date,
    today: date,
) -> list[Wrong]:
    """What is wrong with a body playing a part from a day on."""
    found = []
    if kind not in FUNCTIONING:
        zh, en = KIND_WORDS[kind]
        found.append(
            Wrong("/function", "kind_without_function", (f"{zh}不能承担此项职能", f"a {en} cannot have it"))
        )
    if (function is BodyFunction.INDUSTRY_COMMITTEE) != (industry is not None):
        words = (
            "行业党委须注明行业, 其他职能不填行业",
            "an industry committee names its industry, others do not",
        )
        found.append(Wrong("/industry", "industry", words))
    if since > today:
        found.append(Wrong("/from_on", "in_future", IN_FUTURE))
    if since < founded_on:
        words = ("早于党组织的成立日期", "lies before the body was founded")
        found.append(Wrong("/from_on", "before_foundation", words))
    return found


def wrong_with_reason(
    reason: NoBodyReason, note: str | None, period: Period, today: date, maximum_days: int
) -> list[Wrong]:
    """What is wrong with a reason for having no Party organization: it expires within a year."""
    found = []
    if reason is NoBodyReason.OTHER and note is None:
        found.append(Wrong("/note", "note_required", ("请说明其他原因", "say what the other reason is")))
    if period.since > today:
        found.append(Wrong("/from_on", "in_future", IN_FUTURE))
    if period.empty:
        words = ("须晚于开始日期", "must be later than the first day")
        found.append(Wrong("/until_on", "empty_period", words))
    elif period.until is None or (period.until - period.since).days > maximum_days:
        words = (
            f"最长{maximum_days}天, 到期后重新认定",
            f"holds {maximum_days} days at most, then it is asked again",
        )
        found.append(Wrong("/until_on", "too_long", words))
    return found


def after(stamp: datetime, *earlier: datetime | None) -> datetime:
    """`stamp`, or just after the latest of `earlier` if a clock went back: no recorded period inverts."""
    floor = max((moment for moment in earlier if moment is not None), default=stamp)
    return stamp if stamp > floor else floor + timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many bodies of each kind, and whether the total that counts is the sum of its parts."""

    total: int
    parts: Mapping[BodyKind, int]
    others: Mapping[BodyKind, int]

    @property
    def sum_holds(self) -> bool:
        return self.total == sum(self.parts.values())


def add_up(total: int, by_kind: Mapping[BodyKind, int]) -> Counts:
    """The sum check of Guangdong's report: 430 = 7 committees + 6 general branches + 417 branches.

    `total` is counted by itself (bodies marked as counting), `by_kind` by kind; both must agree."""
    return Counts(
        total,
        {kind: by_kind.get(kind, 0) for kind in BodyKind if kind in PRIMARY},
        {kind: by_kind.get(kind, 0) for kind in BodyKind if kind not in PRIMARY},
    )
