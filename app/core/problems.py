"""From exceptions to problem+json: refusals, validation, database errors, and everything else as a 500."""

import html
import re
from collections.abc import Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from app.core import checks, errors
from app.core.errors import BY_CODE, PROBLEM, Fault, Refusal, Words

log = structlog.get_logger("jiceng")

_BY_STATUS: dict[int, type[Refusal]] = {
    400: errors.BadRequest,
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    413: errors.TooLarge,
    415: errors.UnsupportedMedia,
}

# What Pydantic's error types mean, in words that never hold the value. Limits come from the error's context.
MESSAGES: dict[str, Words] = {
    "missing": ("缺少此项, 请补上", "This is required; add it"),
    "extra_forbidden": (
        "没有这个字段, 请去掉或改正拼写",
        "There is no such field; remove it or mend its name",
    ),
    "string_type": ("应为文本", "This must be a text"),
    "string_too_short": ("至少 {min_length} 个字符", "At least {min_length} characters"),
    "string_too_long": ("至多 {max_length} 个字符", "At most {max_length} characters"),
    "string_pattern_mismatch": ("格式不正确", "The format is not right"),
    "int_type": ("应为整数", "This must be an integer"),
    "int_parsing": ("应为整数", "This must be an integer"),
    "int_parsing_size": ("整数过大", "The integer is too large"),
    "int_from_float": ("应为整数", "This must be an integer"),
    "float_type": ("应为数值", "This must be a number"),
    "finite_number": ("应为有限数值", "This must be a finite number"),
    "bool_type": ("应为 true 或 false", "This must be true or false"),
    "bool_parsing": ("应为 true 或 false", "This must be true or false"),
    "greater_than_equal": ("不得小于 {ge}", "At least {ge}"),
    "greater_than": ("应大于 {gt}", "More than {gt}"),
    "less_than_equal": ("不得大于 {le}", "At most {le}"),
    "less_than": ("应小于 {lt}", "Less than {lt}"),
    "enum": ("应为下列之一: {expected}", "One of: {expected}"),
    "literal_error": ("应为下列之一: {expected}", "One of: {expected}"),
    "uuid_parsing": ("应为 UUID", "This must be a UUID"),
    "uuid_type": ("应为 UUID", "This must be a UUID"),
    "date_from_datetime_parsing": ("应为 YYYY-MM-DD 日期", "This must be a date, YYYY-MM-DD"),
    "date_parsing": ("应为 YYYY-MM-DD 日期", "This must be a date, YYYY-MM-DD"),
    "date_type": ("应为 YYYY-MM-DD 日期", "This must be a date, YYYY-MM-DD"),
    "datetime_parsing": ("应为 RFC 3339 时刻", "This must be an RFC 3339 instant"),
    "datetime_from_date_parsing": ("应为 RFC 3339 时刻", "This must be an RFC 3339 instant"),
    "timezone_aware": ("时刻应带时区", "The instant needs a time zone"),
    "list_type": ("应为数组", "This must be an array"),
    "too_short": ("至少 {min_length} 项", "At least {min_length} items"),
    "too_long": ("至多 {max_length} 项", "At most {max_length} items"),
    "model_attributes_type": ("应为对象", "This must be an object"),
    "model_type": ("应为对象", "This must be an object"),
    "dict_type": ("应为对象", "This must be an object"),
    "union_tag_invalid": ("类型应为下列之一: {expected_tags}", "The type must be one of: {expected_tags}"),
    "union_tag_not_found": ("缺少类型字段 {discriminator}", "The type field {discriminator} is missing"),
    "decimal_parsing": ("应为十进制数文本", "This must be a decimal, written as a string"),
    "decimal_type": ("应为十进制数文本", "This must be a decimal, written as a string"),
}
OTHER: Words = ("内容不符合要求", "This is not valid")
SAFE_CONTEXT = (
    "min_length", "max_length", "ge", "gt", "le", "lt", "expected", "expected_tags", "discriminator",
)  # fmt: skip


_UNKNOWN = object()


def faults(found: Sequence[Any], *, drop: str = "body", body: Any = _UNKNOWN) -> list[Fault]:
    """Pydantic's findings as faults with JSON pointers; the offending value is never repeated."""
    return [
        Fault(pointer(error["loc"], drop, body), error["type"], _words(error["type"], error.get("ctx") or {}))
        for error in found
    ]


