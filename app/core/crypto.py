"""Field encryption, blind indexes and masks; keys never lie in the database.

An encrypted field is `version | suite | kid | nonce | ciphertext | tag`, bound to its table, column and row:
it cannot be moved. SM4-GCM (GB/T 32907-2016) is the default, AES-256-GCM the other suite.
"""

import base64
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

_VERSION: Final = 1
_NONCE: Final = 12
_TAG: Final = 16
_HEAD: Final = 4 + _NONCE
_SIZES: Final = {1: 16, 2: 32}
FRESH_SECONDS: Final = 1.0
"""How long after a change of its file a process may still write with the key before."""


class Suite(IntEnum):
    """The cipher of an encrypted field."""

    SM4_GCM = 1
    AES_256_GCM = 2


class CryptoError(Exception):
    """A ciphertext that is damaged, moved, or under an unknown key; it says which, never the value."""


class KeyRingError(Exception):
    """Keys that are missing, malformed, or readable by others."""


@dataclass(frozen=True, repr=False)
class IndexKeys:
    """The keys of the blind indexes: number 1 is the ring's root, the others are here.

    A rotation goes through three states, and the processes may be one state apart: `coming` is written beside
    the index, then it is the index and `going` only finds, then `going` is no more."""

    keys: Mapping[int, bytes] = field(default_factory=dict)
    active: int = 1
    coming: int | None = None
    going: int | None = None

    @property
    def beside(self) -> int | None:
        """The key of the second index, which only a rotation has: what both states around it write."""
        return self.coming if self.going is None else self.active

    @property
    def rotating(self) -> bool:
        """Whether a rotation is under way."""
        return self.beside is not None

    def roles(self) -> dict[str, int]:
        """Which key is what now."""
        roles = {"active": self.active, "coming": self.coming, "going": self.going}
        return {role: kid for role, kid in roles.items() if kid is not None}


