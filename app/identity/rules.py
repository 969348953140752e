"""Who a caller is: tokens, passwords, one-time codes, and which roles one user may hold."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import quote
from uuid import UUID

PASSWORD_MIN, PASSWORD_MAX = 12, 128
TRIES, TRIES_WINDOW_SECONDS = 10, 15 * 60
TOTP_STEP_SECONDS, TOTP_DIGITS, TOTP_SECRET_BYTES = 30, 6, 20
TOKEN_BYTES = 32
API_KEY_DAYS, API_KEY_MAX_DAYS = 365, 730


class UserKind(StrEnum):
    """A person signs in; a machine holds API keys."""

    PERSON = "person"
    MACHINE = "machine"


class UserState(StrEnum):
    """A disabled user keeps its rows and loses every session and key at once."""

    ACTIVE = "active"
    DISABLED = "disabled"


class GrantState(StrEnum):
    """A requested grant waits for a second person; a revoked one stays as history."""

    REQUESTED = "requested"
    ACTIVE = "active"
    REVOKED = "revoked"


class Carrier(StrEnum):
    """How a session travels."""

    BEARER = "bearer"
    COOKIE = "cookie"


class Segregation(StrEnum):
    """Groups of roles of which one user holds one at a time (GB/T 22239-2019 8.1.5: three administrators)."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"
    BUSINESS = "business"


_ADMINISTRATORS = {
    "system_admin": Segregation.SYSTEM,
    "security_admin": Segregation.SECURITY,
    "audit_admin": Segregation.AUDIT,
}


def segregation(role: str) -> Segregation:
    """The group of a role: each administrator stands alone, and none of them holds a business role."""
    return _ADMINISTRATORS.get(role, Segregation.BUSINESS)


_LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}", re.ASCII)


def login_name_fits(name: str) -> bool:
    """Whether a folded login name has the form that accounts are found by."""
    return _LOGIN_NAME.fullmatch(name) is not None


def kind_fits(kind: str, *, machine_role: bool) -> bool:
    """Machines hold machine roles only, and people none of them."""
    return (kind == UserKind.MACHINE) == machine_role


# ------------------------------------------------------------------------------------------------- tokens


class TokenKind(StrEnum):
    """The prefix of a token: what it opens can be seen before it is looked up."""

    SESSION = "jcs"
    API_KEY = "jck"


@dataclass(frozen=True, slots=True)
class Token:
    """A presented token: the row it names and the digest that the row must hold."""

    kind: TokenKind
    id: UUID
    digest: bytes


_TOKEN = re.compile(r"(jcs|jck)_([0-9a-f]{32})\.([A-Za-z0-9_-]{43})", re.ASCII)


def digest(secret: str) -> bytes:
    """SHA-256 of a token's secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def issue(kind: TokenKind, row: UUID, entropy: bytes) -> tuple[str, bytes]:
    """The text a caller keeps, and the digest that is stored."""
    secret = base64.urlsafe_b64encode(entropy).rstrip(b"=").decode()
    return f"{kind}_{row.hex}.{secret}", digest(secret)


def read_token(text: str) -> Token | None:
    """The parts of a token, or None for anything that is not one."""
    match = _TOKEN.fullmatch(text)
    return Token(TokenKind(match[1]), UUID(match[2]), digest(match[3])) if match else None


# ---------------------------------------------------------------------------------------------- passwords


class PasswordFault(StrEnum):
    """Why a password is not taken (ASVS 5.0, 6.2: length, context, common ones; no rules of composition)."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    CONTAINS_NAME = "contains_name"
    TOO_COMMON = "too_common"


_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_WORDS = re.compile(
    r"passw[o0]rd|jiceng|dangjian|dangyuan|shehuizuzhi|zhongguo|woaini|qwerty|administrator|letmein|welcome"
    r"|iloveyou|changeme|基层|党建|党员|社会组织|密码"
)


def password_faults(password: str, names: tuple[str, ...]) -> tuple[PasswordFault, ...]:
    """Every reason against a new password; `names` are the owner's own names."""
    faults = []
    folded = password.casefold()
    if len(password) < PASSWORD_MIN:
        faults.append(PasswordFault.TOO_SHORT)
    if len(password) > PASSWORD_MAX:
        faults.append(PasswordFault.TOO_LONG)
    if any(len(name) >= 3 and name.casefold() in folded for name in names):
        faults.append(PasswordFault.CONTAINS_NAME)
    if len(set(folded)) < 5 or len(_without_patterns(folded)) < 6:
        faults.append(PasswordFault.TOO_COMMON)
    return tuple(faults)


