"""Key sets of identity providers: from an address or a file, kept for a while, asked for again within bounds.

Whoever sends tokens with invented key ids causes one request a minute at most, not one each. A provider that
does not answer leaves the keys that are known in force for a day.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from app.core import json, outbound
from app.core.errors import BadRequest
from app.core.outbound import OutsideUnavailable
from app.core.tokens import KeySetRefused, PublicKey, read_key_set
from app.settings import Settings

FRESH_SECONDS: Final = 600.0
REFETCH_SECONDS: Final = 60.0
STALE_SECONDS: Final = 24 * 3600.0
MOST_ENTRIES: Final = 200
FOLDER: Final = "key-sets"
_FILE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\.json", re.ASCII)

Keys = dict[str, PublicKey]


@dataclass(slots=True)
class _Entry:
    """What was fetched, when, and when it was last tried."""

    value: Any = None
    fetched_at: float = -STALE_SECONDS
    tried_at: float = -STALE_SECONDS


@dataclass(slots=True)
class Cache:
    """Documents by where they come from. One request at a time for each, whoever waits."""

    entries: dict[str, _Entry] = field(default_factory=dict)
    _locks: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]]" = field(
        default_factory=WeakKeyDictionary
    )

    async def get(
        self, place: str, load: Callable[[], Awaitable[Any]], *, enough: Callable[[Any], bool]
    ) -> Any:
        """The document of a place: the kept one while it is fresh and enough, else a new one if it may be
        asked for by now. Raises `OutsideUnavailable` when there is none at all."""
        if (known := self._known(place, enough)) is not None:
            return known.value
        locks = self._locks.setdefault(asyncio.get_running_loop(), {})
        async with locks.setdefault(place, asyncio.Lock()):
            if (known := self._known(place, enough)) is not None:
                return known.value
            return await self._load(place, load)

    def _known(self, place: str, enough: Callable[[Any], bool]) -> _Entry | None:
        entry, now = self.entries.get(place), time.monotonic()
        if entry is None or entry.value is None:
            return None
        fresh = now - entry.fetched_at < FRESH_SECONDS and enough(entry.value)
        waiting = now - entry.tried_at < REFETCH_SECONDS and now - entry.fetched_at < STALE_SECONDS
        return entry if fresh or waiting else None

    async def _load(self, place: str, load: Callable[[], Awaitable[Any]]) -> Any:
        now = time.monotonic()
        if place not in self.entries and len(self.entries) >= MOST_ENTRIES:
            self.entries.pop(next(iter(self.entries)))
        entry = self.entries.setdefault(place, _Entry())
        if entry.value is None and now - entry.tried_at < REFETCH_SECONDS / 6:
            raise OutsideUnavailable(headers={"Retry-After": "10"})
        entry.tried_at = now
        try:
            entry.value, entry.fetched_at = await load(), now
        except OutsideUnavailable:
            if entry.value is None or now - entry.fetched_at >= STALE_SECONDS:
                raise
        return entry.value


CACHE = Cache()
"""Of this process: keys are public, and each process asks for itself."""


def file_name_fits(name: str) -> bool:
    """Whether a name may be that of a key set in `DATA_DIR/key-sets`: no folder, no step upward."""
    return _FILE.fullmatch(name) is not None and ".." not in name


async def keys_at(url: str, settings: Settings, kid: str | None, cache: Cache = CACHE) -> Keys:
    """The keys at an address; asked for anew, within bounds, when `kid` is not among them."""

    async def load() -> Keys:
        try:
            return read_key_set(await outbound.fetch(url, settings))
        except KeySetRefused as error:
            raise OutsideUnavailable(headers={"Retry-After": "30"}) from error

    found: Keys = await cache.get(url, load, enough=lambda keys: kid is None or kid in keys)
    return found


async def keys_in_file(name: str, settings: Settings, cache: Cache = CACHE) -> Keys:
    """The keys of a file that the operator laid into `DATA_DIR/key-sets`, for sites without a way outside.

    It is read again when it changed. Raises `OutsideUnavailable`."""
    try:
        path = settings.data_dir / FOLDER / _plain(name)
        place = f"file:{path}:{await asyncio.to_thread(_version, path)}"
        found: Keys = await cache.get(place, lambda: _read(path), enough=lambda _: True)
    except (OSError, KeySetRefused) as error:
        raise OutsideUnavailable(headers={"Retry-After": "30"}) from error
    return found


def _plain(name: str) -> str:
    if not file_name_fits(name):
        raise OSError("not the name of a key set")
    return name


def _version(path: Path) -> str:
    state = path.stat()
    if state.st_size > outbound.LARGEST:
        raise OSError("too large for a key set")
    return f"{state.st_mtime_ns}:{state.st_size}"


async def _read(path: Path) -> Keys:
    return read_key_set(await asyncio.to_thread(path.read_bytes))


async def discovered(issuer: str, settings: Settings, cache: Cache = CACHE) -> dict[str, str]:
    """The addresses that an issuer states of itself (OpenID Connect Discovery 1.0 §4): those that are texts.

    The document must name the very issuer that was asked (§4.3). Raises `OutsideUnavailable`."""
    url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"

    async def load() -> dict[str, str]:
        try:
            stated = json.loads(await outbound.fetch(url, settings))
        except BadRequest as error:
            raise OutsideUnavailable(headers={"Retry-After": "30"}) from error
        if not isinstance(stated, dict) or stated.get("issuer") != issuer:
            raise OutsideUnavailable(headers={"Retry-After": "30"})
        return {name: value for name, value in stated.items() if isinstance(value, str)}

    found: dict[str, str] = await cache.get(url, load, enough=lambda _: True)
    return found
