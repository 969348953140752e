"""The only types that cross the wire: normalised, bounded, and safe to store, log and show.

Refused values are never echoed; `app.core.checks.MESSAGES` gives each code its sentence in both languages.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from app.core.checks import clean_text, credit_code, id_number, phone_number, printed_credit_code, refuse

INT4_MAX: Final = 2**31 - 1
JSON_INT_MAX: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8259 §6)."""


@dataclass(frozen=True, slots=True)
class SafeStr:
    """A text type: `Annotated[str, SafeStr(80)]`. Length is checked first: NFC is slow on hostile input."""

    max_length: int
    multiline: bool = False

    def _clean(self, value: str) -> str:
        value = clean_text(value, multiline=self.multiline)
        if len(value) > self.max_length:
            raise refuse("text_too_long")
        return value

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """A strict string, bounded before it is cleaned."""
        text = core_schema.str_schema(strict=True, min_length=1, max_length=self.max_length)
        return core_schema.no_info_after_validator_function(self._clean, text)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A short string that a function normalises or refuses."""

    check: Callable[[str], str]
    max_length: int = 64

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(strict=True, max_length=self.max_length)
        return core_schema.no_info_after_validator_function(self.check, text)


@dataclass(frozen=True, slots=True)
class _Read:
    """A value that one function reads, whatever was sent."""

    read: Callable[[object], object]

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Written by its own type: a date as ISO text, an instant in UTC with Z."""
        return core_schema.no_info_plain_validator_function(self.read)


def _string(title: str, example: str, description: str | None = None, **extra: str) -> WithJsonSchema:
    described = {"description": description} if description else {}
    return WithJsonSchema({"type": "string", "title": title, **described, "examples": [example], **extra})


def _matching(pattern: str, code: str) -> _Checked:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise refuse(code)
        return value

    return _Checked(check, 128)


# --- text ---------------------------------------------------------------------------------------------------

ShortText = Annotated[str, SafeStr(200), Field(title="Short text", examples=["按规定办理"])]
LongText = Annotated[str, SafeStr(4000, multiline=True), Field(title="Text", examples=["第一段。\n第二段。"])]
Name = Annotated[str, SafeStr(200), Field(title="Name", examples=["广州市南沙区青年志愿者协会"])]
CodeStr = Annotated[
    str,
    _matching("[a-z][a-z0-9_]{0,63}", "code_format"),
    _string("Code", "civil_affairs", pattern="^[a-z][a-z0-9_]{0,63}$"),
]
Digest = Annotated[
    str,
    _matching("[0-9a-f]{64}", "digest_format"),
    _string("Digest", "9f" * 32, "SHA-256 or SM3 of a file", pattern="^[0-9a-f]{64}$"),
]
DivisionCode = Annotated[
    str,
    _matching("[0-9A-Z]{6}(?:[0-9A-Z]{3}){0,2}", "division_code"),
    _string("Division code", "440115", "GB/T 2260 or own", pattern="^[0-9A-Z]{6}([0-9A-Z]{3}){0,2}$"),
]

# --- identifiers --------------------------------------------------------------------------------------------

_CREDIT_CODE_SCHEMA = _string(
    "Credit code", "51440115MJL123456M", "GB 32100-2015, 18 characters", pattern="^[0-9A-HJ-NPQRTUWXY]{18}$"
)
CreditCode = Annotated[str, _Checked(credit_code), _CREDIT_CODE_SCHEMA]
PrintedCreditCode = Annotated[str, _Checked(printed_credit_code), _CREDIT_CODE_SCHEMA]
"""For the genuine certificate with a wrong check digit, which a second person accepts with evidence."""
IdNumber = Annotated[str, _Checked(id_number), _string("ID number", "11010519491231002X", "GB 11643-1999")]
PhoneNumber = Annotated[
    str, _Checked(phone_number), _string("Phone number", "13800138000", "mobile or landline")
]

