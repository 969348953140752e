"""Strict JSON (RFC 8259 as I-JSON, RFC 7493): no duplicate keys, no NaN, no huge numbers, bounded depth."""

import json
import math
from typing import Any, NoReturn

from app.core.errors import BadRequest, Fault, Words

MAX_INTEGER = 2**63 - 1
MAX_DIGITS = 40


class BadJson(BadRequest):
    code, title = "bad_json", ("请求体不是合格的 JSON", "The body is not well-formed JSON")


def _refuse(code: str, words: Words) -> NoReturn:
    raise BadJson(errors=[Fault("", code, words)])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        _refuse(
            "duplicate_key",
            ("对象中有重复的键; 每个键只写一次", "An object has a key twice; write each key once"),
        )
    return result


def _integer(digits: str) -> int:
    value = int(digits) if len(digits) <= MAX_DIGITS else MAX_INTEGER + 1
    if abs(value) > MAX_INTEGER:
        _refuse("number_out_of_range", ("整数超出 64 位范围", "An integer is outside 64 bits"))
    return value


def _number(digits: str) -> float:
    value = float(digits) if len(digits) <= MAX_DIGITS else math.inf
    if not math.isfinite(value):
        _refuse("number_out_of_range", ("数值超出范围", "A number is out of range"))
    return value


def _constant(_: str) -> NoReturn:
    _refuse("not_a_number", ("JSON 没有 NaN 与 Infinity", "JSON has no NaN and no Infinity"))


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant, strict=True
)


def loads(body: bytes, *, depth: int = 32, array: int = 1000) -> Any:
    """Parse a body, or refuse it with what is wrong and what to change. Never echoes its content."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("not_utf8", ("请以 UTF-8 编码", "Encode the body in UTF-8"))
    try:
        value, end = _DECODER.raw_decode(text, _start(text))
    except json.JSONDecodeError as error:
        raise BadJson(
            errors=[
                Fault(
                    "",
                    "syntax",
                    (
                        f"第 {error.lineno} 行第 {error.colno} 列有语法错误",
                        f"Syntax error at line {error.lineno}, column {error.colno}",
                    ),
                )
            ]
        ) from None
    except RecursionError:
        _too_deep(depth)
    if text[end:].strip(" \t\r\n"):
        _refuse("trailing_data", ("JSON 之后还有内容", "There is something after the JSON value"))
    if not _surely_bounded(text, depth, array):
        _bounded(value, depth, array)
    return value


def _start(text: str) -> int:
    return len(text) - len(text.lstrip(" \t\r\n"))


def _too_deep(depth: int) -> NoReturn:
    _refuse("too_deep", (f"嵌套超过 {depth} 层", f"Nested more than {depth} levels deep"))


def _surely_bounded(text: str, depth: int, array: int) -> bool:
    """Whether a text is too plain to break a bound: surrogates come of escapes only, depth of brackets."""
    return "\\u" not in text and text.count("[") + text.count("{") <= depth and text.count(",") < array


def _bounded(value: Any, depth: int, array: int) -> None:
    """Walk what was parsed, level by level: linear in its size, whatever it holds."""
    level, current = 0, [value]
    while current:
        deeper: list[Any] = []
        for item in current:
            if isinstance(item, list | dict) and level >= depth:
                _too_deep(depth)
            if isinstance(item, list):
                if len(item) > array:
                    _refuse(
                        "array_too_long", (f"数组超过 {array} 项", f"An array has more than {array} items")
                    )
                deeper.extend(item)
            elif isinstance(item, dict):
                deeper.extend(item.keys())
                deeper.extend(item.values())
            elif isinstance(item, str) and not _paired(item):
                _refuse("lone_surrogate", ("文本中有不成对的代理字符", "A text holds a lone surrogate"))
        level, current = level + 1, deeper


def _paired(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
