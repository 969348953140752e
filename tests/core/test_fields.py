"""What crosses the wire is normalised and bounded, and a refusal never echoes the value."""

import contextlib
import re
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError
from stdnum.cn import ric, uscc

from app.core import checks, fields
from app.core.fields import Input, Output

CODE = "51440115MJL123456"
CODE += uscc.calc_check_digit(CODE)


TYPES = [
    *(
        "ShortText",
        "LongText",
        "Name",
        "CodeStr",
        "Digest",
        "DivisionCode",
        "CreditCode",
        "PrintedCreditCode",
    ),
    *("IdNumber", "PhoneNumber", "Day", "Instant", "DecimalString", "NonNegative", "PositiveInt", "Serial"),
    "JsonObject",
]


class Kind(StrEnum):
    """A closed enum, as bodies carry them."""

    ONE = "one"


class Everything(Input):
    """One field of every sort."""

    name: fields.Name | None = None
    note: fields.LongText | None = None
    code: fields.CodeStr | None = None
    credit_code: fields.CreditCode | None = None
    printed: fields.PrintedCreditCode | None = None
    phone: fields.PhoneNumber | None = None
    id_number: fields.IdNumber | None = None
    division: fields.DivisionCode | None = None
    digest: fields.Digest | None = None
    on: fields.Day | None = None
    at: fields.Instant | None = None
    amount: fields.DecimalString | None = None
    count: fields.NonNegative | None = None
    positive: fields.PositiveInt | None = None
    serial: fields.Serial | None = None
    plain: int | None = None
    ratio: float | None = None
    flag: bool | None = None
    kind: Kind | None = None
    ref: UUID | None = None
    bag: fields.JsonObject | None = None
    type: int | None = None
    metadata: int | None = None
    texts: list[fields.ShortText] | None = None


def taken(field: str, value: object) -> Any:
    return getattr(Everything.model_validate({field: value}), field)


def refused(field: str, value: object) -> str:
    with pytest.raises(ValidationError) as refusal:
        Everything.model_validate({field: value})
    return refusal.value.errors()[0]["type"]


def test_texts_are_trimmed_and_normalised() -> None:
    assert taken("name", "  Cafe\u0301 \u3000") == "Café"
    assert taken("note", "one\r\ntwo\tthree") == "one\ntwo\tthree"
    assert taken("texts", ["  甲 "]) == ["甲"]


@pytest.mark.parametrize("value", ["", " ", "\u3000", "\n\t"])
def test_a_blank_text_is_none(value: str) -> None:
    assert refused("name", value) in {"blank", "string_too_short"}


@pytest.mark.parametrize(
    "character",
    [
        "\u0000",
        "\u0007",
        "\u001b",
        "\u007f",
        "\u0085",
        "\u00ad",
        "\u200b",
        "\u200e",
        "\u2028",
        "\u202e",
        "\u2066",
        "\u2060",
        "\ufeff",
        "\ufff9",
        "\uffff",
        "\u3164",
        "\U000e0041",
    ],
)
def test_characters_that_hide_or_reorder_are_refused(character: str) -> None:
    assert refused("name", f"王{character}五") == "text_control_character"
    assert refused("note", f"王{character}五") == "text_control_character"
    assert refused("bag", {"a": [f"x{character}"]}) == "text_control_character"
    assert refused("bag", {f"x{character}": 1}) == "text_control_character"


def test_line_breaks_belong_to_long_texts_only() -> None:
    assert refused("name", "a\nb") == "text_control_character"
    assert refused("note", "a\rb") == "text_control_character"


def test_a_lone_surrogate_is_refused() -> None:
    assert refused("name", "\ud800") == "string_unicode"
    assert refused("note", "\udfff") == "string_unicode"


def test_joiners_stay_where_a_script_needs_them_and_nowhere_else() -> None:
    for word in ("می\u200cخواهم", "👩\u200d👩"):
        assert taken("name", word) == word
    for word in ("王\u200d五", "ad\u200cmin", "\u200d王", "می\u200c", "می\u200c\u200cخ"):
        assert refused("name", word) == "text_control_character"


def test_rare_han_with_its_variation_selector_is_a_name() -> None:
    assert taken("name", "葛\U000e0100𠮷") == "葛\U000e0100𠮷"


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_a_text_that_is_taken_is_safe_and_stays_as_it_is(value: str) -> None:
    try:
        clean = taken("note", value)
    except ValidationError:
        return
    assert clean == unicodedata.normalize("NFC", clean).strip() == taken("note", clean)
    assert all(unicodedata.category(c) != "Cc" or c in "\n\t" for c in clean)


def test_lengths_are_bounded_before_the_text_is_normalised() -> None:
    assert refused("name", "x" * 201) == "string_too_long"
    assert refused("note", "x" * 4001) == "string_too_long"
    hostile = "a" + "\u0316\u0301" * 250_000
    start = time.process_time()
    assert refused("note", hostile) == "string_too_long"
    assert time.process_time() - start < 1


