"""Schemathesis over the whole document: configured for this service, no operation left out."""

import asyncio
import copy
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.architecture.calls import World
from tests.contract.mending import Callers, install, is_probe, operation_id
from tests.make.organizations import credit_code

SETTINGS = Path(__file__).with_name("schemathesis.toml")
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(str)
FORMATS = {
    "Credit code": st.integers(0, 9_999_999).map(credit_code),
    "Division code": st.sampled_from(["100000", "440000", "440100", "440115", "440106", "330000", "330100"]),
    "Phone number": st.integers(0, 99_999_999).map(lambda n: f"138{n:08}"),
    "ID number": st.sampled_from(["11010519491231002X", "440524188001010014"]),
    "Day": DAYS,
    "Instant": st.tuples(DAYS.filter(lambda day: "1901" <= day < "2199"), st.times()).map(
        lambda at: f"{at[0]}T{at[1]:%H:%M:%S}Z"
    ),
}
"""Strategies of valid values by the title of the field type."""


@dataclass(slots=True)
class Tally:
    """What came of a run."""

    cases: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    failures: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, event: events.EngineEvent) -> None:
        if isinstance(event, events.NonFatalError):
            self.failures[f"{event.label}: no test"].append(str(event.value))
        if isinstance(event, events.FatalError):
            self.failures["the run"].append(str(event.exception))
        if not isinstance(event, events.ScenarioFinished):
            return
        cases = event.recorder.cases
        for name, interaction in event.recorder.interactions.items():
            if interaction.response is not None and not is_probe(cases[name].value):
                self.cases[event.phase.value] += 1
                self.statuses[operation_id(cases[name].value)][interaction.response.status_code] += 1
        for name, checks in event.recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    shown = f"{check.failure_info.failure.message}\n{check.failure_info.code_sample[:2000]}"
                    self.failures[f"{operation_id(cases[name].value)}: {check.name}"].append(shown)

    def reached(self) -> set[str]:
        """The operations that answered with a success."""
        return {name for name, found in self.statuses.items() if any(200 <= s < 300 for s in found)}


def prepared(document: dict[str, Any]) -> dict[str, Any]:
    """The document with a format on each field whose valid values a strategy knows."""
    found = copy.deepcopy(document)
    for part in _parts(found):
        if part.get("type") == "string" and part.get("title") in FORMATS:
            part["format"] = _format(part["title"])
            part.pop("pattern", None)
    return found


def _format(title: str) -> str:
    return title.lower().replace(" ", "-")


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from _parts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _parts(inner)


def run(
    world: World,
    base_url: str,
    loop: asyncio.AbstractEventLoop,
    *,
    phases: dict[str, int],
    only: str | None = None,
) -> Tally:
    """Run phases, each with so many cases for an operation."""
    tally, document = Tally(), prepared(world.document)
    for title, strategy in FORMATS.items():
        schemathesis.openapi.format(_format(title), strategy)
    install(Callers(world, loop))
    try:
        for phase, cases in phases.items():
            config = SchemathesisConfig.from_path(SETTINGS)
            config.projects.override.update(base_url=base_url)
            config.projects.override.phases.update(phases=[phase])
            config.projects.override.generation.update(max_examples=cases)
            schema = schemathesis.openapi.from_dict(document, config=config)
            if only:
                schema = schema.include(operation_id_regex=only)
            for event in from_schema(schema).execute():
                tally.count(event)
    finally:
        schemathesis.hooks.unregister_all()
    return tally
