"""The migrations make exactly the tables of the models, and each can be taken back and made again."""

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Protocol
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, text

from app.postgres import migrations
from app.tables import MIGRATION_HEAD


class Server(Protocol):
    owner: URL

    async def create(self, name: str, template: str) -> None: ...
    async def drop(self, name: str) -> None: ...


TABLES = (
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')"
)
SHAPE = """
SELECT string_agg(line, chr(10) ORDER BY line) FROM (
    SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT format('%s %s', relname, relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace
) AS shape(line)
"""


def ask(url: str, statement: str) -> object:
    async def work() -> object:
        connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(work())


@pytest.fixture
def blank(server: Server) -> Iterator[str]:
    """The owner's URL of an empty database."""
    name = f"test_{os.getpid()}_{uuid4().hex}"
    asyncio.run(server.create(name, "template0"))
    yield server.owner.set(database=name).render_as_string(hide_password=False)
    asyncio.run(server.drop(name))


def test_one_chain_ends_at_the_named_head() -> None:
    assert migrations.head() == MIGRATION_HEAD
    assert migrations.revisions() == [f"{number:04d}" for number in range(1, len(migrations.revisions()) + 1)]


def test_every_migration_goes_down_and_up(blank: str) -> None:
    """Each downgrade leaves what was there before its upgrade, and the tables are as the models say."""
    shapes: dict[str, object] = {}

    def upwards(ctx: Any, step: Any, **_: Any) -> None:
        shapes[step.up_revision_id] = ctx.connection.scalar(text(SHAPE))

    def downwards(ctx: Any, step: Any, heads: Any, **_: Any) -> None:
        for left in heads:
            assert ctx.connection.scalar(text(SHAPE)) == shapes[left], f"what {step.up_revision_id} leaves"

    walk(command.upgrade, blank, "head", upwards)
    assert list(shapes) == migrations.revisions()
    walk(command.downgrade, blank, "base", downwards)
    assert ask(blank, TABLES) == 1, "only alembic's own table is left"
    migrations.upgrade(blank)
    assert ask(blank, SHAPE) == shapes[migrations.head()]
    migrations.check(blank)


def walk(go: Callable[[Config, str], None], url: str, revision: str, look: Callable[..., None]) -> None:
    """Go to a revision, and look at the tables after each step."""
    config = migrations.configuration(url)
    config.attributes["on_version_apply"] = look
    go(config, revision)


def test_two_at_once_go_one_after_the_other(blank: str) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(migrations.upgrade, blank) for _ in range(2)]:
            done.result()
    migrations.check(blank)
