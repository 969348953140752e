"""The document of a slice, as an integrator's tools read it. The whole service's is in tests/architecture."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.core import openapi
from app.core.errors import PROBLEM
from app.settings import Settings
from tests.conftest import application
from tests.core import sample

Operation = dict[str, Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A document needs no database."""
    return Settings(database_url=SecretStr("postgresql+asyncpg://nobody@nowhere/none"), data_dir=tmp_path)


@pytest.fixture
def document(settings: Settings) -> dict[str, Any]:
    return sample.serve(settings).openapi()


def operation(document: dict[str, Any], name: str) -> Operation:
    (found,) = [o for _, _, o in openapi.operations(document) if o["operationId"] == name]
    return found


def parameters(found: Operation) -> set[str]:
    return {parameter["name"] for parameter in found.get("parameters", [])}


def answer(document: dict[str, Any], found: Operation, status: str) -> dict[str, Any]:
    """The description of an answer; shared ones are found where they are pointed to."""
    described: dict[str, Any] = found["responses"][status]
    if "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rsplit("/", 1)[-1]]
    return described


def problems(document: dict[str, Any], found: Operation, status: str) -> set[str]:
    return set(answer(document, found, status)["content"][PROBLEM]["examples"])


def test_an_operation_says_who_may_and_with_what(document: dict[str, Any]) -> None:
    make, change = operation(document, "make_thing"), operation(document, "rename_thing")
    assert make["x-permission"] == change["x-permission"] == "organization.record"
    assert make["security"] == [{"bearer": []}, {"cookie": []}]
    assert parameters(make) == {"Idempotency-Key"}
    assert parameters(change) == {"Idempotency-Key", "If-Match", "thing_id"}
    assert parameters(operation(document, "get_thing")) == {"If-None-Match", "thing_id"}
    knock = operation(document, "knock")
    assert (knock["x-permission"], knock["security"]) == ("public", [])
    assert make["description"] == "Make a thing."


def test_an_operation_names_its_problems(document: dict[str, Any]) -> None:
    change = operation(document, "rename_thing")
    assert problems(document, change, "409") == {"thing_name_taken", "busy", "response_not_kept"}
    assert problems(document, change, "404") >= {"thing_not_found"}
    assert problems(document, change, "412") == {"stale_version"}
    assert problems(document, change, "428") == {"if_match_required"}
    assert problems(document, change, "422") == {"invalid", "idempotency_key_reused"}
    assert problems(document, change, "401") == {"not_signed_in"}
    listed = operation(document, "list_things")
    assert problems(document, listed, "400") == {"bad_request", "bad_cursor"}
    assert {"401", "403", "422", "429", "503"} <= set(listed["responses"])
    assert "401" not in operation(document, "knock")["responses"]
    for status in change["responses"]:
        assert "X-Request-ID" in answer(document, change, status)["headers"]


def test_answers_say_what_they_carry(document: dict[str, Any]) -> None:
    get, make = operation(document, "get_thing"), operation(document, "make_thing")
    assert "ETag" in get["responses"]["200"]["headers"]
    assert "304" in get["responses"]
    assert "Location" in make["responses"]["201"]["headers"]
    assert "304" not in operation(document, "list_things")["responses"]
    assert "ETag" not in operation(document, "list_things")["responses"]["200"]["headers"]


def test_examples_come_from_the_types(document: dict[str, Any]) -> None:
    make = operation(document, "make_thing")
    example = make["requestBody"]["content"]["application/json"]["example"]
    sample.ThingCreate.model_validate(example)
    taken = operation(document, "take_everything")
    sample.Everything.model_validate(taken["requestBody"]["content"]["application/json"]["example"])
    page = operation(document, "list_things")["responses"]["200"]["content"]["application/json"]["example"]
    assert set(page) == {"items", "next_cursor", "has_more", "total"}
    assert len(page["items"]) == 1
    sample.ThingRead.model_validate(page["items"][0])


def test_parameters_are_never_null(document: dict[str, Any]) -> None:
    for _, _, found in openapi.operations(document):
        for parameter in found.get("parameters", []):
            assert "null" not in str(parameter["schema"])


def test_one_shape_has_one_schema(document: dict[str, Any]) -> None:
    names = set(document["components"]["schemas"])
    assert not [name for name in names if name.endswith(("-Input", "-Output"))]
    assert not {"HTTPValidationError", "ValidationError"} & names
    assert {"Problem", "ThingRead", "ThingReadPage"} <= names


def test_the_sample_is_not_in_the_services_document(settings: Settings) -> None:
    document = application(settings).openapi()
    assert "thing" not in str(document["webhooks"].keys())
    assert "/api/v1/things" not in document["paths"]
