"""Meetings: kinds, who is due at each, and what cannot be on record."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class MeetingKind(StrEnum):
    """三会一课, 主题党日, 组织生活会, 民主评议, 谈心谈话, 党性体检, training, and others."""

    MEMBERS_MEETING = "members_meeting"
    COMMITTEE_MEETING = "committee_meeting"
    GROUP_MEETING = "group_meeting"
    PARTY_CLASS = "party_class"
    THEME_DAY = "theme_day"
    ORGANIZATION_LIFE_MEETING = "organization_life_meeting"
    APPRAISAL_MEETING = "appraisal_meeting"
    TALK = "talk"
    PARTY_CHECK_UP = "party_check_up"
    TRAINING = "training"
    OTHER = "other"


KIND_WORDS: Final[dict[MeetingKind, tuple[str, str]]] = {
    MeetingKind.MEMBERS_MEETING: ("支部党员大会", "Branch members' meeting"),
    MeetingKind.COMMITTEE_MEETING: ("支部委员会会议", "Branch committee meeting"),
    MeetingKind.GROUP_MEETING: ("党小组会", "Group meeting"),
    MeetingKind.PARTY_CLASS: ("党课", "Party class"),
    MeetingKind.THEME_DAY: ("主题党日", "Theme day"),
    MeetingKind.ORGANIZATION_LIFE_MEETING: ("组织生活会", "Organization life meeting"),
    MeetingKind.APPRAISAL_MEETING: ("民主评议党员", "Appraisal meeting"),
    MeetingKind.TALK: ("谈心谈话", "Heart-to-heart talk"),
    MeetingKind.PARTY_CHECK_UP: ("党性体检", "Party spirit check-up"),
    MeetingKind.TRAINING: ("集中培训", "Training"),
    MeetingKind.OTHER: ("其他活动", "Other activity"),
}

EVERYBODY: Final = frozenset(
    {
        MeetingKind.MEMBERS_MEETING,
        MeetingKind.PARTY_CLASS,
        MeetingKind.THEME_DAY,
        MeetingKind.ORGANIZATION_LIFE_MEETING,
        MeetingKind.APPRAISAL_MEETING,
        MeetingKind.PARTY_CHECK_UP,
    }
)
"""Where every member of the branch is due."""

COMMITTEE: Final = frozenset({MeetingKind.COMMITTEE_MEETING})
"""Where the holders of posts are due. At any other kind only those who are named are."""


class MeetingState(StrEnum):
    """A record made in error is cancelled: it counts for nothing and stays on file."""

    HELD = "held"
    CANCELLED = "cancelled"


class AttendanceBasis(StrEnum):
    """Why somebody is on the list: due, or taking part away from the own branch (条例第32条)."""

    DUE = "due"
    SECONDARY = "secondary"
    FLOATING = "floating"


class AttendanceState(StrEnum):
    """Present, on leave with a reason, or absent."""

    PRESENT = "present"
    LEAVE = "leave"
    ABSENT = "absent"


class LeaveReason(StrEnum):
    """Why somebody was on leave: a code, since free words about people tell too much."""

    ILLNESS = "illness"
    WORK = "work"
    AWAY = "away"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


def wrong_with_day(held_on: date, founded_on: date, dissolved_on: date | None, today: date) -> list[Wrong]:
    """Whether a body can have met on a day: not in the future, and while it existed."""
    if held_on > today:
        return [
            Wrong("/held_on", "in_future", ("不能晚于今天", "lies in the future: record it when it is over"))
        ]
    if held_on < founded_on:
        words = ("早于党组织的成立日期", "lies before the body was founded")
        return [Wrong("/held_on", "before_foundation", words)]
    if dissolved_on is not None and held_on >= dissolved_on:
        return [Wrong("/held_on", "after_dissolution", ("党组织已撤销", "the body was dissolved by then"))]
    return []
