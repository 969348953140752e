"""What a member may be and become. Numbers of months come from the rule pack `membership`."""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class MemberStatus(StrEnum):
    """From the application to the end; 留党察看 is not among them: it restricts rights, see `Restriction`."""

    APPLICANT = "applicant"
    ACTIVIST = "activist"
    DEVELOPMENT_TARGET = "development_target"
    PROBATIONARY = "probationary"
    FULL = "full"
    SUSPENDED = "suspended"
    ENDED = "ended"


BEFORE_PARTY: Final = frozenset(
    {MemberStatus.APPLICANT, MemberStatus.ACTIVIST, MemberStatus.DEVELOPMENT_TARGET}
)
"""Who is on the way into it, without a relation that could be transferred."""
IN_PARTY: Final = frozenset({MemberStatus.PROBATIONARY, MemberStatus.FULL, MemberStatus.SUSPENDED})
"""Who is in the Party: a suspended membership (停止党籍) can be restored (条例第24条)."""


class EndKind(StrEnum):
    """How it ended: each ending is of its own kind, and only some can be entered again."""

    DECEASED = "deceased"
    RESIGNED = "resigned"
    STRUCK_OFF = "struck_off"
    EXPELLED = "expelled"
    PROBATION_REVOKED = "probation_revoked"
    APPLICATION_ENDED = "application_ended"
    TRANSFERRED_OUT = "transferred_out"
    RECORDED_IN_ERROR = "recorded_in_error"


ENDED_FROM: Final[dict[EndKind, frozenset[MemberStatus]]] = {
    EndKind.DECEASED: frozenset(MemberStatus) - {MemberStatus.ENDED},
    EndKind.RESIGNED: IN_PARTY,
    EndKind.STRUCK_OFF: IN_PARTY,
    EndKind.EXPELLED: IN_PARTY - {MemberStatus.PROBATIONARY},
    EndKind.PROBATION_REVOKED: frozenset({MemberStatus.PROBATIONARY}),
    EndKind.APPLICATION_ENDED: BEFORE_PARTY,
    EndKind.TRANSFERRED_OUT: IN_PARTY,
    EndKind.RECORDED_IN_ERROR: frozenset(MemberStatus) - {MemberStatus.ENDED},
}
"""A probationary member is not expelled: the probation is revoked (取消预备党员资格)."""


_NEXT: Final[dict[MemberStatus, frozenset[MemberStatus]]] = {
    MemberStatus.APPLICANT: frozenset({MemberStatus.ACTIVIST}),
    MemberStatus.ACTIVIST: frozenset({MemberStatus.DEVELOPMENT_TARGET, MemberStatus.APPLICANT}),
    MemberStatus.DEVELOPMENT_TARGET: frozenset(
        {MemberStatus.PROBATIONARY, MemberStatus.ACTIVIST, MemberStatus.APPLICANT}
    ),
    MemberStatus.PROBATIONARY: frozenset({MemberStatus.FULL}),
}
"""One step forward at a time; who is not in the Party yet may also be put back to an earlier stage."""


def may_advance(status: MemberStatus, following: MemberStatus) -> bool:
    """Whether a status follows another in the development of members."""
    return following in _NEXT.get(status, frozenset())


class Employment(StrEnum):
    """What ties a member to the organization: Ningbo counts full-time staff (2018, 第5条)."""

    FULL_TIME_STAFF = "full_time_staff"
    PART_TIME = "part_time"
    PRINCIPAL = "principal"
    VOLUNTEER = "volunteer"
    OTHER = "other"


class Restriction(StrEnum):
    """Dated limits of a member's rights: they bear on votes and introducers, not on the status."""

    PROBATION_WITHIN_PARTY = "probation_within_party"
    RIGHTS_SUSPENDED = "rights_suspended"


class Precision(StrEnum):
    """How much of a date is known: old records know only the year."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class MembershipPack:
    """The months and days that a jurisdiction counts, with their source."""

    suspend_after_months: int
    strike_off_after_months: int
    floating_after_months: int
    letter_days: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


def add_months(day: date, months: int) -> date:
    """The same day some months later; the end of a shorter month stands for it (31 January + 1 month)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def first_day(day: date, precision: Precision) -> date:
    """The first day that a date of less precision can mean."""
    if precision is Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision is Precision.MONTH else day