@dataclass(frozen=True, repr=False)
class KeyRing:
    """The keys: one per kid for fields, one root for seals, the keys of the blind indexes (first the root as
    well), and the kid that writes now."""

    keys: Mapping[int, bytes]
    blind_root: bytes
    active: int
    indexes: IndexKeys = field(default_factory=IndexKeys)

    def __post_init__(self) -> None:
        """Refuse a ring that could not encrypt, or not index."""
        if self.active not in self.keys or len(self.blind_root) < 32:
            raise KeyRingError("the key ring needs its active key and a blind root of 32 bytes")
        every = [*self.keys.items(), *self.indexes.keys.items()]
        if any(not 0 < kid < 65536 or len(key) != 32 for kid, key in every):
            raise KeyRingError("a key has 32 bytes and a kid from 1 to 65535")
        if not set(self.indexes.roles().values()) <= {1, *self.indexes.keys}:
            raise KeyRingError("the key ring lacks a key of its blind indexes")

    @classmethod
    def new(cls) -> Self:
        """A ring of fresh random keys."""
        return cls({1: secrets.token_bytes(32)}, secrets.token_bytes(32), 1)

    def with_new_key(self) -> Self:
        """The same ring with one more key, which only reads so far."""
        kid = max(self.keys) + 1
        return replace(self, keys={**self.keys, kid: secrets.token_bytes(32)})

    def writing_with(self, kid: int) -> Self:
        """The same ring, which writes with this key of its own from now on; the others still read."""
        return replace(self, active=kid)

    def rotated(self) -> Self:
        """The same ring with one more key, which writes from now on; old ones still read."""
        more = self.with_new_key()
        return more.writing_with(max(more.keys))

    def without(self, kid: int) -> Self:
        """The same ring without a key that nothing is sealed under any more."""
        return replace(self, keys={k: key for k, key in self.keys.items() if k != kid})

    def index_key(self, kid: int) -> bytes:
        """A key of the blind indexes."""
        return self.blind_root if kid == 1 else self.indexes.keys[kid]

    def index_coming(self) -> Self:
        """A rotation of the index key begins: a new key is written beside the index and found by."""
        now = self.indexes
        kid = max((now.active, *now.keys)) + 1
        keys = {**now.keys, kid: secrets.token_bytes(32)}
        return replace(self, indexes=IndexKeys(keys, now.active, coming=kid))

    def index_changed(self) -> Self:
        """The new key is the index; the old one is still found by."""
        now = self.indexes
        if now.coming is None:
            raise KeyRingError("no key of the blind indexes is coming")
        return replace(self, indexes=IndexKeys(now.keys, now.coming, going=now.active))

    def index_settled(self) -> Self:
        """Nothing is indexed under the old key any more: it is out of the ring; the root stays for seals."""
        now = self.indexes
        keys = {kid: key for kid, key in now.keys.items() if kid == now.active}
        return replace(self, indexes=IndexKeys(keys, now.active))

    def fingerprints(self) -> dict[str, str]:
        """What a key is recognised by where the key itself may not be: each kid's, the blind root's, and of
        each part that a key plays for the blind indexes now."""
        keys = {str(kid): key for kid, key in self.keys.items()} | {"blind": self.blind_root}
        prints = {name: _fingerprint(name, key) for name, key in keys.items()}
        roles = self.indexes.roles()
        return prints | {
            f"index-{role}": _fingerprint("index", self.index_key(kid)) for role, kid in roles.items()
        }

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the JSON of a ring: `{"active": 1, "keys": {"1": base64}, "blind_root": base64}`."""
        try:
            ring = json.loads(text)
            root, given = base64.b64decode(ring["blind_root"], validate=True), ring.get("indexes", {})
            indexes = IndexKeys(
                _decoded(given.get("keys", {})), *(given.get(role) for role in ("active", "coming", "going"))
            )
            return cls(_decoded(ring["keys"]), root, int(ring["active"]), indexes if given else IndexKeys())
        except (ValueError, KeyError, TypeError, AttributeError):
            raise KeyRingError("the key ring is not the JSON of active, keys and blind_root") from None

    def dump(self) -> str:
        """The JSON of the ring: a secret."""
        ring: dict[str, Any] = {"active": self.active, "keys": _encoded(self.keys)}
        ring["blind_root"] = base64.b64encode(self.blind_root).decode()
        if self.indexes != IndexKeys():
            ring["indexes"] = {**self.indexes.roles(), "keys": _encoded(self.indexes.keys)}
        return json.dumps(ring, indent=1)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the ring's file; made on first use, with mode 0600. Two starts at once agree on one ring."""
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return cls._create(path)
        with os.fdopen(descriptor) as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                raise KeyRingError(f"{path} is open to others than its owner: run `chmod 600 {path}`")
            return cls.parse(file.read())

    def save(self, path: Path) -> None:
        """Put the ring in the place of the file's: a reader sees the old one or the new one, whole."""
        self.written_beside(path).rename(path)
        _sync_directory(path.parent)

    @classmethod
    def _create(cls, path: Path) -> Self:
        """Write a whole file under another name, then link it: a reader never sees half a ring."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = cls.new().written_beside(path)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        _sync_directory(path.parent)
        return cls.load(path)

    def written_beside(self, path: Path) -> Path:
        """A private file of this ring, in the same directory under a name of its own."""
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.dump())
            file.flush()
            os.fsync(file.fileno())
        return draft


@dataclass(frozen=True, slots=True)
class Index:
    """A value's blind index under one state of the ring: what is stored, what is stored beside it while the
    key is rotated, and all that it may be stored as already or still."""

    stored: bytes
    beside: bytes | None
    sought: tuple[bytes, ...]


class Crypto:
    """Encrypts fields, and indexes them blindly, under one key ring."""

    def __init__(self, ring: KeyRing, suite: Suite = Suite.SM4_GCM, *, file: Path | None = None) -> None:
        """Write with `suite` and the ring's active key; read with any. A ring that came from a file is read
        again when the file changes: keys are rotated while the service runs."""
        self._held = ring
        self._suite = suite
        self._file = file
        self._seen = _mark(file)
        self._looked = time.monotonic()
        self._known: dict[tuple[bytes, str], bytes] = {}

    @property
    def _ring(self) -> KeyRing:
        if self._file is not None and time.monotonic() - self._looked > FRESH_SECONDS:
            self._look_again()
        return self._held

    def _look_again(self) -> None:
        """Take what the file holds now. One that is lost, damaged or of another service changes nothing."""
        self._looked = time.monotonic()
        if self._file is None or (mark := _mark(self._file)) in {None, self._seen}:
            return
        try:
            ring = KeyRing.load(self._file)
        except (KeyRingError, OSError):
            return
        if ring.blind_root == self._held.blind_root:
            self._held, self._seen = ring, mark

    def encrypt(self, value: str | bytes, *, table: str, column: str, row: UUID) -> bytes:
        """Encrypt a field for one place: table, column and row."""
        plain = value.encode() if isinstance(value, str) else value
        active = self._ring.active
        head = bytes([_VERSION, self._suite]) + active.to_bytes(2) + secrets.token_bytes(_NONCE)
        key = self._key(active, self._suite)
        return head + _seal(self._suite, key, head[4:], plain, _bound(head, table, column, row))

    def decrypt_bytes(self, cipher: bytes, *, table: str, column: str, row: UUID) -> bytes:
        """Decrypt a field at its place; CryptoError when it was changed or moved."""
        if len(cipher) < _HEAD + _TAG or cipher[0] != _VERSION or cipher[1] not in _SIZES:
            raise CryptoError("not an encrypted field of this version")
        head, suite = cipher[:_HEAD], Suite(cipher[1])
        key = self._key(int.from_bytes(head[2:4]), suite)
        try:
            return _open(suite, key, head[4:], cipher[_HEAD:], _bound(head, table, column, row))
        except InvalidTag:
            raise CryptoError(f"{table}.{column} of {row}: changed, or of another row") from None

    def decrypt(self, cipher: bytes, *, table: str, column: str, row: UUID) -> str:
        """`decrypt_bytes`, as text."""
        return self.decrypt_bytes(cipher, table=table, column=column, row=row).decode()

    def is_current(self, cipher: bytes) -> bool:
        """Whether a field is under the active key and suite: what a rotation has still to rewrite is not."""
        return cipher[1:2] == bytes([self._suite]) and int.from_bytes(cipher[2:4]) == self._ring.active

    def blind(self, field: str, normalized: str) -> bytes:
        """What seals a value, or tells two apart, for the ring's life: HMAC-SM3 under the field's own key."""
        return _hmac_sm3(self._drawn(self._ring.blind_root, f"blind|{field}"), normalized.encode())

    def index(self, field: str, normalized: str) -> Index:
        """The blind index of a person's field: HMAC-SM3 under the field's own key, which is rotated."""
        ring = self._ring
        keys = ring.indexes
        found = {kid: self._indexed(ring, kid, field, normalized) for kid in set(keys.roles().values())}
        beside = None if keys.beside is None else found[keys.beside]
        return Index(found[keys.active], beside, tuple(found[kid] for kid in sorted(found)))

    def _indexed(self, ring: KeyRing, kid: int, field: str, normalized: str) -> bytes:
        """The number of its key stands before an index, but for the first: they were stored without."""
        mark = b"" if kid == 1 else kid.to_bytes(2)
        return mark + _hmac_sm3(self._drawn(ring.index_key(kid), f"blind|{field}"), normalized.encode())

    def _key(self, kid: int, suite: Suite) -> bytes:
        """The key of a suite, drawn from the ring's key so that no key serves two ciphers."""
        if kid not in self._ring.keys:
            self._look_again()
        if kid not in self._ring.keys:
            raise CryptoError(f"no key {kid} in the ring")
        return self._drawn(self._ring.keys[kid], f"field|{suite.name}")[: _SIZES[suite]]

    def _drawn(self, key: bytes, purpose: str) -> bytes:
        """A key drawn from another for one purpose: there are few, and each is drawn once."""
        found = self._known.get((key, purpose))
        if found is None:
            found = self._known[key, purpose] = _hmac_sm3(key, purpose.encode())
        return found


