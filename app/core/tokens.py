"""Signed tokens of identity providers: JWT (RFC 7519) under the rules of RFC 8725 and of ASVS 5.0 chapter 9.

The header never says how a token is checked: the algorithm must be one that the provider is allowed, the
key one of its key set, found by `kid` alone, and every parameter but the known harmless ones is refused.
Symmetric algorithms do not exist here, so a public key can never be a shared secret.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.core import json
from app.core.errors import BadRequest

ALGORITHMS: Final[dict[str, tuple[str, str | None]]] = {
    "RS256": ("RSA", None),
    "RS384": ("RSA", None),
    "RS512": ("RSA", None),
    "PS256": ("RSA", None),
    "PS384": ("RSA", None),
    "PS512": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "Ed25519": ("OKP", "Ed25519"),
}
"""Each algorithm with the type and curve of its keys (RFC 7518 §3.1, RFC 9864 §2.2)."""

LONGEST: Final = 16 * 1024
LEEWAY: Final = timedelta(seconds=60)
MOST_KEYS: Final = 100
SMALLEST_RSA: Final = 2048
_HEADER: Final = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
"""What a header may hold. `jku`, `x5u`, `jwk` and `x5c` would let a token bring its own key, `crit` and `b64`
change what is signed (RFC 7515 §4.1, RFC 7797)."""
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_PART = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_CLASSES: Final[dict[str, type[RSAKey] | type[ECKey] | type[OKPKey]]] = {
    "RSA": RSAKey,
    "EC": ECKey,
    "OKP": OKPKey,
}

Key = RSAKey | ECKey | OKPKey
Claims = dict[str, Any]


class TokenRefused(Exception):  # noqa: N818 (a refusal, as in `errors`)
    """Why a token is not believed; the message holds nothing that was sent."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


