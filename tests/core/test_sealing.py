"""The seal of the audit: what a superuser of the database changes, removes or reorders is named."""

import json
from collections.abc import Sequence

import asyncpg
import pytest

from app.core import sealing
from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.settings import Settings
from tests.make import identity as make
from tests.make.horizon import told

FIFTH = "(SELECT entry_id FROM audit_seals WHERE number = 5)"
TAMPERING: dict[str, tuple[Sequence[str], str]] = {
    "edit": (
        ["UPDATE audit_entries SET actor_name = 'nobody' WHERE id = @5"],
        "(seal 5) was changed",
    ),
    "edit of the data": (
        ["UPDATE audit_entries SET data = data || '{\"x\":1}' WHERE id = @5"],
        "(seal 5) was changed",
    ),
    "a moved instant": (
        ["UPDATE audit_entries SET at = at - interval '1 microsecond' WHERE id = @5"],
        "(seal 5) was changed",
    ),
    "a removed row": (
        ["DELETE FROM audit_entries WHERE id = @5"],
        "(seal 5) was removed",
    ),
    "a removed row and its seal": (
        [
            "DELETE FROM audit_entries WHERE id = @5",
            "DELETE FROM audit_seals WHERE number = 5",
        ],
        "seal 5 is missing",
    ),
    "a gap closed": (
        [
            "DELETE FROM audit_entries WHERE id = @5",
            "DELETE FROM audit_seals WHERE number = 5",
            "UPDATE audit_seals SET number = -number WHERE number > 5",
            "UPDATE audit_seals SET number = -number - 1 WHERE number < 0",
        ],
        "(seal 5) was changed",
    ),
    "two rows exchanged": (
        [
            "CREATE TEMP TABLE pair AS SELECT number, entry_id FROM audit_seals WHERE number IN (5, 6)",
            "UPDATE audit_seals SET entry_id = gen_random_uuid() WHERE number = 6",
            "UPDATE audit_seals SET entry_id = (SELECT entry_id FROM pair WHERE number = 6) WHERE number = 5",
            "UPDATE audit_seals SET entry_id = (SELECT entry_id FROM pair WHERE number = 5) WHERE number = 6",
            "DROP TABLE pair",
        ],
        "(seal 5) was changed",
    ),
    "the tail cut off": (
        [
            "DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_seals WHERE number > 5)",
            "DELETE FROM audit_seals WHERE number > 5",
        ],
        "cut off after seal 5",
    ),
    "everything removed": (["TRUNCATE audit_entries, audit_seals"], "cut off after seal 0"),
    "a forged seal": (
        ["UPDATE audit_seals SET seal = decode(repeat('ab', 32), 'hex') WHERE number = 5"],
        "(seal 5) was changed",
    ),
}


async def found(shell: Shell) -> list[str]:
    async with begin(shell, SYSTEM, reading=True) as work:
        return await sealing.verify(work)


async def sealed(shell: Shell, owner_url: str) -> int:
    """Seal what was committed before."""
    await told(owner_url)
    return await sealing.run(shell)


async def test_tampering_is_named(shell: Shell, owner_url: str, settings: Settings) -> None:
    for _ in range(4):
        await make.caller(shell, "clerk")
    assert await sealed(shell, owner_url) == 8
    assert await sealing.run(shell) == 0
    assert await found(shell) == []
    anchored = json.loads((settings.data_dir / sealing.FILE).read_text())
    assert anchored["number"] == 8
    owner = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    try:
        checks = "ALTER TABLE audit_seals DROP CONSTRAINT ck_audit_seals_number"
        await owner.execute(checks)
        for table in ("audit_entries", "audit_seals"):
            await owner.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")
        for name, (statements, fault) in TAMPERING.items():
            for statement in statements:
                await owner.execute(statement.replace("@5", FIFTH))
            faults = await found(shell)
            assert len(faults) == 1, name
            assert fault in faults[0], name
            await owner.execute("TRUNCATE audit_entries, audit_seals")
            for table in ("audit_entries", "audit_seals"):
                await owner.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")  # noqa: S608
            assert await found(shell) == [], name
        await owner.execute("UPDATE audit_entries SET at = at - interval '1 hour'")
        await owner.execute("TRUNCATE audit_seals")
        (settings.data_dir / sealing.FILE).unlink()
        assert await found(shell) == ["8 entries older than ten minutes are not sealed"]
    finally:
        await owner.close()


async def test_the_service_itself_cannot_change_a_seal(
    shell: Shell, database_url: str, owner_url: str
) -> None:
    await make.caller(shell, "clerk")
    assert await sealed(shell, owner_url) == 2
    own = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        for statement in ("UPDATE audit_seals SET number = 9", "DELETE FROM audit_seals"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await own.execute(statement)
    finally:
        await own.close()


async def test_another_key_does_not_fit(shell: Shell, owner_url: str) -> None:
    await make.caller(shell, "clerk")
    assert await sealed(shell, owner_url) == 2
    other = type(shell.crypto)(type(shell.crypto._ring).new())
    shell.crypto = other
    assert "(seal 1) was changed, or another key sealed it" in (await found(shell))[0]