def _mark(path: Path | None) -> tuple[int, int] | None:
    """What changes when a file is replaced."""
    try:
        status = path.stat() if path else None
    except OSError:
        return None
    return (status.st_ino, status.st_mtime_ns) if status else None


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _encoded(keys: Mapping[int, bytes]) -> dict[str, str]:
    return {str(kid): base64.b64encode(key).decode() for kid, key in keys.items()}


def _decoded(keys: Mapping[str, str]) -> dict[int, bytes]:
    return {int(kid): base64.b64decode(key, validate=True) for kid, key in keys.items()}


def _fingerprint(name: str, key: bytes) -> str:
    return _hmac_sm3(key, f"fingerprint|{name}".encode())[:8].hex()


def _hmac_sm3(key: bytes, data: bytes) -> bytes:
    mac = HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()


def _bound(head: bytes, table: str, column: str, row: UUID) -> bytes:
    """What the tag covers beside the ciphertext: the header and the field's place."""
    return head + f"{table}|{column}|{row}".encode()


def _seal(suite: Suite, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    if suite is Suite.AES_256_GCM:
        return AESGCM(key).encrypt(nonce, plain, bound)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _open(suite: Suite, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    if suite is Suite.AES_256_GCM:
        return AESGCM(key).decrypt(nonce, sealed, bound)
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()


def mask_phone(value: str) -> str:
    """`138****5678`, `020-****1234`: the last four digits and the operator or area."""
    area, dash, local = value.partition("-")
    if dash:
        return f"{area}-****{local.partition('-')[0][-4:]}"
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 10 else "****"


def mask_id_number(value: str) -> str:
    """The last four only: the first six and the birth date would name the person again."""
    return "*" * max(len(value) - 4, 0) + value[-4:] if len(value) > 4 else "****"


def mask_name(value: str) -> str:
    """`张*`, `欧**`: the first character and as many stars as follow, at most two."""
    value = value.strip()
    return value[:1] + "*" * min(max(len(value) - 1, 1), 2)
