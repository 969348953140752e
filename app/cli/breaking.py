"""What in a new OpenAPI document breaks a client that was written for an older one.

What a client sends may be widened, never narrowed; what it reads may gain, never lose. Enumerations are open
for reading (docs/http.md), so a new value passes; a value that is gone does not. Words and examples are not
looked at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

Schema = dict[str, Any]
METHODS: Final = ("get", "put", "post", "patch", "delete")
_NARROWER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "maximum": lambda old, new: new < old,
    "exclusiveMaximum": lambda old, new: new < old,
    "maxLength": lambda old, new: new < old,
    "maxItems": lambda old, new: new < old,
    "maxProperties": lambda old, new: new < old,
    "minimum": lambda old, new: new > old,
    "exclusiveMinimum": lambda old, new: new > old,
    "minLength": lambda old, new: new > old,
    "minItems": lambda old, new: new > old,
    "minProperties": lambda old, new: new > old,
    "pattern": lambda old, new: new != old,
    "uniqueItems": lambda old, new: new and not old,
}
"""Bounds of what is sent, and when the new one is the narrower."""
WORDS: Final = frozenset(
    {
        "description",
        "summary",
        "title",
        "example",
        "examples",
        "tags",
        "x-enum-descriptions",
        "x-enum-varnames",
    }
    | {"license", "deprecated", "x-displayName", "discriminator"}
)
_NAMED: Final = frozenset({"properties", "schemas", "paths", "responses", "headers", "webhooks"})
"""Keywords below which the keys are names."""


@dataclass(frozen=True, slots=True)
class Break:
    """One reason why an older client may fail: the rule, where, and what became of it."""

    rule: str
    where: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}" + (f" ({self.what})" if self.what else "")


def allowed(old: Schema, new: Schema) -> bool:
    """Whether the version tells clients to look: its first number is greater (Semantic Versioning 2.0)."""
    first = [int(document["info"]["version"].split(".")[0]) for document in (old, new)]
    return first[1] > first[0]


def bare(part: Any, *, named: bool = False) -> Any:
    """A document without words and examples: all that can break, and small enough to keep. `named` is true
    for an object whose keys are names of ours, which may well be `title`."""
    if isinstance(part, list):
        return [bare(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    return {
        key: bare(inner, named=not named and key in _NAMED)
        for key, inner in part.items()
        if named or key not in WORDS
    }


def breaks(old: Schema, new: Schema) -> list[Break]:
    """Everything in the new document that a client of the old one may stumble over."""
    found = dict.fromkeys(_Comparison(old, new).all())
    return sorted(found, key=lambda entry: (entry.where, entry.rule, entry.what))


class _Comparison:
    """Two documents, and the pairs of schemas that were compared already."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old, self.new = old, new
        self.seen: set[tuple[str, str, bool]] = set()

    def all(self) -> Iterator[Break]:
        before, after = _operations(self.old), _operations(self.new)
        for key, operation in before.items():
            where = f"{key[1].upper()} {key[0]}"
            if key not in after:
                yield Break("operation removed", where, operation.get("operationId", ""))
            else:
                yield from self._operation(operation, after[key], where)
        for name, item in self.old.get("webhooks", {}).items():
            if name not in self.new.get("webhooks", {}):
                yield Break("event removed", name)
            else:
                sent, sends = (_body(w["post"]) for w in (item, self.new["webhooks"][name]))
                yield from self._read(sent, sends, f"event {name}")

    def _operation(self, old: Schema, new: Schema, where: str) -> Iterator[Break]:
        if old.get("operationId") != new.get("operationId"):
            yield Break("operationId changed", where, f"{old.get('operationId')} → {new.get('operationId')}")
        if not old.get("security") and new.get("security"):
            yield Break("sign-in now required", where)
        if old.get("x-permission") != new.get("x-permission") and new.get("x-permission") != "public":
            yield Break("permission changed", where, f"{old.get('x-permission')} → {new.get('x-permission')}")
        yield from self._parameters(old, new, where)
        yield from self._request(old.get("requestBody"), new.get("requestBody"), where)
        for status, answer in old.get("responses", {}).items():
            if status not in new.get("responses", {}):
                yield Break("response status removed", where, status)
            else:
                given, gives = _at(self.old, answer), _at(self.new, new["responses"][status])
                yield from self._answer(given, gives, f"{where} → {status}")

    def _parameters(self, old: Schema, new: Schema, where: str) -> Iterator[Break]:
        before = {(p["in"], _key(p, old)): p for p in old.get("parameters", [])}
        after = {(p["in"], _key(p, new)): p for p in new.get("parameters", [])}
        for key, parameter in before.items():
            at = f"{where} {key[0]} {parameter['name']}"
            if key not in after:
                yield Break("parameter removed", at)
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield Break("parameter now required", at)
            yield from self._sent(parameter["schema"], after[key]["schema"], at)
        for key in after.keys() - before.keys():
            if after[key].get("required"):
                yield Break("required parameter added", f"{where} {key[0]} {after[key]['name']}")

    def _request(self, old: Schema | None, new: Schema | None, where: str) -> Iterator[Break]:
        if old is None or new is None:
            if old is None and new is not None and new.get("required"):
                yield Break("body now required", where)
            if new is None and old is not None:
                yield Break("body no longer taken", where)
            return
        if new.get("required") and not old.get("required"):
            yield Break("body now required", where)
        for media, content in old["content"].items():
            if media not in new["content"]:
                yield Break("request media type removed", where, media)
            else:
                yield from self._sent(
                    content.get("schema", {}), new["content"][media].get("schema", {}), f"{where} body"
                )

    def _answer(self, old: Schema, new: Schema, where: str) -> Iterator[Break]:
        for name in old.get("headers", {}).keys() - new.get("headers", {}).keys():
            yield Break("response header removed", where, name)
        for media, content in old.get("content", {}).items():
            if media not in new.get("content", {}):
                yield Break("response media type removed", where, media)
            else:
                yield from self._read(
                    content.get("schema", {}), new["content"][media].get("schema", {}), where
                )

    def _sent(self, old: Schema, new: Schema, where: str) -> Iterator[Break]:
        yield from self._schema(old, new, where, sent=True)

    def _read(self, old: Schema, new: Schema, where: str) -> Iterator[Break]:
        yield from self._schema(old, new, where, sent=False)

    def _schema(self, old: Schema, new: Schema, where: str, *, sent: bool) -> Iterator[Break]:
        if "$ref" in old and "$ref" in new:
            pair = (old["$ref"], new["$ref"], sent)
            if pair in self.seen:
                return
            self.seen.add(pair)
            where = old["$ref"].rsplit("/", 1)[-1]
        before, after = _flat(self.old, old), _flat(self.new, new)
        yield from _types(before, after, where, sent=sent)
        yield from self._options(before, after, where, sent=sent)
        yield from _values(before, after, where, sent=sent)
        yield from self._fields(before, after, where, sent=sent)
        if "items" in before and "items" in after:
            yield from self._schema(before["items"], after["items"], f"{where}[]", sent=sent)
        inner = [part.get("additionalProperties", True) for part in (before, after)]
        if isinstance(inner[0], dict) and isinstance(inner[1], dict):
            yield from self._schema(inner[0], inner[1], f"{where}.*", sent=sent)
        elif sent and inner[0] is not False and inner[1] is False:
            yield Break("other fields no longer taken", where)

    def _options(self, before: Schema, after: Schema, where: str, *, sent: bool) -> Iterator[Break]:
        """Where one of several may stand: found again by what each refers to, or by its type."""
        olds, news = (
            {_name(option): option for option in part.get("options", [])} for part in (before, after)
        )
        for name in olds.keys() & news.keys():
            yield from self._schema(olds[name], news[name], f"{where}|{name}", sent=sent)
        for name in sorted((olds.keys() - news.keys()) if sent else (news.keys() - olds.keys())):
            if olds and news:
                yield Break("option no longer taken" if sent else "option added to what is read", where, name)

    def _fields(self, before: Schema, after: Schema, where: str, *, sent: bool) -> Iterator[Break]:
        olds, news = before.get("properties", {}), after.get("properties", {})
        required = [set(part.get("required", ())) for part in (before, after)]
        for name, inner in olds.items():
            if name not in news:
                yield Break("field removed", f"{where}.{name}")
                continue
            if sent and name in required[1] - required[0]:
                yield Break("field now required", f"{where}.{name}")
            if not sent and name in required[0] - required[1]:
                yield Break("field no longer always there", f"{where}.{name}")
            yield from self._schema(inner, news[name], f"{where}.{name}", sent=sent)
        if sent:
            for name in sorted((news.keys() - olds.keys()) & required[1]):
                yield Break("required field added", f"{where}.{name}")


