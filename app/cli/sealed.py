"""Which columns are sealed, under which keys their values are, and whose ring this service has."""

from collections import Counter
from dataclasses import dataclass

import asyncpg
from sqlalchemy import LargeBinary, make_url

import app.tables  # noqa: F401 (fills the metadata)
from app.core.crypto import KeyRing, KeyRingError
from app.core.db import Base
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column. Its values are bound to the table's name, its own, and the row's `id`."""

    table: str
    name: str


SEALED = tuple(
    Column(table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, LargeBinary) and column.name.endswith("cipher")
)
"""Every column of bytes whose name ends with `cipher`, as the naming rule of `app.core.crypto` has it."""


def ring_of(settings: Settings) -> KeyRing:
    """The service's key ring. Raises KeyRingError where there is none: none is made here."""
    if settings.keys is not None:
        return KeyRing.parse(settings.keys.get_secret_value())
    path = settings.data_dir / "keys.json"
    if not path.exists():
        raise KeyRingError(f"{path} is not there: put the keys in place first, or make new ones")
    return KeyRing.load(path)


async def connect(url: str) -> asyncpg.Connection:
    """The database, without time limits: what goes through every row takes its time."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    limits = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "10s"}
    return await asyncpg.connect(address, timeout=10, server_settings={"TimeZone": "UTC", **limits})


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
