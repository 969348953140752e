"""Kinds of campaigns (攻坚行动), what their lists hold, what closes a target (销号), and the rule pack.

A hundred days (广东 2018), sixty days (宁波 2018), the ledger looked at every half year (西安 2020), the
month of education (广东 2018), the four clears and the zombie organizations (阳泉 2021). None of the
documents has been seen: every rule is data with its source."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

MOST_AT_ONCE: Final = 5000
"""So many targets are drawn while the caller waits; more are drawn by the worker."""


class CampaignKind(StrEnum):
    """百日攻坚、奋战60天、半年一排查、教育月、四清、僵尸组织清理."""

    HUNDRED_DAYS = "hundred_days"
    SIXTY_DAYS = "sixty_days"
    HALF_YEARLY_CHECK = "half_yearly_check"
    EDUCATION_MONTH = "education_month"
    FOUR_CLEARS = "four_clears"
    ZOMBIE_CHECK = "zombie_check"


KIND_WORDS: Final[Mapping[CampaignKind, tuple[str, str]]] = {
    CampaignKind.HUNDRED_DAYS: ("百日攻坚", "A hundred days"),
    CampaignKind.SIXTY_DAYS: ("奋战60天", "Sixty days"),
    CampaignKind.HALF_YEARLY_CHECK: ("半年一排查", "Half-yearly check"),
    CampaignKind.EDUCATION_MONTH: ("教育月", "Month of education"),
    CampaignKind.FOUR_CLEARS: ("四清", "Four clears"),
    CampaignKind.ZOMBIE_CHECK: ("僵尸组织清理", "Zombie organizations"),
}


class CampaignState(StrEnum):
    """A plan, under way, over with its report frozen."""

    DRAFT = "draft"
    RUNNING = "running"
    FINISHED = "finished"


class TargetState(StrEnum):
    """On the list, closed (销号), or off it for a reason."""

    OPEN = "open"
    CLOSED = "closed"
    REMOVED = "removed"


class TargetList(StrEnum):
    """未建、空白点、应建未建、全部在册、未四清、僵尸组织: the lists that targets are drawn from."""

    UNCOVERED = "uncovered"
    BLANK_SPOTS = "blank_spots"
    MUST_ESTABLISH = "must_establish"
    EVERYONE = "everyone"
    NOT_CLEAR = "not_clear"
    ZOMBIES = "zombies"


class Goal(StrEnum):
    """What closes a target by itself: a Party organization that covers it, the four facts on record, any
    statement about it since the campaign began, its end; or only a person."""

    COVERED = "covered"
    CLEAR = "clear"
    STATED = "stated"
    ENDED = "ended"
    BY_HAND = "by_hand"


class Ended(StrEnum):
    """What the end of an organization (注销、撤销、吊销、合并、分立) does to its target."""

    REMOVES = "removes"
    CLOSES = "closes"


class Evidence(StrEnum):
    """What a person must give who closes a target: a file, a note, or one of them."""

    FILE = "file"
    NOTE = "note"
    EITHER = "either"


class Change(StrEnum):
    """Why a target is in the state that it came to."""

    DRAWN = "drawn"
    PARTY_ORGANIZATION_COVERS = "party_organization_covers"
    FACTS_ON_RECORD = "facts_on_record"
    STATED = "stated"
    DEREGISTERED = "deregistered"
    REVOKED = "revoked"
    LICENSE_REVOKED = "license_revoked"
    MERGED = "merged"
    SPLIT = "split"
    NO_LONGER_SO = "no_longer_so"
    CLOSED_BY_HAND = "closed_by_hand"
    REMOVED_BY_HAND = "removed_by_hand"
    REOPENED_BY_HAND = "reopened_by_hand"


class OwnerKind(StrEnum):
    """Whose task a target is (责任清单)."""

    PARTY_ORGANIZATION = "party_organization"
    AUTHORITY = "authority"
    INSTRUCTOR = "instructor"
    USER = "user"


@dataclass(frozen=True, slots=True)
class KindRule:
    """What one kind of campaign goes by. `days` is null where the plan says when it ends."""

    days: int | None
    lists: tuple[TargetList, ...]
    goal: Goal
    ended: Ended
    evidence: Evidence
    repeat_months: int | None


@dataclass(frozen=True, slots=True)
class ZombieRule:
    """What makes an organization look dead: no annual check for so many years, or so long on a list."""

    code: str
    years: int


@dataclass(frozen=True, slots=True)
class CampaignPack:
    """The rule pack `campaigns` of a jurisdiction."""

    kinds: Mapping[str, Mapping[str, Any]]
    zombies: tuple[ZombieRule, ...]
    lagging_below_percent: int
    trend_days: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


def campaign_pack(content: Mapping[str, Any]) -> CampaignPack:
    """A pack from its stored content."""
    return CampaignPack(
        kinds=content["kinds"],
        zombies=tuple(ZombieRule(rule["code"], rule["years"]) for rule in content["zombies"]),
        lagging_below_percent=content["lagging_below_percent"],
        trend_days=content["trend_days"],
    )


def kind_rule(content: Mapping[str, Any]) -> KindRule:
    """The rule of a kind, from a pack or as a campaign keeps it."""
    return KindRule(
        days=content["days"],
        lists=tuple(TargetList(each) for each in content["lists"]),
        goal=Goal(content["goal"]),
        ended=Ended(content["ended"]),
        evidence=Evidence(content["evidence"]),
        repeat_months=content["repeat_months"],
    )


def last_day(starts_on: date, days: int) -> date:
    """The last of so many days, the first one counted: day 100 of a hundred."""
    return starts_on + timedelta(days=days - 1)


def next_check(starts_on: date, months: int) -> date:
    """The day by which the next check has to begin; the end of a shorter month is its last day."""
    year, month = divmod(starts_on.month - 1 + months, 12)
    year, month = starts_on.year + year, month + 1
    return date(year, month, min(starts_on.day, monthrange(year, month)[1]))


def wrong_with_period(rule: KindRule, starts_on: date, ends_on: date | None) -> list[Wrong]:
    """What is wrong with the days of a plan: a kind of a fixed length ends by itself, others say when."""
    if ends_on is None:
        if rule.days is not None:
            return []
        words = ("请给出结束日期: 这类行动没有固定天数", "say when it ends: this kind has no fixed length")
        return [Wrong("/ends_on", "missing", words)]
    if rule.days is not None and ends_on != last_day(starts_on, rule.days):
        end = last_day(starts_on, rule.days).isoformat()
        words = (
            f"这类行动为{rule.days}天, 应于{end}结束, 可不填",
            f"this kind takes {rule.days} days and ends on {end}: leave it out",
        )
        return [Wrong("/ends_on", "fixed_length", words)]
    if ends_on < starts_on:
        words = ("结束日期不能早于开始日期", "it cannot end before it starts")
        return [Wrong("/ends_on", "empty_period", words)]
    return []


def wrong_with_evidence(rule: KindRule, *, file: bool, note: bool) -> list[Wrong]:
    """What is missing to close a target by hand."""
    enough = {Evidence.FILE: file, Evidence.NOTE: note, Evidence.EITHER: file or note}[rule.evidence]
    if enough:
        return []
    words = {
        Evidence.FILE: ("销号须附文件", "a file is needed to close it"),
        Evidence.NOTE: ("销号须写明依据", "a note is needed to close it"),
        Evidence.EITHER: ("销号须附文件或写明依据", "a file or a note is needed to close it"),
    }[rule.evidence]
    pointer = "/file_id" if rule.evidence is Evidence.FILE else "/note"
    return [Wrong(pointer, "evidence_missing", words)]
