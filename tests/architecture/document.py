"""The service's OpenAPI document, made without a database."""

import tempfile
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from app.settings import Settings
from tests.architecture.calls import operations
from tests.conftest import application


def _document() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        url = SecretStr("postgresql+asyncpg://nobody@nowhere/none")
        return application(Settings(database_url=url, data_dir=Path(directory))).openapi()


DOCUMENT = _document()
OPERATIONS = operations(DOCUMENT)
