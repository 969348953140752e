"""Who should take which blank spot: the cheapest way to give as many as possible one instructor each.

The differences are weighed by the rule pack; the assignment problem itself is SciPy's
(`scipy.optimize.linear_sum_assignment`, a modified Jonker–Volgenant algorithm: Crouse 2016)."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Weights:
    """What each difference costs: one step in the division tree, another industry, an organization that the
    home unit has nothing to do with, and each organization that the instructor holds already."""

    distance: int
    industry: int
    home_unit: int
    load: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An instructor with room: where they may serve, where they come from (a division and all above it, the
    nearest first), and what they know."""

    id: UUID
    area: str
    path: Sequence[str]
    industries: frozenset[str]
    home_authority: UUID | None
    held: int
    free: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A blank spot: its path of divisions from its own upward, industry, and the authorities it has."""

    id: UUID
    path: Sequence[str]
    industry: str | None
    authorities: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Match:
    """One suggestion with its cost and the parts of it."""

    offer: UUID
    candidate: UUID
    cost: int
    distance: int
    same_industry: bool
    same_home_unit: bool
    held: int


OUT_OF_AREA = 10**9
"""What it costs to send somebody where they do not serve: more than any solution without it."""


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Steps between two divisions in the tree, over their nearest common ancestor."""
    depth = {code: steps for steps, code in enumerate(one)}
    return next(
        (depth[code] + steps for steps, code in enumerate(other) if code in depth), len(one) + len(other)
    )


def weigh(offer: Offer, candidate: Candidate, weights: Weights) -> Match:
    """What it would cost that this one takes that one; `OUT_OF_AREA` where they do not serve."""
    steps = distance(candidate.path, offer.path)
    industry = offer.industry is not None and offer.industry in candidate.industries
    home = candidate.home_authority is not None and candidate.home_authority in offer.authorities
    cost = (
        weights.distance * steps
        + weights.industry * (not industry)
        + weights.home_unit * (not home)
        + weights.load * candidate.held
    )
    if candidate.area not in offer.path:
        cost = OUT_OF_AREA
    return Match(offer.id, candidate.id, cost, steps, industry, home, candidate.held)


def match(offers: Sequence[Offer], candidates: Sequence[Candidate], weights: Weights) -> list[Match]:
    """As many suggestions as there is room for, of the least cost together; each further organization of one
    instructor costs one load more, so that the work is spread."""
    places = list(chain.from_iterable(zip(repeat(c), range(c.free), strict=False) for c in candidates))
    if not offers or not places:
        return []
    weighed = {c.id: [weigh(offer, c, weights) for offer in offers] for c in candidates}
    costs = [
        [weighed[c.id][row].cost + weights.load * already for c, already in places]
        for row in range(len(offers))
    ]
    solver = importlib.import_module("scipy.optimize")  # a third of a second, seldom needed
    rows, columns = solver.linear_sum_assignment(costs)
    found = (weighed[places[column][0].id][row] for row, column in zip(rows, columns, strict=True))
    return [each for each in found if each.cost < OUT_OF_AREA]
