"""Standard Webhooks 1.0, in and out: HMAC over `id.timestamp.body` of the raw bytes.

`v1` is HMAC-SHA256 as the specification has it; `v1sm3` is HMAC-SM3 (GB/T 32905-2016) for sites that must use
national algorithms. Several secrets may be valid at once: a secret is changed without a lost message.
"""

import base64
import binascii
import hmac
import re
import secrets as random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

TOLERANCE: Final = timedelta(seconds=300)
PREFIX: Final = "whsec_"
HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")
_MOST_SIGNATURES = 16
_ID = re.compile(r"[!-,\-/-~]{1,256}")  # visible ASCII without a full stop, which divides the signed text
_TIMESTAMP = re.compile("[1-9][0-9]{0,11}")


class Scheme(StrEnum):
    """The name of an algorithm before the comma of a signature."""

    SHA256 = "v1"
    SM3 = "v1sm3"


class Signed(NamedTuple):
    """The headers of a message: its id, its stamp, and the signatures that it came with."""

    id: str
    timestamp: int
    signatures: Sequence[bytes]


class SignatureRefused(Exception):  # noqa: N818 (a refusal, as in `errors`)
    """Why a message is not believed: missing_header, malformed, too_old, too_new or no_match."""

    def __init__(self, code: str) -> None:
        """Keep the code; the message holds nothing that was sent."""
        super().__init__(code)
        self.code = code


def new_secret(size: int = 32) -> str:
    """A fresh random secret of 24 to 64 bytes, as `whsec_` and base64."""
    return PREFIX + base64.b64encode(random.token_bytes(size)).decode()


def key_of(secret: str) -> bytes:
    """The bytes of a secret; ValueError unless they are 24 to 64 bytes of strict base64."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a webhook secret is whsec_ and base64") from None
    if not 24 <= len(key) <= 64:
        raise ValueError("a webhook secret has 24 to 64 bytes")
    return key


def signature(
    secret: str, message_id: str, timestamp: int, body: bytes, scheme: Scheme = Scheme.SHA256
) -> str:
    """One signature, such as `v1,K5oZ…=`."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    if scheme is Scheme.SHA256:
        code = hmac.digest(key_of(secret), signed, "sha256")
    else:
        mac = HMAC(key_of(secret), hashes.SM3())
        mac.update(signed)
        code = mac.finalize()
    return f"{scheme},{base64.b64encode(code).decode()}"


def sign(
    secrets: Sequence[str], message_id: str, timestamp: datetime, body: bytes, scheme: Scheme = Scheme.SHA256
) -> dict[str, str]:
    """The three headers of a message, with one signature per secret."""
    if _ID.fullmatch(message_id) is None:
        raise ValueError("a message id is visible ASCII without a full stop")
    seconds = int(timestamp.timestamp())
    signatures = (signature(secret, message_id, seconds, body, scheme) for secret in secrets)
    return dict(zip(HEADERS, (message_id, str(seconds), " ".join(signatures)), strict=True))


def verify(
    secrets: Sequence[str],
    headers: Iterable[tuple[str, str]],
    body: bytes,
    now: datetime,
    *,
    tolerance: timedelta = TOLERANCE,
    schemes: frozenset[Scheme] = frozenset(Scheme),
) -> str:
    """The id of a message that one of the secrets signed, or SignatureRefused.

    Takes header pairs, not a mapping: a header that comes twice is malformed, not the last one's.
    """
    signed = read(headers, now, tolerance=tolerance)
    if not any(matches(secret, signed, body, schemes) for secret in secrets):
        raise SignatureRefused("no_match")
    return signed.id


def read(headers: Iterable[tuple[str, str]], now: datetime, *, tolerance: timedelta = TOLERANCE) -> Signed:
    """What the headers of a message say, or SignatureRefused; whether a secret signed it is still to see."""
    message_id, timestamp, signatures = _headers(headers)
    if _ID.fullmatch(message_id) is None or _TIMESTAMP.fullmatch(timestamp) is None:
        raise SignatureRefused("malformed")
    age = now.timestamp() - int(timestamp)
    if abs(age) > tolerance.total_seconds():
        raise SignatureRefused("too_old" if age > 0 else "too_new")
    return Signed(message_id, int(timestamp), _signatures(signatures))


def matches(secret: str, signed: Signed, body: bytes, schemes: frozenset[Scheme] = frozenset(Scheme)) -> bool:
    """Whether a secret made one of the signatures, by one of the schemes."""
    matched = False
    for scheme in schemes:
        given = [one for one in signed.signatures if one.startswith(f"{scheme},".encode())]
        if given:
            expected = signature(secret, signed.id, signed.timestamp, body, scheme).encode()
            for candidate in given:
                matched |= hmac.compare_digest(expected, candidate)
    return matched


def _headers(headers: Iterable[tuple[str, str]]) -> tuple[str, str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        if (name := name.lower()) in HEADERS:
            if name in found or len(value) > 4096:
                raise SignatureRefused("malformed")
            found[name] = value
    if not all(found.get(name) for name in HEADERS):
        raise SignatureRefused("missing_header")
    return found[HEADERS[0]], found[HEADERS[1]], found[HEADERS[2]]


def _signatures(value: str) -> list[bytes]:
    """The signatures of the header; schemes that are not ours are passed over, as the specification asks."""
    parts = value.split(" ")
    if len(parts) > _MOST_SIGNATURES:
        raise SignatureRefused("malformed")
    for part in parts:
        scheme, comma, _ = part.partition(",")
        if not scheme or not comma or not part.isascii():
            raise SignatureRefused("malformed")
    return [part.encode() for part in parts]
