"""Roll-ups: what is kept of an organization, what is summed of it, and where sums begin."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from app.coverage.rules.counting import Counting, Threshold, counting

FLAGS: Final = (
    "covered",
    "guided",
    "single",
    "reasoned",
    "must_establish",
    "charter",
    "core_values",
    "on_record",
)
"""What is true of an organization on a day: every rate is made from these."""

MEASURES: Final = (
    "organizations",
    "covered",
    "worked",
    "single",
    "excepted",
    "idle_excepted",
    "must",
    "must_covered",
    "must_single",
    "charter",
    "core_values",
    "four_clears",
)
"""What is summed of them: every figure of every rate is one of these, or a difference of two."""

VERSION: Final = "2"
"""Raised whenever what a flag or measure means changes in the code: every roll-up is then made again."""

LEAST: Final = 500
"""Below so many deltas no checkpoint is worth its rows."""


@dataclass(frozen=True, slots=True)
class Era:
    """The days on which one version of the national rules on counting holds."""

    since: date
    until: date | None
    counting: Counting


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that decides what counts, beside the ledger itself; `territories` is a digest of which divisions
    lay in the jurisdictions of the thresholds, and when."""

    eras: tuple[Era, ...]
    thresholds: tuple[Threshold, ...]
    territories: str

    @property
    def fingerprint(self) -> str:
        """The same for the same rules."""
        told = [VERSION, [asdict(e) for e in self.eras], [asdict(t) for t in self.thresholds]]
        content = json.dumps([*told, self.territories], default=str, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def days(self) -> tuple[date, ...]:
        """Every day on which another rule begins to hold."""
        found: set[date] = set()
        spans = [(e.since, e.until) for e in self.eras] + [(t.since, t.until) for t in self.thresholds]
        for since, until in spans:
            found |= {since} if until is None else {since, until}
        return tuple(sorted(found))

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The divisions that have thresholds of their own."""
        return tuple(sorted({t.jurisdiction for t in self.thresholds if t.jurisdiction is not None}))


def eras(packs: Sequence[tuple[date, str, str, str, Mapping[str, Any]]]) -> tuple[Era, ...]:
    """The national packs (day, version, code, source, content) one after the other; of two that begin on
    the same day the higher version holds."""
    begun = {
        since: counting(code, version, source, content)
        for since, version, code, source, content in sorted(packs, key=lambda pack: pack[:2])
    }
    starts = sorted(begun)
    ends: list[date | None] = [*starts[1:], None]
    return tuple(Era(since, until, begun[since]) for since, until in zip(starts, ends, strict=True))


def next_checkpoint(
    histogram: Sequence[tuple[date, int]], known: Mapping[date, int], today: date
) -> date | None:
    """The first day at which sums are still to be made: where more deltas have come since the checkpoint
    before it than its sums take rows. `histogram` has the number of deltas of each day, in
    order; `known` the rows of each checkpoint.

    So no day costs more than twice the reading of a checkpoint, and the sums of all checkpoints take about
    the room of the deltas."""
    rows, since = 0, 0
    for day, number in histogram:
        if day > today:
            break
        since += number
        if day in known:
            rows, since = known[day], 0
        elif since >= max(LEAST, rows):
            return day
    return None
