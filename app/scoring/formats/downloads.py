"""How a standard travels as a file."""

from typing import Any, Final

from app.files.formats import DOWNLOAD as ANY_FILE

MEDIA: Final = {
    "yaml": "application/yaml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DOWNLOAD: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        **ANY_FILE[200],
        "content": {
            MEDIA["yaml"]: {"schema": {"type": "object"}},
            MEDIA["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
"""The answer of a route that sends one: YAML (RFC 9512) or a workbook."""
