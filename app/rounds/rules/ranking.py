"""Ranking: higher totals first, vetoed sheets nowhere, equal totals by the tie rule that the round states."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.rounds.rules.words import RoundTieRule


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides the place of a sheet."""

    id: UUID
    total: Decimal
    vetoed: bool
    dimensions: tuple[Decimal, ...]


def ranked(
    standings: Sequence[Standing], tie_rule: RoundTieRule, quota: int | None
) -> dict[UUID, tuple[int, bool]]:
    """The rank of each sheet that is not vetoed, and whether it lies within the quota.

    Who shares the last rank within the quota shares the selection too only while all of them fit: a tie that
    would exceed the quota selects none of its sheets, and the decision settles it by another round."""
    counted = [each for each in standings if not each.vetoed]
    keys = {each.id: _key(each, tie_rule) for each in counted}
    order = sorted(keys.values(), reverse=True)
    first = {key: place for place, key in reversed(list(enumerate(order, 1)))}
    sharing = Counter(order)
    return {
        each: (first[key], quota is None or first[key] + sharing[key] - 1 <= quota)
        for each, key in keys.items()
    }


def _key(standing: Standing, tie_rule: RoundTieRule) -> tuple[Decimal, ...]:
    if tie_rule is RoundTieRule.DIMENSIONS:
        return (standing.total, *standing.dimensions)
    return (standing.total,)
