"""Blind indexes under a new key while the service runs: nobody is entered twice, and everybody is found.

Three steps, each of which begins when no transaction of the step before is left:

1. The new key comes: processes write it beside the index, and find by both; what is there gets it beside.
2. The new key is the index, in both columns; the old one only finds; every index is made anew.
3. The old key is gone; what stands beside is emptied.

The processes may be one step apart. Of 1 and before, the index itself is under one key in all of them; of 1
and 2, what stands beside; of 2 and 3, the index again: a unique constraint on each of the two columns holds
at every moment. Whoever searches does so by all keys that some process may write with."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from app.core.crypto import FRESH_SECONDS, Crypto, KeyRing

BATCH: Final = 500
_UNDER_WAY: Final = """
SELECT l.virtualtransaction FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'virtualxid' AND a.datname = current_database() AND a.usesysid IS NOT NULL
AND a.pid <> pg_backend_pid()
"""
_KID: Final = "CASE octet_length({0}) WHEN 32 THEN 1 ELSE get_byte({0}, 0) * 256 + get_byte({0}, 1) END"
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """A blind index: its column, the one beside it where it must be unique, and the sealed value that it is
    made of. `of` joins the row that holds the value as `s`, where that is another one."""

    table: str
    name: str
    field: str
    cipher: str
    beside: str | None = None
    of: str | None = None

    @property
    def holder(self) -> str:
        """The table whose row the value is sealed in."""
        return self.field.partition(".")[0] if self.of else self.table


_OF_MEMBER: Final = "JOIN members m ON m.id = t.member_id JOIN persons s ON s.id = m.person_id"
INDEXED: Final = (
    Indexed("persons", "name_blind", "persons.name", "name_cipher"),
    Indexed("persons", "phone_blind", "persons.phone", "phone_cipher"),
    Indexed("persons", "id_number_blind", "persons.id_number", "id_number_cipher", "id_number_next_blind"),
    Indexed(
        "census_lines", "id_number_blind", "persons.id_number", "id_number_cipher", "id_number_next_blind"
    ),
    Indexed("instructors", "name_blind", "persons.name", "name_cipher"),
    Indexed("party_posts", "name_blind", "persons.name", "name_cipher"),
    Indexed("cross_appointments", "name_blind", "persons.name", "name_cipher", "name_next_blind", _OF_MEMBER),
)
"""Every index that is rotated. That of an organization's phone (`organization_phones`) is not: statements are
told apart by it, and their digests are never made again."""


async def settled(connection: asyncpg.Connection) -> None:
    """Wait until every process has read the ring, and every transaction of before is over."""
    await asyncio.sleep(2 * FRESH_SECONDS)
    await over(connection)


async def over(connection: asyncpg.Connection) -> None:
    """Wait until every transaction that is under way now is over."""
    left = {row[0] for row in await connection.fetch(_UNDER_WAY)}
    while left:
        await asyncio.sleep(0.1)
        left &= {row[0] for row in await connection.fetch(_UNDER_WAY)}


async def emptied(connection: asyncpg.Connection) -> bool:
    """Whether nothing stands beside any index."""
    for each in INDEXED:
        if each.beside is not None:
            found = f"SELECT EXISTS (SELECT FROM {each.table} WHERE {each.beside} IS NOT NULL)"  # noqa: S608
            if await connection.fetchval(found):
                return False
    return True


async def step(connection: asyncpg.Connection, ring: KeyRing, progress: Progress) -> KeyRing:
    """Do what the ring's state asks for; the ring of the state that follows. It may be stopped and repeated.
    Where no rotation is under way, what an earlier one left beside the indexes is emptied."""
    if ring.indexes.coming is not None:
        await settled(connection)
        await _make(connection, ring, progress)
        await over(connection)
        return ring.index_changed()
    if ring.indexes.going is not None:
        await settled(connection)
        await _make(connection, ring, progress)
        await over(connection)
        return ring.index_settled()
    await settled(connection)
    for each in INDEXED:
        if each.beside is not None:
            await _empty(connection, each, progress)
    return ring


async def _empty(connection: asyncpg.Connection, each: Indexed, progress: Progress) -> None:
    some = f"SELECT id FROM {each.table} WHERE {each.beside} IS NOT NULL LIMIT {BATCH}"  # noqa: S608
    while rows := await connection.fetch(some):
        await connection.execute(
            f"UPDATE {each.table} SET {each.beside} = NULL WHERE id = ANY($1)",  # noqa: S608
            [row[0] for row in rows],
        )
        progress(len(rows))


async def _make(connection: asyncpg.Connection, ring: KeyRing, progress: Progress) -> None:
    """Go through every index until a pass finds nothing left under another key."""
    crypto, kid = Crypto(ring), ring.indexes.coming or ring.indexes.active
    coming, left = ring.indexes.coming is not None, True
    while left:
        left = False
        for each in INDEXED:
            if each.beside is None and coming:
                continue
            async for count in _column(connection, each, crypto, kid, coming=coming):
                left = True
                progress(count)


async def _column(
    connection: asyncpg.Connection, each: Indexed, crypto: Crypto, kid: int, *, coming: bool
) -> AsyncIterator[int]:
    """One index, in batches by id; how many each. What its owner changes meanwhile is left to the owner, who
    writes under the right keys; a batch is locked for its own update only."""
    target = each.beside if coming else each.name
    source = each.of or f"JOIN {each.table} s ON s.id = t.id"
    batch = (
        f"SELECT t.id, t.{each.name} AS before, s.id AS row, s.{each.cipher} AS cipher "  # noqa: S608
        f"FROM {each.table} t {source} WHERE t.{each.name} IS NOT NULL "
        f"AND {_KID.format(f't.{target}')} IS DISTINCT FROM {kid} AND t.id > $1 ORDER BY t.id LIMIT {BATCH}"
    )
    beside = "" if coming or each.beside is None else f", {each.beside} = $1"
    change = f"UPDATE {each.table} SET {target} = $1{beside} WHERE id = $2 AND {each.name} = $3"  # noqa: S608
    last = UUID(int=0)
    while rows := await connection.fetch(batch, last):
        made = [(crypto.index(each.field, _value(crypto, each, row)), row) for row in rows]
        changes = [(i.beside if coming else i.stored, row["id"], row["before"]) for i, row in made]
        try:
            await connection.executemany(change, changes)
        except asyncpg.UniqueViolationError:
            if each.of is None:
                raise
            await _one_by_one(connection, change, changes, kid)
        last = rows[-1]["id"]
        yield len(rows)


async def _one_by_one(
    connection: asyncpg.Connection, change: str, changes: Sequence[tuple[bytes | None, UUID, bytes]], kid: int
) -> None:
    """The same, where one of them had another name when its match was confirmed: it stands for itself."""
    for index, row, before in changes:
        try:
            await connection.execute(change, index, row, before)
        except asyncpg.UniqueViolationError:
            await connection.execute(change, kid.to_bytes(2) + secrets.token_bytes(32), row, before)


def _value(crypto: Crypto, each: Indexed, row: Any) -> str:
    """The sealed value; of somebody who was erased nothing is left, and the index is chance."""
    place: dict[str, Any] = {"table": each.holder, "column": each.cipher, "row": row["row"]}
    return crypto.decrypt(row["cipher"], **place) or secrets.token_hex(16)