def _without_patterns(folded: str) -> str:
    """What remains of a password when common words, keyboard rows, years and repetitions are taken away."""
    rest = _WORDS.sub("", folded[:PASSWORD_MAX])
    for row in _ROWS:
        for line in (row, row[::-1]):
            for start in range(len(line) - 3):
                for end in range(len(line), start + 3, -1):
                    rest = rest.replace(line[start:end], "")
    rest = re.sub(r"(?:19|20)\d\d", "", rest)
    return re.sub(r"(.)\1+", r"\1", rest)


# --------------------------------------------------------------------------------------- one-time codes


def totp(secret: bytes, step: int) -> str:
    """The code of one 30-second step (RFC 6238 over RFC 4226: HMAC-SHA-1, six digits)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**TOTP_DIGITS).zfill(TOTP_DIGITS)


def totp_step(at: datetime) -> int:
    """The step in which an instant lies."""
    return int(at.timestamp()) // TOTP_STEP_SECONDS


def accepted_step(secret: bytes, code: str, at: datetime, last: int | None) -> int | None:
    """The step of a code: this one or a neighbour, and later than the last one used (RFC 6238 5.2)."""
    found = None
    for step in range(totp_step(at) - 1, totp_step(at) + 2):
        if hmac.compare_digest(totp(secret, step).encode(), code.encode()) and (last is None or step > last):
            found = step
    return found


def provisioning_uri(login_name: str, secret: bytes) -> str:
    """The `otpauth:` address that an authenticator reads from a QR code."""
    label = quote(f"Jiceng:{login_name}", safe="")
    text = base64.b32encode(secret).decode()
    options = f"issuer=Jiceng&algorithm=SHA1&digits={TOTP_DIGITS}&period={TOTP_STEP_SECONDS}"
    return f"otpauth://totp/{label}?secret={text}&{options}"


# -------------------------------------------------------------------------------------------------- grants


class PeriodFault(StrEnum):
    """Why the days of a grant are refused."""

    EMPTY = "empty"
    PAST = "past"


def grant_period_fault(from_on: date, until_on: date | None, today: date) -> PeriodFault | None:
    """A grant holds from its first day until, not including, its last; it never began before it was given."""
    if from_on < today:
        return PeriodFault.PAST
    return PeriodFault.EMPTY if until_on is not None and until_on <= from_on else None


# -------------------------------------------------------------------------------------------------- sign-on

ATTEMPT_SECONDS = 600
MOST_VALUES = 1000
REQUIRED_SCOPE = "openid"


class ProviderState(StrEnum):
    """A suspended provider opens nothing: neither new sign-ons, nor its tokens, nor sessions made by it."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class ClientAuthentication(StrEnum):
    """How the client's secret travels to the token endpoint (OpenID Connect Core 1.0 §9)."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"


class Match(StrEnum):
    """How a rule compares a claim: no regular expressions, whose cost a provider's users could choose."""

    EQUALS = "equals"
    STARTS_WITH = "starts_with"


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """Whoever has this value in this claim holds the role."""

    claim: str
    match: str
    value: str


def claim_values(claims: Mapping[str, object], claim: str) -> tuple[str, ...]:
    """The texts of a claim, or of the members of an array; a pointer (RFC 6901) names a nested one."""
    found: object = claims
    steps = [s.replace("~1", "/").replace("~0", "~") for s in claim.split("/")[1:]]
    for step in steps if claim.startswith("/") else [claim]:
        if not isinstance(found, Mapping) or step not in found:
            return ()
        found = found[step]
    members = found[:MOST_VALUES] if isinstance(found, list) else [found]
    return tuple(
        str(member).lower() if isinstance(member, bool) else str(member)
        for member in members
        if isinstance(member, str | int)
    )


def holds(rule: ClaimRule, claims: Mapping[str, object]) -> bool:
    """Whether a rule gives its role to whoever has these claims."""
    values = claim_values(claims, rule.claim)
    if rule.match == Match.STARTS_WITH:
        return any(value.startswith(rule.value) for value in values)
    return rule.value in values


def one_group(roles: Iterable[str]) -> bool:
    """Whether roles may be held together: all of one segregation group."""
    return len({segregation(role) for role in roles}) <= 1


def challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
