"""What rankings count beside coverage: the load of instructors, and duties done in time or past their day.

Every figure is that of a day by what was known at an instant. A duty has no history of its own: it was open
until the row last changed, and has not changed since it was closed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Date, DateTime, Text, and_, case, cast, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.core.access import division_closure, party_organization_closure
from app.core.work import Work
from app.rankings.queries.tables import (
    authorities,
    authority_roles,
    division_parents,
    duties,
    instructor_assignments,
    organization_periods,
    party_organization_parents,
    party_organizations,
    responsibilities,
)
from app.rankings.rules import MeasureCode, RankedKind

Counted = dict[MeasureCode, dict[str, tuple[int, int]]]
"""Both numbers of a measure by the key of each line."""

OWN = (MeasureCode.INSTRUCTOR_LOAD, MeasureCode.DUTIES_IN_TIME, MeasureCode.DUTIES_OVERDUE)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is compared, on which day, by what was known when."""

    ranked: RankedKind
    division_code: str
    party_organization_id: UUID | None
    authority_role: str | None
    as_of: date
    known_at: datetime

    @property
    def day(self) -> ColumnElement[date]:
        """The day in the statement itself: PostgreSQL misjudges ranges that hold a parameter."""
        return cast(literal(self.as_of, Date(), literal_execute=True), Date)

    def holds(self, valid: Any) -> ColumnElement[bool]:
        """Whether it was so that day."""
        return valid.op("@>")(self.day)  # type: ignore[no-any-return]

    def known(self, recorded: Any) -> ColumnElement[bool]:
        """Whether it was on record then."""
        return recorded.op("@>")(literal(self.known_at, DateTime(timezone=True)))  # type: ignore[no-any-return]


async def departments(work: Work, asked: Asked) -> list[tuple[UUID, str]]:
    """The authorities of a division itself that held a role that day, by id."""
    a, r = authorities.c, authority_roles.c
    holding = select(r.authority_id).where(r.role == asked.authority_role, asked.holds(r.valid))
    rows: Any = await work.execute(
        select(a.id, a.name)
        .where(
            a.division_code == asked.division_code,
            a.id.in_(holding),
            or_(a.abolished_on.is_(None), a.abolished_on > asked.as_of),
        )
        .order_by(a.id)
    )
    return [(row.id, row.name) for row in rows]


async def counted(work: Work, asked: Asked) -> Counted:
    """Both numbers of each measure of ours, by line."""
    loads: Any = await work.execute(_loads(asked))
    found: Counted = {code: {} for code in OWN}
    for row in loads:
        found[MeasureCode.INSTRUCTOR_LOAD][str(row.line)] = (row.assignments, row.instructors)
    owed: Any = await work.execute(_owed(asked))
    for row in owed:
        found[MeasureCode.DUTIES_IN_TIME][str(row.line)] = (row.in_time, row.due)
        found[MeasureCode.DUTIES_OVERDUE][str(row.line)] = (row.overdue, row.due)
    return found


def _division_lines(asked: Asked) -> CTE:
    """For every code: the division directly below the one asked about under which it lay that day."""
    c, d = division_closure.c, division_parents.c
    return (
        select(c.descendant_code.label("below"), c.ancestor_code.label("line"))
        .join(
            division_parents,
            and_(
                d.code == c.ancestor_code,
                d.parent_code == asked.division_code,
                asked.holds(d.valid),
                ~d.resting,
            ),
        )
        .where(asked.holds(c.valid))
        .cte("lines")
    )


def _body_lines(asked: Asked) -> CTE:
    """For every body: the one directly below the body asked about under which it hung that day."""
    c, p, b = party_organization_closure.c, party_organization_parents.c, party_organizations.c
    return (
        select(c.descendant_id.label("below"), c.ancestor_id.label("line"))
        .join(
            party_organization_parents,
            and_(
                p.party_organization_id == c.ancestor_id,
                p.parent_id == asked.party_organization_id,
                asked.holds(p.valid),
            ),
        )
        .join(party_organizations, b.id == c.ancestor_id)
        .where(
            asked.holds(c.valid),
            b.founded_on <= asked.as_of,
            or_(b.dissolved_on.is_(None), b.dissolved_on > asked.as_of),
        )
        .cte("lines")
    )


def _organizations(asked: Asked) -> CTE:
    """Which organization belongs to which line, that day, as known then."""
    p, r = organization_periods.c, responsibilities.c
    then = and_(asked.holds(p.valid), asked.known(p.recorded))
    if asked.ranked is RankedKind.DIVISIONS:
        lines = _division_lines(asked)
        chosen = select(p.organization_id, lines.c.line).join(lines, lines.c.below == p.division_code)
        return chosen.where(then).cte("belongs")
    if asked.ranked is RankedKind.BODIES:
        lines = _body_lines(asked)
        leads = select(r.organization_id, lines.c.line).join(lines, lines.c.below == r.party_organization_id)
        return leads.where(r.relation == "lead", asked.holds(r.valid), asked.known(r.recorded)).cte("belongs")
    unit = organization_periods.c[f"{asked.authority_role}_id"]
    return select(p.organization_id, unit.label("line")).where(then, unit.is_not(None)).cte("belongs")


def _loads(asked: Asked) -> Any:
    a, belongs = instructor_assignments.c, _organizations(asked)
    return (
        select(
            cast(belongs.c.line, Text).label("line"),
            func.count().label("assignments"),
            func.count(a.instructor_id.distinct()).label("instructors"),
        )
        .join(belongs, belongs.c.organization_id == a.organization_id)
        .where(asked.holds(a.valid), asked.known(a.recorded))
        .group_by(belongs.c.line)
    )


def _owed(asked: Asked) -> Any:
    """Duties of the year until the day: of a division's organizations, or owed by the body or authority."""
    d, rows = duties.c, duties
    line: Any = d.owed_by_authority_id
    source: Any = rows
    if asked.ranked is RankedKind.DIVISIONS:
        belongs = _organizations(asked)
        source, line = rows.join(belongs, belongs.c.organization_id == d.organization_id), belongs.c.line
    elif asked.ranked is RankedKind.BODIES:
        lines = _body_lines(asked)
        source = rows.join(lines, lines.c.below == d.owed_by_party_organization_id)
        line = lines.c.line
    state = case((d.updated_at <= asked.known_at, d.state), else_="open")
    done = and_(state == "done", d.done_on <= asked.as_of)
    overdue = and_(d.due_on < asked.as_of, ~func.coalesce(done, False))
    return (
        select(
            cast(line, Text).label("line"),
            func.count().label("due"),
            func.count().filter(done, d.done_on <= d.due_on).label("in_time"),
            func.count().filter(overdue).label("overdue"),
        )
        .select_from(source)
        .where(
            line.is_not(None),
            d.created_at <= asked.known_at,
            d.due_on <= asked.as_of,
            d.due_on >= asked.as_of.replace(month=1, day=1),
            state.not_in(["waived", "lapsed"]),
        )
        .group_by(line)
    )
