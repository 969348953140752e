"""What is asked about people, and how long what is held of them is kept (《个人信息保护法》第19、44–47条)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.members.rules.membership import EndKind, MemberStatus, Wrong, add_months


class VerificationState(StrEnum):
    """Whether the level above has decided."""

    OPEN = "open"
    DECIDED = "decided"


class VerificationOutcome(StrEnum):
    """Who it is: the person known elsewhere, somebody else (then one of the numbers is wrong), or a slip."""

    SAME_PERSON = "same_person"
    OTHER_PERSON = "other_person"
    ERROR = "error"


class RequestKind(StrEnum):
    """What a person may ask for: a copy (第45条), a correction (第46条), a deletion (第47条)."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    GRANTED = "granted"
    REFUSED = "refused"
    EXECUTED = "executed"


class LegalGround(StrEnum):
    """On what a decision rests."""

    ACCESS_DUE = "access_due"
    CORRECTION_DUE = "correction_due"
    PURPOSE_OVER = "purpose_over"
    UNLAWFUL_OR_WRONG = "unlawful_or_wrong"
    KEPT_BY_STATUTE = "kept_by_statute"
    DUTY_OF_STATE_ORGAN = "duty_of_state_organ"
    IDENTITY_NOT_PROVEN = "identity_not_proven"
    UNFOUNDED = "unfounded"


_GRANTS: Mapping[RequestKind, frozenset[LegalGround]] = {
    RequestKind.ACCESS: frozenset({LegalGround.ACCESS_DUE}),
    RequestKind.CORRECTION: frozenset({LegalGround.CORRECTION_DUE}),
    RequestKind.DELETION: frozenset({LegalGround.PURPOSE_OVER, LegalGround.UNLAWFUL_OR_WRONG}),
}
_REFUSES = frozenset(
    {
        LegalGround.KEPT_BY_STATUTE,
        LegalGround.DUTY_OF_STATE_ORGAN,
        LegalGround.IDENTITY_NOT_PROVEN,
        LegalGround.UNFOUNDED,
    }
)


class RetentionState(StrEnum):
    """What was done about a record whose time is over."""

    DUE = "due"
    KEPT = "kept"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long after which ending a record is kept."""

    code: str
    ended_kinds: frozenset[EndKind]
    months: int
    source: str


@dataclass(frozen=True, slots=True)
class RetentionPack:
    """The times of a jurisdiction: to answer a request, to keep what has ended; what is not handed out."""

    response_days: int
    rules: Sequence[RetentionRule]
    kept_source: str
    withheld: Mapping[str, str]

    def rule_for(self, ended_kind: str | None) -> RetentionRule | None:
        """The rule under which an ended record may go; none: it is kept by statute."""
        return next((rule for rule in self.rules if ended_kind in rule.ended_kinds), None)


def over_on(rule: RetentionRule, ended_on: date) -> date:
    """The day from which a record need no longer be kept."""
    return add_months(ended_on, rule.months)


def wrong_with_ground(kind: RequestKind, ground: LegalGround, *, grant: bool) -> list[Wrong]:
    """Whether a decision can rest on a ground."""
    if ground in (_GRANTS[kind] if grant else _REFUSES):
        return []
    words = ("该依据不适用于此项决定", "this ground does not carry this decision")
    return [Wrong("/legal_ground", "ground_does_not_fit", words)]


def wrong_with_erasure(
    status: str, ended_kind: str | None, ended_on: date | None, pack: RetentionPack, today: date
) -> list[Wrong]:
    """Why what is held about somebody may not be erased: members are kept by statute, and what has ended for
    its time."""
    rule = pack.rule_for(ended_kind)
    if status != MemberStatus.ENDED or rule is None or ended_on is None:
        words = (f"依规须保存: {pack.kept_source}", f"kept by statute: {pack.kept_source}")
        return [Wrong("", "kept_by_statute", words)]
    due = over_on(rule, ended_on)
    if due > today:
        words = (
            f"保存至{due.isoformat()}({rule.source})",
            f"kept until {due.isoformat()} ({rule.source})",
        )
        return [Wrong("", "kept_until", words)]
    return []
