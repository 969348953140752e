"""The declarative base, the names of constraints, the column types that recur, and the engines."""

import secrets
import time
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, MetaData, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import UserDefinedType

NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, version 7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


class XID8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id, which orders events by commit visibility."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "XID8"


ischema_names["xid8"] = XID8

Code = Annotated[str, mapped_column(Text(collation="C"))]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Day = Annotated[date, mapped_column()]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]
JsonList = Annotated[list[Any], mapped_column(JSONB)]


class Base(DeclarativeBase):
    """Every table's base. Relationships never leave a slice; tables meet by foreign-key string."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        str: Text(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


class Identified:
    """A row with a UUIDv7 made by the application."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


class Versioned(Identified):
    """A row that front ends edit: its version is its ETag and grows by one with every UPDATE."""

    version: Mapped[int] = mapped_column(Integer, nullable=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.clock_timestamp())

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "eager_defaults": False}


LIMITS = {
    "lock_timeout": "2s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "15s",
}
"""What no connection waits beyond, whatever the server and its roles are set to."""


def make_engine(
    url: str, *, pool_size: int = 5, overflow: int = 5, timeout: float = 2.0, application: str = "jiceng"
) -> AsyncEngine:
    """An engine with bounded pool and waits, parameters hidden from logs and errors, and UTC as its zone."""
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=timeout,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"server_settings": {"TimeZone": "UTC", "application_name": application, **LIMITS}},
    )


CURRENT_TRANSACTION = text("pg_current_xact_id()")