@pytest.mark.parametrize("field", ["count", "positive", "serial", "plain", "type", "metadata"])
@pytest.mark.parametrize("value", [True, "7", 7.0, 2**53, 10**400, -(10**400), -(2**53), None.__class__])
def test_integers_are_integers_and_bounded(field: str, value: object) -> None:
    assert refused(field, value) in {"int_type", "greater_than_equal", "less_than_equal"}


def test_integers_keep_their_range() -> None:
    assert taken("serial", 2**53 - 1) == 2**53 - 1
    assert taken("plain", -5) == -5
    assert refused("count", -1) == "greater_than_equal"
    assert refused("positive", 0) == "greater_than_equal"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1.5", True])
def test_floats_are_finite_numbers(value: object) -> None:
    assert refused("ratio", value) in {"finite_number", "float_type"}


@pytest.mark.parametrize("value", [1, "true", 0.0])
def test_booleans_are_booleans(value: object) -> None:
    assert refused("flag", value) == "bool_type"


def test_unknown_fields_are_refused() -> None:
    assert refused("is_admin", True) == "extra_forbidden"


def test_enums_and_ids_are_read_from_their_text() -> None:
    assert taken("kind", "one") is Kind.ONE
    assert taken("ref", "01930000-0000-7000-8000-000000000001").version == 7
    assert refused("kind", "two") == "enum"
    assert refused("ref", 5) == "uuid_type"


def test_days_are_plain_iso_dates() -> None:
    assert taken("on", "2026-02-28") == date(2026, 2, 28)
    assert taken("on", date(2026, 2, 28)) == date(2026, 2, 28)
    for value in (
        "2026-02-30",
        "20260228",
        "2026-2-8",
        "2026-02-28T00:00:00",
        0,
        datetime.now(UTC),
        "２０２６-01-01",
    ):
        assert refused("on", value) == "date_format"
    assert refused("on", "1899-12-31") == refused("on", "2201-01-01") == "date_range"


def test_instants_need_an_offset_and_become_utc() -> None:
    assert taken("at", "2026-11-22T08:00:00+08:00") == datetime(2026, 11, 22, tzinfo=UTC)
    assert taken("at", "2026-11-22T08:00:00.1234567Z").microsecond == 123456
    for value in ("2026-11-22T08:00:00", "2026-11-22 08:00:00Z", "2026-11-22T25:00:00Z", 1e12, "2026-W01-1"):
        assert refused("at", value) == "instant_format"
    assert Everything(at=taken("at", "2026-11-22T08:00:00Z")).model_dump(mode="json")["at"] == (
        "2026-11-22T08:00:00Z"
    )


def test_amounts_are_strings_of_a_fixed_scale() -> None:
    assert taken("amount", "12.5") == Decimal("12.50")
    assert Everything(amount=Decimal(3)).model_dump(mode="json")["amount"] == "3.00"
    assert Everything(amount=Decimal(3)).model_dump()["amount"] == Decimal("3.00")
    for value in (12.5, 12, "12.505", "1e3", "NaN", "", "１２", "9" * 14, Decimal("NaN"), Decimal("1.005")):
        assert refused("amount", value) == "decimal_format"


@pytest.mark.parametrize("value", [[], "x", 1, {"a": {"b": float("nan")}}, {"a": 2**60}, {1: 2}])
def test_free_json_is_an_object_of_what_can_be_stored(value: object) -> None:
    assert refused("bag", value) in {"json_object", "json_number"}
    deep: dict[str, Any] = {}
    for _ in range(40):
        deep = {"a": deep}
    assert refused("bag", deep) == "json_object"


def test_codes_divisions_and_digests_have_their_form() -> None:
    for code in ("440115", "440115001", "440115001002", "3302A0", "ZJXQ01"):
        assert taken("division", code) == code
    for code in ("44011", "4401150", "44011a", "４４０１１５", "440115\n", ""):
        assert refused("division", code) == "division_code"
    assert taken("code", "civil_affairs") == "civil_affairs"
    assert refused("code", "Civil") == "code_format"
    assert refused("digest", "AB" * 32) == "digest_format"


def test_a_credit_code_is_trimmed_and_upper_case() -> None:
    assert taken("credit_code", f" {CODE.lower()} ") == CODE
    assert taken("credit_code", "91350100M000100Y43") == "91350100M000100Y43"


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.sampled_from("1239"))
def test_the_check_digit_is_that_of_the_standard(organization: str, kind: str) -> None:
    """GB 32100-2015 §5: 31 less the sum of value times 3^(i-1), modulo 31."""
    alphabet, body = "0123456789ABCDEFGHJKLMNPQRTUWXY", f"5{kind}440115{organization}"
    total = sum(alphabet.index(character) * 3**i for i, character in enumerate(body))
    right = alphabet[(31 - total % 31) % 31]
    assert taken("credit_code", body + right) == body + right
    for wrong in set(alphabet) - {right}:
        assert refused("credit_code", body + wrong) == "credit_code_check_digit"
        assert taken("printed", body + wrong) == body + wrong