_FUTURE: Final = ("不能晚于今天", "lies in the future")


def wrong_with_dates(
    status: MemberStatus,
    joined: tuple[date, Precision] | None,
    full: tuple[date, Precision] | None,
    today: date,
) -> list[Wrong]:
    """What is wrong with the dates of a member who is recorded with a status."""
    found = []
    joins = status in IN_PARTY
    if joins and joined is None:
        words = (
            "预备党员和正式党员须填入党日期 (只知年份也可)",
            "a member needs the date of joining, if only the year",
        )
        found.append(Wrong("/joined", "joined_required", words))
    if not joins and joined is not None:
        found.append(
            Wrong("/joined", "not_joined", ("尚未入党, 不填入党日期", "has not joined: leave it out"))
        )
    if status is MemberStatus.FULL and full is None:
        words = (
            "正式党员须填转正日期 (只知年份也可)",
            "a full member needs the date of becoming one, if only the year",
        )
        found.append(Wrong("/full", "full_required", words))
    if status is MemberStatus.PROBATIONARY and full is not None:
        found.append(Wrong("/full", "not_full", ("预备党员不填转正日期", "on probation: leave it out")))
    if not joins and full is not None:
        found.append(Wrong("/full", "not_full", ("尚未入党, 不填转正日期", "has not joined: leave it out")))
    for pointer, given in (("/joined", joined), ("/full", full)):
        if given is not None and first_day(*given) > today:
            found.append(Wrong(pointer, "in_future", _FUTURE))
    if joined is not None and full is not None and first_day(*full) < first_day(*joined):
        words = ("转正日期早于入党日期", "lies before the date of joining")
        found.append(Wrong("/full", "before_joining", words))
    return found


def wrong_with_suspension(
    contact_lost_on: date | None, on: date, pack: MembershipPack, *, abroad: bool
) -> list[Wrong]:
    """Why a membership cannot be suspended on a day (条例第24条: contact lost, or settled abroad)."""
    if abroad:
        return []
    if contact_lost_on is None:
        words = ("请先登记失联起始日期", "record first since when contact is lost")
        return [Wrong("", "contact_not_lost", words)]
    earliest = add_months(contact_lost_on, pack.suspend_after_months)
    if on < earliest:
        words = (
            f"失联满{pack.suspend_after_months}个月后方可停止党籍, 最早{earliest.isoformat()}",
            f"after {pack.suspend_after_months} months without contact: {earliest.isoformat()} or later",
        )
        return [Wrong("/on", "too_early", words)]
    return []


class MemberClock(StrEnum):
    """What runs towards a day: the suspension, the striking off, the transfer or care of somebody away."""

    SUSPENSION = "suspension"
    STRIKE_OFF = "strike_off"
    FLOATING = "floating"


@dataclass(frozen=True, slots=True)
class Clocks:
    """From which day a membership may be suspended, struck off, or somebody away is a floating member."""

    suspension: date | None = None
    strike_off: date | None = None
    floating: date | None = None


def clocks(
    status: MemberStatus,
    status_since: date | None,
    contact_lost_on: date | None,
    floating_since: date | None,
    pack: MembershipPack,
) -> Clocks:
    """The clocks that run: contact lost (第24条: 停止党籍), suspended (第24条: 除名), away without a transfer
    (第25、32条)."""
    lost = contact_lost_on if status is MemberStatus.FULL else None
    suspended = status_since if status is MemberStatus.SUSPENDED else None
    away = floating_since if status in IN_PARTY else None
    return Clocks(
        lost and add_months(lost, pack.suspend_after_months),
        suspended and add_months(suspended, pack.strike_off_after_months),
        away and add_months(away, pack.floating_after_months),
    )


def may_end(status: MemberStatus, kind: EndKind) -> bool:
    """Whether a membership of this status can end in this way."""
    return status in ENDED_FROM[kind]
