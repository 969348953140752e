"""Password hashes: argon2id, always computed, never on the event loop."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import Type
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# OWASP Password Storage: argon2id with 19 MiB, two passes, one lane.
_HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID),))
_NOBODY = _HASHER.hash(secrets.token_urlsafe())
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
"""At most two hashes at once per process: a flood of sign-ins costs time, not memory or the event loop."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is misread on paper: i, l, o, 0, 1."""


async def hashed(password: str) -> str:
    """The argon2id hash of a new password."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, password)


async def matches(password: str, known: str | None) -> bool:
    """Whether a password is the right one. Without a hash as much work is done, and the answer is no."""
    right = await asyncio.get_running_loop().run_in_executor(
        _THREADS, _HASHER.verify, password, known or _NOBODY
    )
    return right and known is not None


def temporary() -> str:
    """A random password that can be read out over the telephone: 98 bits in four groups."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
