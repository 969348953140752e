"""A provider on loopback for the tests of sign-on."""

from collections.abc import Iterator

import pytest

from tests.make import provider as idp
from tests.make.provider import Provider


@pytest.fixture(scope="session")
def listening() -> Iterator[Provider]:
    """One provider for all tests."""
    with idp.running() as found:
        yield found


@pytest.fixture
def provider(listening: Provider) -> Provider:
    """The provider as it was at the beginning."""
    listening.answers.clear()
    listening.asked.clear()
    return listening
