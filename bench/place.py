"""Where the bench keeps its cluster, and the databases of its sizes."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import URL, make_url

from app.postgres import Supervisor
from app.postgres.cluster import SUPERUSER, Cluster

ROOM = {
    "shared_buffers": "3GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "16GB",
    "effective_cache_size": "12GB",
    "max_connections": "200",
    "max_parallel_maintenance_workers": "1",
}
"""A server fit for the nation's ledger, given once when the cluster is made; nothing about durability."""


@dataclass(frozen=True, slots=True)
class Place:
    """One database of the bench, by three roles."""

    owner: str
    app: str
    superuser: str


@dataclass(frozen=True, slots=True)
class Home:
    """The running cluster of the bench and its directory."""

    directory: Path
    cluster: Cluster

    def place(self, name: str) -> Place:
        """The addresses of a database."""
        roles = (self.cluster.url(role, name) for role in ("jiceng_owner", "jiceng_app", SUPERUSER))
        return Place(*roles)


def plain(url: str) -> str:
    """The same address for asyncpg and postgres.js."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def parts(url: str) -> URL:
    return make_url(url)


@contextmanager
def home() -> Iterator[Home]:
    """The bench's cluster, started when it does not run, stopped by the last one to leave."""
    directory = Path(os.environ.get("BENCH_DIR", ".bench")).resolve()
    supervisor = Supervisor(directory)
    cluster = supervisor.start()
    try:
        if cluster.created:
            asyncio.run(_furnish(cluster))
            supervisor.stop()
            supervisor = Supervisor(directory)
            cluster = supervisor.start()
        yield Home(directory, cluster)
    finally:
        supervisor.stop()


async def _furnish(cluster: Cluster) -> None:
    connection = await asyncpg.connect(plain(cluster.url(SUPERUSER, "postgres")))
    try:
        for name, value in ROOM.items():
            await connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    finally:
        await connection.close()