def _types(before: Schema, after: Schema, where: str, *, sent: bool) -> Iterator[Break]:
    old, new = before["types"], after["types"]
    if sent and new and old - new - ({"integer"} if "number" in new else set()):
        yield Break("type narrowed", where, f"{_list(old)} → {_list(new)}")
    if sent and new and not old:
        yield Break("type narrowed", where, f"any → {_list(new)}")
    if not sent and old and (not new or new - old - ({"integer"} if "number" in old else set())):
        yield Break("type of what is read widened", where, f"{_list(old)} → {_list(new)}")
    if before.get("format") != after.get("format") and (not sent or after.get("format")):
        yield Break("format changed", where, f"{before.get('format')} → {after.get('format')}")


def _values(before: Schema, after: Schema, where: str, *, sent: bool) -> Iterator[Break]:
    old, new = before.get("values"), after.get("values")
    if old is not None and new is not None and (gone := [value for value in old if value not in new]):
        yield Break("value removed", where, _list(gone))
    if sent and old is None and new is not None:
        yield Break("only some values are taken now", where, _list(new))
    if not sent and old is not None and new is None:
        yield Break("values no longer listed", where)
    if sent:
        for bound, narrower in _NARROWER.items():
            if bound in after and (bound not in before or narrower(before[bound], after[bound])):
                yield Break("bound narrowed", where, f"{bound} {before.get(bound)} → {after[bound]}")