@pytest.mark.parametrize("letter", "IOZSVioz-*五")
def test_letters_outside_the_alphabet_are_named_as_such(letter: str) -> None:
    for field in ("credit_code", "printed"):
        assert refused(field, CODE[:10] + letter + CODE[11:]) == "credit_code_alphabet"
        assert refused(field, CODE[:4] + "A" + CODE[5:]) == "credit_code_alphabet"


def test_the_authority_and_class_of_a_credit_code_exist() -> None:
    assert refused("credit_code", "54" + CODE[2:]) == "credit_code_class"
    assert refused("credit_code", "F1" + CODE[2:]) == "credit_code_class"
    assert refused("credit_code", CODE[:-1]) == refused("credit_code", "") == "credit_code_length"


@given(
    st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.sampled_from(["110105", "440115", "810000", "911000"])
)
def test_id_numbers_check_and_old_ones_grow(born: date, area: str) -> None:
    body = f"{area}{born:%Y%m%d}002"
    number = body + ric.calc_check_digit(body + "0")
    assert taken("id_number", number.lower()) == number
    if born.year < 2000:
        assert taken("id_number", f"{area}{born:%y%m%d}002") == number
    wrong = body + ("1" if number[-1] != "1" else "2")
    assert refused("id_number", wrong) == "id_number_check_digit"


def test_id_numbers_of_no_place_or_day_are_refused() -> None:
    assert refused("id_number", "990105194912310022") == "id_number_check_digit"
    assert refused("id_number", "000105194912310022") == "id_number_format"
    assert refused("id_number", "110105194902300029") == "id_number_birth_date"
    assert refused("id_number", "1101051949") == "id_number_length"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("(020) 8498 1234", "020-84981234"),
        ("+86 20 84981234", "020-84981234"),
        ("0353-2293001-12", "0353-2293001-12"),
        ("010-65131234转801", "010-65131234-801"),
        ("400-123-4567", "4001234567"),
    ],
)
def test_phone_numbers_are_kept_in_one_form(written: str, number: str) -> None:
    assert taken("phone", written) == taken("phone", number) == number


@pytest.mark.parametrize(
    "written", ["12345678901", "1381234567", "84981234", "110", "", "+1 202 555 0100", "abc"]
)
def test_what_is_no_phone_number_is_refused(written: str) -> None:
    assert refused("phone", written) == "phone_number"


@pytest.mark.parametrize(
    "field", ["credit_code", "phone", "id_number", "on", "name", "amount", "division", "code"]
)
@given(value=st.text("邢\u202e01XI", min_size=4, max_size=50))
def test_no_refusal_of_ours_holds_the_value(field: str, value: str) -> None:
    try:
        taken(field, value)
    except ValidationError as refusal:
        for error in refusal.errors(include_input=False, include_url=False):
            assert value not in error["msg"]
            assert error["type"] in checks.MESSAGES or error["type"].startswith("string_")


@pytest.mark.parametrize(
    "check", [checks.credit_code, checks.id_number, checks.phone_number, checks.clean_text]
)
@pytest.mark.parametrize(
    "text", ["1" * 50_000, "0" * 49_999 + "x", " -" * 25_000, "(020)" * 10_000, "a\u200d" * 25_000]
)
def test_no_check_is_slow_on_hostile_text(check: Callable[[str], str], text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(PydanticCustomError):
        check(text)
    assert time.process_time() - start < 0.5


def test_every_type_has_a_title_and_an_example_that_it_takes() -> None:
    """So that the examples of the OpenAPI document are true."""
    for name in TYPES:
        adapter: TypeAdapter[Any] = TypeAdapter(getattr(fields, name))
        schema = adapter.json_schema()
        assert schema["title"], name
        for example in schema["examples"]:
            adapter.validate_python(example)
            if pattern := schema.get("pattern"):
                assert re.search(pattern, example), name


def test_reading_and_writing_share_one_schema() -> None:
    assert Everything.model_json_schema() == Everything.model_json_schema(mode="serialization")


@pytest.mark.parametrize("bare", [str, date, datetime, Decimal, list[str], dict[str, Any]])
def test_a_body_with_a_bare_type_cannot_be_declared(bare: object) -> None:
    with pytest.raises(TypeError, match=r"Careless: a bare .* use "):
        type("Careless", (Input,), {"__annotations__": {"field": bare}})


def test_a_pattern_may_follow_a_safe_text() -> None:
    stated = Annotated[str, fields.SafeStr(8), Field(pattern="^[a-z]+$")]
    careful: Any = type("Careful", (Input,), {"__annotations__": {"field": stated}})
    assert careful.model_validate({"field": " abc "}).field == "abc"
    for value in ("ABC", "abcdefghi", 5):
        with pytest.raises(ValidationError):
            careful.model_validate({"field": value})


def test_a_read_model_with_a_default_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="no defaults"):
        type("Careless", (Output,), {"__annotations__": {"field": int | None}, "field": None})
