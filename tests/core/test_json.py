"""Strict JSON: what I-JSON (RFC 7493) leaves undefined is refused by name, and nothing takes long."""

import contextlib
import json as plain
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import json


def refused(body: bytes) -> str:
    """The code of the one fault that a body is refused with."""
    with pytest.raises(json.BadJson) as caught:
        json.loads(body)
    (fault,) = caught.value.errors
    return fault.code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"a":1,"a":2}', "duplicate_key"),
        (b'{"a":1,"a":1}', "duplicate_key"),
        (b'{"a":1,"\\u0061":2}', "duplicate_key"),
        (b'[{"x":{"a":1,"b":2,"a":3}}]', "duplicate_key"),
        (b"NaN", "not_a_number"),
        (b'{"a":NaN}', "not_a_number"),
        (b'{"a":[-Infinity]}', "not_a_number"),
        (b'{"a":1e999}', "number_out_of_range"),
        (b'{"a":-1e999}', "number_out_of_range"),
        (b"9223372036854775808", "number_out_of_range"),
        (b"-9223372036854775808", "number_out_of_range"),
        (b"1" * 5_000, "number_out_of_range"),
        (b"0." + b"1" * 5_000, "number_out_of_range"),
        (b"[" * 33 + b"]" * 33, "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'"\\ud800"', "lone_surrogate"),
        (b'"\\udc00\\ud800"', "lone_surrogate"),
        (b'{"\\udfff":1}', "lone_surrogate"),
        (b'"\xff"', "not_utf8"),
        (b'"\xed\xa0\x80"', "not_utf8"),
        (b"[" + b"1," * 1_000 + b"1]", "array_too_long"),
        (b"{} {}", "trailing_data"),
        (b"{}\x00", "trailing_data"),
        (b"", "syntax"),
        (b"{", "syntax"),
        (b"{'a':1}", "syntax"),
        (b"[1,]", "syntax"),
        (b"01", "trailing_data"),
        (b'"a\nb"', "syntax"),
        (b"\xef\xbb\xbf{}", "syntax"),
    ],
)
def test_each_is_refused_by_name(body: bytes, code: str) -> None:
    assert refused(body) == code


@pytest.mark.parametrize(
    "text",
    [
        "9223372036854775807",
        "-9223372036854775807",
        '"\\ud83d\\ude00"',
        '"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["',
        "[" * 32 + "]" * 32,
        "[" + ",".join("0" * 1_000) + "]",
        ' \t\r\n{"社会组织":"\\u0000\\\\\\""}\n ',
        "-0.5e-3",
        "null",
    ],
)
def test_what_is_well_formed_is_read(text: str) -> None:
    assert json.loads(text.encode()) == plain.loads(text)


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b'\\"' * 500_000,
        b"\\" * 1_000_000,
        b'{"a":' * 170_000,
        b'["",' * 250_000,
        b"-" * 1_000_000,
        b" " * 1_000_000,
        b'"' + b"\\ud800" * 170_000 + b'"',
        b"{" + b",".join(b'"%d":{}' % i for i in range(60_000)) + b"}",
        b'{"a":"' + b"x" * 1_000_000,
    ],
    ids=[
        "escaped quotes",
        "backslashes",
        "objects",
        "arrays",
        "signs",
        "blanks",
        "surrogates",
        "keys",
        "text",
    ],
)
def test_a_mebibyte_of_malice_is_read_in_linear_time(body: bytes) -> None:
    started = time.perf_counter()
    with contextlib.suppress(json.BadJson):
        json.loads(body)
    assert time.perf_counter() - started < 2


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-json.MAX_INTEGER, json.MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_reads_what_python_writes(value: object, ascii_only: bool) -> None:
    assert json.loads(plain.dumps(value, ensure_ascii=ascii_only).encode(errors="surrogatepass")) == value


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text('{}[]",:\\0123456789.eE+-ntrualsfNI \n').map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(json.BadJson):
        plain.dumps(json.loads(body), allow_nan=False).encode()
