"""Rows of a file: what each states of an organization, and what of it is news to the ledger."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final

from app.organizations.rules.facts import Fact, content
from app.organizations.rules.folding import Fold
from app.organizations.rules.records import Identifier
from app.organizations.rules.values import STATED_BY_VERBS, Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: facts by their names (absent says nothing, None says that there is none), in the Python types
    that `OrganizationCreate` gives, and numbers beside the credit code.

    Without `effective_on` a new organization's facts hold since its establishment, as those of a registration
    by hand, and an organization's that is already there from the day of the origin."""

    facts: Mapping[str, Any]
    identifiers: tuple[Identifier, ...] = ()
    effective_on: date | None = field(default=None)


class RowResult(StrEnum):
    """What became of a row."""

    REGISTERED = "registered"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


REGISTRATION_FACTS: Final = frozenset(each.name for each in fields(Registration))
REQUIRED_FACTS: Final = tuple(
    each.name for each in fields(Registration) if each.default is MISSING and each.default_factory is MISSING
)
"""What a registration cannot do without."""


def incomplete(row: Row) -> list[tuple[str, str]]:
    """What keeps a row from being a registration: each fact with the code of its fault."""
    unknown = [(name, "fact_unknown") for name in row.facts if name not in REGISTRATION_FACTS]
    return unknown + [(name, "value_required") for name in REQUIRED_FACTS if row.facts.get(name) is None]


def registration_of(row: Row) -> Registration:
    """The registration that a complete row asks for."""
    return Registration(**{name: value for name, value in row.facts.items() if value is not None})


def is_news(said: Fact, state: Fold) -> bool:
    """Whether a statement says of its day anything else than what is believed of that day.

    An identifier is old if it is there and nothing that is said of it differs; an unknown fact said to be
    null is no news either."""
    segments = state.histories.get((said.fact, said.key), ())
    ruling = next((s.ruling for s in reversed(segments) if s.since <= said.effective_on), None)
    if said.fact == Identifier.kind and segments:
        there = (ruling or segments[0].ruling).value
        return there is None or any(v is not None and v != there[k] for k, v in said.value.items())
    if ruling is None:
        return bool(segments) or said.value is not None
    return content(ruling) != content(said)


def stated_by_verbs(facts: Mapping[str, Any], state: Fold) -> list[str]:
    """The facts of a row that only a verb may change, and that it would change."""
    now = state.values()
    return sorted(name for name in STATED_BY_VERBS & facts.keys() if facts[name] != now[name])
