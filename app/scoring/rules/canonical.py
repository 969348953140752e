"""A standard or derivation as JSON that is always the same bytes, and its digest.

Keys sorted, no spaces, UTF-8 as it is (RFC 8785 without its numbers: every number is a string of digits)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.scoring.rules.standard import Standard


def number(value: Decimal) -> str:
    """A decimal without an exponent and without zeros at its end: 20, 0.5, -3."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def plain(value: Any) -> Any:
    """The JSON value of anything that the rules make. What is None or empty by default is left out."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: plain(given) for name, given in pairs if given is not None and given != ()}
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value)}
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value


def canonical(value: Any) -> bytes:
    """The one encoding of a standard, a derivation, or their JSON."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> str:
    """SHA-256 of the one encoding, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def content(standard: Standard) -> dict[str, Any]:
    """A standard as the JSON that is stored and hashed."""
    made: dict[str, Any] = plain(standard)
    return made
