"""Records of a file become what the single routes take, or reasons why they do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.core import problems
from app.core.errors import WORDS, Fault, Refusal, Words
from app.imports.formats.texts import SEPARATORS, Record, cells_of
from app.imports.rules import HEADER_WITHIN, CellUnreadable, is_blank, tidy
from app.rosters.rules import BY_KIND, Column, Header, RosterKind, find_header, read

Reasons = list[dict[str, Any]]
_LINES: Final = 64 * 1024


@dataclass(slots=True)
class Draft:
    """A row on its way: its values by field, and why it is refused."""

    number: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    reasons: Reasons = field(default_factory=list)

    def refuse(self, name: str | None, code: str, message: Words, heading: str | None) -> None:
        said = {"zh": message[0], "en": message[1]}
        self.reasons.append({"field": name, "heading": heading, "code": code, "message": said})


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table lies in its file; kept as JSON beside the import."""

    kind: RosterKind
    encoding: str
    separator: str
    sheet: str | None
    header: Header

    def dump(self) -> dict[str, Any]:
        """The layout as JSON."""
        return {
            "kind": self.kind,
            "encoding": self.encoding,
            "separator": self.separator,
            "sheet": self.sheet,
            "row": self.header.row,
            "columns": {str(at): column.field for at, column in self.header.columns.items()},
            "ignored": list(self.header.ignored),
        }

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> "Layout":
        """The layout that was kept."""
        kind = RosterKind(kept["kind"])
        known = {column.field: column for column in BY_KIND[kind]}
        columns = {int(at): known[name] for at, name in kept["columns"].items()}
        header = Header(kept["row"], columns, tuple(kept["ignored"]))
        return cls(kind, kept["encoding"], kept["separator"], kept["sheet"], header)

    def column(self, name: str | None) -> Column | None:
        return next((column for column in self.header.columns.values() if column.field == name), None)

    def heading(self, name: str | None) -> str | None:
        column = self.column(name)
        return column.zh if column else None


def first_rows(start: bytes, encoding: str, kind: RosterKind) -> tuple[str, list[list[str]]]:
    """The separator and the first rows of a text: the separator under which most columns are recognised."""
    lines = start[:_LINES].decode(encoding, "replace").lstrip("\ufeff").splitlines()[:HEADER_WITHIN]
    tried = [(each, [cells_of(line, each) for line in lines]) for each in SEPARATORS]

    def known(pair: tuple[str, list[list[str]]]) -> int:
        header = find_header(kind, pair[1])
        return len(header.columns) if header else 0

    return max(tried, key=known)


def draft_of(record: Record, layout: Layout) -> Draft:
    """The values of a record, before names are looked up."""
    draft = Draft(record.number, record.cells)
    for place, column in layout.header.columns.items():
        text = tidy(record.cells[place]) if place < len(record.cells) else ""
        if is_blank(text):
            if column.required:
                draft.refuse(column.field, "nothing_in_row", WORDS["nothing_in_row"], column.zh)
            continue
        try:
            draft.values[column.field] = read(column, text)
        except CellUnreadable as wrong:
            draft.refuse(column.field, wrong.code, WORDS[wrong.code], column.zh)
    return draft


def blame(draft: Draft, faults: Sequence[Fault], layout: Layout) -> None:
    """Refuse a row for faults of its fields."""
    for fault in faults:
        name = fault.pointer.strip("/").split("/")[0] or None
        known = name if layout.column(name) else None
        draft.refuse(known, fault.code, fault.message, layout.heading(known))


def refuse(draft: Draft, refusal: Refusal, layout: Layout) -> None:
    """Refuse a row as the single route would."""
    blame(draft, refusal.errors, layout)
    if not refusal.errors:
        said = refusal.detail or refusal.title
        zh, en = (part.format(**refusal.values) if refusal.values else part for part in said)
        draft.refuse(None, refusal.code, (zh, en), None)


def faults_of(found: list[Any]) -> list[Fault]:
    """What the types of the single route say, without the values."""
    return problems.faults(found)
