"""The OpenAPI document as integrators read it: every problem, permission and example."""

import copy
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from app.core import errors, words
from app.core.access import Permission
from app.core.errors import PROBLEM, Refusal, refusals
from app.core.events import EVENTS

Schema = dict[str, Any]

PROBLEM_SCHEMA: Schema = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong and what to change (RFC 9457). The offending value is never repeated.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/invalid"]},
        "title": {"type": "string", "examples": ["请求中有不符合要求的内容"]},
        "status": {"type": "integer", "examples": [422]},
        "code": {"type": "string", "examples": ["invalid"]},
        "detail": {"type": "string", "examples": ["请补上缺少的字段。"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901", "examples": ["/credit_code"]},
                    "code": {"type": "string", "examples": ["missing"]},
                    "message": {"type": "string", "examples": ["缺少此项, 请补上"]},
                },
            },
        },
        "reasons": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
    },
    "additionalProperties": True,
}
SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A session token from `POST /sessions`, or an API key of a machine.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-jiceng",
        "description": "Set by `POST /sessions` with `cookie: true` (`jiceng` over plain HTTP). "
        "Writes need an Origin.",
    },
}
_READS = (errors.BadRequest, errors.TooMany, errors.Unavailable, errors.Invalid)
_SIGNED_IN = (errors.Unauthorized, errors.Forbidden)
_BODIES = (errors.TooLarge, errors.UnsupportedMedia)
_KEYED = (errors.IdempotencyKeyReused, errors.ResponseNotKept)
_VERSIONED = (errors.PreconditionFailed, errors.PreconditionRequired)
_OUTCOMES = {"201": "Made. {}.", "202": "Taken up. {}."}
_PAGE = re.compile(r"Page_(\w+)_")
_METHODS = ("get", "put", "post", "patch", "delete")
_FORMATS = {
    "uuid": words.identifier("thing"),
    "date": "2026-11-22",
    "date-time": "2026-11-22T08:00:00Z",
    "uri": "https://example.org/",
    "binary": "",
}


def install(app: FastAPI, *, enums: Iterable[type[StrEnum]] = ()) -> None:
    """Replace the framework's document by ours, made once."""
    named = {e.__name__: e for e in enums}

    def document() -> Schema:
        if app.openapi_schema is None:
            app.openapi_schema = build(app, named)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def build(app: FastAPI, enums: dict[str, type[StrEnum]] | None = None) -> Schema:
    """The whole document."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        license_info=app.license_info,
        servers=[{"url": "/"}],
        separate_input_output_schemas=False,
    )
    schemas: Schema = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    document["components"]["securitySchemes"] = SECURITY
    _describe_enums(schemas, enums or {})
    document["webhooks"] = _webhooks(schemas)
    _name_pages(document)
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", []):
            parameter["schema"] = _without_null(parameter["schema"])
    words.say(document)
    for path, method, operation in operations(document):
        _complete(operation, method, path, schemas)
    document["components"]["examples"] = _share_problem_examples(document)
    document["components"]["responses"] = _share_problem_responses(document)
    used = dict.fromkeys(tag for _, _, op in operations(document) for tag in op.get("tags", []))
    described = {tag["name"] for tag in document.get("tags", [])}
    document["tags"] = document.get("tags", []) + [
        {"name": t} for t in [*used, "events"] if t not in described
    ]
    return document


def _share_problem_examples(document: Schema) -> Schema:
    """Each problem's example once, by its code; operations point at it."""
    shared: Schema = {}
    for _, _, operation in operations(document):
        for response in operation["responses"].values():
            examples = response.get("content", {}).get(PROBLEM, {}).get("examples", {})
            for code, shown in examples.items():
                shared.setdefault(code, shown)
                examples[code] = {"$ref": f"#/components/examples/{code}"}
    return shared


def _share_problem_responses(document: Schema) -> Schema:
    """Each set of problems once, named by its status and codes: most operations share most of theirs."""
    shared: Schema = {}
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            examples = response.get("content", {}).get(PROBLEM, {}).get("examples")
            if examples:
                name = ".".join((f"Problems{status}", *sorted(examples)))
                shared.setdefault(name, response)
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return shared


