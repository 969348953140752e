"""From the shape of an item to the columns of a table: references flattened, arrays joined, codes with names.

`division` becomes its name and its code, `registration_authority` its name and its id; a value of a
dictionary becomes its word and its code. Ids come last: they are for programs.
"""

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson
from pydantic import BaseModel

from app.core.reads import ONLY_FOR_EDITING
from app.exports import rules
from app.exports.formats.labels import LABELS
from app.exports.rules import ExportLanguage

Cell = str | int | float | Decimal | date | None
Dictionaries = Mapping[str, Mapping[str, tuple[str, str]]]
"""The words of each code, by dictionary: (Chinese, English)."""

TRUTH: Final = {ExportLanguage.ZH: ("否", "是"), ExportLanguage.EN: ("no", "yes")}
BETWEEN: Final = {ExportLanguage.ZH: ("；", "，"), ExportLanguage.EN: ("; ", ", ")}
CODE: Final = {ExportLanguage.ZH: "代码", ExportLanguage.EN: " code"}
ID: Final = {ExportLanguage.ZH: " ID", ExportLanguage.EN: " ID"}
INSIDE: Final = {ExportLanguage.ZH: "：", ExportLanguage.EN: ": "}


class Kind(StrEnum):
    """How a column is written and how wide it is."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    AMOUNT = "amount"
    DAY = "day"
    INSTANT = "instant"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, how it is written, and how its cell is taken from an item."""

    header: str
    kind: Kind
    take: Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class _Table:
    language: ExportLanguage
    dictionaries: Dictionaries

    def of(self, shape: type[BaseModel], outer: str = "") -> list[Column]:
        """The columns of an object, under the words of what it stands in."""
        found: list[Column] = []
        for name, field in shape.model_fields.items():
            if name not in ONLY_FOR_EDITING:
                label = LABELS.column(shape.__name__, name)
                header = outer + label.said(self.language)
                found += self._field(name, field.annotation, header, label.dictionary)
        return found

    def _field(self, name: str, annotation: Any, header: str, dictionary: str | None) -> list[Column]:
        kind = plain(annotation)
        inner = _model(kind)
        if inner is not None:
            return [_within(name, column) for column in self._object(inner, header)]
        if typing.get_origin(kind) is list:
            return [Column(header, Kind.TEXT, _at(name, self._joined(plain(typing.get_args(kind)[0]))))]
        if dictionary is not None:
            coded = Column(header + CODE[self.language], Kind.CODE, _at(name, str))
            return [Column(header, Kind.TEXT, _at(name, self._word(dictionary))), coded]
        written, read = self._scalar(kind)
        return [Column(header, written, _at(name, read))]

    def _object(self, shape: type[BaseModel], header: str) -> list[Column]:
        """A reference is its name and its code or id; both languages are one; anything else, its fields."""
        fields = set(shape.model_fields)
        if fields == {"zh", "en"}:
            return [Column(header, Kind.TEXT, _at(self.language.value, str))]
        if fields == {"id", "name"}:
            return [
                Column(header, Kind.TEXT, _at("name", str)),
                Column(header + ID[self.language], Kind.ID, _at("id", str)),
            ]
        if fields == {"code", "name"}:
            return [
                Column(header, Kind.TEXT, _at("name", str)),
                Column(header + CODE[self.language], Kind.CODE, _at("code", str)),
            ]
        return self.of(shape, header + INSIDE[self.language])

    def _scalar(self, kind: Any) -> tuple[Kind, Callable[[Any], Cell]]:
        no, yes = TRUTH[self.language]
        known: dict[Any, tuple[Kind, Callable[[Any], Cell]]] = {
            bool: (Kind.TEXT, lambda value: yes if value else no),
            int: (Kind.NUMBER, int),
            float: (Kind.NUMBER, float),
            Decimal: (Kind.AMOUNT, Decimal),
            date: (Kind.DAY, date.fromisoformat),
            datetime: (Kind.INSTANT, lambda value: rules.beijing(datetime.fromisoformat(value))),
            UUID: (Kind.ID, str),
        }
        return known.get(kind, (Kind.TEXT, _text))

    def _word(self, dictionary: str) -> Callable[[Any], str]:
        words, which = self.dictionaries.get(dictionary, {}), 0 if self.language is ExportLanguage.ZH else 1

        def word(code: Any) -> str:
            return words[code][which] if code in words else str(code)

        return word

    def _joined(self, kind: Any) -> Callable[[Any], str]:
        outer, inner = BETWEEN[self.language]
        shape = _model(kind)
        if shape is None:
            return lambda values: outer.join(_text(value) for value in values)
        fields = set(shape.model_fields)
        if fields in ({"id", "name"}, {"code", "name"}):
            code = "code" if "code" in fields else None
            return lambda values: outer.join(v["name"] + (f" ({v[code]})" if code else "") for v in values)
        parts = [column for column in self.of(shape) if column.kind is not Kind.ID]

        def one(value: Any) -> str:
            told = ((part.header, part.take(value)) for part in parts)
            return inner.join(f"{header}={cell}" for header, cell in told if cell not in (None, ""))

        return lambda values: outer.join(map(one, values))


def columns(shape: type[BaseModel], language: ExportLanguage, dictionaries: Dictionaries) -> Sequence[Column]:
    """The columns of a list's items."""
    found = _Table(language, dictionaries).of(shape)
    return sorted(found, key=lambda column: column.kind is Kind.ID)


def plain(annotation: Any) -> Any:
    """A field's type without its constraints and without null."""
    while True:
        if typing.get_origin(annotation) is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        elif typing.get_origin(annotation) in (typing.Union, types.UnionType):
            (annotation,) = (part for part in typing.get_args(annotation) if part is not type(None))
        else:
            return annotation


def _model(kind: Any) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _at(name: str, read: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
    def take(item: Any) -> Cell:
        value = item[name]
        return None if value is None else read(value)

    return take


def _within(name: str, column: Column) -> Column:
    def take(item: Any) -> Cell:
        value = item[name]
        return None if value is None else column.take(value)

    return Column(column.header, column.kind, take)


def _text(value: Any) -> str:
    """A text as it is; whatever has no shape of its own as JSON."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
