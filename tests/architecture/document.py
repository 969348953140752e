"""The service's OpenAPI document, made without a database."""

import tempfile
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from app.main import create_app
from app.settings import Settings
from tests.architecture.calls import operations


def _document() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        url = SecretStr("postgresql+asyncpg://nobody@nowhere/none")
        return create_app(Settings(database_url=url, data_dir=Path(directory))).openapi()


DOCUMENT = _document()
OPERATIONS = operations(DOCUMENT)
