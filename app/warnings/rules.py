"""Warnings before a Party organization comes to a standstill (防瘫预警: 定期排查、尽早发现、及时整改).

Which kinds of bodies are looked at and from where a number is too small or too large says the rule pack
`paralysis_warnings`, each rule with its source. The practice is Xi'an's; thresholds of members:
《中国共产党支部工作条例(试行)》."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

PACK: Final = "paralysis_warnings"


class WarningKind(StrEnum):
    """What is wrong with a body."""

    TERM_EXPIRED = "term_expired"
    NO_SECRETARY = "no_secretary"
    TOO_FEW_FULL_MEMBERS = "too_few_full_members"
    NO_MEETING = "no_meeting"
    OVERSIZE_JOINT_BRANCH = "oversize_joint_branch"
    OVERSIZE_BRANCH = "oversize_branch"


class ClosedBy(StrEnum):
    """The change that ended a warning: of each kind its own, or that the body or the rule went."""

    TERM_RENEWED = "term_renewed"
    SECRETARY_IN_POST = "secretary_in_post"
    MEMBERS_CAME = "members_came"
    MEETING_HELD = "meeting_held"
    ORGANIZATIONS_LEFT = "organizations_left"
    MEMBERS_LEFT = "members_left"
    BODY_DISSOLVED = "body_dissolved"
    NO_LONGER_ASKED = "no_longer_asked"


CHANGES: Final[Mapping[WarningKind, ClosedBy]] = {
    WarningKind.TERM_EXPIRED: ClosedBy.TERM_RENEWED,
    WarningKind.NO_SECRETARY: ClosedBy.SECRETARY_IN_POST,
    WarningKind.TOO_FEW_FULL_MEMBERS: ClosedBy.MEMBERS_CAME,
    WarningKind.NO_MEETING: ClosedBy.MEETING_HELD,
    WarningKind.OVERSIZE_JOINT_BRANCH: ClosedBy.ORGANIZATIONS_LEFT,
    WarningKind.OVERSIZE_BRANCH: ClosedBy.MEMBERS_LEFT,
}

WORDS: Final[Mapping[WarningKind, tuple[str, str]]] = {
    WarningKind.TERM_EXPIRED: ("任期届满未换届", "the term is over and nobody was elected anew"),
    WarningKind.NO_SECRETARY: ("没有书记", "no secretary is in post"),
    WarningKind.TOO_FEW_FULL_MEMBERS: ("正式党员少于{limit}名", "fewer than {limit} full members"),
    WarningKind.NO_MEETING: ("连续{limit}个月没有组织生活", "no meeting for {limit} months"),
    WarningKind.OVERSIZE_JOINT_BRANCH: (
        "联合党支部覆盖单位多于{limit}个",
        "a joint branch of more than {limit} organizations",
    ),
    WarningKind.OVERSIZE_BRANCH: ("党支部党员多于{limit}名", "a branch of more than {limit} members"),
}

TITLES: Final[Mapping[WarningKind, tuple[str, str]]] = {
    WarningKind.TERM_EXPIRED: ("任期届满", "term over"),
    WarningKind.NO_SECRETARY: ("没有书记", "no secretary"),
    WarningKind.TOO_FEW_FULL_MEMBERS: ("正式党员过少", "too few full members"),
    WarningKind.NO_MEETING: ("久无组织生活", "no meeting for long"),
    WarningKind.OVERSIZE_JOINT_BRANCH: ("联合党支部过大", "joint branch too large"),
    WarningKind.OVERSIZE_BRANCH: ("党支部过大", "branch too large"),
}


def words(kind: WarningKind, limit: int | None) -> tuple[str, str]:
    """The rule of a warning in Chinese and English."""
    zh, en = WORDS[kind]
    return zh.format(limit=limit), en.format(limit=limit)


@dataclass(frozen=True, slots=True)
class WarningRule:
    """One rule of a pack: which kinds of bodies, and the number it turns on."""

    kind: WarningKind
    bodies: tuple[str, ...]
    limit: int | None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one jurisdiction (the nation: None)."""

    id: UUID
    jurisdiction: str | None
    rules: tuple[WarningRule, ...]


def lines(kind: WarningKind, packs: Iterable[Pack]) -> Sequence[dict[str, Any]]:
    """One line per jurisdiction for a kind; one whose own pack leaves the kind out asks nothing."""
    found = []
    for pack in packs:
        rule = next((each for each in pack.rules if each.kind is kind), None)
        found.append(
            {
                "jurisdiction_code": pack.jurisdiction,
                "rule_pack_id": str(pack.id),
                "bodies": list(rule.bodies) if rule else [],
                "threshold": rule.limit if rule else None,
                "source": rule.source if rule else "",
                "verified": rule.verified if rule else False,
            }
        )
    return found
