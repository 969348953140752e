"""Coverage on a day: the total, its lines, and the divisions below in order."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Date, cast, literal, select

from app.core import reads
from app.core.access import NATION
from app.core.errors import Fault
from app.core.fields import Bilingual, CodeRef
from app.core.work import Work
from app.coverage import errors, rules
from app.coverage.queries import counts
from app.coverage.queries.counts import ELSEWHERE, NOBODY, Figures
from app.coverage.queries.lens import Lens
from app.coverage.queries.links import Links
from app.coverage.queries.question import Question, ask
from app.coverage.queries.rolled import rolled
from app.coverage.queries.tables import divisions, party_organizations
from app.coverage.rules import LedBy, LineKind, LinesBy, RateCode
from app.coverage.schemas import (
    CoverageCount,
    CoverageGroup,
    CoverageLine,
    CoverageQuery,
    CoverageRankingQuery,
    CoverageRankingRead,
    CoverageRate,
    CoverageRead,
    PartyOrganizationsPer100,
    RankedDivision,
)

RATES: Sequence[RateCode] = tuple(RateCode)
NATIONAL_SECONDS = 30
_WITH_BODIES = frozenset({LineKind.DIVISION, LineKind.OWN, LineKind.BODY})
Line = tuple[CoverageGroup, str | None]
"""A line and the key under which the count has it."""


def bilingual(words: rules.Words) -> Bilingual:
    return Bilingual(zh=words[0], en=words[1])


_LABELS: Mapping[RateCode, Bilingual] = {rate: bilingual(rules.RATE_WORDS[rate]) for rate in RATES}
_EXCEPTIONS, _BLANK_SPOTS = bilingual(rules.EXCEPTIONS), bilingual(rules.BLANK_SPOTS)
_NOT_A_RATE = bilingual(rules.NOT_A_RATE)


def lens_on(work: Work, question: Question) -> Lens:
    """The question looked at on its day.

    The day stands in the statement itself. As a parameter PostgreSQL takes a range to hold it once in two
    hundred times, and reads a whole GiST index for one county: 84 ms, not 9, in 100,000 organizations."""
    current = question.known_at is None and question.day == work.today
    day = cast(literal(question.day, Date(), literal_execute=True), Date)
    return Lens(question, day, current)


async def coverage(work: Work, query: CoverageQuery) -> Response:
    """Coverage of a division or a body on a day, by what was known when."""
    question = await ask(work, query)
    if query.by is LinesBy.DIVISION and question.division is None:
        words = ("按区划分组须给出 division", "lines by division need `division`")
        raise errors.CoverageQuestionInvalid(errors=[Fault("/query/by", "needs_division", words)])
    lens = lens_on(work, question)
    counted, bodies = await count(work, lens, RATES, query.by)
    lines = await lines_of(work, lens, query.by, counted)
    total = counts.total(counted.values(), RATES)
    everything = CoverageGroup(type=LineKind.TOTAL, code=None, id=None, name=bilingual(rules.GROUPS["total"]))
    defined = {rate: _defined(question, rate) for rate in RATES}
    return await reads.derived(
        work,
        CoverageRead(
            subject=question.subject(),
            by=query.by,
            population=bilingual(rules.population(question.counting, question.basis)),
            total=_line(
                question, everything, total, None if bodies is None else sum(bodies.values()), defined
            ),
            lines=[
                _line(
                    question,
                    group,
                    counted.get(key) or counts.nothing(RATES),
                    None if bodies is None or group.type not in _WITH_BODIES else bodies.get(key, 0),
                    defined,
                )
                for group, key in lines
            ],
        ),
    )


async def ranking(work: Work, query: CoverageRankingQuery) -> Response:
    """The divisions directly below one by a rate, the best first."""
    question = await ask(work, query)
    if question.division is None:
        words = ("排名须给出 division", "a ranking needs `division`")
        raise errors.CoverageQuestionInvalid(errors=[Fault("/query/division", "missing", words)])
    lens, rate = lens_on(work, question), query.rate
    counted, _ = await count(work, lens, [rate], LinesBy.DIVISION)
    lines = [
        line
        for line in await lines_of(work, lens, LinesBy.DIVISION, counted)
        if line[0].type is LineKind.DIVISION
    ]
    found = [counted.get(key) or counts.nothing([rate]) for _, key in lines]
    shares = [rules.percent(*f.rates[rate]) for f in found]
    places = rules.ranks([f.rates[rate] for f in found])
    items = [
        RankedDivision(
            rank=place,
            division=CodeRef(code=group.code or "", name=group.name.zh),
            organizations=f.organizations,
            numerator=f.rates[rate][0],
            denominator=f.rates[rate][1],
            percent=share,
            list=Links(question, group).rate(rate),
        )
        for (group, _), f, share, place in zip(lines, found, shares, places, strict=True)
    ]
    return await reads.derived(
        work,
        CoverageRankingRead(
            subject=question.subject(),
            rate=rate,
            label=_LABELS[rate],
            definition=_defined(question, rate),
            items=sorted(items, key=lambda item: (item.rank is None, item.rank or 0, item.division.code)),
        ),
    )


async def count(
    work: Work, lens: Lens, rates: Sequence[RateCode], by: LinesBy, *, with_bodies: bool = True
) -> tuple[dict[str | None, Figures], dict[str | None, int] | None]:
    """Figures by line, and Party organizations by line (None where the question splits organizations as
    bodies cannot be, or nobody asks): from roll-ups if there are any that fit, else from the rows."""
    split = not with_bodies or lens.question.kind is not None or lens.question.led is not None
    found = await rolled(work, lens, rates, by)
    if found is not None:
        return found.counted, None if split else found.bodies
    return await _counted(work, lens, rates, by), None if split else await _bodies(work, lens, by)


async def _counted(
    work: Work, lens: Lens, rates: Sequence[RateCode], by: LinesBy
) -> dict[str | None, Figures]:
    statement = counts.answer(lens, rates, by)
    if (
        lens.question.division is not None and lens.question.division.code == NATION
    ):  # without roll-ups 900,000 organizations are counted in some seconds
        async with work.unhurried(NATIONAL_SECONDS):
            rows = await work.execute(statement)
    else:
        rows = await work.execute(statement)
    return {row["line"]: counts.figures(row, rates) for row in rows.mappings()}


async def _bodies(work: Work, lens: Lens, by: LinesBy) -> dict[str | None, int]:
    rows = await work.execute(counts.bodies(lens, LinesBy.NONE if by is LinesBy.KIND else by))
    return {row.line: row.bodies for row in rows}


async def lines_of(work: Work, lens: Lens, by: LinesBy, counted: dict[str | None, Figures]) -> list[Line]:
    """The lines of an answer in their order: those below, then the rest."""
    if by is LinesBy.NONE:
        return []
    if by is LinesBy.KIND:
        lines = [_kind(kind) for kind in lens.question.counting.kinds]
    elif by is LinesBy.DIVISION:
        lines = await _division_lines(work, lens)
    else:
        lines = await _body_lines(work, lens, counted)
    return [line for line in lines if _asked(lens.question, line[0])]


def _asked(question: Question, group: CoverageGroup) -> bool:
    """Whether a line can have anything: the question itself may be narrower than its lines."""
    wanted = {
        LineKind.KIND: question.kind in {None, group.code},
        LineKind.DIVISION: not question.direct and question.child in {None, group.code},
        LineKind.BODY: question.child_body in {None, group.id},
        LineKind.NOBODY: question.led in {None, LedBy.NOBODY},
        LineKind.ELSEWHERE: question.led in {None, LedBy.ELSEWHERE},
    }
    if group.type is not LineKind.OWN:
        return wanted[group.type]
    if group.id is None:
        return question.child is None
    return question.child_body is None and question.led in {None, LedBy.DIRECT}


def _kind(kind: str) -> Line:
    words = rules.KIND_WORDS.get(kind, (kind, kind))
    return CoverageGroup(type=LineKind.KIND, code=kind, id=None, name=bilingual(words)), kind


async def _division_lines(work: Work, lens: Lens) -> list[Line]:
    division = lens.question.division
    assert division is not None  # noqa: S101 (checked when the question was asked)
    child = lens.children(division.code)
    rows = await work.execute(
        select(divisions.c.code, divisions.c.name)
        .join_from(divisions, child, child.c.code == divisions.c.code)
        .order_by(divisions.c.code)
    )
    lines: list[Line] = [
        (
            CoverageGroup(type=LineKind.DIVISION, code=r.code, id=None, name=Bilingual(zh=r.name, en=r.name)),
            r.code,
        )
        for r in rows
    ]
    own = CoverageGroup(type=LineKind.OWN, code=division.code, id=None, name=bilingual(rules.GROUPS["own"]))
    return [*lines, (own, None)]


async def _body_lines(work: Work, lens: Lens, counted: dict[str | None, Figures]) -> list[Line]:
    question = lens.question
    ids = [UUID(key) for key in counted if key not in {None, NOBODY, ELSEWHERE}]
    b = party_organizations.c
    chosen = b.id.in_(ids)
    if question.body is not None:
        chosen = b.id.in_(select(lens.child_bodies(question.body.id).c.id))
    rows: list[Any] = list(
        await work.execute(
            select(b.id, b.name).where(chosen).order_by(b.division_code, b.id).limit(rules.LINES_MOST + 1)
        )
    )
    if len(rows) > rules.LINES_MOST:
        words = ("分组过多, 请缩小范围", "too many lines: ask about less")
        raise errors.CoverageQuestionInvalid(errors=[Fault("/query/by", "too_many_lines", words)])
    lines: list[Line] = [
        (
            CoverageGroup(type=LineKind.BODY, code=None, id=r.id, name=Bilingual(zh=r.name, en=r.name)),
            str(r.id),
        )
        for r in rows
    ]
    if question.body is not None:
        itself = bilingual(rules.GROUPS["own"])
        return [*lines, (CoverageGroup(type=LineKind.OWN, code=None, id=question.body.id, name=itself), None)]
    rest = (LineKind.ELSEWHERE, LineKind.NOBODY)
    return lines + [
        (CoverageGroup(type=group, code=None, id=None, name=bilingual(rules.GROUPS[group])), group.value)
        for group in rest
    ]


def _line(
    question: Question,
    group: CoverageGroup,
    found: Figures,
    bodies: int | None,
    defined: Mapping[RateCode, Bilingual],
) -> CoverageLine:
    lists = Links(question, group)
    return CoverageLine(
        group=group,
        organizations=found.organizations,
        rates=[
            CoverageRate(
                code=rate,
                label=_LABELS[rate],
                numerator=above,
                denominator=below,
                percent=rules.percent(above, below),
                definition=defined[rate],
                list=lists.rate(rate),
            )
            for rate, (above, below) in found.rates.items()
        ],
        exceptions=CoverageCount(count=found.exceptions, definition=_EXCEPTIONS, list=lists.excepted()),
        blank_spots=CoverageCount(count=found.blank_spots, definition=_BLANK_SPOTS, list=lists.blank_spots()),
        party_organizations_per_100=None
        if bodies is None
        else PartyOrganizationsPer100(
            party_organizations=bodies,
            organizations=found.organizations,
            per_100=rules.percent(bodies, found.organizations),
            definition=_NOT_A_RATE,
        ),
        list=lists.everyone(),
    )


def _defined(question: Question, rate: RateCode) -> Bilingual:
    return bilingual(rules.definition(rate, question.counting, question.basis, question.exceptions))
