"""The answer to the valid call of every operation passes every check of Schemathesis.

One check sends requests of its own, without sign-in: those are in `test_matrix.py`.
What the document does not allow is tried by `make proof` and `make fuzz`."""

import pytest
import schemathesis
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import ignored_auth

from tests.architecture.calls import World
from tests.architecture.document import DOCUMENT, OPERATIONS

session_loop = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="session")
def described() -> dict[str, APIOperation]:
    """The operations as Schemathesis reads them."""
    found = (one.ok() for one in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations())
    return {str(one.definition.raw["operationId"]): one for one in found}


@session_loop
@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_an_answer_passes_all_checks(
    world: World, described: dict[str, APIOperation], name: str
) -> None:
    answer = await world.answered(name)
    assert answer.response.is_success, answer.response.text
    call = answer.call
    sent = {} if call.body is None else {"body": call.body, "media_type": "application/json"}
    case = described[name].Case(
        path_parameters=dict(call.path), query=dict(call.query), headers=dict(call.headers), **sent
    )
    case.validate_response(answer.response, excluded_checks=[ignored_auth])
