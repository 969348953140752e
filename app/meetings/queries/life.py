"""What many bodies owed and held, the ranking, and the hours of members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    values,
)

from app.core import access, reads
from app.core.access import NATION, Permission
from app.core.jurisdictions import Jurisdiction, nearest
from app.core.work import Work
from app.meetings.models import Attendance, Meeting
from app.meetings.queries.bodies import DUTIFUL, B, visible_bodies
from app.meetings.queries.tables import divisions, members, party_organizations, party_posts, persons
from app.meetings.rules import MeetingKind, Requirement
from app.meetings.schemas import (
    LifeRankingFilters,
    LifeRankRead,
    LifeTotalsQuery,
    TrainingHoursFilters,
    TrainingHoursRead,
)

_READ = Permission.MEMBER_READ
_CODE = Text(collation="C")
NATIONAL_SECONDS = 30
M, A = Meeting, Attendance


@dataclass(frozen=True, slots=True)
class OwedTerm:
    """One line of one pack in one stretch, as a row."""

    pack: int
    kind: MeetingKind
    body_kind: str
    requires: Requirement | None
    committee_posts: int
    times: int
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Total:
    """One activity in one line of divisions: bodies that owed it, stretches owed and over, stretches held."""

    division_code: str | None
    division_name: str | None
    kind: MeetingKind
    bodies: int
    owed: int
    held: int


async def held_by(work: Work, body_id: UUID, year: int) -> list[tuple[MeetingKind, date]]:
    """Every meeting of a body in a year."""
    rows: Any = await work.execute(
        select(M.kind, M.held_on).where(
            M.party_organization_id == body_id,
            M.state == "held",
            M.held_on >= date(year, 1, 1),
            M.held_on < date(year + 1, 1, 1),
        )
    )
    return [(MeetingKind(kind), day) for kind, day in rows]


async def totals(
    work: Work,
    query: LifeTotalsQuery,
    day: date,
    terms: Sequence[OwedTerm],
    ranked: Sequence[Jurisdiction[int]],
) -> list[Total]:
    """Stretches owed and held of every activity, by the division one level below the one asked about."""
    if not terms:
        return []
    owed = _owed(work, query, terms, ranked).cte("owed")
    counted = (
        select(owed.c.body_id, owed.c.kind, owed.c.from_on, func.count().label("n"))
        .join(
            M,
            and_(
                M.party_organization_id == owed.c.body_id,
                M.kind == owed.c.kind,
                M.held_on >= owed.c.from_on,
                M.held_on < owed.c.until_on,
                M.held_on <= day,
                M.state == "held",
            ),
        )
        .group_by(owed.c.body_id, owed.c.kind, owed.c.from_on)
        .cte("counted")
    )
    met = func.coalesce(counted.c.n, 0) >= owed.c.times
    statement = (
        select(
            owed.c.child,
            divisions.c.name,
            owed.c.kind,
            func.count(distinct(owed.c.body_id)),
            func.count(),
            func.count().filter(met),
        )
        .select_from(owed)
        .outerjoin(
            counted,
            and_(
                counted.c.body_id == owed.c.body_id,
                counted.c.kind == owed.c.kind,
                counted.c.from_on == owed.c.from_on,
            ),
        )
        .outerjoin(divisions, divisions.c.code == owed.c.child)
        .group_by(owed.c.child, divisions.c.name, owed.c.kind)
        .order_by(owed.c.child.nulls_first(), owed.c.kind)
    )
    async with work.unhurried(NATIONAL_SECONDS):
        rows: Any = (await work.execute(statement)).all()
    return [Total(row[0], row[1], MeetingKind(row[2]), *row[3:]) for row in rows]


def _owed(
    work: Work, query: LifeTotalsQuery, terms: Sequence[OwedTerm], ranked: Sequence[Jurisdiction[int]]
) -> Select[Any]:
    """A row for every body, activity and stretch that was owed and is over."""
    term = (
        values(
            column("pack", Integer()),
            column("kind", _CODE),
            column("body_kind", _CODE),
            column("requires", _CODE),
            column("committee_posts", Integer()),
            column("times", Integer()),
            column("from_on", Date()),
            column("until_on", Date()),
            name="term",
        )
        .data(
            [
                (
                    t.pack,
                    t.kind.value,
                    t.body_kind,
                    t.requires,
                    t.committee_posts,
                    t.times,
                    t.from_on,
                    t.until_on,
                )
                for t in terms
            ]
        )
        .cte("term")
    )
    above = query.division or NATION
    child, below = access.division_closure.alias("child"), access.division_closure.alias("below")
    today = access.today_sql()
    under = (
        select(below.c.descendant_code, child.c.descendant_code.label("code"))
        .select_from(child)
        .join(below, below.c.ancestor_code == child.c.descendant_code)
        .where(
            child.c.ancestor_code == above,
            child.c.depth == 1,
            child.c.valid.op("@>")(today),
            below.c.valid.op("@>")(today),
        )
        .subquery("under")
    )
    holders = (
        select(func.count(distinct(func.coalesce(party_posts.c.member_id, party_posts.c.id))))
        .where(
            party_posts.c.party_organization_id == B.id,
            party_posts.c.valid.op("@>")(term.c.from_on),
            ~party_posts.c.withdrawn,
        )
        .correlate(party_organizations, term)
        .scalar_subquery()
    )
    return (
        select(
            B.id.label("body_id"),
            under.c.code.label("child"),
            term.c.kind,
            term.c.times,
            term.c.from_on,
            term.c.until_on,
        )
        .select_from(party_organizations)
        .join(
            term,
            and_(
                term.c.body_kind == B.kind,
                term.c.pack == nearest(B.division_code, ranked, Integer()),
                B.founded_on <= term.c.from_on,
                or_(B.dissolved_on.is_(None), B.dissolved_on >= term.c.until_on),
            ),
        )
        .outerjoin(under, under.c.descendant_code == B.division_code)
        .where(
            visible_bodies(work.actor.scope(_READ)),
            *_asked(query.division, query.party_organization_id),
            or_(term.c.requires.is_(None), holders >= term.c.committee_posts),
        )
    )


def _asked(division: str | None, body_id: UUID | None) -> list[ColumnElement[bool]]:
    return access.lies_in(
        division=B.division_code,
        divisions=[division] if division else [],
        body=B.id,
        bodies=[body_id] if body_id else [],
    )


async def ranking(work: Work, filters: LifeRankingFilters, day: date) -> Response:
    """Branches by how often they held an activity, the most first; those that never did are there too."""
    held = (
        select(M.party_organization_id, func.count().label("held"), func.max(M.held_on).label("last"))
        .where(
            M.kind == filters.kind,
            M.state == "held",
            M.held_on >= date(filters.year, 1, 1),
            M.held_on < date(filters.year + 1, 1, 1),
            M.held_on <= day,
        )
        .group_by(M.party_organization_id)
        .subquery("held")
    )
    count = func.coalesce(held.c.held, 0)
    place, kind = divisions.c, "group" if filters.kind is MeetingKind.GROUP_MEETING else "branch"
    statement = (
        select(
            reads.ref(B.id, B.name).label("party_organization"),
            reads.code_ref(B.division_code, place.name).label("division"),
            count.label("held"),
            held.c.last.label("last_held_on"),
        )
        .select_from(party_organizations)
        .join(divisions, place.code == B.division_code)
        .outerjoin(held, held.c.party_organization_id == B.id)
        .where(
            visible_bodies(work.actor.scope(_READ)),
            *_asked(filters.division, filters.party_organization_id),
            B.kind == kind,
            B.founded_on <= day,
            or_(B.dissolved_on.is_(None), B.dissolved_on > day),
        )
    )
    return await reads.page(
        work, statement, shape=LifeRankRead, filters=filters, sort=(count, B.id), descending=True
    )


async def training_hours(
    work: Work,
    filters: TrainingHoursFilters,
    ranked: Sequence[Jurisdiction[tuple[int, int]]],
) -> Response:
    """The hours of the members who are in the Party today, with what they owe; secretaries owe theirs."""
    m, first = members.c, date(filters.year, 1, 1)
    last = date(filters.year, 12, 31)
    attended = (
        select(func.sum(M.hours))
        .join(A, A.meeting_id == M.id)
        .where(
            A.member_id == m.id,
            A.state == "present",
            M.state == "held",
            M.held_on >= first,
            M.held_on <= last,
        )
        .correlate(members)
        .scalar_subquery()
    )
    hours = func.coalesce(attended, literal(0, Numeric(6, 1)))
    secretary = exists(
        select(literal(1)).where(
            party_posts.c.member_id == m.id,
            party_posts.c.role == "secretary",
            ~party_posts.c.withdrawn,
            party_posts.c.valid.op("&&")(func.daterange(first, date(filters.year + 1, 1, 1))),
        )
    )
    required = case(
        (secretary, nearest(m.division_code, [_at(j, 1) for j in ranked], Integer())),
        else_=nearest(m.division_code, [_at(j, 0) for j in ranked], Integer()),
    )
    body = party_organizations.c
    statement = (
        select(
            reads.ref(m.id, persons.c.name_mask).label("member"),
            reads.ref(body.id, body.name).label("party_organization"),
            cast(hours, Numeric(6, 1)).label("hours"),
            required.label("required_hours"),
            (hours >= required).label("reached"),
        )
        .select_from(members)
        .join(persons, persons.c.id == m.person_id)
        .join(party_organizations, body.id == m.party_organization_id)
        .where(
            access.reach(work.actor.scope(_READ), m.division_code, m.party_organization_id, row_id=m.id),
            m.status.in_(DUTIFUL),
            *access.lies_in(
                division=m.division_code,
                divisions=[filters.division] if filters.division else [],
                body=m.party_organization_id,
                bodies=[filters.party_organization_id] if filters.party_organization_id else [],
            ),
        )
    )
    if filters.reached is not None:
        statement = statement.where((hours >= required) if filters.reached else (hours < required))
    return await reads.page(
        work, statement, shape=TrainingHoursRead, filters=filters, sort=(m.division_code, m.id)
    )


def _at(jurisdiction: Jurisdiction[tuple[int, int]], place: int) -> Jurisdiction[int]:
    return Jurisdiction(jurisdiction.code, jurisdiction.value[place])
