"""The authorization matrix: every operation x whoever calls x where what is called for lies.

Who may is read in `matrix.csv`, which people have reviewed; what has no line there is a fault. Where is the
same for all: a scope is a subtree, so that one's own rows and those below are there, and what lies beside,
above and elsewhere is as if it were not. Positions are taken by callers around one row, not by rows around
one caller.
"""

import csv
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from app.core.access import Permission, Role
from tests.architecture.calls import Call, Operation, World, role_with
from tests.architecture.calls.registry import Headers
from tests.architecture.calls.world import GUANGDONG, ZHEJIANG

FULL = os.environ.get("JICENG_MATRIX") == "full"
NOBODY = ("anonymous", "expired", "disabled")
INSIDE, OUTSIDE = ("own", "child"), ("sibling", "parent", "other province", "nonexistent")
ALL = (len(NOBODY) + len(Role)) * (len(INSIDE) + len(OUTSIDE))
"""Cells of one operation."""
DISTRICT = "440115"


def table() -> dict[Permission, frozenset[Role]]:
    """Who may, as reviewed."""
    lines = csv.DictReader(Path(__file__).with_name("matrix.csv").read_text(encoding="utf-8").splitlines())
    return {
        Permission(line["permission"]): frozenset(role for role in Role if line[role.value] == "yes")
        for line in lines
    }


TABLE = table()


@dataclass(frozen=True, slots=True)
class Cell:
    """One caller at one place."""

    who: str
    position: str


def cells(operation: Operation) -> list[Cell]:
    """All cells of an operation, or those of its sample: every kind of nobody, one role that may not, and one
    that may in every position."""
    whole = [Cell(who, position) for who in (*NOBODY, *Role) for position in (*INSIDE, *OUTSIDE)]
    if FULL:
        return whole
    may, turn = TABLE[Permission(operation.permission)], zlib.crc32(operation.id.encode())
    without = sorted(set(Role) - may)
    chosen = {role_with(operation.permission), *(without[turn % len(without)] for _ in without[:1])}
    return [
        cell
        for number, cell in enumerate(whole)
        if (cell.who in NOBODY and cell.position == "own")
        or (cell.who in chosen and (cell.who in may or number % 6 == turn % 6))
    ]


@dataclass(frozen=True, slots=True)
class Places:
    """Divisions from which a row is seen in each position; None where there is no such division."""

    of: Mapping[str, str | None]
    named: bool
    """Whether the call names a row whose division is known."""

    @classmethod
    async def around(cls, owner: asyncpg.Connection, call: Call) -> "Places":
        """Around the row that a call names first; around a district where it names none."""
        known = await division_of(owner, call)
        division = known or DISTRICT
        found = await owner.fetchrow(AROUND, division)
        return cls(
            {
                "own": division,
                "child": found["parent"] if found["parent"] != "100000" else GUANGDONG,
                "sibling": found["sibling"],
                "parent": found["child"],
                "other province": ZHEJIANG if division[:2] != ZHEJIANG[:2] else GUANGDONG,
                "nonexistent": GUANGDONG,
            },
            known is not None,
        )


AROUND = """
SELECT parent_code AS parent,
    (SELECT min(s.code) FROM divisions s WHERE s.parent_code = d.parent_code AND s.code <> d.code
        AND upper_inf(s.valid)) AS sibling,
    (SELECT min(c.code) FROM divisions c WHERE c.parent_code = d.code AND upper_inf(c.valid)) AS child
FROM divisions d WHERE d.code = $1
"""


async def division_of(owner: asyncpg.Connection, call: Call) -> str | None:
    """The division of the first row that an address names, whatever its table."""
    named = next((value for value in call.path.values() if len(value) == 36), None)
    if named is None:
        return next((value for name, value in call.path.items() if name == "division_code"), None)
    tables = await owner.fetch(
        "SELECT t.relname FROM pg_class t WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace "
        "AND 2 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = t.oid "
        "AND (a.attname = 'division_code' OR (a.attname = 'id' AND a.atttypid = 'uuid'::regtype)))"
    )
    union = " UNION ALL ".join(f"SELECT division_code FROM {t[0]} WHERE id = $1" for t in tables)  # noqa: S608
    found: str | None = await owner.fetchval(union, named)
    return found


async def headers(world: World, owner: asyncpg.Connection, cell: Cell, places: Places) -> Headers | None:
    """Those of the caller of a cell; None where nobody can be there."""
    if cell.who == "anonymous":
        return {}
    if cell.who in NOBODY:
        return await ended(world, owner, cell.who)
    division = places.of[cell.position]
    return None if division is None else await world.caller(cell.who, division)


async def ended(world: World, owner: asyncpg.Connection, how: str) -> Headers:
    """Somebody who could do everything yesterday."""
    if how not in world.ended:
        made = await world.newcomer(Role.ORGANIZER, "100000")
        await owner.execute(ENDED[how])
        world.ended[how] = made
    return world.ended[how]


LATEST = "(SELECT user_id FROM sessions ORDER BY created_at DESC, id DESC LIMIT 1)"
ENDED = {
    "disabled": f"UPDATE users SET state = 'disabled', disabled_at = now() WHERE id = {LATEST}",  # noqa: S608
    "expired": "UPDATE sessions SET created_at = now() - interval '2 days', "  # noqa: S608
    f"expires_at = now() - interval '1 day' WHERE user_id = {LATEST}",
}


async def of_people(owner: asyncpg.Connection, ids: set[str]) -> set[str]:
    """Those of the ids that are of rows of people: of tables with row-level security."""
    tables = await owner.fetch(
        "SELECT t.relname FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'id' "
        "AND a.atttypid = 'uuid'::regtype WHERE t.relrowsecurity OR t.relname = ANY($1)",
        list(PROTECTED),
    )
    PROTECTED.update(table[0] for table in tables)
    union = " UNION ALL ".join(f"SELECT id FROM {name} WHERE id = ANY($1)" for name in PROTECTED)  # noqa: S608
    return {str(row[0]) for row in await owner.fetch(union, list(ids))}


PROTECTED: set[str] = set()
"""Tables of people, also while their row-level security is off."""


def named(body: Any) -> Iterator[str]:
    """The divisions that a body names."""
    if isinstance(body, Mapping):
        for key, value in body.items():
            if isinstance(value, str) and key.endswith("division_code"):
                yield value
            else:
                yield from named(value)
    elif isinstance(body, list):
        for value in body:
            yield from named(value)
