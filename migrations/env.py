"""Alembic's entry: brings a database to a revision, as its owner.

No migration may hold the service up: a lock is waited for 4 s at most, each migration commits by itself, and two
that start at once go one after the other (the recipe of PyPI's warehouse). After a crash the next run goes on.
"""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

import app.tables  # noqa: F401 (fills the metadata)
from app.core.db import Base

LOCK = text("SELECT pg_advisory_lock(hashtext('alembic'))")
UNLOCK = text("SELECT pg_advisory_unlock(hashtext('alembic'))")
LIMITS = text(
    "SELECT set_config('lock_timeout', '4s', false), set_config('statement_timeout', '120s', false)"
)


def owner_url() -> str:
    """The URL that the caller put into the attributes, else that of the environment."""
    given = context.config.attributes.get("url")
    found = given or os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    if not found:
        raise SystemExit("Set DATABASE_OWNER_URL, or use `jiceng db upgrade`.")
    return str(found)


def migrate(connection: Connection) -> None:
    """Run what is missing, one transaction for each migration."""
    connection.execute(LOCK)
    connection.execute(LIMITS)
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        transaction_per_migration=True,
        on_version_apply=context.config.attributes.get("on_version_apply"),
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(UNLOCK)
    connection.commit()


async def online() -> None:
    """One connection, closed at the end whatever happens: its lock goes with it."""
    engine = create_async_engine(owner_url(), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


def offline() -> None:
    """Print the SQL (`alembic upgrade head --sql`) for a database that only its administrator may change."""
    context.configure(
        dialect_name="postgresql", target_metadata=Base.metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    asyncio.run(online())