def pointer(location: Sequence[Any], drop: str = "body", body: Any = _UNKNOWN) -> str:
    """An RFC 6901 pointer into the body; other parameters are `/query/name`, `/path/name`, `/header/name`.

    Pydantic's locations also name the branches of unions: with the body at hand they are left out."""
    parts = list(location)
    if parts and parts[0] == drop:
        parts = parts[1:] if body is _UNKNOWN else _inside(parts[1:], body)
    return "".join("/" + str(p).replace("~", "~0").replace("/", "~1")[:100] for p in parts)


def _inside(parts: Sequence[Any], value: Any) -> list[Any]:
    """Those of the parts that lead into the value; the last may be the name of what is missing."""
    kept: list[Any] = []
    for number, part in enumerate(parts, 1):
        index = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if index or (isinstance(value, dict) and part in value):
            kept, value = [*kept, part], value[part]
        elif isinstance(value, dict) and number == len(parts) and part != "[key]":
            kept.append(part)
    return kept


def _words(kind: str, context: dict[str, Any]) -> Words:
    zh, en = errors.WORDS.get(kind) or checks.MESSAGES.get(kind) or MESSAGES.get(kind) or OTHER
    safe = {name: context.get(name, "") for name in SAFE_CONTEXT}
    return zh.format(**safe), en.format(**safe)


def language(request: Request) -> str:
    """`en` when the caller prefers English, else `zh` (Accept-Language, RFC 9110 §12.5.4)."""
    best, chosen = -1.0, "zh"
    for part in request.headers.get("accept-language", "")[:500].split(","):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest.strip().startswith("q=") else 1.0
        except ValueError:
            weight = 0.0
        primary = tag.lower().split("-")[0]
        if primary in {"zh", "en"} and weight > best:
            best, chosen = weight, primary
    return chosen


def respond(request: Request, refusal: Refusal) -> Response:
    """The problem document of a refusal, in the caller's language."""
    body = refusal.problem(language(request))
    headers = {**refusal.extra_headers, "Content-Language": language(request), "Cache-Control": "no-store"}
    return Response(orjson.dumps(body), refusal.status, headers=headers, media_type=PROBLEM)


def install(app: FastAPI) -> None:
    """Give the app its exception handlers and the pages that problem types point to."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)  # noqa: S101
        return respond(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        return respond(request, errors.Invalid(errors=faults(error.errors(), body=error.body)))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        kind = _BY_STATUS.get(error.status_code, errors.BadRequest)
        headers = dict(error.headers or {})
        if kind is errors.MethodNotAllowed:
            headers["Allow"] = ", ".join(_methods(request)) or headers.get("Allow", "GET")
        limit = request.app.state.shell.settings.body_limit
        return respond(request, kind(headers=headers, limit=limit))

    async def database(request: Request, error: Exception) -> Response:
        if isinstance(error, DBAPIError):
            refusal = errors.from_database(error)
            if refusal is not None:
                return respond(request, refusal)
        return unexpected(request, error)

    async def no_database(request: Request, error: Exception) -> Response:
        log.warning("database_unreachable", kind=type(error).__name__)
        return respond(request, errors.Unavailable())

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(DBAPIError, database)
    app.add_exception_handler(InterfaceError, no_database)
    for kind in (PoolTimeout, ConnectionError, TimeoutError, OSError):
        app.add_exception_handler(kind, no_database)
    app.add_route("/problems/{code}", page, include_in_schema=False)


def unexpected(request: Request, error: Exception) -> Response:
    """A mistake of ours: logged by its kind and place, told without a word of what was sent."""
    log.error("unexpected", kind=type(error).__name__, where=_where(error))
    return respond(request, Refusal())


def _methods(request: Request) -> list[str]:
    """Every method that this address has: the routes of one path are separate, Allow names them all."""
    return sorted(
        {
            method
            for route in iter_route_contexts(request.app.routes)
            if route.path and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route.path), request.url.path)
            for method in route.methods or ()
        }
    )


async def page(request: Request) -> Response:
    """What a problem type means, as a small offline page."""
    kind = BY_CODE.get(request.path_params["code"])
    if kind is None:
        return respond(request, errors.NotFound())
    which = 1 if language(request) == "en" else 0
    detail = html.escape(kind.detail[which]) if kind.detail else ""
    text = (
        f"<!doctype html><meta charset=utf-8><title>{html.escape(kind.code)}</title>"
        f"<h1>{kind.status} {html.escape(kind.title[which])}</h1><p><code>{html.escape(kind.code)}</code></p>"
        f"<p>{detail}</p><p>{html.escape((kind.__doc__ or '').strip())}</p>"
    )
    return Response(text, media_type="text/html; charset=utf-8")


def _where(error: BaseException) -> list[str]:
    """File and line of the frames, without any value."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/site-packages/')[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[-12:]
