"""The dated tree: every path, worked out from its links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.party_organizations.rules.bodies import Period


@dataclass(frozen=True, slots=True)
class Link:
    """A body hung below a parent for a period."""

    child: UUID
    parent: UUID
    period: Period


@dataclass(frozen=True, slots=True)
class Path:
    """An ancestor above a descendant at a depth, for a period; depth 0 is the body itself."""

    ancestor: UUID
    descendant: UUID
    depth: int
    period: Period


class CyclicError(ValueError):
    """The links form a cycle on some day."""


def closure(founded: Mapping[UUID, date], links: Iterable[Link]) -> frozenset[Path]:
    """Every path of a dated tree, worked out day by day from its links: what the stored closure must equal.

    Deliberately plain: it is the oracle of the property tests and of `jiceng verify`."""
    links = list(links)
    days = sorted({*founded.values(), *_edges(links)})
    pieces: list[Path] = []
    for since, until in zip(days, [*days[1:], None], strict=True):
        parents = {link.child: link.parent for link in links if link.period.holds(since)}
        alive = [body for body, born in founded.items() if born <= since]
        for body in alive:
            for depth, ancestor in enumerate(_upwards(body, parents)):
                pieces.append(Path(ancestor, body, depth, Period(since, until)))
    return joined(pieces)


def joined(paths: Iterable[Path]) -> frozenset[Path]:
    """The same paths with adjoining periods of one depth joined into one."""
    result: list[Path] = []
    for path in sorted(paths, key=lambda p: (p.ancestor.int, p.descendant.int, p.period.since)):
        last = result[-1] if result else None
        if (
            last is not None
            and (last.ancestor, last.descendant, last.depth) == (path.ancestor, path.descendant, path.depth)
            and last.period.until == path.period.since
        ):
            result[-1] = replace(path, period=Period(last.period.since, path.period.until))
        else:
            result.append(path)
    return frozenset(result)


def _edges(links: Sequence[Link]) -> set[date]:
    starts = {link.period.since for link in links}
    return starts | {link.period.until for link in links if link.period.until is not None}


def _upwards(body: UUID, parents: Mapping[UUID, UUID]) -> list[UUID]:
    """The body, its parent, and so on to the root. Raises `CyclicError`."""
    chain = [body]
    while (parent := parents.get(chain[-1])) is not None:
        if parent in chain:
            raise CyclicError
        chain.append(parent)
    return chain
