"""Facts with provenance: who said what of an organization, effective when, and which statement rules.

The order of statements about one thing is total and never looks at arrival:
effective date, then rank of the source, then its own sequence, then its own corrections after what they
correct, then the source's clock, then — so that no tie is left to chance — the source's name and the content.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from json.encoder import encode_basestring as _quoted
from typing import Any, Final
from uuid import UUID

HUMAN: Final = "human"
IMPORT: Final = "import"
PEOPLE: Final = frozenset({HUMAN, IMPORT})
"""Sources that are people at a desk; every other source is a registry."""

CORRECTION_RANK: Final = 100
REGISTRY_RANK: Final = 50
HUMAN_RANK: Final = 40
IMPORT_RANK: Final = 30

Json = Any
Order = tuple[date, int, int, bool, datetime, str, str]
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
_UNKNOWN = _EARLIEST.isoformat()
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from: its source, rank and order, and the day from which it holds.

    `occurred_at` is the source's own clock for sources without a sequence; `correction` by a person outranks
    registries, `correction` by a registry only comes after what the same registry said for the same day."""

    source: str
    rank: int
    sequence: int | None
    event_id: UUID | None
    effective_on: date
    correction: bool = False
    reason: str | None = None
    occurred_at: datetime | None = None

    @property
    def by_registry(self) -> bool:
        return self.source not in PEOPLE


def by_hand(effective_on: date, *, reason: str | None = None, correction: bool = False) -> Origin:
    """The origin of what a person states at a desk."""
    rank = CORRECTION_RANK if correction else HUMAN_RANK
    return Origin(HUMAN, rank, None, None, effective_on, correction=correction, reason=reason)


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is kept encrypted elsewhere, under `id`; its blind index stands for it in comparisons."""

    id: UUID = field(compare=False)
    blind: bytes


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement. `key` is empty for what an organization has one of, and names the record otherwise.

    Identity is content: `id`, `event_id`, `recorded_at` and `reason` are not what it says."""

    fact: str
    key: str
    value: Json
    effective_on: date
    source: str
    rank: int
    sequence: int | None = None
    occurred_at: datetime | None = None
    correction: bool = False
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    id: UUID | None = field(default=None, compare=False)
    event_id: UUID | None = field(default=None, compare=False)
    recorded_at: datetime | None = field(default=None, compare=False)
    reason: str | None = field(default=None, compare=False)
    _content: str | None = field(default=None, init=False, compare=False, repr=False)
    _order: "Order | None" = field(default=None, init=False, compare=False, repr=False)
    _digest: str | None = field(default=None, init=False, compare=False, repr=False)

    @property
    def by_registry(self) -> bool:
        return self.source not in PEOPLE

    @property
    def corrects(self) -> bool:
        """A person's correction, which outranks registries."""
        return self.correction and not self.by_registry

    def content(self) -> str:
        """See `content`; worked out once."""
        said = self._content
        if said is None:
            if isinstance(self.value, str) and not self.secrets:
                said = f"[{_quoted(self.value)},{{}}]"
            else:
                said = _canonical([self.value, {name: s.blind.hex() for name, s in self.secrets.items()}])
            object.__setattr__(self, "_content", said)
        return said

    def order(self) -> "Order":
        """See `order`; worked out once."""
        place = self._order
        if place is None:
            sequence = -1 if self.sequence is None else self.sequence
            occurred_at, said = self.occurred_at or _EARLIEST, self.content()
            place = (
                self.effective_on, self.rank, sequence, self.correction, occurred_at, self.source, said
            )  # fmt: skip
            object.__setattr__(self, "_order", place)
        return place

    def digest(self) -> str:
        """See `digest`; worked out once."""
        known = self._digest
        if known is None:
            effective_on, rank, sequence, correction, occurred_at, source, said = self.order()
            occurred = _UNKNOWN if occurred_at is _EARLIEST else occurred_at.astimezone(UTC).isoformat()
            parts = (
                _quoted(self.fact), _quoted(self.key), _quoted(str(effective_on)), str(rank), str(sequence),
                "true" if correction else "false", _quoted(occurred), _quoted(source), _quoted(said),
            )  # fmt: skip
            known = hashlib.sha256(f"[{', '.join(parts)}]".encode()).hexdigest()
            object.__setattr__(self, "_digest", known)
        return known


def stated(
    fact: str, key: str, value: Json, origin: Origin, secrets: Mapping[str, Secret] | None = None
) -> Fact:
    """The statement that an origin makes."""
    return Fact(
        fact=fact,
        key=key,
        value=value,
        effective_on=origin.effective_on,
        source=origin.source,
        rank=origin.rank,
        sequence=origin.sequence,
        occurred_at=origin.occurred_at,
        correction=origin.correction,
        secrets=secrets or {},
        event_id=origin.event_id,
        reason=origin.reason,
    )


def content(fact: Fact) -> str:
    """What a statement says, as canonical JSON (RFC 8785 in spirit): equal texts are equal statements."""
    return fact.content()


def order(fact: Fact) -> Order:
    """The place of a statement among all statements about the same thing; the greatest rules."""
    return fact.order()


def digest(fact: Fact) -> str:
    """The identity of a statement within its organization: the same statement twice is one row."""
    return fact.digest()