def operations(document: Schema) -> list[tuple[str, str, Schema]]:
    """Every operation of the document: (path, method, operation)."""
    return [
        (path, method, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]


def _complete(operation: Schema, method: str, path: str, schemas: Schema) -> None:
    names = _drop_idle_headers(operation)
    operation["summary"] = words.headline(operation["operationId"]) or _headline(operation["description"])
    permission = operation.get("x-permission", "public")
    operation["security"] = [] if permission == "public" else [{"bearer": []}, {"cookie": []}]
    responses = operation["responses"]
    if PROBLEM not in responses.get("422", {}).get("content", {}):
        responses.pop("422", None)
    kinds = _common(permission, method, path, names, has_body="requestBody" in operation)
    for status, entry in refusals(*kinds).items():
        _merge_problem(responses, str(status), entry)
    for status, response in responses.items():
        response.setdefault("headers", {})["X-Request-ID"] = {"schema": {"type": "string"}}
        if status.startswith("2"):
            _success(status, response, schemas)
        if status == "201" and "{" not in path:
            response["headers"].setdefault(
                "Location", {"schema": {"type": "string", "format": "uri-reference"}}
            )
    if "If-None-Match" in names and "ETag" in responses.get("200", {}).get("headers", {}):
        responses["304"] = {"description": "Unchanged", "headers": {"ETag": {"schema": {"type": "string"}}}}
    operation["responses"] = dict(sorted(responses.items()))
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        if "json" in media and "example" not in content and "examples" not in content:
            content["example"] = example(content.get("schema", {}), schemas)


def _drop_idle_headers(operation: Schema) -> set[str]:
    """The names of the parameters, without the If-None-Match of lists: a page has no ETag."""
    names = {p["name"] for p in operation.get("parameters", [])}
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "If-Match":
            parameter["required"] = True  # the answer is ours (428), so the framework may not refuse it first
    if "cursor" in names:
        operation["parameters"] = [p for p in operation["parameters"] if p["name"] != "If-None-Match"]
    return names


def _common(
    permission: str, method: str, path: str, parameters: set[str], *, has_body: bool
) -> list[type[Refusal]]:
    """The refusals that an operation shares with all of its kind."""
    kinds: list[type[Refusal]] = list(_READS)
    if permission != "public":
        kinds += _SIGNED_IN
        kinds += [errors.OriginRefused] if method != "get" else []
        kinds += [errors.SecondFactorNeeded] if permission != Permission.SELF.value else []
    if "{" in path:
        kinds.append(errors.NotFound)
    if method != "get":
        kinds.append(errors.Busy)
    if has_body:
        kinds += _BODIES
    if "Idempotency-Key" in parameters:
        kinds += _KEYED
    if "If-Match" in parameters:
        kinds += _VERSIONED
    if "cursor" in parameters:
        kinds.append(errors.BadCursor)
    return kinds


def _without_null(schema: Schema) -> Schema:
    """A parameter that may be absent is never sent as null: only its real type is shown."""
    real = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    if len(real) != 1:
        return schema
    return {**{k: v for k, v in schema.items() if k != "anyOf"}, **real[0]}


def _headline(description: str) -> str:
    """The first clause of a description: what a list of operations shows."""
    flat = " ".join(description.split())
    return re.split(r"(?<=\w)(?:[.:;] |[.:;]$)|(?<=[)》`])[.:;]", flat, maxsplit=1)[0]


def _success(status: str, response: Schema, schemas: Schema) -> None:
    if response.get("description") in {None, "", "Successful Response"}:
        response["description"] = _what_comes_back(status, response, schemas)
    for media, content in response.get("content", {}).items():
        if "json" not in media:
            continue
        content.setdefault("example", example(content.get("schema", {}), schemas))
        if isinstance(content["example"], dict) and "next_cursor" not in content["example"]:
            response["headers"]["ETag"] = {"schema": {"type": "string", "examples": ['"3"']}}


def _what_comes_back(status: str, response: Schema, schemas: Schema) -> str:
    """A sentence about what an answer holds: the first of its schema's own description."""
    for media, content in response.get("content", {}).items():
        if "json" not in media:
            return f"The content, as `{media}`."
        name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
        schema = schemas.get(name, {})
        if "next_cursor" in schema.get("properties", {}):
            return "One page of the list."
        said = _headline(schema.get("description", "")) or schema.get("title", "The answer")
        return _OUTCOMES.get(status, "{}.").format(said)
    return "Done; there is nothing to show."


def _name_pages(document: Schema) -> None:
    """`OrganizationReadPage` in the contract, not `Page_OrganizationRead_`."""
    schemas: Schema = document["components"]["schemas"]
    names = {name: _PAGE.sub(r"\1Page", name) for name in schemas}
    for old, new in names.items():
        schemas[new] = schemas.pop(old)
        if old != new:
            schemas[new] |= {
                "title": new,
                "description": f"One page of a list of `{new.removesuffix('Page')}`.",
            }
    _rename(
        document, {f"#/components/schemas/{old}": f"#/components/schemas/{new}" for old, new in names.items()}
    )


def _rename(part: Any, names: dict[str, str]) -> None:
    for inner in part.values() if isinstance(part, dict) else part:
        if isinstance(inner, dict | list):
            _rename(inner, names)
    if isinstance(part, dict) and isinstance(part.get("$ref"), str):
        part["$ref"] = names.get(part["$ref"], part["$ref"])


def _merge_problem(responses: Schema, status: str, entry: Schema) -> None:
    present = responses.setdefault(status, {"description": "", "content": {}})
    content = present.setdefault("content", {})
    mine = content.setdefault(PROBLEM, {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}})
    for code, shown in entry["content"][PROBLEM]["examples"].items():
        mine.setdefault("examples", {}).setdefault(code, shown)
    if not present.get("description"):
        present["description"] = entry["description"]