def _flat(document: Schema, schema: Schema | bool) -> Schema:
    """A schema with its reference followed and its null apart: `types`, `values`, `options`."""
    if isinstance(schema, bool):
        schema = {} if schema else {"enum": []}
    schema = _at(document, schema)
    for part in schema.get("allOf", []):
        schema = {**_at(document, part), **{k: v for k, v in schema.items() if k != "allOf"}}
    given: list[Schema] = schema.get("anyOf") or schema.get("oneOf") or []
    real = [option for option in given if _at(document, option).get("type") != "null"]
    null = {"null"} if len(real) < len(given) else set()
    if len(real) == 1:
        inner = _flat(document, real[0])
        return {**inner, "types": inner["types"] | null}
    types = schema.get("type", [])
    found = {**schema, "types": {types} if isinstance(types, str) else set(types)}
    if real:
        found |= {"options": real, "types": {t for o in real for t in _flat(document, o)["types"]} | null}
    if "const" in schema or "enum" in schema:
        found["values"] = [schema["const"]] if "const" in schema else schema["enum"]
    return found


def _at(document: Schema, part: Schema) -> Schema:
    while "$ref" in part:
        target: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        part = target
    return part


def _operations(document: Schema) -> dict[tuple[str, str], Schema]:
    """Operations by address, where the name of what stands in braces does not matter, and method."""
    return {
        ("/".join("{}" if s.startswith("{") else s for s in path.split("/")), method): {
            **item[method],
            "address": path,
        }
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def _key(parameter: Schema, operation: Schema) -> str:
    """A parameter's name; one in the address by its place, since clients need not know its name."""
    if parameter["in"] == "path":
        return str(operation["address"].split("/").index("{" + parameter["name"] + "}"))
    return str(parameter["name"]).lower() if parameter["in"] == "header" else str(parameter["name"])


def _body(operation: Schema) -> Schema:
    found: Schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return found


def _name(option: Schema) -> str:
    return str(option.get("$ref", option.get("const", option.get("type", "")))).rsplit("/", 1)[-1]


def _list(values: Any) -> str:
    return ", ".join(sorted(map(str, values))) or "any"
