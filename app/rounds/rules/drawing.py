"""Drawing reviewers by rule: the same seed, sheets, pool and conflicts always give the same reviewers.

Each reviewer has a ticket for each sheet, the SHA-256 of seed, sheet and reviewer. Sheet by sheet, in the
order of their own tickets, the places go to those with the fewest sheets so far, and among equals to the
lowest ticket. The seed is kept, so anybody can draw again and compare."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Draw:
    """Who reviews each sheet, by place; and how many each sheet lacks, where the pool is too small."""

    places: Mapping[UUID, tuple[UUID, ...]]
    lacking: Mapping[UUID, int]


def draw(
    seed: str,
    sheets: Collection[UUID],
    pool: Collection[UUID],
    barred: Collection[tuple[UUID, UUID]],
    each: int,
) -> Draw:
    """Draw `each` reviewers for every sheet; `barred` are pairs of a sheet and who may not judge it."""
    load = dict.fromkeys(pool, 0)
    places: dict[UUID, tuple[UUID, ...]] = {}
    lacking: dict[UUID, int] = {}
    for sheet in sorted(sheets, key=lambda each_sheet: _ticket(seed, each_sheet)):
        chosen = candidates_of(seed, sheet, pool, barred, load)[:each]
        for reviewer in chosen:
            load[reviewer] += 1
        places[sheet] = tuple(chosen)
        if len(chosen) < each:
            lacking[sheet] = each - len(chosen)
    return Draw(places, lacking)


def next_one(
    seed: str,
    sheet: UUID,
    pool: Collection[UUID],
    barred: Collection[tuple[UUID, UUID]],
    load: Mapping[UUID, int],
) -> UUID | None:
    """Who takes a place that became free: by the same seed and rule; None where nobody is left."""
    found = candidates_of(seed, sheet, pool, barred, load)
    return found[0] if found else None


def candidates_of(
    seed: str,
    sheet: UUID,
    pool: Iterable[UUID],
    barred: Collection[tuple[UUID, UUID]],
    load: Mapping[UUID, int],
) -> Sequence[UUID]:
    """Who may review a sheet, the first to be taken first."""
    free = [reviewer for reviewer in pool if (sheet, reviewer) not in barred]
    return sorted(free, key=lambda who: (load.get(who, 0), _ticket(seed, sheet, who)))


def _ticket(seed: str, *of: UUID) -> str:
    return hashlib.sha256(":".join([seed, *map(str, of)]).encode()).hexdigest()
