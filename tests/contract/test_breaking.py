"""The differ, one seeded break for each of its rules; and what may change without breaking anybody."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from app.cli.breaking import allowed, bare, breaks
from tests.architecture.document import DOCUMENT

Schema = dict[str, Any]
Edit = Callable[[Schema], object]


def thing(**fields: Schema) -> Schema:
    return {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, **fields}}


BASE: Schema = {
    "info": {"version": "1.4.0"},
    "paths": {
        "/things": {
            "get": {
                "operationId": "list_things",
                "x-permission": "thing_read",
                "security": [],
                "parameters": [
                    {"in": "query", "name": "kind", "schema": {"$ref": "#/components/schemas/Kind"}},
                    {
                        "in": "query",
                        "name": "limit",
                        "schema": {"type": "integer", "minimum": 1, "maximum": 200},
                    },
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/ThingRead"}}
                        },
                    },
                    "404": {},
                },
            },
            "post": {
                "operationId": "make_thing",
                "security": [{"bearer": []}],
                "parameters": [{"in": "header", "name": "Idempotency-Key", "schema": {"type": "string"}}],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/ThingCreate"}},
                        "text/csv": {"schema": {"type": "string"}},
                    }
                },
                "responses": {"201": {}},
            },
        },
        "/things/{thing_id}": {
            "delete": {
                "operationId": "remove_thing",
                "security": [],
                "parameters": [
                    {"in": "path", "name": "thing_id", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {"204": {}},
            }
        },
    },
    "webhooks": {
        "thing.made": {
            "post": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingRead"}}}
                },
                "responses": {},
            }
        }
    },
    "components": {
        "schemas": {
            "Kind": {"type": "string", "enum": ["a", "b"]},
            "ThingRead": {
                **thing(
                    name={"type": "string", "format": "date"},
                    note={"anyOf": [{"type": "string"}, {"type": "null"}]},
                    size={"type": "integer"},
                    kind={"$ref": "#/components/schemas/Kind"},
                    both={"oneOf": [{"type": "string"}, {"type": "integer"}]},
                ),
                "required": ["id", "name"],
            },
            "ThingCreate": thing(
                name={"type": "string", "maxLength": 20},
                count={"type": "number"},
                note={"anyOf": [{"type": "string"}, {"type": "null"}]},
                marks={"type": "array", "items": {"type": "integer", "maximum": 9}},
                free={"type": "object"},
                values={"type": "object", "additionalProperties": {"type": ["string", "null"]}},
                either={"anyOf": [{"type": "string"}, {"type": "boolean"}]},
                title={"type": "string"},
            ),
        }
    },
}


def operation(document: Schema, path: str = "/things", method: str = "get") -> Schema:
    found: Schema = document["paths"][path][method]
    return found


def fields(document: Schema, name: str) -> Schema:
    found: Schema = document["components"]["schemas"][name]["properties"]
    return found


def post(document: Schema) -> Schema:
    return operation(document, method="post")


BREAKS: dict[str, tuple[str, Edit]] = {
    "an operation is gone": ("operation removed", lambda d: d["paths"]["/things"].pop("post")),
    "an address is gone": ("operation removed", lambda d: d["paths"].pop("/things/{thing_id}")),
    "an operation has another id": (
        "operationId changed",
        lambda d: operation(d).update(operationId="get_things"),
    ),
    "sign-in is asked": ("sign-in now required", lambda d: operation(d).update(security=[{"bearer": []}])),
    "another permission is asked": (
        "permission changed",
        lambda d: operation(d).update({"x-permission": "thing_administer"}),
    ),
    "a filter is gone": ("parameter removed", lambda d: operation(d)["parameters"].pop()),
    "a filter is asked": (
        "parameter now required",
        lambda d: operation(d)["parameters"][0].update(required=True),
    ),
    "a new header is asked": (
        "required parameter added",
        lambda d: post(d)["parameters"].append(
            {"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"}}
        ),
    ),
    "a page is smaller": (
        "bound narrowed",
        lambda d: operation(d)["parameters"][1]["schema"].update(maximum=100),
    ),
    "a body is asked": ("body now required", lambda d: post(d)["requestBody"].update(required=True)),
    "a body is asked where there was none": (
        "body now required",
        lambda d: operation(d, "/things/{thing_id}", "delete").update(
            requestBody={"required": True, "content": {}}
        ),
    ),
    "a body is no longer taken": ("body no longer taken", lambda d: post(d).pop("requestBody")),
    "a media type is no longer taken": (
        "request media type removed",
        lambda d: post(d)["requestBody"]["content"].pop("text/csv"),
    ),
    "an answer is gone": ("response status removed", lambda d: operation(d)["responses"].pop("404")),
    "a header of an answer is gone": (
        "response header removed",
        lambda d: operation(d)["responses"]["200"]["headers"].clear(),
    ),
    "an answer comes in another media type": (
        "response media type removed",
        lambda d: operation(d)["responses"]["200"].update(content={"text/csv": {}}),
    ),
    "a field that is read is gone": ("field removed", lambda d: fields(d, "ThingRead").pop("note")),
    "a field that is sent is gone": ("field removed", lambda d: fields(d, "ThingCreate").pop("note")),
    "a field called title is gone": ("field removed", lambda d: fields(d, "ThingCreate").pop("title")),
    "a field is asked": (
        "field now required",
        lambda d: d["components"]["schemas"]["ThingCreate"]["required"].append("name"),
    ),
    "a new field is asked": (
        "required field added",
        lambda d: d["components"]["schemas"].update(
            ThingCreate={**thing(**fields(d, "ThingCreate"), new={}), "required": ["id", "new"]}
        ),
    ),
    "a field is not always there": (
        "field no longer always there",
        lambda d: d["components"]["schemas"]["ThingRead"]["required"].remove("name"),
    ),
    "a type that is sent is narrower": (
        "type narrowed",
        lambda d: fields(d, "ThingCreate")["count"].update(type="integer"),
    ),
    "null is no longer taken": (
        "type narrowed",
        lambda d: fields(d, "ThingCreate").update(note={"type": "string"}),
    ),
    "null is no longer taken as a value": (
        "type narrowed",
        lambda d: fields(d, "ThingCreate")["values"]["additionalProperties"].update(type="string"),
    ),
    "null may be read": (
        "type of what is read widened",
        lambda d: fields(d, "ThingRead").update(size={"type": ["integer", "null"]}),
    ),
    "a text is a number": (
        "type of what is read widened",
        lambda d: fields(d, "ThingRead").update(note={"anyOf": [{"type": "number"}, {"type": "null"}]}),
    ),
    "another format is read": (
        "format changed",
        lambda d: fields(d, "ThingRead")["name"].update(format="date-time"),
    ),
    "a format is asked": (
        "format changed",
        lambda d: fields(d, "ThingCreate")["title"].update(format="uuid"),
    ),
    "a value is gone": ("value removed", lambda d: d["components"]["schemas"]["Kind"]["enum"].remove("b")),
    "a text has only some values": (
        "only some values are taken now",
        lambda d: fields(d, "ThingCreate")["title"].update(enum=["x"]),
    ),
    "values are no longer listed": (
        "values no longer listed",
        lambda d: fields(d, "ThingRead").update(kind={"type": "string"}),
    ),
    "a text is shorter": (
        "bound narrowed",
        lambda d: fields(d, "ThingCreate")["name"].update(maxLength=10),
    ),
    "a pattern is asked": (
        "bound narrowed",
        lambda d: fields(d, "ThingCreate")["title"].update(pattern="^x$"),
    ),
    "a bound inside a list": (
        "bound narrowed",
        lambda d: fields(d, "ThingCreate")["marks"]["items"].update(maximum=8),
    ),
    "a bound of a list": ("bound narrowed", lambda d: fields(d, "ThingCreate")["marks"].update(maxItems=8)),
    "other fields are refused": (
        "other fields no longer taken",
        lambda d: fields(d, "ThingCreate")["free"].update(additionalProperties=False),
    ),
    "an option is no longer taken": (
        "option no longer taken",
        lambda d: fields(d, "ThingCreate").update(either={"anyOf": [{"type": "string"}, {"type": "object"}]}),
    ),
    "another option may be read": (
        "option added to what is read",
        lambda d: fields(d, "ThingRead")["both"]["oneOf"].append({"type": "array"}),
    ),
    "an event is gone": ("event removed", lambda d: d["webhooks"].clear()),
}
ADDITIONS: dict[str, Edit] = {
    "an operation": lambda d: d["paths"]["/things"].update(put={"operationId": "put", "responses": {}}),
    "a filter": lambda d: operation(d)["parameters"].append(
        {"in": "query", "name": "new", "schema": {"type": "string", "enum": ["x"]}}
    ),
    "a problem": lambda d: operation(d)["responses"].update({"410": {}}),
    "a field to read": lambda d: fields(d, "ThingRead").update(new={"type": "string"}),
    "a field that may be sent": lambda d: fields(d, "ThingCreate").update(new={"type": "string"}),
    "a value": lambda d: d["components"]["schemas"]["Kind"]["enum"].append("c"),
    "a longer text": lambda d: fields(d, "ThingCreate")["name"].update(maxLength=30),
    "no bound": lambda d: fields(d, "ThingCreate")["name"].pop("maxLength"),
    "null may be sent": lambda d: fields(d, "ThingCreate").update(title={"type": ["string", "null"]}),
    "null is never read": lambda d: fields(d, "ThingRead").update(note={"type": "string"}),
    "another option to send": lambda d: fields(d, "ThingCreate")["either"]["anyOf"].append({"type": "array"}),
    "an event": lambda d: d["webhooks"].update({"thing.ended": d["webhooks"]["thing.made"]}),
    "no sign-in": lambda d: post(d).update(security=[]),
    "another word": lambda d: operation(d).update(summary="Things", description="All of them."),
    "another name in the address": lambda d: (
        d["paths"].update({"/things/{id}": d["paths"].pop("/things/{thing_id}")}),
        d["paths"]["/things/{id}"]["delete"]["parameters"][0].update(name="id"),
    ),
}


def edited(edit: Edit) -> Schema:
    document = copy.deepcopy(BASE)
    edit(document)
    return document


@pytest.mark.parametrize(("rule", "edit"), BREAKS.values(), ids=BREAKS)
def test_a_break_is_found(rule: str, edit: Edit) -> None:
    found = breaks(bare(BASE), bare(edited(edit)))
    assert rule in {entry.rule for entry in found}, found
    assert all(str(entry).startswith(f"{entry.rule}: ") for entry in found)


@pytest.mark.parametrize("edit", ADDITIONS.values(), ids=ADDITIONS)
def test_an_addition_is_none(edit: Edit) -> None:
    assert breaks(bare(BASE), bare(edited(edit))) == []


def test_our_own_document_breaks_nothing_of_itself() -> None:
    assert breaks(bare(DOCUMENT), DOCUMENT) == []


def test_a_field_removed_from_our_own_document_is_found() -> None:
    document = copy.deepcopy(DOCUMENT)
    del document["components"]["schemas"]["OrganizationRead"]["properties"]["credit_code"]
    found = breaks(bare(DOCUMENT), document)
    assert [(e.rule, e.where) for e in found] == [("field removed", "OrganizationRead.credit_code")]


@pytest.mark.parametrize(("version", "may"), [("1.5.0", False), ("2.0.0", True), ("10.0.0", True)])
def test_the_version_may_say_so(version: str, may: bool) -> None:
    assert allowed(BASE, edited(lambda d: d["info"].update(version=version))) is may
