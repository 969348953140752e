"""How a file travels: its name in the header, its media types in the contract."""

from typing import Any, Final
from urllib.parse import quote

from app.files.rules import MediaType

BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
DOWNLOAD: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The bytes, as an attachment under the file's own name (RFC 8187).",
        "content": {kind.value: BINARY for kind in MediaType},
        "headers": {
            "ETag": {"schema": {"type": "string", "examples": ['"' + "9f" * 32 + '"']}},
            "Content-Disposition": {
                "schema": {"type": "string", "examples": ["attachment; filename*=UTF-8''ledger.xlsx"]}
            },
        },
    }
}
"""The answer of a route that sends a file."""

UPLOAD: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The bytes of the file, as they are.",
        "content": dict.fromkeys((*MediaType, "application/octet-stream"), BINARY),
    }
}


def attachment(name: str, *, size: int | None = None, tag: str | None = None) -> dict[str, str]:
    """The headers of a download: never shown by a browser, never guessed at, never kept by a proxy."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    if size is not None:
        headers["Content-Length"] = str(size)
    if tag is not None:
        headers["ETag"] = tag
    return headers
