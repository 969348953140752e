"""One entry for each operation: a valid request in a small world, ready to be sent."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.architecture.calls.world import World

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """What to send. Who sends it follows from the operation's permission, unless `by` has headers."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    if_match: str | None = None
    by: Headers | None = None


Entry = Callable[["World"], Awaitable[Call]]
CALLS: dict[str, Entry] = {}


def call(entry: Entry) -> Entry:
    """Register the entry of the operation whose id is the function's name."""
    name = entry.__name__
    if name in CALLS:
        raise TypeError(f"{name} has two entries")
    CALLS[name] = entry
    return entry
