"""Records become rows: cells read by their columns, values checked by the types of the single route."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from app.core import problems
from app.core.errors import Fault, Refusal, Words
from app.imports import rules
from app.imports.errors import words
from app.imports.formats.texts import Record
from app.imports.rules import BY_FIELD, Column
from app.imports.schemas import ImportRowFacts
from app.organizations.rules import Row

Reasons = list[dict[str, Any]]


@dataclass(slots=True)
class Draft:
    """A row on its way: its values so far, and what is wrong with it or was left out of it."""

    number: int
    offset: int
    values: dict[str, Any]
    reasons: Reasons = field(default_factory=list)
    refused: bool = False
    row: Row | None = None

    @property
    def name(self) -> str | None:
        return self._text("name")

    @property
    def credit_code(self) -> str | None:
        return self._text("credit_code")

    def _text(self, name: str) -> str | None:
        value = self.row.facts.get(name) if self.row else self.values.get(name)
        return str(value)[:200].replace("\x00", "") if value else None

    def refuse(self, name: str | None, code: str, message: Words, heading: str | None = None) -> None:
        self.refused = True
        self.note(name, code, message, heading)

    def note(self, name: str | None, code: str, message: Words, heading: str | None = None) -> None:
        said = {"zh": message[0], "en": message[1]}
        self.reasons.append({"field": name, "heading": heading, "code": code, "message": said})


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table lies in its file; kept as JSON beside the import."""

    encoding: str
    separator: str
    header_row: int
    sheet: str | None
    columns: Mapping[int, tuple[Column, str]]
    ignored: Sequence[str]

    def dump(self) -> dict[str, Any]:
        """The layout as JSON."""
        columns = [
            {"position": at, "field": column.field, "heading": heading}
            for at, (column, heading) in sorted(self.columns.items())
        ]
        return {
            "encoding": self.encoding,
            "separator": self.separator,
            "header_row": self.header_row,
            "sheet": self.sheet,
            "columns": columns,
            "ignored": list(self.ignored),
        }

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> "Layout":
        """The layout that was kept."""
        columns = {each["position"]: (BY_FIELD[each["field"]], each["heading"]) for each in kept["columns"]}
        return cls(
            kept["encoding"], kept["separator"], kept["header_row"], kept["sheet"], columns, kept["ignored"]
        )

    def heading(self, name: str | None) -> str | None:
        """The heading of a field in this file."""
        return next((heading for column, heading in self.columns.values() if column.field == name), None)


def read(record: Record, layout: Layout) -> Draft:
    """The values of a record, before names are looked up."""
    draft = Draft(record.number, record.offset, {})
    for place, (column, heading) in layout.columns.items():
        text = rules.tidy(record.cells[place]) if place < len(record.cells) else ""
        if rules.is_blank(text):
            continue
        try:
            draft.values[column.field] = rules.read(column, text)
        except rules.CellUnreadable as wrong:
            draft.refuse(column.field, wrong.code, words(wrong.code), heading)
    if not draft.values.get("name") and not draft.values.get("credit_code") and not draft.refused:
        draft.refuse(None, "nothing_to_identify_by", words("nothing_to_identify_by"))
    return draft


def check(draft: Draft, layout: Layout) -> None:
    """Let the types of the single route check the values, and keep the row that they make."""
    if draft.refused:
        return
    try:
        draft.row = ImportRowFacts.model_validate(draft.values).row()
    except ValidationError as error:
        for fault in problems.faults(error.errors(include_url=False, include_input=False)):
            blame(draft, fault, layout)


def blame(draft: Draft, fault: Fault, layout: Layout) -> None:
    """Refuse a row for a fault of one of its fields."""
    name = fault.pointer.strip("/").split("/")[0] or None
    draft.refuse(name if name in BY_FIELD else None, fault.code, fault.message, layout.heading(name))


def refuse(draft: Draft, refusal: Refusal, layout: Layout) -> None:
    """Refuse a row as the single route would."""
    for fault in refusal.errors:
        blame(draft, fault, layout)
    if not refusal.errors:
        said = refusal.detail or refusal.title
        zh, en = (part.format(**refusal.values) if refusal.values else part for part in said)
        draft.refuse(None, refusal.code, (zh, en))
