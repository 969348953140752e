"""What is sealed, indexed blindly or guarded: generated from the models and the catalogue."""

from collections import Counter
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cli.indexes import INDEXED
from app.cli.sealed import SEALED
from app.core.access import SYSTEM, Scope
from app.core.crypto import Crypto, CryptoError, KeyRing
from app.core.db import Base
from app.core.work import Shell, begin

STATEMENTS_OF = {"organization_phones.phone_blind"}
"""An organization's number: statements are told apart by it, and their digests are never made again."""
ROWS = (UUID("01930000-0000-7000-8000-000000000001"), UUID("01930000-0000-7000-8000-000000000002"))
PROTECTED = """
SELECT c.oid::regclass::text, count(p.*) FILTER (WHERE p.polcmd = '*') FROM pg_class c
LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relrowsecurity AND c.relforcerowsecurity GROUP BY c.oid ORDER BY 1
"""
LOOSE = """
DO $$ DECLARE held record; BEGIN
    FOR held IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
        WHERE conrelid = '{0}'::regclass AND contype IN ('f', 'c', 'x') LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', held.owner, held.conname);
    END LOOP;
END $$
"""
COLUMNS = """
SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND NOT atthasdef
AND (attnotnull OR atttypid = 'uuid'::regtype) AND attidentity = '' AND attgenerated = ''
"""
SOME = {
    "uuid": f"'{ROWS[0]}'",  # each row is what another one's foreign key names
    "text": "'x'",
    "date": "'2026-11-22'",
    "integer": "1",
    "bigint": "1",
    "smallint": "1",
    "numeric": "1",
    "boolean": "false",
    "bytea": "'x'",
    "jsonb": "'{}'",
    "text[]": "'{}'",
    "uuid[]": "'{}'",
    "daterange": "'[2026-01-01,)'",
    "tstzrange": "'[2026-01-01,)'",
    "timestamp with time zone": "now()",
}


def test_every_index_of_a_person_is_rotated() -> None:
    """A blind index that a slice adds is named in `app.cli.indexes`, or here with the reason why not."""
    blind = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_blind")
    }
    named = [f"{each.table}.{name}" for each in INDEXED for name in (each.name, each.beside) if name]
    assert Counter(named) == Counter(blind - STATEMENTS_OF)


@pytest.mark.parametrize("column", SEALED, ids=lambda column: f"{column.table}.{column.name}")
def test_a_ciphertext_opens_in_its_own_place_only(column: object) -> None:
    """Of each sealed column: swapped with another row's, column's or table's, a value fails closed."""
    assert column in SEALED
    crypto = Crypto(KeyRing.new())
    places = [each.place((row, 7)[: len(each.key)]) for each in SEALED for row in ROWS]
    own = SEALED[SEALED.index(column)]
    place = own.place((ROWS[0], 7)[: len(own.key)])
    cipher = crypto.encrypt("测试员甲", **place)
    opened = []
    for other in places:
        try:
            opened.append((other, crypto.decrypt(cipher, **other)))
        except CryptoError:
            continue
    assert opened == [(place, "测试员甲")]


async def test_a_used_connection_without_context_sees_no_row_of_people(shell: Shell, owner_url: str) -> None:
    """Every protected table gets a row. On a connection that saw it a moment ago, nobody is seen, changed or
    entered without a word of whose work it is; the owner neither."""
    owner = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    try:
        protected = dict(await owner.fetch(PROTECTED))
        assert set(protected.values()) == {1}
        await owner.execute("SET jiceng.nation = 'on'")
        plans = await filled(owner, list(protected))
        await owner.execute("RESET jiceng.nation")
        assert {t: await owner.fetchval(count(t)) for t in protected} == dict.fromkeys(protected, 0)
    finally:
        await owner.close()
    async with begin(shell, SYSTEM) as work:
        used = await work.scalar(text("SELECT pg_backend_pid()"))
        await work.admit(Scope(national=True))
        assert {t: await work.scalar(text(count(t))) for t in protected} == dict.fromkeys(protected, 1)
    async with begin(shell, SYSTEM) as work:
        assert await work.scalar(text("SELECT pg_backend_pid()")) == used
        assert {t: await work.scalar(text(count(t))) for t in protected} == dict.fromkeys(protected, 0)
    for plan in plans:
        async with begin(shell, SYSTEM) as work:
            with pytest.raises(DBAPIError, match=r"row-level security|permission denied"):
                await work.execute(text(plan))
            await work.session.rollback()


def count(table: str) -> str:
    return f"SELECT count(*) FROM {table}"  # noqa: S608


async def filled(owner: asyncpg.Connection, tables: list[str]) -> list[str]:
    """Put one row into each table, whatever its constraints; the statements that did.

    A row that is seen through another one comes after it."""
    plans, waiting = [], list(tables)
    while waiting:
        left = []
        for table in waiting:
            plan = await plan_of(owner, table)
            try:
                await owner.execute(plan)
                plans.append(plan)
            except asyncpg.InsufficientPrivilegeError:
                left.append(table)
        assert len(left) < len(waiting), left
        waiting = left
    return plans


async def plan_of(owner: asyncpg.Connection, table: str) -> str:
    await owner.execute(LOOSE.format(table))
    columns = await owner.fetch(COLUMNS, table)
    names, values = ", ".join(name for name, _ in columns), ", ".join(SOME[kind] for _, kind in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({values})"  # noqa: S608