def _describe_enums(schemas: Schema, enums: dict[str, type[StrEnum]]) -> None:
    for name, schema in schemas.items():
        if "enum" in schema:
            schema["x-enum-varnames"] = [
                str(v).upper().replace("-", "_").replace(".", "_") for v in schema["enum"]
            ]
            labels = getattr(enums.get(name), "labels", None)
            if callable(labels):
                schema["x-enum-descriptions"] = list(labels())


def _webhooks(schemas: Schema) -> Schema:
    """Events that subscribers receive; each is one webhook of the document."""
    result: Schema = {}
    for name, event in sorted(EVENTS.items()):
        if not event.public:
            continue
        schema = TypeAdapter(event).json_schema(ref_template="#/components/schemas/{model}")
        for key, definition in schema.pop("$defs", {}).items():
            schemas.setdefault(key, definition)
        component = event.__name__ + "Event"
        schemas[component] = {
            "type": "object",
            "title": component,
            "description": (event.__doc__ or name).strip(),
            "required": ["id", "type", "occurred_at", "subject_type", "subject_id", "division_code", "data"],
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "type": {"const": name},
                "occurred_at": {"type": "string", "format": "date-time"},
                "subject_type": {"const": event.subject_type},
                "subject_id": {"type": "string", "format": "uuid"},
                "division_code": {"type": ["string", "null"]},
                "data": {
                    "type": "object",
                    "properties": {
                        k: v
                        for k, v in schema.get("properties", {}).items()
                        if k not in {"subject", "division_code"}
                    },
                },
            },
        }
        result[name] = {
            "post": {
                "operationId": "on_" + name.replace(".", "_"),
                "summary": (event.__doc__ or name).strip().splitlines()[0],
                "tags": ["events"],
                "security": [],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": f"#/components/schemas/{component}"}}
                    },
                },
                "responses": {
                    "204": {"description": "Received"},
                    "4XX": {"description": "Refused; retried later"},
                },
            }
        }
    return result


def example(schema: Schema, schemas: Schema, depth: int = 0) -> Any:  # noqa: PLR0911 (one per keyword)
    """An example made from the examples of the parts: the field types carry theirs."""
    for key in ("example", "const"):
        if key in schema:
            return copy.deepcopy(schema[key])
    if schema.get("examples"):
        return copy.deepcopy(schema["examples"][0])
    if "$ref" in schema:
        return example(schemas.get(schema["$ref"].rsplit("/", 1)[-1], {}), schemas, depth + 1)
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if options := schema.get(key):
            real = [o for o in options if o.get("type") != "null"]
            if depth > 8 or not real:
                return None
            return example(real[0], schemas, depth + 1)
    return _by_type(schema, schemas, depth)


def _by_type(schema: Schema, schemas: Schema, depth: int) -> Any:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((k for k in kind if k != "null"), None)
    if kind == "object" or "properties" in schema:
        return {k: example(v, schemas, depth + 1) for k, v in schema.get("properties", {}).items()}
    if kind == "array":
        items = schema.get("items", {})
        return [] if depth > 8 or not items else [example(items, schemas, depth + 1)]
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "")
    if kind == "integer":
        return max(1, int(schema.get("minimum", 1)))
    return {"number": 1.5, "boolean": True}.get(str(kind))
