"""The contract as a document: what front-end teams and registries may take for granted of every operation."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from app.core import openapi, words
from app.core.access import Permission
from app.core.errors import BY_CODE, PROBLEM
from tests.architecture.calls import Operation
from tests.architecture.document import DOCUMENT, OPERATIONS
from tests.architecture.schema import faults

PUBLIC = {
    "sign_in": "nobody is signed in yet; tries are counted by account and address",
    "list_sign_on_providers": "a sign-in page offers them; codes and names alone",
    "start_sign_on": "nobody is signed in yet; it ends by itself after ten minutes",
    "finish_sign_on": "nobody is signed in yet; a state works once, with the ticket of its page",
    "push_registry_message": "a signature over the raw bytes says who sends",
    "read_signature_vectors": "what a registry's developers test against, no data of ours",
    "read_registry_examples": "the same",
    "get_published_round": "publicity is for everybody; it names no reviewer and no single mark",
    "get_published_designations": "what is designated is announced to everybody; no person is named",
}
WITHOUT_KEY = {
    "sign_in": "its answer holds a token, which is never stored; a second session harms nobody",
    "start_sign_on": "its answer holds a ticket, which is never stored; a second attempt harms nobody",
    "finish_sign_on": "its answer holds a token, which is never stored; a state works once",
    "push_registry_message": "the webhook-id is its key, for ever",
    "preview_responsibility": "writes nothing",
    "upload_file": "a key would need all its bytes in memory; the same bytes are the same file",
}
WITHOUT_IF_MATCH = {
    "sign_out": "ends the caller's own session, whatever became of it",
    "end_session": "a session never changes otherwise",
    "reauthenticate": "proves who is there; overwrites nothing",
    "change_my_password": "the current password is asked for",
    "confirm_my_second_factor": "the code belongs to one enrolment",
    "start_sign_on": "makes an attempt of its own; a provider is not changed",
    "push_registry_message": "a registry holds no version of ours",
    "replay_registry_events": "a batch by filter",
    "elect_organization_officers": "a dated statement beside others: the fold decides, in whatever order",
    "preview_responsibility": "writes nothing",
}
REVEAL = re.compile(r"reveal_")
"""Reveals change nothing: they write who looked."""


T = TypeVar("T")


def every_one(things: Mapping[str, T]) -> Callable[[Callable[[T], None]], Callable[[], None]]:
    """One test of all operations or schemas, which names each that fails: as tests of their own they would
    take ten times as long."""

    def one(check: Callable[[T], None]) -> Callable[[], None]:
        def test() -> None:
            wrong: list[str] = []
            for name, thing in things.items():
                try:
                    check(thing)
                except (AssertionError, LookupError, TypeError, StopIteration) as error:
                    wrong.append(f"{name}: {error!r}")
            assert not wrong, "\n\n".join(wrong)

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return one


SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
every = every_one(OPERATIONS)
every_schema = every_one({name: (name, schema) for name, schema in SCHEMAS.items()})


def resolved(part: Any) -> Any:
    """A part of the document, found where it points to."""
    while isinstance(part, dict) and "$ref" in part:
        target: Any = DOCUMENT
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        part = target
    return part


def success(operation: Operation) -> tuple[str, Any]:
    """The first status of success, and its answer."""
    responses = operation.document["responses"].items()
    return next((status, resolved(answer)) for status, answer in responses if status.startswith("2"))


def problems(operation: Operation) -> dict[str, set[str]]:
    """The codes of the problems of an operation, by status."""
    found = {}
    for status, response in operation.document["responses"].items():
        content = resolved(response).get("content", {}).get(PROBLEM)
        if content:
            found[status] = set(content["examples"])
    return found


def test_it_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert DOCUMENT["info"]["license"]
    described = {tag["name"] for tag in DOCUMENT["tags"] if tag.get("description")}
    used = {tag for operation in OPERATIONS.values() for tag in operation.document["tags"]}
    assert used - described == set()


def test_ids_are_unique() -> None:
    found = [o["operationId"] for _, _, o in openapi.operations(DOCUMENT)]
    assert len(found) == len(set(found)) == len(OPERATIONS)


def test_every_reference_leads_somewhere() -> None:
    def walk(part: Any) -> Iterator[None]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                assert resolved(part), part
            for inner in part.values():
                yield from walk(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from walk(inner)

    list(walk(DOCUMENT))


@every
def test_its_address_and_names(operation: Operation) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", operation.id)
    for segment in operation.path.removeprefix("/api/v1/").split("/"):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*|\{[a-z]+(_[a-z]+)*\}", segment), operation.path
    for name, parameter in operation.parameters.items():
        if parameter["in"] in {"path", "query"}:
            assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name), name
    assert len(operation.document["tags"]) == 1


@every
def test_it_says_what_it_does_and_who_may(operation: Operation) -> None:
    description = operation.document["description"].strip()
    assert len(description) > 10
    assert 6 < len(operation.document["summary"]) <= 90, "words.txt may hold its headline"
    assert description[0].isupper() or description.startswith("`")
    assert description.endswith((".", "”"))
    assert operation.public == (operation.id in PUBLIC)
    assert operation.public or Permission(operation.permission)
    assert bool(operation.document["security"]) is not operation.public


@every
def test_its_problems_are_documented(operation: Operation) -> None:
    found = problems(operation)
    assert {"400", "422", "429", "503"} <= set(found)
    if not operation.public:
        assert {"not_signed_in"} <= found["401"]
        assert {"not_permitted"} <= found["403"]
    if operation.identifiers:
        assert found["404"]
    if operation.writes:
        assert "409" in found
    assert ({"413", "415"} & set(found) != set()) == ("requestBody" in operation.document)
    assert ("idempotency_key_reused" in found["422"]) == ("Idempotency-Key" in operation.parameters)
    if "If-Match" in operation.parameters:
        assert (found["412"], found["428"]) == ({"stale_version"}, {"if_match_required"})
    for status, codes in found.items():
        for code in codes:
            assert str(BY_CODE[code].status) == status, code


@every
def test_lists_are_pages_and_only_lists(operation: Operation) -> None:
    _, answer = success(operation)
    schema = resolved(answer.get("content", {}).get("application/json", {}).get("schema", {}))
    is_page = "next_cursor" in schema.get("properties", {})
    paged = {"limit", "cursor", "include_total"} & set(operation.parameters)
    if operation.writes:  # it may show the first page of what it changed
        assert not paged
        return
    assert paged == ({"limit", "cursor", "include_total"} if is_page else set())
    assert "offset" not in operation.parameters
    if is_page:
        assert set(schema["required"]) == {"items", "next_cursor", "has_more", "total"}
        assert operation.parameters["limit"]["schema"]["maximum"] <= 200


@every
def test_a_change_of_what_exists_names_its_version(operation: Operation) -> None:
    """POST that answers 201 makes something new; everything else that writes below an id changes it."""
    if not operation.writes:
        assert "If-Match" not in operation.parameters
        return
    status, _ = success(operation)
    changes = operation.method != "POST" or (bool(operation.identifiers) and status != "201")
    exempt = operation.id in WITHOUT_IF_MATCH or REVEAL.match(operation.id)
    if changes:
        assert ("If-Match" in operation.parameters) is not bool(exempt)


@every
def test_a_post_can_be_retried_safely(operation: Operation) -> None:
    if operation.method == "POST":
        assert ("Idempotency-Key" in operation.parameters) is not (operation.id in WITHOUT_KEY)


def test_exceptions_are_of_operations_that_exist() -> None:
    for listed in (PUBLIC, WITHOUT_KEY, WITHOUT_IF_MATCH):
        assert set(listed) - set(OPERATIONS) == set()
        assert all(listed.values())


@every
def test_every_example_fits_its_schema(operation: Operation) -> None:
    contents = [operation.document.get("requestBody", {}).get("content", {})]
    contents += [resolved(r).get("content", {}) for r in operation.document["responses"].values()]
    for content in contents:
        for media, described in content.items():
            if "json" not in media:
                continue
            examples = [resolved(e)["value"] for e in described.get("examples", {}).values()]
            examples += [described["example"]] if "example" in described else []
            assert examples or not described.get("schema"), f"{operation.id} shows no example of {media}"
            for example in examples:
                assert faults(DOCUMENT, described.get("schema", True), example) == []
    for name, parameter in operation.parameters.items():
        schema = parameter["schema"]
        for example in [*schema.get("examples", []), *parameter.get("examples", [])]:
            assert faults(DOCUMENT, schema, example) == [], name
        assert parameter["description"], name
        assert parameter["required"] or name != "If-Match"
        assert "'type': 'null'" not in str(schema), f"{name} is absent, never null"


@every_schema
def test_every_schema_is_well_formed(named: tuple[str, Any]) -> None:
    """Closed objects, fields in snake_case, no twins for reading and writing; only keywords that we check."""
    name, schema = named
    assert not name.endswith(("-Input", "-Output"))
    for field in schema.get("properties", {}):
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", field), field
    faults(DOCUMENT, schema, {})
    faults(DOCUMENT, schema, None)


@every_schema
def test_every_field_is_told_and_shown(named: tuple[str, Any]) -> None:
    """Each field says what it means, and every text shows an example that may stand there."""
    _, schema = named
    assert schema.get("description"), "say what it is: a docstring, or a line of words.txt"
    for field, node in schema.get("properties", {}).items():
        assert node.get("description"), f"{field}: Field(description=…), or a line of words.txt"
        for shown in node.get("examples", []):
            assert faults(DOCUMENT, {k: v for k, v in node.items() if k != "examples"}, shown) == [], field
        assert openapi.example(node, DOCUMENT["components"]["schemas"]) != "", f"{field} shows no example"


def test_every_word_is_of_use() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    fields = {
        (name, field)
        for name, schema in schemas.items()
        for part in words.objects(schema)
        for field in part["properties"]
    }
    used = {f"{name}.{field}" for name, field in fields} | {field for _, field in fields} | set(schemas)
    parameters = {name for operation in OPERATIONS.values() for name in operation.parameters}
    used |= {f"{operation}()" for operation in OPERATIONS}
    used |= parameters | {f"?{name}" for name in parameters}
    assert {word for word in words.WORDS if not word.startswith("@")} - used == set()
