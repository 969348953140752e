"""A check of JSON against the schemas of an OpenAPI 3.1 document: the keywords that our document uses.

A keyword that it does not know is an error, so that nothing passes unread."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

Schema = dict[str, Any] | bool
Document = dict[str, Any]

TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}


def _instant(text: str) -> datetime:
    """RFC 3339 as we write it: UTC with Z, up to microseconds."""
    if not re.fullmatch(r"[0-9-]{10}T[0-9:]{8}(\.[0-9]{1,6})?Z", text):
        raise ValueError(text)
    return datetime.fromisoformat(text[:19])


FORMATS: dict[str, Callable[[str], Any]] = {
    "uuid": UUID,
    "date": date.fromisoformat,
    "date-time": _instant,
    "uri": urlsplit,
    "uri-reference": urlsplit,
    "password": str,
    "binary": str,
    "byte": str,
}
BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda v, bound: not TYPES["number"](v) or v >= bound,
    "maximum": lambda v, bound: not TYPES["number"](v) or v <= bound,
    "exclusiveMinimum": lambda v, bound: not TYPES["number"](v) or v > bound,
    "exclusiveMaximum": lambda v, bound: not TYPES["number"](v) or v < bound,
    "minLength": lambda v, bound: not isinstance(v, str) or len(v) >= bound,
    "maxLength": lambda v, bound: not isinstance(v, str) or len(v) <= bound,
    "minItems": lambda v, bound: not isinstance(v, list) or len(v) >= bound,
    "maxItems": lambda v, bound: not isinstance(v, list) or len(v) <= bound,
    "minProperties": lambda v, bound: not isinstance(v, dict) or len(v) >= bound,
    "uniqueItems": lambda v, wanted: (
        not (wanted and isinstance(v, list)) or len({repr(i) for i in v}) == len(v)
    ),
    "pattern": lambda v, pattern: not isinstance(v, str) or re.search(pattern, v) is not None,
    "enum": lambda v, values: v in values,
    "const": lambda v, value: v == value,
}
NOTES = frozenset(
    {"title", "description", "example", "examples", "default", "deprecated", "readOnly", "writeOnly"}
    | {"discriminator", "contentMediaType", "contentEncoding"}
)


def faults(document: Document, schema: Schema, value: Any, where: str = "") -> list[str]:
    """What is wrong with a value, each with its place; nothing when it fits."""
    if isinstance(schema, bool):
        return [] if schema else [f"{where}: nothing is allowed here"]
    found: list[str] = []
    for keyword, given in schema.items():
        if keyword in NOTES or keyword.startswith("x-"):
            continue
        if keyword in BOUNDS:
            found += (
                [] if BOUNDS[keyword](value, given) else [f"{where}: {value!r} breaks {keyword} {given!r}"]
            )
        else:
            found += CHECKS[keyword](document, schema, given, value, where)
    return found


def _reference(document: Document, _: Any, given: str, value: Any, where: str) -> list[str]:
    target: Any = document
    for part in given.removeprefix("#/").split("/"):
        target = target[part.replace("~1", "/").replace("~0", "~")]
    return faults(document, target, value, where)


def _type(_document: Document, _: Any, given: str | list[str], value: Any, where: str) -> list[str]:
    allowed = given if isinstance(given, list) else [given]
    return [] if any(TYPES[kind](value) for kind in allowed) else [f"{where}: {value!r} is no {given}"]


def _format(_document: Document, _: Any, given: str, value: Any, where: str) -> list[str]:
    if not isinstance(value, str):
        return []
    try:
        FORMATS[given](value)
    except ValueError:
        return [f"{where}: {value!r} is no {given}"]
    return []


def _properties(document: Document, _: Any, given: dict[str, Schema], value: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [
        fault
        for name, inner in given.items()
        if name in value
        for fault in faults(document, inner, value[name], f"{where}/{name}")
    ]


def _additional(document: Document, schema: Any, given: Schema, value: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    surplus = value.keys() - schema.get("properties", {}).keys()
    return [f for name in sorted(surplus) for f in faults(document, given, value[name], f"{where}/{name}")]


def _required(_document: Document, _: Any, given: list[str], value: Any, where: str) -> list[str]:
    missing = [name for name in given if name not in value] if isinstance(value, dict) else []
    return [f"{where}: {name} is missing" for name in missing]


def _items(document: Document, _: Any, given: Schema, value: Any, where: str) -> list[str]:
    items = value if isinstance(value, list) else []
    return [
        f for number, item in enumerate(items) for f in faults(document, given, item, f"{where}/{number}")
    ]


def _tuple(document: Document, _: Any, given: list[Schema], value: Any, where: str) -> list[str]:
    pairs = zip(given, value, strict=False) if isinstance(value, list) else ()
    return [f for n, (inner, item) in enumerate(pairs) for f in faults(document, inner, item, f"{where}/{n}")]


def _names(document: Document, _: Any, given: Schema, value: Any, where: str) -> list[str]:
    names = value if isinstance(value, dict) else {}
    return [f for name in names for f in faults(document, given, name, f"{where}/{name}")]


def _all(document: Document, _: Any, given: list[Schema], value: Any, where: str) -> list[str]:
    return [f for option in given for f in faults(document, option, value, where)]


def _any(document: Document, _: Any, given: list[Schema], value: Any, where: str) -> list[str]:
    tried = [faults(document, option, value, where) for option in given]
    return [] if [] in tried else min(tried, key=len)


def _one(document: Document, schema: Any, given: list[Schema], value: Any, where: str) -> list[str]:
    tag = schema.get("discriminator")
    if tag and isinstance(value, dict) and value.get(tag["propertyName"]) in tag.get("mapping", {}):
        chosen = tag["mapping"][value[tag["propertyName"]]]
        return _reference(document, schema, chosen, value, where)
    fitting = [faults(document, option, value, where) for option in given].count([])
    return [] if fitting == 1 else [f"{where}: fits {fitting} of {len(given)} options"]


CHECKS: dict[str, Callable[[Document, Any, Any, Any, str], list[str]]] = {
    "$ref": _reference,
    "type": _type,
    "format": _format,
    "properties": _properties,
    "additionalProperties": _additional,
    "required": _required,
    "items": _items,
    "prefixItems": _tuple,
    "propertyNames": _names,
    "allOf": _all,
    "anyOf": _any,
    "oneOf": _one,
}
