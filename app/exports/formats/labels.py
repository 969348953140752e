"""The words of every column of every list, kept as a table that people read: `data/labels.csv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.exports.rules import ExportLanguage

TABLE: Final = Path(__file__).parents[1] / "data" / "labels.csv"


@dataclass(frozen=True, slots=True)
class Label:
    """The words for a column or a list; `dictionary` names the values of a column that has codes."""

    zh: str
    en: str
    dictionary: str | None

    def said(self, language: ExportLanguage) -> str:
        return self.zh if language is ExportLanguage.ZH else self.en


@dataclass(frozen=True, slots=True)
class Labels:
    """The table. `Shape.field` comes before `field`, which holds wherever no shape says otherwise."""

    rows: Mapping[str, Label]

    def column(self, shape: str, field: str) -> Label:
        """The label of a field. Raises `KeyError`, which a test finds before a user does."""
        found = self.rows.get(f"{shape}.{field}") or self.rows.get(field)
        if found is None:
            raise KeyError(f"{TABLE.name} has no {shape}.{field}")
        return found

    def list(self, name: str) -> Label:
        """The title of a list. Raises `KeyError`."""
        return self.rows[name]


def _read() -> Labels:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return Labels(
            {r["name"]: Label(r["zh"], r["en"], r["dictionary"] or None) for r in csv.DictReader(lines)}
        )


LABELS: Final = _read()
