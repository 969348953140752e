"""What registries may push, in which state a message lies, and when it is applied, parked or quarantined."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

MOST_ATTEMPTS: Final = 5
"""After so many failed attempts a message is quarantined, so that no other waits behind it."""

LEASE: Final = timedelta(seconds=30)
"""How long a claimed message is left to its worker before another may take it."""

MOST_SECRETS: Final = 4
MOST_REPLAYED: Final = 10_000
"""How many messages one request makes pending again."""

SOURCE_RANK: Final = 50


class EventType(StrEnum):
    """What a registry may say of an organization."""

    REGISTERED = "organization.registered"
    CHANGED = "organization.changed"
    CORRECTED = "organization.corrected"
    DEREGISTERED = "organization.deregistered"
    REVOKED = "organization.revoked"
    RESTORED = "organization.restored"
    MERGED = "organization.merged"
    SPLIT = "organization.split"
    OFFICERS_ELECTED = "officers.elected"
    CHARTER_APPROVED = "charter.approved"
    ANNUAL_REPORT_FILED = "annual_report.filed"
    EVALUATION_GRADED = "evaluation.graded"
    AWARD_GRANTED = "award.granted"
    CREDIT_LISTING_CHANGED = "credit_listing.changed"
    PENALTY_IMPOSED = "penalty.imposed"


class EventState(StrEnum):
    """Where a message lies. Ids are kept for ever; only `pending` messages are worked on."""

    PENDING = "pending"
    APPLIED = "applied"
    PARKED = "parked"  # its organization is not registered yet: applied by itself once it is
    QUARANTINED = "quarantined"  # it cannot be applied as it is; a person mends, replays or dismisses it
    DISMISSED = "dismissed"


REPLAYABLE: Final = frozenset({EventState.QUARANTINED, EventState.PARKED})


class SourceState(StrEnum):
    """Whether a source's messages are taken."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class SourceScheme(StrEnum):
    """Which signatures a source may use; a site under GB/T 39786 asks for `v1sm3`."""

    EITHER = "either"
    SHA256 = "v1"
    SM3 = "v1sm3"


MOST_RANK_OF_ONE = 50
"""The highest rank that one person may give: that of a registration authority for its own register."""


def outweighs(source_rank: int) -> bool:
    """Whether a source is believed before the registration authorities: two people decide that."""
    return source_rank > MOST_RANK_OF_ONE


class Outcome(StrEnum):
    """What a dry run says would happen."""

    APPLY = "apply"
    PARK = "park"
    QUARANTINE = "quarantine"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it came: header pairs and raw bytes."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a message in the order in which a backlog is applied; an unreadable one has none."""

    organization_key: str | None
    effective_on: date | None
    sequence: int | None
    occurred_at: datetime | None
    id: str


def in_order(places: Iterable[Place]) -> list[Place]:
    """A backlog, organization by organization, each by its days, then its source's sequence and clock.

    The fold does not need it; it spares the ledger intermediate states."""
    earliest = datetime.min.replace(tzinfo=UTC)
    return sorted(
        places,
        key=lambda p: (
            p.organization_key or "",
            p.effective_on or date.min,
            p.sequence or 0,
            p.occurred_at or earliest,
            p.id,
        ),
    )


class Decision(StrEnum):
    """What becomes of a well-formed message."""

    APPLY = "apply"
    PARK = "park"
    REFUSE_OUTSIDE = "refuse_outside"


def decide(*, registers: bool, subject_inside: bool | None, target_inside: bool) -> Decision:
    """Apply, park, or refuse a message whose payload is in order.

    A source writes only within its registration divisions: neither what an organization is said to be
    (`target_inside`; true where nothing is said) nor what it is (`subject_inside`; None where it is not in
    the ledger) may lie outside. What comes before its registration waits for it; so does, for ever if need
    be, what names an organization of others: a source must not learn from the answer that it is there."""
    if not target_inside or (registers and subject_inside is False):
        return Decision.REFUSE_OUTSIDE
    if not registers and not subject_inside:
        return Decision.PARK
    return Decision.APPLY


def backoff(attempts: int) -> timedelta:
    """The wait after a failed attempt: 1 s, 4 s, 16 s, 64 s."""
    return timedelta(seconds=min(4 ** max(attempts - 1, 0), 300))


def credit_code_key(credit_code: str) -> str:
    """The key of an organization by its credit code."""
    return f"credit_code/{credit_code}"


def identifier_key(scheme: str, number: str) -> str:
    """The key of an organization by another number."""
    return f"{scheme}/{number}"


@dataclass(frozen=True, slots=True)
class Gap:
    """Sequence numbers that a source has passed over, first and last included."""

    first: int
    last: int

    @property
    def missing(self) -> int:
        return self.last - self.first + 1


def gaps(sequences: Iterable[int]) -> Iterator[Gap]:
    """The gaps between the sequence numbers that came, in order; repetitions do not matter."""
    before: int | None = None
    for number in sorted(set(sequences)):
        if before is not None and number > before + 1:
            yield Gap(before + 1, number - 1)
        before = number


def stated_credit_codes(payload: Any) -> frozenset[str]:
    """Every credit code that a payload states, however deep: to look up which of them were accepted."""
    found: set[str] = set()
    stack = [payload]
    while stack:
        value = stack.pop()
        if isinstance(value, Mapping):
            code = value.get("credit_code")
            if isinstance(code, str) and len(code) <= 64:
                found.add(code.strip().upper())
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return frozenset(found)
