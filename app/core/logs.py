"""Logs without personal data: a JSON line per event, fields from an allow-list, nothing a client sent."""

import json
import logging
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "method", "route", "status", "milliseconds", "request_id", "kind",
        "where", "count", "state", "operation", "source", "attempt", "port", "seconds", "pid", "version",
        "action", "queue", "url", "path", "reason",
    }
)  # fmt: skip
_ESCAPES = {i: f"\\x{i:02x}" for i in (*range(32), 0x7F, 0x85, 0x2028, 0x2029)}


def configure(*, level: int = logging.INFO) -> None:
    """Set up structlog for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            _line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    """A traceback ends in a message, which may hold a record: `problems.unexpected` logs kind and place."""
    record.exc_info = record.exc_text = None
    return True


_encode = json.JSONEncoder(ensure_ascii=True, default=repr).encode


def _line(_logger: Any, _method: str, entry: Any) -> str:
    return _encode(entry)


def _only_allowed(_logger: Any, _method: str, entry: Any) -> Any:
    return {k: v.translate(_ESCAPES) if isinstance(v, str) else v for k, v in entry.items() if k in ALLOWED}
