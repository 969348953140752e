"""Prior opinions of Party organizations on an organization's matters (前置意见), attendance, consultation.

《关于加强社会组织党的建设工作的意见(试行)》(中办发〔2015〕51号); the five matters as Guangdong lists them."""

from enum import StrEnum
from typing import Final


class MatterKind(StrEnum):
    """重要事项决策、重要业务活动、大额经费开支、接收大额捐赠、开展涉外活动."""

    DECISION = "decision"
    ACTIVITY = "activity"
    EXPENDITURE = "expenditure"
    DONATION = "donation"
    FOREIGN = "foreign"


MATTER_WORDS: Final[dict[MatterKind, tuple[str, str]]] = {
    MatterKind.DECISION: ("重要事项决策", "Important decisions"),
    MatterKind.ACTIVITY: ("重要业务活动", "Important activities"),
    MatterKind.EXPENDITURE: ("大额经费开支", "Large expenditure"),
    MatterKind.DONATION: ("接收大额捐赠", "Large donations received"),
    MatterKind.FOREIGN: ("开展涉外活动", "Foreign-related activities"),
}
OF_MONEY: Final = frozenset({MatterKind.EXPENDITURE, MatterKind.DONATION})
"""Kinds that have an amount."""


class Opinion(StrEnum):
    """What the Party organization says before the organization decides."""

    AGREE = "agree"
    SUGGEST = "suggest"
    OBJECT = "object"


class Outcome(StrEnum):
    """What became of the opinion when the organization decided."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"
    WITHDRAWN = "withdrawn"


class MatterState(StrEnum):
    """Put forward, opinion given, decided."""

    PENDING = "pending"
    ANSWERED = "answered"
    DECIDED = "decided"


class Council(StrEnum):
    """Meetings of an organization that a Party post may attend (书记列席重要会议)."""

    COUNCIL = "council"
    SUPERVISORS = "supervisors"
    MEMBERS_ASSEMBLY = "members_assembly"
    MANAGEMENT = "management"


class Contact(StrEnum):
    """列席 under a standing right, or 沟通协商."""

    ATTENDANCE = "attendance"
    CONSULTATION = "consultation"
