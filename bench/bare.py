"""Tables without their indexes for the time of a bulk load: taken down as they are, put up as they were."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg
from rich.progress import Progress

_CONSTRAINTS = """
SELECT conrelid::regclass::text AS owner, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE conrelid = ANY($1::text[]::regclass[]) AND contype IN ('f', 'x', 'u')
 ORDER BY contype = 'f', conrelid::regclass::text, conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index i WHERE indrelid = ANY($1::text[]::regclass[]) AND NOT indisprimary
   AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)
 ORDER BY indrelid::regclass::text, indexrelid::regclass::text
"""


@asynccontextmanager
async def bare(
    connection: asyncpg.Connection, tables: Sequence[str], progress: Progress
) -> AsyncIterator[None]:
    """Take down everything but primary keys and checks; afterwards every constraint is validated again."""
    constraints = await connection.fetch(_CONSTRAINTS, list(tables))
    indexes = await connection.fetch(_INDEXES, list(tables))
    for row in reversed(constraints):
        await connection.execute(f"ALTER TABLE {row['owner']} DROP CONSTRAINT {row['name']}")
    for row in indexes:
        await connection.execute(f"DROP INDEX {row['name']}")
    yield
    task = progress.add_task("indexes and constraints", total=len(constraints) + len(indexes))
    await connection.execute("SET maintenance_work_mem = '1GB'")
    keys = [row for row in constraints if not row["definition"].startswith("FOREIGN KEY")]
    for row in [*keys, *indexes, *(row for row in constraints if row not in keys)]:
        progress.update(task, description=f"index {row['name']}")
        if "owner" in row:
            await connection.execute(
                f"ALTER TABLE {row['owner']} ADD CONSTRAINT {row['name']} {row['definition']}"
            )
        else:
            await connection.execute(row["definition"])
        progress.advance(task)
    progress.update(task, description="indexes and constraints")
