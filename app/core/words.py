"""The words of the wire: what a field or a parameter means wherever it appears, with an example.

`words.txt` beside this file says what is common, each once; a slice may have a `words.txt` of its own. A
field's own description or example goes before a word; a word goes before what its type says, which knows only
its form.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter

from app.core import fields

Schema = dict[str, Any]
FILES: Final = (
    Path(__file__).with_name("words.txt"),
    *sorted(file for file in Path(__file__).parents[1].glob("*/words.txt") if file.parent.name != "core"),
)
_TYPES = (
    *(fields.ShortText, fields.LongText, fields.Name, fields.CodeStr, fields.DivisionCode, fields.CreditCode),
    *(fields.PhoneNumber, fields.Day, fields.Instant, fields.DecimalString, fields.NonNegative),
    *(fields.PositiveInt, fields.Serial, fields.JsonObject, fields.Digest),
)
_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_SUFFIX = re.compile(r"(Read|Item|Create|Created|Update)$")
_FORMS: Final = {
    "uuid": r"[0-9a-f-]{36}$",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "date-time": r"[0-9-]{10}T.*Z$",
}
_JSON_TYPES: Final[dict[str, type]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": float,
    "array": list,
    "object": dict,
    "null": type(None),
}


class Word(NamedTuple):
    """What a name means. `example` is JSON text; empty when it is made from its parts."""

    example: str
    meaning: str


def read() -> dict[str, Word]:
    """Every line of the files by its name. Raises ValueError for a name said twice."""
    found: dict[str, Word] = {}
    for file in FILES:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                name, example, meaning = (part.strip() for part in line.split("|", 2))
                if name in found:
                    raise ValueError(f"{name} is said twice, last in {file.parent.name}/{file.name}")
                found[name] = Word(example, meaning)
    return found


WORDS: Final = read()
_GENERIC: Final = {schema["title"]: schema for schema in (TypeAdapter(kind).json_schema() for kind in _TYPES)}


def say(document: Schema) -> None:
    """Give every field, parameter and tag of the document its meaning and example."""
    schemas: Schema = document["components"]["schemas"]
    for owner, schema in schemas.items():
        if owner in WORDS:
            schema.setdefault("description", WORDS[owner].meaning)
        for found in objects(schema):
            for name, node in found["properties"].items():
                _say(node, (f"{owner}.{name}", name), _identity(owner, name), schemas)
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                _say_parameter(parameter, schemas)
    for tag in document["tags"]:
        if f"@{tag['name']}" in WORDS:
            tag["x-displayName"] = WORDS[f"@{tag['name']}"].meaning


def headline(operation_id: str) -> str | None:
    """The headline of an operation, where the file has one."""
    word = WORDS.get(f"{operation_id}()")
    return word.meaning if word else None


def identifier(thing: str) -> str:
    """The id of a thing in examples: always the same for the same thing, a UUIDv7 by its form."""
    digits = hashlib.sha256(thing.encode()).hexdigest()
    return f"0198a3f2-{digits[:4]}-7{digits[4:7]}-9{digits[7:10]}-{digits[10:22]}"


def objects(schema: Schema) -> Iterator[Schema]:
    """A schema and those written inside it that have properties."""
    if "properties" in schema:
        yield schema
        for inner in schema["properties"].values():
            yield from objects(inner)
            if isinstance(inner.get("items"), dict):
                yield from objects(inner["items"])


def _identity(owner: str, name: str) -> str:
    if name != "id":
        return name.removesuffix("_id").removesuffix("_ids")
    return _WORD.sub("_", _SUFFIX.sub("", owner)).lower()


def _say(node: Schema, names: tuple[str, ...], thing: str, schemas: Schema) -> None:
    known = [WORDS[name] for name in names if name in WORDS]
    generic = _GENERIC.get(node.get("title", ""), {})
    meaning = next((word.meaning for word in known if word.meaning), None)
    if meaning and node.get("description") in {None, generic.get("description")}:
        node["description"] = meaning
    if node.get("examples") in (None, [], generic.get("examples")):
        for shown in _shown(known, node, thing, schemas):
            node["examples"] = [shown]
            break
    if "examples" not in node and "uuid" in _formats(node):
        node["examples"] = [identifier(thing)]


def _say_parameter(parameter: Schema, schemas: Schema) -> None:
    name, schema = parameter["name"], parameter["schema"]
    known = (f"?{name}", name) if parameter["in"] == "query" else (name,)
    _say(schema, known, name.removesuffix("_id"), schemas)
    if "description" in schema:
        parameter.setdefault("description", schema["description"])


def _shown(known: list[Word], node: Schema, thing: str, schemas: Schema) -> Iterator[Any]:
    """The examples of the words that fit what may stand there."""
    for word in known:
        if word.example and "const" not in node and "enum" not in node:
            value = json.loads(word.example)
            if isinstance(value, str) and (named := _named(node, value, thing, schemas)):
                value = named
            if fits(value, node, schemas):
                yield value


def _named(node: Schema, name: str, thing: str, schemas: Schema) -> Schema | None:
    """A reference, `{id, name}` or `{code, name}`, to something of this name."""
    for option in node.get("anyOf", [node]):
        properties = schemas.get(option.get("$ref", "").rsplit("/", 1)[-1], {}).get("properties", {})
        if properties.keys() == {"id", "name"}:
            return {"id": identifier(thing), "name": name}
        if properties.keys() == {"code", "name"}:
            return {"code": "440115", "name": name}
    return None


def fits(value: Any, node: Schema, schemas: Schema) -> bool:
    """Whether a value has the type that a schema asks for; the whole check is the test's."""
    if "$ref" in node:
        node = schemas.get(node["$ref"].rsplit("/", 1)[-1], {})
    if options := node.get("anyOf") or node.get("oneOf"):
        return any(fits(value, option, schemas) for option in options)
    if "enum" in node:
        return bool(value in node["enum"])
    kinds = node.get("type", [])
    allowed = [_JSON_TYPES[kind] for kind in (kinds if isinstance(kinds, list) else [kinds])]
    if allowed and type(value) not in allowed:
        return False
    return _inside_fits(value, node, schemas)


def _inside_fits(value: Any, node: Schema, schemas: Schema) -> bool:
    if isinstance(value, str):
        return _reads(value, node)
    if isinstance(value, list) and value and isinstance(node.get("items"), dict):
        return fits(value[0], node["items"], schemas)
    if isinstance(value, dict) and node.get("properties"):
        return set(value) <= set(node["properties"])
    return True


def _reads(text: str, node: Schema) -> bool:
    form = _FORMS.get(node.get("format", ""), "")
    return bool(re.search(node.get("pattern", ""), text) and re.match(form, text))


def _formats(node: Schema) -> set[str]:
    return {option.get("format", "") for option in node.get("anyOf", [node])}
