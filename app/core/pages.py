"""Lists: filters, keyset pages, and cursors that are opaque, signed and bound to their filters."""

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field

from app.core.errors import BadCursor
from app.core.fields import Output

T = TypeVar("T")


class Question(BaseModel):
    """The query of what is no list: a typed model, so that an unknown parameter is refused (422)."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Filters(Question):
    """The query of a list: which items, and which page of them."""

    not_filters: ClassVar[frozenset[str]] = frozenset({"limit", "cursor", "include_total"})

    limit: Annotated[int, Field(ge=1, le=200, description="Items per page.", examples=[50])] = 50
    cursor: Annotated[
        str | None,
        Field(max_length=2000, pattern="^[A-Za-z0-9_-]+$", description="`next_cursor` of the page before."),
    ] = None
    include_total: Annotated[bool, Field(description="Count all matching rows too.")] = False

    def fingerprint(self, name: str) -> bytes:
        """What a cursor is bound to: the list and its filters, not the page size."""
        chosen = self.model_dump(mode="json", exclude=set(self.not_filters))
        return hashlib.sha256(name.encode() + orjson.dumps(chosen, option=orjson.OPT_SORT_KEYS)).digest()[:12]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as whoever reads it whole must know it: its operation id and address, its permission, its code,
    its filters, what its address names, and the shape of its items."""

    name: str
    path: str
    permission: str
    endpoint: Callable[..., Awaitable[Any]]
    filters: type[Filters]
    parameters: Mapping[str, Any]
    shape: type[BaseModel]


class Page(Output, Generic[T]):
    """One page of a list. `total` is null unless `include_total=true` was asked for."""

    items: list[T]
    next_cursor: str | None
    has_more: bool
    total: int | None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """`OrganizationReadPage` in the contract, not `Page_OrganizationRead_`."""
        return "".join(param.__name__ for param in params) + cls.__name__


def encode(secret: bytes, fingerprint: bytes, keys: list[Any]) -> str:
    payload = fingerprint + orjson.dumps(keys)
    return base64.urlsafe_b64encode(_mac(secret, payload) + payload).rstrip(b"=").decode()


def decode(secret: bytes, fingerprint: bytes, cursor: str) -> list[Any]:
    """The sort keys after which the page starts. Raises `BadCursor` for a changed, foreign or broken one."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise BadCursor from error
    mac, payload = raw[:16], raw[16:]
    if not hmac.compare_digest(mac, _mac(secret, payload)) or payload[:12] != fingerprint:
        raise BadCursor
    keys: list[Any] = orjson.loads(payload[12:])
    return keys


def revive(value: Any, python_type: type) -> Any:
    """A sort key as it was before it became JSON."""
    if value is None or not isinstance(value, str):
        return value
    if python_type is UUID:
        return UUID(value)
    if python_type is datetime:
        return datetime.fromisoformat(value)
    if python_type is date:
        return date.fromisoformat(value)
    return value


def _mac(secret: bytes, payload: bytes) -> bytes:
    return hmac.new(secret, payload, hashlib.sha256).digest()[:16]