class KeySetRefused(Exception):  # noqa: N818 (a refusal, as in `errors`)
    """A key set that is not one; it says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key of a provider, with what its owner says it is for."""

    kind: str
    curve: str | None
    algorithm: str | None
    key: Key


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say. `types` are folded; the empty text among them lets `typ` be absent."""

    issuer: str
    audiences: frozenset[str]
    algorithms: frozenset[str]
    types: frozenset[str]
    key_ids: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    longest: timedelta = timedelta(hours=24)


def read_key_set(body: bytes) -> dict[str, PublicKey]:
    """The signing keys of a JSON Web Key Set by their `kid` (RFC 7517 §5).

    Keys for encryption, symmetric ones, keys without a `kid`, small RSA keys and unknown types are passed
    over; a private key or a `kid` that comes twice makes the set refused. Raises `KeySetRefused`."""
    try:
        found = json.loads(body)
    except BadRequest:
        raise KeySetRefused("not_json") from None
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or len(keys) > MOST_KEYS or not all(isinstance(k, dict) for k in keys):
        raise KeySetRefused("not_a_key_set")
    result: dict[str, PublicKey] = {}
    for fields in keys:
        kid = fields.get("kid")
        if fields.get("use", "sig") != "sig" or not isinstance(kid, str) or fields.get("kty") not in _CLASSES:
            continue
        if _PRIVATE & fields.keys():
            raise KeySetRefused("private_key")
        if kid in result:
            raise KeySetRefused("kid_twice")
        if (key := _read_key(fields)) is not None:
            result[kid] = key
    if not result:
        raise KeySetRefused("no_signing_key")
    return result


def _read_key(fields: Mapping[str, Any]) -> PublicKey | None:
    kind, algorithm = str(fields["kty"]), fields.get("alg")
    operations = fields.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    try:
        key: Key = _CLASSES[kind].import_key(dict(fields))
        small = isinstance(key, RSAKey) and key.public_key.key_size < SMALLEST_RSA
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    curve = fields.get("crv")
    if small or (algorithm is not None and ALGORITHMS.get(str(algorithm)) is None):
        return None
    return PublicKey(kind, None if curve is None else str(curve), algorithm, key)


def claimed_issuer(token: str) -> str | None:
    """The issuer that a token names, before anything of it is believed; None for what is no token."""
    try:
        _, claims, _ = _parts(token)
    except TokenRefused:
        return None
    issuer = claims.get("iss")
    return issuer if isinstance(issuer, str) else None


def key_id(token: str) -> str | None:
    """The `kid` that a token names: whether the key set must be fetched anew."""
    try:
        header, _, _ = _parts(token)
    except TokenRefused:
        return None
    kid = header.get("kid")
    return kid if isinstance(kid, str) else None


def verify(token: str, keys: Mapping[str, PublicKey], expected: Expected, now: datetime) -> Claims:
    """The claims of a token that one of the keys signed and that says what is expected.

    Raises `TokenRefused`."""
    header, claims, text = _parts(token)
    _check_header(header, expected)
    key = keys.get(header["kid"])
    if key is None:
        raise TokenRefused("unknown_key")
    algorithm = header["alg"]
    kind, curve = ALGORITHMS[algorithm]
    if key.kind != kind or (curve or key.curve) != key.curve or (key.algorithm or algorithm) != algorithm:
        raise TokenRefused("key_unfit")
    try:
        jws.deserialize_compact(text, key.key, algorithms=[algorithm])
    except (JoseError, ValueError, TypeError):
        raise TokenRefused("signature") from None
    _check_claims(claims, expected, now)
    return claims


def _check_header(header: Mapping[str, Any], expected: Expected) -> None:
    if not header.keys() <= _HEADER:
        raise TokenRefused("header_parameter")
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "")
    if algorithm not in expected.algorithms or algorithm not in ALGORITHMS:
        raise TokenRefused("algorithm")
    if not isinstance(kid, str) or not 0 < len(kid) <= 256:
        raise TokenRefused("key_id")
    if expected.key_ids and kid not in expected.key_ids:
        raise TokenRefused("key_id")
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in expected.types:
        raise TokenRefused("type")


def _check_claims(claims: Claims, expected: Expected, now: datetime) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("issuer")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or not all(isinstance(a, str) for a in audiences):
        raise TokenRefused("audience")
    if expected.audiences.isdisjoint(audiences):
        raise TokenRefused("audience")
    party = claims.get("azp")
    if expected.parties:
        named = party if party is not None else claims.get("client_id")
        several = len(audiences) > 1
        if (named is None and several) or (named is not None and named not in expected.parties):
            raise TokenRefused("authorized_party")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise TokenRefused("subject")
    ends, made = _instant(claims, "exp"), _instant(claims, "iat")
    begins = _instant(claims, "nbf") if "nbf" in claims else made
    at, leeway = now.timestamp(), LEEWAY.total_seconds()
    if ends <= at - leeway:
        raise TokenRefused("expired")
    if made > at + leeway or begins > at + leeway:
        raise TokenRefused("not_yet")
    longest = expected.longest.total_seconds()
    if made < at - longest or not 0 < ends - made <= longest:
        raise TokenRefused("lifetime")


def _instant(claims: Claims, name: str) -> float:
    """A NumericDate (RFC 7519 §2): a finite number, not a text, not true."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**40:
        raise TokenRefused(f"{name}_missing" if value is None else f"{name}_malformed")
    return float(value)


def _parts(token: str) -> tuple[dict[str, Any], Claims, bytes]:
    """Header, claims and bytes of a compact token; each part canonical base64url, each object strict JSON."""
    parts = token.split(".") if len(token) <= LONGEST and token.isascii() else []
    if len(parts) != 3 or not all(_PART.fullmatch(part) for part in parts):
        raise TokenRefused("malformed")
    header, claims = (_object(part) for part in parts[:2])
    _decoded(parts[2])
    return header, claims, token.encode()


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_decoded(part))
    except BadRequest:
        raise TokenRefused("malformed") from None
    if not isinstance(found, dict):
        raise TokenRefused("malformed")
    return found


def _decoded(part: str) -> bytes:
    """The bytes of a part, of which there is one spelling only (RFC 7515 §2)."""
    try:
        value = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise TokenRefused("malformed") from None
    if base64.urlsafe_b64encode(value).rstrip(b"=").decode() != part:
        raise TokenRefused("malformed")
    return value
