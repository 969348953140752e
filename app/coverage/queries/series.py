"""Coverage month by month, each by its own divisions, covers and statuses."""

from dataclasses import replace

from fastapi import Response

from app.core import reads
from app.core.errors import Fault
from app.core.work import Work
from app.coverage import errors, rules
from app.coverage.queries import counts
from app.coverage.queries.answers import RATES, bilingual, count, lens_on
from app.coverage.queries.question import ask
from app.coverage.rules import LinesBy
from app.coverage.schemas import CoverageSeries, CoverageSeriesQuery, CoverageSeriesRead, SeriesPoint


async def series(work: Work, query: CoverageSeriesQuery) -> Response:
    """Every rate on the last day of each month."""
    until = query.until_on or work.today
    days = rules.month_ends(query.from_on, until, work.today)
    if not days:
        words = (
            "起始月份须不晚于截止月份和本月",
            "the first month must not lie after the last one, nor after this one",
        )
        raise errors.CoverageQuestionInvalid(errors=[Fault("/query/from", "empty_period", words)])
    if len(days) > rules.MONTHS_MOST:
        words = (f"最多{rules.MONTHS_MOST}个月", f"{rules.MONTHS_MOST} months at most")
        raise errors.CoverageQuestionInvalid(errors=[Fault("/query/from", "too_long", words)])
    question = await ask(work, query, days[-1])
    found = []
    for day in days:
        lens = lens_on(work, replace(question, day=day))
        counted, _ = await count(work, lens, RATES, LinesBy.NONE, with_bodies=False)
        found.append(counted.get(None) or counts.nothing(RATES))
    return await reads.derived(
        work,
        CoverageSeriesRead(
            subject=question.subject(),
            series=[
                CoverageSeries(
                    code=rate,
                    label=bilingual(rules.RATE_WORDS[rate]),
                    definition=bilingual(
                        rules.definition(rate, question.counting, question.basis, question.exceptions)
                    ),
                    points=[
                        SeriesPoint(
                            on=day,
                            organizations=f.organizations,
                            numerator=f.rates[rate][0],
                            denominator=f.rates[rate][1],
                            percent=rules.percent(*f.rates[rate]),
                        )
                        for day, f in zip(days, found, strict=True)
                    ],
                )
                for rate in RATES
            ],
        ),
    )
