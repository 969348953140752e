"""Loading the national table that the libraries give."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert

from app.core.work import Work
from app.divisions import formats, queries, rules
from app.divisions.commands.closure import analyze, rebuild
from app.divisions.models import Division, DivisionName, DivisionParent, DivisionSuccessor
from app.divisions.rules import DivisionLevel, Tenure
from app.reference import commands as reference

ORDER = {level: i for i, level in enumerate(DivisionLevel)}
"""Parents are stored before what lies below them."""


async def load_defaults(work: Work) -> bool:
    """Bring the national table into an empty database, or add the codes that a newer release of the libraries
    knows and this database does not. What operators recorded is never overwritten: a new year's table is an
    import, with its source. Returns whether there was anything to load."""
    if not await reference.remember(work, "divisions", formats.default_version()):
        return False
    facts, source = formats.default_table(), formats.default_source()
    lives: dict[str, list[Tenure]] = defaultdict(list)
    for tenure in facts.tenures:
        lives[tenure.code].append(tenure)
    fresh = lives.keys() - await queries.known(work, lives)
    if not fresh:
        return True
    latest = {code: max(lives[code], key=lambda t: t.period.order) for code in fresh}
    tree = rules.Tree(facts.tenures, facts.successions)
    await work.execute(
        insert(Division),
        [
            {
                "code": code,
                "name": last.name,
                "kind": last.kind,
                "level": last.level,
                "parent_code": last.parent,
                "valid": queries.span(tree.lives(code)[-1]),
                "dates_exact": _exact(lives[code]),
                "source": source,
                "version": 1,
            }
            for code, last in sorted(latest.items(), key=lambda item: (ORDER[item[1].level], item[0]))
        ],
    )
    await work.execute(
        insert(DivisionName),
        [
            {
                "code": t.code,
                "valid": queries.span(t.period),
                "name": t.name,
                "kind": t.kind,
                "source": source,
            }
            for t in facts.tenures
            if t.code in fresh
        ],
    )
    await work.execute(
        insert(DivisionParent),
        [
            {
                "code": link.code,
                "valid": queries.span(link.period),
                "parent_code": link.parent,
                "resting": link.resting,
                "source": source,
            }
            for link in tree.links()
            if link.code in fresh
        ],
    )
    await work.execute(
        insert(DivisionSuccessor),
        [
            {
                "code": s.code,
                "successor_code": s.successor,
                "effective_on": s.effective_on,
                "kind": s.kind,
                "source": s.source,
            }
            for s in facts.successions
            if s.code in fresh
        ],
    )
    await rebuild(work)
    await analyze(work)
    return True


def _exact(tenures: Sequence[Tenure]) -> bool:
    """Whether every known date is a day of a change, not the first of a year that stands for the year."""
    bounds = [day for t in tenures for day in (t.period.start, t.period.until) if day is not None]
    return not any(_stands_for_a_year(day) for day in bounds)


def _stands_for_a_year(day: date) -> bool:
    return (day.month, day.day) == (1, 1)
