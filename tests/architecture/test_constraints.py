"""Every constraint that a refusal names exists, and every constraint has one clear name."""

import asyncpg

import app.main  # noqa: F401 (imports every slice, whose refusals register their constraints)
from app.core.errors import BY_CONSTRAINT
from app.core.work import Shell


async def _names(owner_url: str) -> set[str]:
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch(
            "SELECT conname AS name FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
            "UNION SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
        )
    finally:
        await connection.close()
    return {row["name"] for row in rows}


async def test_what_a_refusal_names_exists(shell: Shell, owner_url: str) -> None:
    del shell
    ours = {name for name, refusal in BY_CONSTRAINT.items() if refusal.__module__.startswith("app.")}
    assert ours
    assert ours - await _names(owner_url) == set()


async def test_no_name_carries_its_prefix_twice(shell: Shell, owner_url: str) -> None:
    del shell
    doubled = {
        name
        for name in await _names(owner_url)
        for kind in ("ck", "fk", "uq", "pk", "ex", "ix")
        if name.startswith(f"{kind}_") and f"_{kind}_" in name[3:]
    }
    assert doubled == set()
