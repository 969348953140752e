"""The figures of those who are compared: divisions, bodies, or the authorities that organizations have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.core.work import Work
from app.coverage import rules
from app.coverage.queries import counts
from app.coverage.queries.answers import count, lens_on, lines_of
from app.coverage.queries.counts import Figures
from app.coverage.queries.question import Question, ask
from app.coverage.queries.truth import Truth, needed
from app.coverage.rules import LinesBy, RateCode, Words
from app.coverage.schemas import CoverageFilters, CoverageGroup, CoverageSubject


@dataclass(frozen=True, slots=True)
class Basis:
    """What was asked, with every default filled in, and what each rate counts in words."""

    subject: CoverageSubject
    definitions: Mapping[RateCode, Words]


Compared = tuple[Basis, list[tuple[CoverageGroup, Figures]]]
UNITS = ("supervisory_unit", "industry_authority", "registration_authority")


async def compared(work: Work, filters: CoverageFilters, rates: Sequence[RateCode], by: LinesBy) -> Compared:
    """What was asked, and these rates of every line of it, also of those without any organization."""
    question = await ask(work, filters)
    lens = lens_on(work, question)
    counted, _ = await count(work, lens, rates, by, with_bodies=False)
    lines = await lines_of(work, lens, by, counted)
    return _basis(question, rates), [
        (group, counted.get(key) or counts.nothing(rates)) for group, key in lines
    ]


async def of_units(
    work: Work, filters: CoverageFilters, rates: Sequence[RateCode], unit: str
) -> tuple[Basis, dict[UUID, Figures]]:
    """What was asked, and these rates of the organizations that each authority supervises, guides by
    industry, or registers (`UNITS`)."""
    question = await ask(work, filters)
    lens = lens_on(work, question)
    authority = lens.period.c[f"{unit}_id"]
    rows = (
        select(authority.label("line"), *(getattr(lens, name)().label(name) for name in needed(rates)))
        .select_from(lens.source(with_organization=lens.current))
        .where(lens.population(), authority.is_not(None))
        .offset(0)
        .subquery("counted")
    )
    found = await work.execute(counts.by_line(Truth.over(question, rows.c), rows, rates))
    return _basis(question, rates), {row["line"]: counts.figures(row, rates) for row in found.mappings()}


def _basis(question: Question, rates: Sequence[RateCode]) -> Basis:
    q = question
    words = {rate: rules.definition(rate, q.counting, q.basis, q.exceptions) for rate in rates}
    return Basis(question.subject(), words)
