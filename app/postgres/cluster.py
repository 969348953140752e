"""A running cluster: its addresses, and the two roles and the database that the service needs in it."""

from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from sqlalchemy import URL

SUPERUSER, OWNER, APP, DATABASE = "postgres", "jiceng_owner", "jiceng_app", "jiceng"

ROLES = {
    OWNER: ("LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS", {}),
    APP: (
        "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS",
        {"statement_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "15s"},
    ),
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a running cluster answers, and with which passwords."""

    directory: Path
    binaries: Path
    host: str
    port: int
    passwords: dict[str, str] = field(repr=False)
    created: bool

    def url(self, role: str, database: str = DATABASE) -> str:
        """An SQLAlchemy URL. A socket's directory goes into the query: it is no host name."""
        over_socket = self.host.startswith("/")
        return URL.create(
            "postgresql+asyncpg",
            role,
            self.passwords[role],
            None if over_socket else self.host,
            None if over_socket else self.port,
            database,
            {"host": self.host, "port": str(self.port)} if over_socket else {},
        ).render_as_string(hide_password=False)

    @property
    def owner_url(self) -> str:
        """For migrations."""
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        """For the API and the worker: this role owns nothing."""
        return self.url(APP)


async def provision(cluster: Cluster) -> None:
    """The roles with their passwords and limits, and the database. A crash half way is mended by the next."""
    connection = await asyncpg.connect(
        host=cluster.host,
        port=cluster.port,
        user=SUPERUSER,
        password=cluster.passwords[SUPERUSER],
        database="postgres",
    )
    try:
        for role, (attributes, limits) in ROLES.items():
            known = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
            verb = "ALTER" if known else "CREATE"
            await connection.execute(f"{verb} ROLE {role} {attributes} PASSWORD '{cluster.passwords[role]}'")
            for name, value in limits.items():
                await connection.execute(f"ALTER ROLE {role} SET {name} = '{value}'")
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    finally:
        await connection.close()
