"""Kinds of supervision notices and their life.

通报 and 通知 are statutory kinds of documents (《党政机关公文处理工作条例》 2012, art. 8);
督办函 is a 函, 约谈 an act with minutes; 谈话提醒 is Guangdong's 《谈话提醒工作办法(暂行)》, not seen."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class NoticeKind(StrEnum):
    """通报、通知、督办函、约谈、谈话提醒."""

    CIRCULAR = "circular"
    NOTIFICATION = "notification"
    SUPERVISION_LETTER = "supervision_letter"
    ADMONITION_TALK = "admonition_talk"
    REMINDER_TALK = "reminder_talk"


TALKS: Final = frozenset({NoticeKind.ADMONITION_TALK, NoticeKind.REMINDER_TALK})
"""Held, with minutes; a number is not needed."""

LABELS: Final[dict[NoticeKind, str]] = {
    NoticeKind.CIRCULAR: "通报",
    NoticeKind.NOTIFICATION: "通知",
    NoticeKind.SUPERVISION_LETTER: "督办函",
    NoticeKind.ADMONITION_TALK: "约谈",
    NoticeKind.REMINDER_TALK: "谈话提醒",
}


class TalkLevel(StrEnum):
    """How grave a talk is: 提醒、批评、诫勉."""

    REMINDER = "reminder"
    CRITICISM = "criticism"
    ADMONITION = "admonition"


class Urgency(StrEnum):
    """紧急程度 (《条例》 art. 9): 平件、加急、特急."""

    NORMAL = "normal"
    URGENT = "urgent"
    MOST_URGENT = "most_urgent"


URGENCY_LABELS: Final[dict[Urgency, str | None]] = {
    Urgency.NORMAL: None,
    Urgency.URGENT: "加急",
    Urgency.MOST_URGENT: "特急",
}


class NoticeState(StrEnum):
    """From the draft to its end; nothing leads back from `issued` to a text that may change."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


class AddresseeKind(StrEnum):
    """To whom: a Party organization, an organization, a department, whoever holds a Party post, or a user."""

    PARTY_ORGANIZATION = "party_organization"
    ORGANIZATION = "organization"
    AUTHORITY = "authority"
    POST = "post"
    USER = "user"


class AddresseeState(StrEnum):
    """How far one addressee is. `draft` until the notice is issued."""

    DRAFT = "draft"
    WAITING = "waiting"
    RECEIVED = "received"
    REPLIED = "replied"
    RETURNED = "returned"
    VERIFIED = "verified"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


OWING: Final = frozenset({AddresseeState.WAITING, AddresseeState.RECEIVED, AddresseeState.RETURNED})
"""States in which an answer is owed, if the notice asks for one."""

ENDED: Final = frozenset({AddresseeState.CLOSED, AddresseeState.WITHDRAWN})


class ExtensionState(StrEnum):
    """What became of a wish for more time."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class RectificationState(StrEnum):
    """整改 of one finding, until it is struck off (销号)."""

    OPEN = "open"
    REPORTED = "reported"
    CLOSED = "closed"


class NumberState(StrEnum):
    """A document number once given is never given again; a voided one stays in the register."""

    ALLOCATED = "allocated"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with what was sent: where, which code, and its words."""

    pointer: str
    code: str
    words: tuple[str, str]


POST_NAMES: Final = {
    "secretary": "书记",
    "deputy_secretary": "副书记",
    "discipline_secretary": "纪检书记",
    "member": "委员",
}


def post_name(body: str, role: str) -> str:
    """A person in a post is addressed by the post, never by name: `…党委书记`."""
    return f"{body}{POST_NAMES.get(role, '')}"