# --- time and numbers ---------------------------------------------------------------------------------------

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _day(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise refuse("date_format") from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise refuse("date_format")
    if not 1900 <= value.year <= 2200:
        raise refuse("date_range")
    return value


def _instant(value: object) -> datetime:
    if isinstance(value, str) and (parts := _INSTANT.fullmatch(value)):
        day, time, fraction, offset = parts.groups()
        try:
            value = datetime.fromisoformat(f"{day}T{time}{(fraction or '')[:7]}{offset.upper()}")
        except ValueError:
            raise refuse("instant_format") from None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise refuse("instant_format")
    if not 1900 < value.year < 2200:
        raise refuse("date_range")
    return value.astimezone(UTC)


Day = Annotated[date, _Read(_day), _string("Day", "2026-11-22", format="date")]
Instant = Annotated[datetime, _Read(_instant), _string("Instant", "2026-11-22T08:00:00Z", format="date-time")]


@dataclass(frozen=True, slots=True)
class FixedScale:
    """A decimal that travels as a string with exactly `places` digits after the point."""

    places: int = 2
    digits: int = 13

    def _read(self, value: object) -> Decimal:
        if isinstance(value, Decimal) and value.is_finite():
            value = format(value, "f")
        if not isinstance(value, str):
            raise refuse("decimal_format")
        if re.fullmatch(f"-?[0-9]{{1,{self.digits}}}(\\.[0-9]{{1,{self.places}}})?", value) is None:
            raise refuse("decimal_format")
        return Decimal(value).quantize(Decimal(1).scaleb(-self.places))

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read from a string or a Decimal, written as a string."""
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: format(value, "f"), when_used="json"
            ),
        )


DecimalString = Annotated[
    Decimal, FixedScale(), _string("Amount", "12.50", pattern=r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$")
]
NonNegative = Annotated[int, Field(ge=0, le=INT4_MAX, title="Count", examples=[3])]
PositiveInt = Annotated[int, Field(ge=1, le=INT4_MAX, title="Positive count", examples=[3])]
Serial = Annotated[
    int, Field(ge=0, le=JSON_INT_MAX, title="Serial", description="at most 2^53-1", examples=[41])
]


# --- free JSON ----------------------------------------------------------------------------------------------


def _safe_json(value: object, depth: int = 0) -> object:
    if depth > 32:
        raise refuse("json_object")
    if isinstance(value, str):
        return clean_text(value, multiline=True) if value.strip() else value.strip()
    if isinstance(value, dict):
        return {_safe_json(key, depth + 1): _safe_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_safe_json(item, depth + 1) for item in value]
    if isinstance(value, int | float) and not abs(value) <= JSON_INT_MAX:
        raise refuse("json_number")
    return value


def _json_object(value: object) -> object:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise refuse("json_object")
    return _safe_json(value)


JsonObject = Annotated[
    dict[str, Any],
    _Read(_json_object),
    WithJsonSchema({"type": "object", "title": "JSON object", "examples": [{"note": "x"}]}),
]


# --- base models --------------------------------------------------------------------------------------------

_TYPED = {
    "str": "ShortText, LongText, Name, CodeStr or another text",
    "date": "Day",
    "datetime": "Instant",
    "decimal": "DecimalString",
}


def _harden(schema: object, owner: str) -> None:
    """Make the scalars of a core schema strict and bounded; refuse bare types that cannot be.

    Only scalars: a strict model would also refuse the text of a UUID or an enum, since bodies arrive parsed.
    """
    if isinstance(schema, list | tuple):
        for item in schema:
            _harden(item, owner)
    elif isinstance(schema, dict) and schema.get("type") == "chain":
        _harden(schema["steps"][0], owner)  # the later steps see what the first has bounded
    elif isinstance(schema, dict):
        _harden_scalar(schema, owner)
        for key, inner in schema.items():
            if key in {"fields", "choices"} and isinstance(inner, dict):
                _harden(list(inner.values()), owner)
            elif key not in {"metadata", "serialization", "default", "expected", "cls"}:
                _harden(inner, owner)


def _harden_scalar(schema: dict[str, object], owner: str) -> None:
    kind = schema.get("type")
    if kind in {"int", "float", "bool"}:
        schema["strict"] = True
    if kind == "int":
        if not {"le", "lt"} & schema.keys():
            schema["le"] = INT4_MAX
        if not {"ge", "gt"} & schema.keys():
            schema["ge"] = -INT4_MAX
    if kind in _TYPED and not (kind == "str" and "max_length" in schema):
        raise TypeError(f"{owner}: a bare {kind}; use {_TYPED[str(kind)]} of app.core.fields")


class Input(BaseModel):
    """Base of every body: unknown fields refused, scalars strict, numbers finite and bounded, texts safe."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, validate_default=False)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The usual schema, hardened once when the class is made."""
        schema = handler(source)
        _harden(schema, cls.__name__)
        return schema


class Output(BaseModel):
    """Base of every read model: no defaults, so that reading and writing share one schema."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, frozen=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Refuse a default: a nullable field is `X | None` and always present."""
        super().__pydantic_init_subclass__(**kwargs)
        if optional := [name for name, field in cls.model_fields.items() if not field.is_required()]:
            raise TypeError(f"{cls.__name__}: read models have no defaults ({', '.join(optional)})")


class Ref(Output):
    """A row named in passing."""

    id: UUID
    name: str


class CodeRef(Output):
    """A division, or another thing known by a code, named in passing."""

    code: str
    name: str


class Bilingual(Output):
    """A sentence in both languages, where the reader's is not known."""

    zh: str
    en: str
