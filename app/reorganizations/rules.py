"""How bodies change together: upgraded, merged, split (改建、合并、分设)."""

from enum import StrEnum
from typing import Final

from app.party_organizations.rules import KIND_WORDS, BodyKind, Wrong


class ReorganizationKind(StrEnum):
    """What happened to them."""

    UPGRADE = "upgrade"
    MERGE = "merge"
    SPLIT = "split"


class BodyPart(StrEnum):
    """What a body was in it: one that was there before, or one that came of it."""

    SOURCE = "source"
    RESULT = "result"


RANKS: Final = (BodyKind.BRANCH, BodyKind.GENERAL_BRANCH, BodyKind.COMMITTEE)
"""党支部 → 党总支 → 党委: an upgrade goes up this line, in one step or two."""


def wrong_with_upgrade(before: BodyKind, kind: BodyKind) -> list[Wrong]:
    """Whether one kind is above another."""
    if before in RANKS and kind in RANKS and RANKS.index(kind) > RANKS.index(before):
        return []
    zh, en = KIND_WORDS[before], KIND_WORDS[kind]
    words = (f"{zh[0]}不能改建为{en[0]}", f"a {zh[1]} is not upgraded to a {en[1]}")
    return [Wrong("/kind", "not_an_upgrade", words)]


def wrong_with_merger(number: int, source: BodyKind, target: BodyKind) -> list[Wrong]:
    """Bodies of one kind merge."""
    if source is target:
        return []
    zh, en = KIND_WORDS[source], KIND_WORDS[target]
    words = (f"{zh[0]}不能并入{en[0]}", f"a {zh[1]} cannot be merged into a {en[1]}")
    return [Wrong(f"/party_organization_ids/{number}", "other_kind", words)]


def named_twice(pointer: str, groups: list[list[str]]) -> list[Wrong]:
    """Whatever goes to two places at once; `pointer` has a place for the number of the group."""
    seen: set[str] = set()
    found = []
    words = ("只能归入一处", "it can go to one place only")
    for number, group in enumerate(groups):
        found += [
            Wrong(f"{pointer.format(number)}/{place}", "named_twice", words)
            for place, one in enumerate(group)
            if one in seen
        ]
        seen |= set(group)
    return found
