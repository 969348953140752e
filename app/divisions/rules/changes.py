"""Comparing a new table with what is recorded: what to add, rename, move and abolish."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.divisions.rules.kinds import DivisionChange, DivisionKind, DivisionLevel, fits, may_hold


@dataclass(frozen=True, slots=True)
class Entry:
    """A division as one table gives it."""

    code: str
    name: str
    kind: DivisionKind
    level: DivisionLevel
    parent: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What the sender says became of a code: its successors (perhaps none) and how."""

    successors: tuple[str, ...]
    kind: DivisionChange


@dataclass(frozen=True, slots=True)
class Change:
    """A code that is in both tables, but not the same."""

    before: Entry
    after: Entry

    @property
    def renamed(self) -> bool:
        return (self.before.name, self.before.kind) != (self.after.name, self.after.kind)

    @property
    def moved(self) -> bool:
        return self.before.parent != self.after.parent


@dataclass(frozen=True, slots=True)
class Omission:
    """A recorded code that the new table lacks; `fate` is None while nobody has said what became of it."""

    entry: Entry
    fate: Fate | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How a new table differs from what is recorded, each part in order of code."""

    added: tuple[Entry, ...]
    changed: tuple[Change, ...]
    abolished: tuple[Omission, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """A row of the new table that cannot stand."""

    code: str
    reason: str


def compare(recorded: Iterable[Entry], table: Iterable[Entry], fates: Mapping[str, Fate]) -> Difference:
    """The difference between what is recorded and a table that claims to be complete."""
    before = {entry.code: entry for entry in recorded}
    after = {entry.code: entry for entry in table}
    both = sorted(before.keys() & after.keys())
    changed = tuple(Change(before[code], after[code]) for code in both if before[code] != after[code])
    return Difference(
        added=tuple(after[code] for code in sorted(after.keys() - before.keys())),
        changed=changed,
        abolished=tuple(
            Omission(before[code], fates.get(code)) for code in sorted(before.keys() - after.keys())
        ),
        unchanged=len(both) - len(changed),
    )


def flaws(
    table: Sequence[Entry],
    outside: Mapping[str, DivisionLevel],
    taken: Collection[str],
    fates: Mapping[str, Fate],
    covered: Collection[DivisionLevel],
) -> Iterator[Flaw]:
    """Every row that cannot stand. `outside` are the divisions in force beyond the table, by level; `taken`
    the codes that were used before and are not given out again; `covered` the levels the table may have."""
    times = Counter(entry.code for entry in table)
    levels = {**outside, **{entry.code: entry.level for entry in table}}
    parents = {entry.code: entry.parent for entry in table}
    for entry in table:
        wrong = {
            "listed_twice": times[entry.code] > 1,
            "code_used_before": entry.code in taken or entry.code in outside,
            "kind_level": not fits(entry.kind, entry.level),
            "level_outside": entry.level not in covered,
            "parent_unknown": entry.parent not in levels,
            "parent_level": entry.parent in levels and not may_hold(levels[entry.parent], entry.level),
            "parent_ring": _rings(entry.code, parents),
        }
        yield from (Flaw(entry.code, reason) for reason, is_so in wrong.items() if is_so)
    for code, fate in fates.items():
        if any(successor not in levels for successor in fate.successors):
            yield Flaw(code, "successor_unknown")


def _rings(code: str, parents: Mapping[str, str]) -> bool:
    """Whether the chain of parents inside the table comes back to where it was."""
    seen = {code}
    while (code := parents.get(code, "")) in parents:
        if code in seen:
            return True
        seen.add(code)
    return False


def parents_first(entries: Sequence[Entry]) -> list[Entry]:
    """The entries with each parent before what lies below it; the table has no rings."""
    left = {entry.code: entry for entry in entries}
    ordered: list[Entry] = []

    def place(entry: Entry) -> None:
        if left.pop(entry.code, None) is not None:
            if entry.parent in left:
                place(left[entry.parent])
            ordered.append(entry)

    for entry in entries:
        place(entry)
    return ordered
