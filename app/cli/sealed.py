"""Which columns are sealed, under which keys their values are, and whose ring this service has."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import LargeBinary, make_url

import app.tables  # noqa: F401 (fills the metadata)
from app.core.crypto import KeyRing, KeyRingError
from app.core.db import Base
from app.files.queries import place as chunk_place
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column of a table, and the table's primary key. `at_once` values fit into memory together."""

    table: str
    name: str
    key: tuple[str, ...]
    at_once: int = 200

    def place(self, key: tuple[Any, ...]) -> dict[str, Any]:
        """What a value is bound to: the table's name, the column's and the row's id; of a file's chunk, its
        number as well."""
        row, *number = key
        return {"table": self.table, "column": chunk_place(*number) if number else self.name, "row": row}


def _columns() -> Iterator[Column]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and column.name.endswith("cipher"):
                key = tuple(part.name for part in table.primary_key.columns)
                yield Column(table.name, column.name, key, 200 if len(key) == 1 else 8)


SEALED = tuple(_columns())
"""Every column of bytes whose name ends with `cipher`."""


def ring_of(settings: Settings) -> KeyRing:
    """The service's key ring. Raises KeyRingError where there is none: none is made here."""
    if settings.keys is not None:
        return KeyRing.parse(settings.keys.get_secret_value())
    path = settings.data_dir / "keys.json"
    if not path.exists():
        raise KeyRingError(f"{path} is not there: put the keys in place first, or make new ones")
    return KeyRing.load(path)


async def connect(url: str) -> asyncpg.Connection:
    """The database, without time limits: what goes through every row takes its time. Row-level security,
    which holds its owner too, is told that the whole nation is meant."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    limits = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "10s"}
    return await asyncpg.connect(
        address, timeout=10, server_settings={"TimeZone": "UTC", "jiceng.nation": "on", **limits}
    )


async def in_use(connection: asyncpg.Connection) -> dict[int, int]:
    """How many sealed values are under each key."""
    found: Counter[int] = Counter()
    for column in SEALED:
        rows = await connection.fetch(
            f"SELECT get_byte({column.name}, 2) * 256 + get_byte({column.name}, 3) AS kid, count(*) AS n "  # noqa: S608
            f"FROM {column.table} WHERE {column.name} IS NOT NULL GROUP BY 1"
        )
        found.update({row["kid"]: row["n"] for row in rows})
    return dict(sorted(found.items()))
