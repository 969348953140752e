"""Counting: one statement per answer, every figure a FILTER over the same flags."""

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, not_, null, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.core import access
from app.core.access import NATION
from app.coverage.queries.lens import Lens
from app.coverage.queries.question import Question
from app.coverage.queries.tables import party_organization_closure, party_organizations
from app.coverage.queries.truth import Truth, needed
from app.coverage.rules import ExceptionsMode, LinesBy, RateCode

NOBODY, ELSEWHERE = "nobody", "elsewhere"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many organizations a group has, and both numbers of every rate; they add up."""

    organizations: int
    rates: Mapping[RateCode, tuple[int, int]]
    exceptions: int
    blank_spots: int

    def __add__(self, other: "Figures") -> "Figures":
        both = {
            rate: (above + other.rates[rate][0], below + other.rates[rate][1])
            for rate, (above, below) in self.rates.items()
        }
        return Figures(
            self.organizations + other.organizations,
            both,
            self.exceptions + other.exceptions,
            self.blank_spots + other.blank_spots,
        )


def total(lines: Iterable[Figures], rates: Sequence[RateCode]) -> Figures:
    """The sum of lines that share no organization."""
    return functools.reduce(operator.add, lines, nothing(rates))


def nothing(rates: Sequence[RateCode]) -> Figures:
    """The figures of a group without organizations."""
    return Figures(0, dict.fromkeys(rates, (0, 0)), 0, 0)


def counted(lens: Lens, facts: Sequence[str], by: LinesBy, among: Any = None) -> Any:
    """One row per organization that counts, with its line and what is true of it, each looked up once;
    `among` those of a subquery only."""
    source, line = _lines(lens, by, among)
    looked_up = [getattr(lens, name)().label(name) for name in facts]
    rows = select(line.label("line"), *looked_up).select_from(source).where(lens.population())
    return rows.offset(0).subquery("counted")


def answer(lens: Lens, rates: Sequence[RateCode], by: LinesBy) -> Select[Any]:
    """The figures of every line that has any organization."""
    rows = counted(lens, needed(rates), by)
    return by_line(Truth.over(lens.question, rows.c), rows, rates)


def by_line(truth: Truth, rows: Any, rates: Sequence[RateCode]) -> Select[Any]:
    """The figures of organizations by the line that each row names."""
    columns: list[ColumnElement[Any]] = [rows.c.line, func.count().label("organizations")]
    for rate in rates:
        below, above = truth.rate(rate)
        columns.append(func.count().filter(and_(below, above)).label(f"{rate}_numerator"))
        columns.append(func.count().filter(below).label(f"{rate}_denominator"))
    columns.append(func.count().filter(truth.excepted()).label("exceptions"))
    columns.append(func.count().filter(not_(truth.work_covered())).label("blank_spots"))
    return select(*columns).group_by(rows.c.line)


def figures(row: Mapping[Any, Any], rates: Sequence[RateCode]) -> Figures:
    """A row of `answer` as figures."""
    return Figures(
        row["organizations"],
        {rate: (row[f"{rate}_numerator"], row[f"{rate}_denominator"]) for rate in rates},
        row["exceptions"],
        row["blank_spots"],
    )


def summed(row: Mapping[Any, Any], question: Question, rates: Sequence[RateCode]) -> Figures:
    """The measures of a line (`rules.MEASURES`) as figures."""
    everyone, joint = row["organizations"], question.counting.joint_counts_as_established
    excluded = question.exceptions is ExceptionsMode.EXCLUDED
    found = {
        RateCode.ORGANIZATION_COVERAGE: (row["covered"], everyone - excluded * row["excepted"]),
        RateCode.WORK_COVERAGE: (row["worked"], everyone - excluded * row["idle_excepted"]),
        RateCode.SHOULD_HAVE_ESTABLISHED: (row["must_covered" if joint else "must_single"], row["must"]),
        RateCode.SINGLE_FORMATION: (row["single"], row["covered"]),
        RateCode.CHARTER: (row["charter"], everyone),
        RateCode.CORE_VALUES: (row["core_values"], everyone),
        RateCode.FOUR_CLEARS: (row["four_clears"], everyone),
    }
    return Figures(everyone, {rate: found[rate] for rate in rates}, row["excepted"], everyone - row["worked"])


def bodies(lens: Lens, by: LinesBy, among: Any = None) -> Select[Any]:
    """How many Party organizations that count each line has: those of its divisions, or of its subtree;
    `among` those of a subquery only."""
    q, b = lens.question, party_organizations.alias("counted_body")
    source: Any = b
    key: Any = cast(null(), Text)
    if by is LinesBy.DIVISION and q.division is not None:
        child = lens.below_each_child
        source, key = b.outerjoin(child, child.c.below == b.c.division_code), child.c.line
    elif by is LinesBy.BODY:
        line = _body_lines(lens)
        source, key = b.outerjoin(line, line.c.below == b.c.id), cast(line.c.line, Text)
    conditions = [b.c.counts_as_primary, lens.existed(b.c)]
    if q.division is not None:
        conditions.append(lens.within(b.c.division_code, q.division.code))
        if q.child is not None:
            conditions.append(lens.within(b.c.division_code, q.child))
        if q.direct:
            conditions.append(not_(lens.below_a_child(b.c.division_code, q.division.code)))
    if q.body is not None:
        conditions.append(access.within_bodies(b.c.id, [q.child_body or q.body.id], lens.day))
    if among is not None:
        source = among.join(source, b.c.id == among.c.id)
    return (
        select(key.label("line"), func.count().label("bodies"))
        .select_from(source)
        .where(*conditions)
        .group_by(key)
    )


# ------------------------------------------------------------------------------------------------- lines


def _lines(lens: Lens, by: LinesBy, among: Any) -> tuple[Any, ColumnElement[Any]]:
    """The rows to count from, joined with the line of each, and the column that names it."""
    q = lens.question
    source = lens.source(with_lead=by is LinesBy.BODY, with_organization=lens.current, among=among)
    if by is LinesBy.KIND:
        return source, lens.period.c.kind
    if by is LinesBy.DIVISION and q.division is not None:
        child = lens.below_each_child
        return source.outerjoin(child, child.c.below == lens.place), child.c.line
    if by is LinesBy.BODY:
        line, leader = _body_lines(lens), lens.lead.c.party_organization_id
        named: ColumnElement[Any] = cast(line.c.line, Text)
        if q.body is None:
            named = func.coalesce(named, case((leader.is_(None), NOBODY), else_=ELSEWHERE))
        return source.outerjoin(line, line.c.below == leader), named
    return source, cast(null(), Text)


def _body_lines(lens: Lens) -> Any:
    q = lens.question
    if q.body is not None:
        return _child_bodies(lens, q.body.id)
    return _highest_bodies(lens, q.division.code if q.division else NATION)


def _child_bodies(lens: Lens, body_id: Any) -> Any:
    """For every body: the one directly below `body_id` under which it hangs that day."""
    closure, child = party_organization_closure.alias("up"), lens.child_bodies(body_id)
    return (
        select(closure.c.descendant_id.label("below"), closure.c.ancestor_id.label("line"))
        .join_from(closure, child, child.c.id == closure.c.ancestor_id)
        .where(lens.holds(closure.c.valid))
        .cte("lines")
        .prefix_with("MATERIALIZED")
    )


def _highest_bodies(lens: Lens, division: str) -> Any:
    """For every body: the highest above it, or itself, that belongs to a division's subtree that day."""
    closure, above = party_organization_closure.alias("up"), party_organizations.alias("above")
    return (
        select(closure.c.descendant_id.label("below"), closure.c.ancestor_id.label("line"))
        .ext(distinct_on(closure.c.descendant_id))
        .join_from(closure, above, above.c.id == closure.c.ancestor_id)
        .where(lens.holds(closure.c.valid), lens.within(above.c.division_code, division))
        .order_by(closure.c.descendant_id, closure.c.depth.desc())
        .cte("lines")
        .prefix_with("MATERIALIZED")
    )
