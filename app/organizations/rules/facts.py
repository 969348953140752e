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
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


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

    @property
    def by_registry(self) -> bool:
        return self.source not in PEOPLE

    @property
    def corrects(self) -> bool:
        """A person's correction, which outranks registries."""
        return self.correction and not self.by_registry


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
    blinds = {name: secret.blind.hex() for name, secret in fact.secrets.items()}
    return json.dumps([fact.value, blinds], sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def order(fact: Fact) -> tuple[date, int, int, bool, datetime, str, str]:
    """The place of a statement among all statements about the same thing; the greatest rules."""
    return (
        fact.effective_on,
        fact.rank,
        -1 if fact.sequence is None else fact.sequence,
        fact.correction,
        fact.occurred_at or _EARLIEST,
        fact.source,
        content(fact),
    )


def digest(fact: Fact) -> str:
    """The identity of a statement within its organization: the same statement twice is one row."""
    effective_on, rank, sequence, correction, occurred_at, source, said = order(fact)
    parts = [fact.fact, fact.key, str(effective_on), rank, sequence, correction]
    parts += [occurred_at.astimezone(UTC).isoformat(), source]
    return hashlib.sha256(json.dumps([*parts, said], ensure_ascii=False).encode()).hexdigest()
